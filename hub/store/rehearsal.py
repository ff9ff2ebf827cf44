"""Fills a database of its own with a fictitious network and one edition, for partners' programs to try their calls on.

Nothing here passes the ledger, for nothing here was ever drawn from anybody; no real hub's database is filled so.
"""

from dataclasses import dataclass

from sqlalchemy import insert

from contracts.api import Enrolment
from contracts.base import canonical, digest
from contracts.charter import Charter, MemberSignature
from contracts.charter_check import charter_hash
from contracts.edition import PublishedEdition
from contracts.seal import sign
from hub.errors import StateConflict
from hub.store import charters, editions, members, tables
from hub.store.transaction import Transaction


@dataclass(frozen=True)
class Rehearsal:
    """A charter, the keys of its members by venue, and one published edition."""

    charter: Charter
    keys: dict[str, bytes]
    published: PublishedEdition


def fill(tx: Transaction, made: Rehearsal) -> None:
    """Enrol the members, put the charter in force and the edition on the shelf.

    Raises:
        StateConflict: something is there already.
    """
    if charters.current(tx) is not None or editions.published(tx):
        raise StateConflict("Found a network in this database; expected none. Use another file.")
    for member in made.charter.members:
        code = members.issue_code(tx, member.venue)
        enrolment = Enrolment(venue=member.venue, code=code, signing_key=member.signing_key)
        members.enrol(tx, enrolment)
    charters.save_draft(tx, made.charter)
    for venue, key in sorted(made.keys.items()):
        signature = sign(key, canonical(made.charter))
        charters.add_signature(tx, MemberSignature(venue=venue, signature=signature))
    edition = made.published.edition
    body, file = canonical(edition), canonical(made.published)
    tx.run(
        insert(tables.edition).values(
            edition=edition.edition,
            charter_sha256=charter_hash(made.charter),
            state="published",
            body=body,
            sha256=digest(body),
            published=file,
            published_at=tx.now(),
        )
    )
