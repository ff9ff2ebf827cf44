"""An edition's life, one guarded step after the other: planned, charged, drawn, stored, witnessed, published.

Every step may be asked again after a crash: what is already done stays as it is.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, func, insert, select, update

from contracts.base import canonical, digest
from contracts.edition import Edition, PublishedEdition, SignedCheckpoint
from hub.errors import ReleaseConflict, StateConflict
from hub.store import audit, checkpoints, ledger, tables
from hub.store.transaction import Reading, Transaction

STATES: Final = ("planned", "charged", "drawn", "stored", "witnessed", "published", "withdrawn")
"""In order; each follows the one before it, and none comes back."""


def plan(tx: Transaction, edition: str, charter_sha256: str) -> None:
    """Announce an edition under a charter.

    Raises:
        StateConflict: it was planned under another charter.
    """
    row = _row(tx, edition)
    if row is None:
        values = {"edition": edition, "charter_sha256": charter_sha256}
        tx.run(insert(tables.edition).values(**values, state="planned"))
        tx.reached("edition.advanced")
        audit.append(tx, "edition-planned", values)
        tx.reached("edition.audited")
    elif row.charter_sha256 != charter_sha256:
        raise StateConflict(
            "Edition {edition} was planned under another charter; expected the same. Plan a new edition "
            "under the new charter.",
            edition=edition,
        )


def planned_at(reading: Reading, edition: str) -> str | None:
    """Return the instant when an edition was announced, or None before that."""
    told = audit.of_kind(reading, "edition-planned")
    return next((e.at for e in told if json.loads(e.body)["edition"] == edition), None)


def mark_charged(tx: Transaction, edition: str) -> None:
    """Say that all measures of the edition are paid.

    Raises:
        StateConflict: no charge names it.
    """
    paid, _ = _paid_and_stored(tx, edition)
    if paid == 0:
        raise StateConflict(
            "Nothing was charged for edition {edition}; expected it. Charge first.", edition=edition
        )
    _advance(tx, edition, "charged")


def mark_drawn(tx: Transaction, edition: str) -> None:
    """Say that each charge has its stored release.

    Raises:
        StateConflict: a charge has none yet.
    """
    paid, stored = _paid_and_stored(tx, edition)
    if stored != paid:
        raise StateConflict(
            "A charge of {edition} has no release yet; expected all. Draw the rest.",
            edition=edition,
        )
    _advance(tx, edition, "drawn")


def store(tx: Transaction, edition: Edition) -> None:
    """Keep the edition's bytes, which hold exactly the stored releases of its charges.

    Raises:
        StateConflict: it is not drawn, or names another charter.
        ReleaseConflict: other bytes are stored, or its releases are not the stored ones.
    """
    body = canonical(edition)
    row = _known(tx, edition.edition)
    if row.body is not None:
        if row.body != body:
            raise ReleaseConflict(
                "Other bytes are stored for edition {edition}; expected the same. The stored ones stand; an "
                "erratum is a new edition.",
                edition=edition.edition,
            )
        return
    if row.charter_sha256 != edition.charter_sha256:
        raise StateConflict(
            "Edition {edition} names another charter than its plan.", edition=edition.edition
        )
    if sorted(canonical(r) for r in edition.releases) != sorted(releases(tx, edition.edition)):
        raise ReleaseConflict(
            "The releases of edition {edition} are not the stored ones; expected those. Read them from "
            "the ledger.",
            edition=edition.edition,
        )
    sha256 = digest(body)
    _advance(tx, edition.edition, "stored", event={"sha256": sha256}, body=body, sha256=sha256)


def witness(tx: Transaction, edition: str, signed: SignedCheckpoint) -> None:
    """Tie the edition to a co-signed head of the chain that stands behind its storing.

    Raises:
        StateConflict: the checkpoint has no custodian signature, or is older than the edition.
    """
    checkpoints.set_witness(tx, signed)
    sequence = signed.checkpoint.sequence
    if _known(tx, edition).state == "stored":
        _require_covered(tx, edition, sequence)
    _advance(tx, edition, "witnessed", event={"checkpoint": sequence}, checkpoint=sequence)


def publish(tx: Transaction, edition: str) -> bytes:
    """Make the edition public and return its file, the same bytes at every call.

    Raises:
        StateConflict: it is not witnessed, or was withdrawn.
    """
    row = _known(tx, edition)
    if row.state == "published":
        return bytes(row.published)
    if row.state != "witnessed":
        raise StateConflict(
            "Edition {edition} is {state}; expected witnessed.", edition=edition, state=row.state
        )
    file = canonical(_file(tx, row))
    event = {"sha256": row.sha256, "file_sha256": digest(file)}
    _advance(tx, edition, "published", event=event, published=file, published_at=tx.now())
    return file


@dataclass(frozen=True)
class Erratum:
    """What the public is told of a withdrawal: never a figure, which would be a release that nobody paid for."""

    fr: str
    en: str
    replaced_by: str = ""  # the edition with corrected figures, once one is planned

    def body(self) -> dict[str, str]:
        """Return what the chain keeps."""
        replaced = {"replaced_by": self.replaced_by} if self.replaced_by else {}
        return {"erratum_fr": self.fr, "erratum_en": self.en, **replaced}


def withdraw(tx: Transaction, edition: str, erratum: Erratum | None = None) -> None:
    """Take a published edition back, and tell the public chain why; corrected numbers are a new edition, charged anew.

    What was paid stays paid: the figures were seen.

    Raises:
        StateConflict: it was never published.
    """
    _advance(tx, edition, "withdrawn", event=erratum.body() if erratum else None)


def state(reading: Reading, edition: str) -> str | None:
    """Return the edition's state, or None when it was never planned."""
    row = _row(reading, edition)
    return None if row is None else str(row.state)


def stored_edition(reading: Reading, edition: str) -> bytes | None:
    """Return the stored bytes of the edition, or None before they are stored."""
    row = _row(reading, edition)
    return None if row is None or row.body is None else bytes(row.body)


def releases(reading: Reading, edition: str) -> list[bytes]:
    """Return the stored releases of the edition's charges, in the order of payment."""
    rows = reading.run(
        select(tables.release.c.body)
        .join(tables.charge, tables.charge.c.charge == tables.release.c.charge)
        .where(tables.charge.c.edition == edition)
        .order_by(tables.charge.c.sequence)
    )
    return [bytes(row.body) for row in rows]


def published(reading: Reading) -> list[str]:
    """Return the editions that stand published, the oldest first."""
    return _named(reading, "published")


def withdrawn(reading: Reading) -> list[str]:
    """Return the editions that were withdrawn, in the order of their publication."""
    return _named(reading, "withdrawn")


def published_bytes(reading: Reading, edition: str) -> bytes | None:
    """Return the public file of an edition that stands published."""
    row = _row(reading, edition)
    return bytes(row.published) if row is not None and row.state == "published" else None


def _named(reading: Reading, wanted: str) -> list[str]:
    table = tables.edition.c
    query = select(table.edition).where(table.state == wanted)
    return list(reading.run(query.order_by(table.published_at, table.edition)).scalars())


def _row(reading: Reading, edition: str) -> Row[Any] | None:
    return reading.run(select(tables.edition).where(tables.edition.c.edition == edition)).first()


def _known(reading: Reading, edition: str) -> Row[Any]:
    row = _row(reading, edition)
    if row is None:
        raise StateConflict(
            "Edition {edition} was never planned; expected it. Plan it first.", edition=edition
        )
    return row


def _advance(
    tx: Transaction,
    edition: str,
    to: str,
    *,
    event: dict[str, Any] | None = None,
    **columns: object,
) -> None:
    """Take one step; a step that was already taken is left alone."""
    present = _known(tx, edition).state
    step = STATES.index(to) - STATES.index(present)
    if step <= 0 and present != "withdrawn":
        return
    if step != 1:
        before = STATES[STATES.index(to) - 1]
        raise StateConflict(
            "Edition {edition} is {present}; expected {before} to become {to}.",
            edition=edition,
            present=present,
            before=before,
            to=to,
        )
    tx.run(
        update(tables.edition)
        .where(tables.edition.c.edition == edition, tables.edition.c.state == present)
        .values(state=to, **columns)
    )
    tx.reached("edition.advanced")
    audit.append(tx, f"edition-{to}", {"edition": edition, **(event or {})})
    tx.reached("edition.audited")


def _paid_and_stored(tx: Transaction, edition: str) -> tuple[int, int]:
    join = tables.charge.outerjoin(
        tables.release, tables.release.c.charge == tables.charge.c.charge
    )
    row = tx.run(
        select(
            func.count(tables.charge.c.charge).label("paid"),
            func.count(tables.release.c.charge).label("stored"),
        )
        .select_from(join)
        .where(tables.charge.c.edition == edition)
    ).one()
    return row.paid, row.stored


def _require_covered(tx: Transaction, edition: str, sequence: int) -> None:
    stored = {
        entry.sequence
        for entry in audit.of_kind(tx, "edition-stored")
        if json.loads(entry.body)["edition"] == edition
    }
    if not stored or min(stored) > sequence:
        raise StateConflict(
            "The checkpoint {sequence} is older than edition {edition}; expected a later one. Checkpoint "
            "again and have it witnessed.",
            sequence=sequence,
            edition=edition,
        )


def _file(tx: Transaction, row: Row[Any]) -> PublishedEdition:
    signed = checkpoints.at(tx, row.checkpoint)
    if signed is None:
        raise StateConflict(
            "The checkpoint of edition {edition} is gone; expected it kept.", edition=row.edition
        )
    sequence = signed.checkpoint.sequence
    return PublishedEdition(
        edition=Edition.model_validate_json(row.body),
        edition_sha256=row.sha256,
        charges=ledger.charge_records(tx, up_to=sequence),
        chain=audit.entries(tx, up_to=sequence),
        checkpoint=signed,
    )
