"""Erasure as a person asks for it: out of the venue's own files at once, then out of the hub, with its receipt.

A withdrawal travels in the snapshot of a month that the vault has confirmed, so that neither the web nor
anybody who watches the line can tell it from an ordinary sending. Its rows are as many and as long
whether or not the person was known, here or there; so is the receipt.
"""

import datetime as dt
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from contracts.api import MAX_POINTS
from contracts.batch import SignedReceipt
from contracts.charter import Charter
from contracts.charter_check import charter_hash
from contracts.clock import parse_stamp, stamp
from contracts.linkage import NORMALISER_VERSION, identifier
from contracts.season import month_of
from contracts.visit import ERASURE_COLUMNS, VISIT_COLUMNS, person_columns
from venue_agent.consents.register import Register
from venue_agent.desk import Desk
from venue_agent.home.elements import FILE, ElementStore, held_epoch
from venue_agent.home.lists import discard
from venue_agent.outbox import marks
from venue_agent.outbox.batches import Sealing
from venue_agent.outbox.spool import Packed
from venue_agent.pack import seal
from venue_agent.people.handles import Handles
from venue_agent.people.offers import Offers
from venue_agent.people.tellings import Tellings
from venue_agent.pipeline import epoch_of
from venue_agent.pseudonymise import evaluate
from venue_agent.push import Patience, push
from venue_agent.rights.named import Name
from venue_agent.rights.purge import Gone, files_of, purge, rewrite, without
from venue_agent.rights.suppress import Known, Suppressions, Withdrawal

ERASURES: Final = "erasures.csv"
PROOFS: Final = "proofs"


@dataclass(frozen=True)
class Told:
    """What the vault has confirmed, and where the proofs of it are."""

    receipts: tuple[SignedReceipt, ...]
    proofs: tuple[Path, ...]
    waiting: int  # identifiers of which the vault has not confirmed the withdrawal


def empty_month(charter: Charter) -> dict[str, bytes]:
    """Return the files of a month of which nothing is left, with the columns of *charter*."""
    columns = {"persons.csv": person_columns(charter.fields), "visits.csv": VISIT_COLUMNS}
    return {name: (",".join(header) + "\n").encode() for name, header in columns.items()}


def suppressions(desk: Desk) -> Suppressions:
    """Return the venue's suppression list."""
    return Suppressions(Handles(desk.home.state, desk.config.venue))


def erase_here(desk: Desk, names: Sequence[Name], scope: str) -> None:
    """Erase people from the venue's own files, for ever, before anybody else is spoken to."""
    path = desk.home.path / FILE
    known = Known(held_epoch(path), {})
    items = {identifier(n.linking, n.value): n for n in names if n.linking}
    store = ElementStore(path, desk.cache_key, known.epoch) if known.epoch else None
    held = {item: store[item] for item in items if item in store} if store else {}
    known = replace(known, elements={items[item]: element for item, element in held.items()})
    book = suppressions(desk)
    book.forget(names, scope, stamp(desk.clock.now()), known)
    if store:
        store.take_out(items)
    gone = {w.contribution_id for w in book.waiting()}
    purge(desk.spool.months(), Gone(gone))
    Register(desk.home.path).forget(gone)
    discard(desk.home)
    Offers(Handles(desk.home.state, desk.config.venue)).forget()
    Tellings(Handles(desk.home.state, desk.config.venue)).forget(name.key for name in names)


def announce(desk: Desk, patience: Patience, reference: str = "") -> Told:
    """Tell the hub of every withdrawal that it has not confirmed, and keep the proof of its answer.

    Raises:
        QuotaExhausted, CustodianDown, HubDown…: nothing is lost, the venue's own files are clean; again later.
    """
    book, spool = suppressions(desk), desk.spool
    charter = desk.charter()
    owed = owes_whole(desk, charter)
    settled = _settle(desk, book, charter, reference)
    waiting = _evaluated(desk, book, charter)
    if waiting or owed:
        _prepare(desk, charter, waiting)
    carried = _carriers(book, charter)
    months = [p.month for p in spool.unsent() if p.commit.sequence in carried]
    push(spool, desk.hub, desk.config.hub_fingerprint, patience, months)
    settled |= _settle(desk, book, charter, reference)
    return Told(tuple(s for s, _ in settled.values()), tuple(p for _, p in settled.values()), len(book.waiting()))  # fmt: skip


def owes_whole(desk: Desk, charter: Charter) -> bool:
    """Tell whether the hub waits for this venue's whole list: it has sent under another season's key before.

    What is found is kept, for the months of that season leave the spool when the new ones are prepared.
    """
    book, epoch = suppressions(desk), epoch_of(charter)
    sent = any(
        _accepted(packed) and packed.commit.season != epoch.season for packed in desk.spool.months()
    )
    if sent or book.is_of_another(epoch.public_key):
        book.owe_whole(epoch.public_key)
    return book.owed_whole(epoch.public_key) is not None


def resend(desk: Desk) -> None:
    """Take the whole list as unconfirmed, an empty one too: ``announce`` then sends all of it."""
    suppressions(desk).owe_whole(epoch_of(desk.charter()).public_key, anew=True)


def proof(
    desk: Desk, charter: Charter, kind: str, receipts: Sequence[SignedReceipt], reference: str
) -> Path:
    """Write the proof for the DPO: the vault's signed receipts, and nothing of the person."""
    now = stamp(desk.clock.now())
    told: dict[str, Any] = {
        "version": 1,
        "kind": kind,
        "venue": desk.config.venue,
        "reference": reference,
        "written": now,
        "charter": {"revision": charter.revision, "sha256": charter_hash(charter)},
        "hub_signing_key": charter.hub.signing_key,
        "receipts": [signed.model_dump(mode="json") for signed in receipts],
        "to_check": "Each signature is Ed25519, by hub_signing_key, over the receipt's canonical JSON "
        "(RFC 8785). The receipt names the sealed files by SHA-256; it is the same whether or not "
        "anything was found.",
    }
    folder = desk.home.path / PROOFS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    last = max((signed.receipt.sequence for signed in receipts), default=0)
    path = folder / f"{kind}-{now[:10]}-{last}.json"
    draft = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(told, file, indent=2, sort_keys=True, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return path


def sealing_of(desk: Desk, charter: Charter) -> Sealing:
    """Return who packs, under which charter, now."""
    return Sealing(
        venue=desk.config.venue,
        signing_key=desk.key,
        charter=charter,
        now=desk.clock.now(),
        first_sequence=desk.spool.next_sequence(desk.clock),
        normaliser_version=NORMALISER_VERSION,
    )


def erasures_file(rows: Iterable[str]) -> bytes:
    """Return ``erasures.csv`` with those lines."""
    return "\n".join([",".join(ERASURE_COLUMNS), *sorted(rows), ""]).encode()


def _evaluated(desk: Desk, book: Suppressions, charter: Charter) -> list[Withdrawal]:
    """Return what waits, each identifier evaluated under the charter's season key, at the erasure quota."""
    epoch = epoch_of(charter)
    missing = [w for w in book.waiting(epoch.public_key) if w.masked and not w.element]
    custodian = replace(desk.custodian, use="erasure")
    for at in range(0, len(missing), MAX_POINTS):
        some = missing[at : at + MAX_POINTS]
        elements = evaluate(book.unmask(some), custodian, epoch)
        done = [replace(w, element=n) for w, n in zip(some, elements, strict=True)]
        book.keep(done, epoch.public_key)
    return book.waiting(epoch.public_key)


def _carriers(book: Suppressions, charter: Charter) -> set[int]:
    """Return the sequences of the batches in which withdrawals travel."""
    whole = book.owed_whole(epoch_of(charter).public_key)
    return {each.sequence for each in book.waiting()} | ({whole} if whole else set())


def _settle(
    desk: Desk, book: Suppressions, charter: Charter, reference: str
) -> dict[int, tuple[SignedReceipt, Path]]:
    """Prove and note what the vault has confirmed, by whichever command its receipt came; by sequence.

    The proof is written first: what was cut in between is proven again, never left without.
    """
    carried, settled = _carriers(book, charter) - {0}, {}
    for packed in desk.spool.months():
        number, signed = packed.commit.sequence, packed.receipt
        if number in carried and signed is not None and _accepted(packed):
            settled[number] = signed, proof(desk, charter, "forget", [signed], reference)
            book.confirm(number)
    return settled


def _prepare(desk: Desk, charter: Charter, waiting: Sequence[Withdrawal]) -> None:
    """Take the people out of the spool, and put in it the withdrawals that no waiting batch holds."""
    spool, sha256 = desk.spool, charter_hash(charter)
    gone = Gone({w.contribution_id for w in waiting}, {w.token for w in waiting} - {""})

    def reseal(packed: Packed, files: Mapping[str, bytes]) -> None:
        if packed.commit.charter_sha256 == sha256:
            _seal(desk, charter, (packed.month, files, packed))
        else:
            rewrite(packed, files)  # it cannot be sent any more: the charter has changed

    purge(spool.months(), gone, reseal)
    unsent = {p.commit.sequence for p in spool.unsent() if p.commit.charter_sha256 == sha256}
    fresh = [w for w in waiting if w.sequence not in unsent]
    owed = suppressions(desk).owed_whole(epoch_of(charter).public_key)
    if owed is not None and (fresh or owed not in unsent):
        _seal_whole(desk, charter, waiting)
    elif fresh:
        carrier = _carrier(spool.months(), charter, desk.clock.now())
        month = carrier.month if carrier else quiet_month(charter, desk.clock.now())
        files = dict(without(files_of(carrier), gone) if carrier else empty_month(charter))
        files[ERASURES] = erasures_file(w.row for w in fresh)
        suppressions(desk).carry(fresh, _seal(desk, charter, (month, files, carrier)))


def _seal_whole(desk: Desk, charter: Charter, waiting: Sequence[Withdrawal]) -> None:
    """Put the whole list in the spool, marked as such: withdrawals of people, and every handle retired."""
    named = {w.contribution_id for w in waiting}
    handles = Handles(desk.home.state, desk.config.venue).withdrawn()
    rows = [w.row for w in waiting] + [f"venue,{h}," for h in handles if h not in named]
    sealing = replace(sealing_of(desk, charter), suppressions="whole")
    month = quiet_month(charter, sealing.now)
    files = {**empty_month(charter), ERASURES: erasures_file(rows)}
    batch = seal(month, files, sealing.now, sealing=sealing, sequence=sealing.first_sequence)
    book = suppressions(desk)
    book.carry(waiting, batch.commit.sequence)
    book.carry_whole(epoch_of(charter).public_key, batch.commit.sequence)
    desk.spool.write(batch)


def _seal(
    desk: Desk, charter: Charter, what: tuple[str, Mapping[str, bytes], Packed | None]
) -> int:
    """Seal a month's files in the place of that month; return its sequence."""
    month, files, before = what
    sealing = sealing_of(desk, charter)
    read_at = parse_stamp(before.manifest.manifest.export_read) if before else sealing.now
    batch = seal(month, files, read_at, sealing=sealing, sequence=sealing.first_sequence)
    marks.keep(desk.home, desk.cache_key, before)
    desk.spool.write(batch)
    return batch.commit.sequence


def _accepted(packed: Packed) -> bool:
    return packed.receipt is not None and packed.receipt.receipt.state == "accepted"


def _carrier(months: Sequence[Packed], charter: Charter, now: dt.datetime) -> Packed | None:
    """Return the month whose snapshot is sent again with the withdrawals: the present one, if confirmed.

    A month that waits is not taken: sending it is for whoever previewed it to decide.
    """
    confirmed = {
        packed.month: packed
        for packed in months
        if _accepted(packed) and packed.commit.charter_sha256 == charter_hash(charter)
    }
    return confirmed.get(month_of(now.date())) or confirmed.get(max(confirmed, default=""))


def quiet_month(charter: Charter, now: dt.datetime) -> str:
    """Return a month of which the hub may keep nothing any more: its empty snapshot replaces nothing."""
    year, month = divmod(now.year * 12 + now.month - 2 - charter.retention_months, 12)
    return month_of(dt.date(year, month + 1, 1))
