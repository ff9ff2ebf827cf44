"""The rows of the vault database, read and written inside a connection that somebody else locked."""

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import Connection, Table, and_, delete, insert, select

from contracts.batch import Commit, Envelope
from hub.vault.facts import PartRef, Place
from hub.vault.tables import batch, claim, month, part, snapshot, tombstone

KINDS: Final = ("persons", "tokens", "visits", "arms")


def receipt_of(connection: Connection, commit_sha256: str) -> Envelope | None:
    """Return the receipt that this commit was given before, if it was."""
    query = select(batch.c.receipt).where(batch.c.commit_sha256 == commit_sha256)
    text = connection.execute(query).scalar()
    return None if text is None else Envelope.model_validate_json(text)


def last_sequence(connection: Connection, venue: str, name: str) -> int:
    """Return the sequence of the snapshot that stands for a venue-month; 0 when there is none."""
    query = select(month.c.sequence).where(month.c.venue == venue, month.c.month == name)
    return connection.execute(query).scalar() or 0


def put_batch(connection: Connection, commit: Commit, receipt: Envelope) -> None:
    """Remember the answer to a commit; a repeat is given the same."""
    row = {
        "commit_sha256": receipt.commit_sha256,
        "venue": commit.venue,
        "month": commit.month,
        "sequence": commit.sequence,
        "receipt": receipt.model_dump_json(),
    }
    connection.execute(insert(batch).values(row))


def put_month(connection: Connection, commit: Commit) -> None:
    """Make this commit the one that stands for its venue-month."""
    key = {"venue": commit.venue, "month": commit.month}
    _replace(connection, month, key, {"sequence": commit.sequence})


def claims(connection: Connection, commit: Commit) -> list[bytes]:
    """Return the registers of the venue's other months, under the same pseudonym key."""
    query = select(claim.c.registers).where(
        claim.c.venue == commit.venue,
        claim.c.month != commit.month,
        claim.c.season == commit.season,
    )
    return [bytes(row) for row in connection.execute(query).scalars()]


def put_claim(connection: Connection, commit: Commit, registers: bytes) -> None:
    """Remember how many identifiers the venue sent for its month."""
    key = {"venue": commit.venue, "month": commit.month}
    _replace(connection, claim, key, {"season": commit.season, "registers": registers})


def parts(connection: Connection, venues: Iterable[str] | None = None) -> list[PartRef]:
    """Return every live part, in a fixed order, of all venues or of those named."""
    query = select(part).order_by(part.c.venue, part.c.month, part.c.kind)
    if venues is not None:
        query = query.where(part.c.venue.in_(list(venues)))
    return [
        PartRef(Place(row.kind, row.venue, row.month), row.sha256, row.salt)
        for row in connection.execute(query)
    ]


def put_part(connection: Connection, ref: PartRef) -> None:
    """Make *ref* the live file of its place."""
    key = {"venue": ref.place.venue, "month": ref.place.month, "kind": ref.place.kind}
    _replace(connection, part, key, {"sha256": ref.sha256, "salt": ref.salt})


def drop_part(connection: Connection, place: Place) -> None:
    """Forget the live file of a place; a place without one is no error."""
    same = (part.c.venue == place.venue, part.c.month == place.month, part.c.kind == place.kind)
    connection.execute(delete(part).where(*same))


def tombstones(connection: Connection) -> frozenset[str]:
    """Return every tombstone; only what is read under the head lock may be trusted."""
    return frozenset(connection.execute(select(tombstone.c.mac)).scalars())


def put_tombstones(connection: Connection, macs: Iterable[str], at: str) -> None:
    """Add tombstones; those that stand already stay as they are."""
    fresh = sorted(set(macs) - tombstones(connection))
    if fresh:
        connection.execute(insert(tombstone), [{"mac": mac, "at": at} for mac in fresh])


def snapshots(connection: Connection) -> dict[str, tuple[str, PartRef, PartRef]]:
    """Return edition → (digest of what was asked, frozen visits, frozen linkage)."""
    return {
        row.edition: (
            row.request_sha256,
            PartRef(Place("snapshot", row.edition, ""), row.visits_sha256, row.visits_salt),
            PartRef(Place("linkage", row.edition, ""), row.linkage_sha256, row.linkage_salt),
        )
        for row in connection.execute(select(snapshot).order_by(snapshot.c.edition))
    }


def frozen_before(connection: Connection, at: str) -> list[str]:
    """Return the editions whose view was frozen before the instant *at*, as the wire writes it."""
    return list(
        connection.execute(select(snapshot.c.edition).where(snapshot.c.frozen < at)).scalars()
    )


def put_snapshot(
    connection: Connection, visits: PartRef, linkage: PartRef, *, request_sha256: str, at: str
) -> None:
    """Make these two files the frozen view of their edition."""
    values = {
        "request_sha256": request_sha256,
        "visits_sha256": visits.sha256,
        "visits_salt": visits.salt,
        "linkage_sha256": linkage.sha256,
        "linkage_salt": linkage.salt,
        "frozen": at,
    }
    _replace(connection, snapshot, {"edition": visits.place.venue}, values)


def drop_snapshot(connection: Connection, edition: str) -> None:
    """Forget the frozen view of an edition."""
    connection.execute(delete(snapshot).where(snapshot.c.edition == edition))


def drop_month(connection: Connection, venue: str, name: str) -> None:
    """Forget the files of one venue-month; its sequence stays, so that no older one comes back."""
    for table in (part, claim):
        connection.execute(delete(table).where(table.c.venue == venue, table.c.month == name))


def _replace(
    connection: Connection, table: Table, key: Mapping[str, str], values: Mapping[str, object]
) -> None:
    same = and_(*(table.c[name] == value for name, value in key.items()))
    connection.execute(delete(table).where(same))
    connection.execute(insert(table).values({**key, **values}))
