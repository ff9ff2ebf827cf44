"""The model of a published edition: kept once, told to the chain, never replaced."""

from sqlalchemy import insert, select

from contracts.base import canonical, digest
from contracts.model import SignedModel
from hub.errors import ReleaseConflict, StateConflict
from hub.store import audit, editions, tables
from hub.store.transaction import Reading, Transaction


def keep(tx: Transaction, signed: SignedModel) -> bytes:
    """Keep the model of a published edition and return its bytes, the same at every call.

    Raises:
        StateConflict: the edition does not stand published.
        ReleaseConflict: other bytes are kept for it.
    """
    edition, body = signed.model.edition, canonical(signed)
    if editions.published_bytes(tx, edition) is None:
        raise StateConflict(
            "Edition {edition} is not published; its model comes after it.", edition=edition
        )
    kept = _kept(tx, edition)
    if kept is not None and kept != body:
        raise ReleaseConflict(
            "Another model is kept for edition {edition}; expected the same bytes. The kept one stands: "
            "a corrected one belongs to a new edition.",
            edition=edition,
        )
    if kept is None:
        sha256 = digest(body)
        entry = audit.append(tx, "model-published", {"edition": edition, "sha256": sha256})
        values = {"edition": edition, "body": body, "sha256": sha256}
        tx.run(insert(tables.model).values(**values, sequence=entry.sequence))
    return body


def model_bytes(reading: Reading, edition: str) -> bytes | None:
    """Return the signed model of an edition that stands published, or None."""
    stands = editions.published_bytes(reading, edition) is not None
    return _kept(reading, edition) if stands else None


def _kept(reading: Reading, edition: str) -> bytes | None:
    query = select(tables.model.c.body).where(tables.model.c.edition == edition)
    found = reading.run(query).scalar_one_or_none()
    return None if found is None else bytes(found)
