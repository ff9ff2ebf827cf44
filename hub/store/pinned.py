"""The public catalogues that an edition reads: kept as they stood when it was paid for, and told to the chain.

Houses send their catalogue anew every day. What an edition counted, and what its model says that places show, must
stay what it was: anybody then makes both again from the bytes whose digest the signed chain told before any draw.
"""

from collections.abc import Collection
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import select, update

from contracts.base import Slug, canonical, digest
from contracts.catalogue import Catalogue, shown
from contracts.tags_shown import CATALOGUES_READ
from hub.store import audit, inbox, tables
from hub.store.transaction import Reading, Transaction

_LIST: Final = TypeAdapter(list[Catalogue])


def pin(tx: Transaction, edition: str, members: Collection[Slug]) -> None:
    """Keep what everybody may see of the members' catalogues as they stand, for an edition that is planned; once."""
    if read(tx, edition) is not None:
        return
    own = [shown(each) for each in inbox.catalogues(tx) if each.venue in members]
    body = canonical([each.model_dump(mode="json") for each in own])
    row = tables.edition.c.edition
    tx.run(update(tables.edition).where(row == edition).values(catalogues=body))
    audit.append(tx, CATALOGUES_READ, {"edition": edition, "sha256": digest(body)})


def read(reading: Reading, edition: str) -> list[Catalogue] | None:
    """Return the catalogues that an edition reads, by venue; None where none were kept for it."""
    row = tables.edition.c
    body = reading.run(select(row.catalogues).where(row.edition == edition)).scalar_one_or_none()
    return None if body is None else _LIST.validate_json(bytes(body))
