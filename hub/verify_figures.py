"""Check that the figures of an edition agree with one another: sums, bounds and order, from its tables alone.

Noise makes figures disagree; what is published was made to agree before (``hub.measures``), from noisy values
alone. So a figure that breaks a rule here was changed afterwards, or read by other code. An edition says which rules
it was made under (``Edition.figures``): one from before them is warned of and does not fail, for it cannot change.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final

from contracts.charter import SignedCharter
from contracts.edition import Estimate, PublishedEdition, Release, Table
from contracts.phrase import Phrase

RULES: Final = 1
"""Number of the rules below; a rule that is added or tightened takes the next."""
WHOLE: Final = 100_000
"""A hundred per cent, in thousandths."""
PARTITIONS: Final[Mapping[str, int]] = {
    "ladder-visits": 0,
    "lead-shares": 1,
    "provenance": 1,
    "provenance-epci": 1,
    "shop": 1,
    "channels-age": 1,
    "channels-discipline": 1,
    "season-months": 0,
    "season-weekdays": 0,
    "season-cells": 0,
    "tourists": 1,
    "typology-shares": 0,
    "affinity": 2,
}
"""Tables of shares of a whole, and how many first keys name the whole."""
SIGNED: Final = frozenset(
    {"flows-balance", "lead-drift", "cooperation-lift", "reciprocity-balance"}
)
"""Tables whose figures may be below nought."""
MOST: Final[Mapping[str, int]] = {"percent": WHOLE, "score": 10_000}
WINDOWS: Final = ("0-30", "0-90", "0-365")

Tables = Mapping[str, Table]
Figures = dict[tuple[str, ...], int]


def figures_agree(published: PublishedEdition, _signed: SignedCharter) -> Iterator[str]:
    """Yield each way in which the figures do not agree, of an edition that says it was made under these rules."""
    if published.edition.figures == RULES:
        yield from disagreements(_tables(published.edition.releases))


def made_before(published: PublishedEdition) -> Iterator[str]:
    """Yield each way in which the figures do not agree, of an edition that was made under other rules, or none."""
    rules = published.edition.figures
    if rules != RULES:
        words = (
            Phrase("made under rules {rules}", rules=rules)
            if rules
            else Phrase("published before these rules were kept")
        )
        for problem in disagreements(_tables(published.edition.releases)):
            yield Phrase("{problem} ({words})", problem=problem, words=words)


def rules_kept(releases: Iterable[Release]) -> int:
    """Return the rules that an edition of these releases may say that it keeps: 0 where it does not.

    Releases may have been read by the code of before and be stored after: they stay as they are.
    """
    return 0 if any(disagreements(_tables(releases))) else RULES


def _tables(releases: Iterable[Release]) -> tuple[Table, ...]:
    return tuple(table for release in releases for table in release.tables)


def disagreements(tables: tuple[Table, ...]) -> Iterator[str]:
    """Yield each rule that these tables of one edition break, with the table's name."""
    known = {table.table: table for table in tables}
    if len(known) != len(tables):
        yield Phrase("two tables bear one name")
    for table in tables:
        yield from (
            Phrase("{table}: {problem}", table=table.table, problem=problem)
            for problem in _alone(table)
        )
    for rule in _TOGETHER:
        yield from rule(known)


def _alone(table: Table) -> Iterator[str]:
    keys = {tuple(row.keys) for row in table.rows}
    if len(keys) != len(table.rows):
        yield Phrase("two figures bear one name")
    if any(len(key) != len(table.columns) - 1 for key in keys):
        yield Phrase("a figure lacks a name")
    if not all(row.low_milli <= row.value_milli <= row.high_milli for row in table.rows):
        yield Phrase("a figure lies outside its interval")
    if table.table not in SIGNED and any(row.low_milli < 0 for row in table.rows):
        yield Phrase("a figure or its interval is below nought")
    unit = table.columns[-1]
    if any(row.high_milli > MOST.get(unit, row.high_milli) for row in table.rows):
        yield Phrase("a figure or its interval is above what its unit can be")
    if unit in {"persons", "visits"} and any(row.value_milli % 1000 for row in table.rows):
        yield Phrase("a count is no whole number")
    yield from _whole(table)


def _whole(table: Table) -> Iterator[str]:
    if table.table in PARTITIONS:
        sums: dict[tuple[str, ...], int] = defaultdict(int)
        for row in table.rows:
            sums[tuple(row.keys[: PARTITIONS[table.table]])] += row.value_milli
        if any(total != WHOLE for total in sums.values()):
            yield Phrase("the shares of a whole do not sum to a hundred")


def _sums(tables: Tables) -> Iterator[str]:
    """Spread, ladder and every trait of the cube sum to the people of the network."""
    if "reach-network" not in tables:
        return
    people = sum(_values(tables, "reach-network").values())
    traits = [name for name in tables if name.startswith("cube-") and name != "cube-pairs"]
    for name in ("reach-spread", "ladder-persons", *traits):
        if name in tables and sum(_values(tables, name).values()) != people:
            yield Phrase("{name}: it does not sum to the people of the network", name=name)
    for name in ("reach-venues", "overlaps"):
        if any(value > people for value in _values(tables, name).values()):
            yield Phrase("{name}: a place draws more people than the network", name=name)


def _shared(tables: Tables) -> Iterator[str]:
    """Two places share at most the people of either, and all of a set at most any of it."""
    reach = {"".join(key): value for key, value in _values(tables, "reach-venues").items()}
    if reach:
        for name in ("pairs", "pairs-ranking"):
            for key, both in _values(tables, name).items():
                if any(both > reach.get(place, both) for place in key):
                    yield Phrase(
                        "{name}: {key} share more people than one of them has",
                        name=name,
                        key=" and ".join(key),
                    )
    sets = _values(tables, "overlaps")
    for key, people in sets.items():
        if key[-1:] == ("all",) and people > sets.get((*key[:-1], "any"), people):
            yield Phrase(
                "overlaps: more people came to all of {key} than to any", key="".join(key[:-1])
            )


def _ordered(tables: Tables) -> Iterator[str]:
    """A longer window holds a shorter one; more places are never said of more people."""
    flows = _values(tables, "flows")
    for shorter, longer in pairwise(WINDOWS):
        soon = {key[:-1]: people for key, people in flows.items() if key[-1:] == (shorter,)}
        if any(people > flows.get((*key, longer), people) for key, people in soon.items()):
            yield Phrase(
                "flows: {longer} days hold fewer people than {shorter}",
                longer=longer,
                shorter=shorter,
            )
    shares = [value for _, value in sorted(_values(tables, "reach-shares").items())]
    if shares != sorted(shares, reverse=True):
        yield Phrase("reach-shares: more places are said of more people")


def _cancelled(tables: Tables) -> Iterator[str]:
    """What some receive others send; each balance is rounded to one person."""
    for name in ("flows-balance", "reciprocity-balance"):
        values = _values(tables, name)
        if 2 * abs(sum(values.values())) > 1000 * len(values):
            yield Phrase("{name}: balances do not cancel out", name=name)


def _values(tables: Tables, name: str) -> Figures:
    rows: list[Estimate] = tables[name].rows if name in tables else []
    return {tuple(row.keys): row.value_milli for row in rows}


_TOGETHER: Final[tuple[Callable[[Tables], Iterator[str]], ...]] = (
    _sums,
    _shared,
    _ordered,
    _cancelled,
)
