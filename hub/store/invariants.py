"""What must hold in the control database at every start and every night, whatever was killed when."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from contracts.base import canonical, digest
from contracts.chain import GENESIS, ChainError, Head, extend
from hub.errors import ChainBroken
from hub.store import audit, ledger, tables
from hub.store.transaction import Reading


def check(reading: Reading) -> None:
    """Refuse to go on with a control database that contradicts itself.

    Raises:
        ChainBroken: names each thing that does not hold; nothing in it comes from a person.
    """
    broken = [problem for rule in _RULES for problem in _problems(rule, reading)]
    if broken:
        raise ChainBroken(
            "The control database contradicts itself: {broken}. Expected every charge, release and link "
            "to agree. Stop, keep the file, and restore the newest backup.",
            broken="; ".join(broken),
        )


def _problems(rule: Callable[[Reading], Iterator[str]], reading: Reading) -> list[str]:
    try:
        return list(rule(reading))
    except ValueError:  # a row that no longer has its form; its text may not be repeated
        return ["a row does not have the form in which it was written"]
    except DatabaseError:
        return ["the file is damaged"]


def _file(reading: Reading) -> Iterator[str]:
    if reading.connection.dialect.name == "sqlite":
        found = reading.connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        if found != ["ok"]:
            yield "the file is damaged"
        if reading.connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            yield "a row points to one that is gone"


def _chain(reading: Reading) -> Iterator[str]:
    row = reading.run(select(tables.head.c.sequence, tables.head.c.sha256)).one()
    try:
        end = extend(GENESIS, audit.entries(reading))
    except ChainError as error:
        yield str(error)
        return
    if end != Head(row.sequence, row.sha256):
        yield "the chain does not end at its head"


def _sums(reading: Reading) -> Iterator[str]:
    rho: Counter[str] = Counter()
    delta: Counter[str] = Counter()
    for charge in ledger.charge_records(reading):
        for scope in charge.scopes:
            rho[scope] += charge.rho_micro
            delta[scope] += charge.delta_pico
    for state in ledger.budgets(reading):
        if (state.spent_rho_micro, state.spent_delta_pico) != (
            rho[state.scope],
            delta[state.scope],
        ):
            yield f"{state.scope}: what is spent is not the sum of its charges"
        if state.spent_rho_micro > state.cap_rho_micro or (
            state.spent_delta_pico > state.cap_delta_pico
        ):
            yield f"{state.scope}: more is spent than its cap"


def _told(reading: Reading) -> Iterator[str]:
    """Each charge and release is told by its own link, and each such link has its row."""
    links = audit.of_kind(reading, "charge")
    records = ledger.charge_records(reading)
    if [entry.body.encode() for entry in links] != [canonical(record) for record in records]:
        yield "the charges are not those that the chain tells"
    releases = {
        entry.sequence: (json.loads(entry.body)["charge"], json.loads(entry.body)["sha256"])
        for entry in audit.of_kind(reading, "release-stored")
    }
    stored = {
        row.sequence: (row.charge, digest(row.body)) for row in reading.run(select(tables.release))
    }
    if releases != stored:
        yield "the releases are not those that the chain tells"
    paid = {record.charge: link.sequence for record, link in zip(records, links, strict=False)}
    if any(paid.get(charge, n) >= n for n, (charge, _) in stored.items()):
        yield "a release was stored before it was paid"


def _editions(reading: Reading) -> Iterator[str]:
    for row in reading.run(select(tables.edition).where(tables.edition.c.body.is_not(None))):
        if digest(row.body) != row.sha256:
            yield f"edition {row.edition}: its bytes do not have its digest"


_RULES: Final[tuple[Callable[[Reading], Iterator[str]], ...]] = (
    _file,
    _chain,
    _sums,
    _told,
    _editions,
)
