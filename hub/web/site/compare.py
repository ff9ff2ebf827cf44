"""« Comparer » : two editions, table by table, with an interval for each difference; or why they cannot be compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contracts.edition import COVERED, Estimate, PublishedEdition, Table
from hub.compare import Difference, differences, why_not, why_not_tables
from hub.web.labels import unit_of
from hub.web.pages import Page, Visit
from hub.web.shelf import opened
from hub.web.words.editions import COMPARE

SHOWN: Final = 200


@dataclass(frozen=True)
class Line:
    """One figure in both editions, and the difference with its interval."""

    names: str
    before: str
    after: str
    difference: str
    span: str
    direction: str  # rise, fall, unclear or absent


def read(visit: Visit) -> Mapping[str, object]:
    """Return the two editions that the address asks for, else the last two, and one table of both."""
    names = tuple(visit.shelf.editions())
    a = visit.choice("a", names, names[-2] if len(names) > 1 else "")
    b = visit.choice("b", names, names[-1] if names else "")
    shown: dict[str, object] = {"names": names, "a": a, "b": b, "refused": ""}
    bodies = [visit.shelf.edition(name) for name in (a, b)]
    if len(names) < 2 or a == b or None in bodies:  # noqa: PLR2004 - it takes two
        return {**shown, "refused": "one_only" if len(names) < 2 else "same"}  # noqa: PLR2004
    earlier, later = sorted((opened(body) for body in bodies if body), key=_age)
    shown |= {"a": earlier.edition.edition, "b": later.edition.edition}
    reason = why_not(earlier.edition, later.edition) or _bounds(visit, earlier, later)
    if reason is not None:
        return {**shown, "refused": "cannot", "reason": reason}
    return {**shown, **_tables(visit, earlier, later)}


def _age(published: PublishedEdition) -> tuple[str, str]:
    return published.edition.first_day, published.edition.prepared


def _bounds(visit: Visit, a: PublishedEdition, b: PublishedEdition) -> str | None:
    """Return why the charters of two editions keep them from being compared; what is not known does not."""
    signed = [visit.shelf.charter_of(p.edition.charter_sha256) for p in (a, b)]
    bounds = {c.charter.bounds.model_dump_json() for c in signed if c is not None}
    return "other-bounds" if len(bounds) > 1 else None


def _tables(visit: Visit, a: PublishedEdition, b: PublishedEdition) -> Mapping[str, object]:
    before, after = ({t.table: t for r in p.edition.releases for t in r.tables} for p in (a, b))
    common = tuple(slug for slug in after if slug in before)
    if not common:
        return {"refused": "no_table"}
    chosen = visit.choice("table", common, common[0])
    french = visit.tongue.code == "fr"
    titles = [(slug, visit.tongue.polished(after[slug].title_fr if french else after[slug].title_en)) for slug in common]  # fmt: skip
    shown: dict[str, object] = {"tables": titles, "chosen": chosen}
    reason = why_not_tables(before[chosen], after[chosen])
    if reason is not None:
        return {**shown, "refused": "cannot", "reason": reason}
    return {**shown, **_lines(visit, before[chosen], after[chosen])}


def _lines(visit: Visit, a: Table, b: Table) -> Mapping[str, object]:
    earlier = {tuple(row.keys): row for row in a.rows}
    found, covered = [], 0
    for row, difference in zip(b.rows, differences(a, b), strict=True):
        old = earlier.get(tuple(row.keys))
        if row.wording == COVERED and (old is None or old.wording == COVERED):
            covered += 1
        else:
            found.append(_line(visit, b, (old, row), difference))
    clear = sum(line.direction in ("rise", "fall") for line in found)
    # What is sure first; within each, the order of the table.
    found.sort(key=lambda line: line.direction not in ("rise", "fall"))
    return {"rows": found[:SHOWN], "clear": clear, "covered": covered, "all_rows": len(b.rows), "unit": visit.tongue.units[unit_of(b)]}  # fmt: skip


def _line(
    visit: Visit, table: Table, rows: tuple[Estimate | None, Estimate], difference: Difference
) -> Line:
    tongue, unit, labels = visit.tongue, unit_of(table), visit.labels
    keys = zip(rows[1].keys, table.columns[:-1], strict=True)
    names = ", ".join(labels.key(key, column) for key, column in keys)
    value, low, high = difference.value_milli, difference.low_milli, difference.high_milli
    told = value is not None and low is not None and high is not None
    return Line(
        names=names[:1].upper() + names[1:],
        before=_figure(visit, rows[0], unit),
        after=_figure(visit, rows[1], unit),
        difference=_signed(tongue.figure(value, unit), value) if told and value is not None else "",
        span=f"{_signed(tongue.bare(low, unit), low)} → {_signed(tongue.bare(high, unit), high)}" if low is not None and high is not None else "",
        direction=_direction(difference),
    )  # fmt: skip


def _direction(difference: Difference) -> str:
    if not difference.comparable:
        return "absent"
    if not difference.clear:
        return "unclear"
    return "rise" if (difference.low_milli or 0) > 0 else "fall"


def _signed(text: str, milli: int) -> str:
    return f"+{text}" if milli > 0 else text


def _figure(visit: Visit, row: Estimate | None, unit: str) -> str:
    if row is None:
        return "–"
    return visit.tongue.wordings[COVERED] if row.wording == COVERED else visit.tongue.figure(row.value_milli, unit)  # fmt: skip


PAGE: Final = Page("compare", "/comparer", COMPARE, read, asks=("a", "b", "table"), needs_edition=False)  # fmt: skip
