"""One plain sentence for any table: what stands at the top, with whom it is tied, or that nothing can be told."""

from typing import Final

from contracts.edition import COVERED, Estimate, Table
from hub.web.labels import Labels, unit_of
from hub.web.ranks import tied
from hub.web.tongue import Tongue

NAMED: Final = 2  # of those that are tied; the others are counted
BLURRED: Final = frozenset(("rest", "unknown", "elsewhere", "all", "insufficient"))
NAMED_BY_SIGN: Final = ("days", "percent")  # units that a figure carries already
STATISTIC, MEDIAN = "statistic", "median"

_SAID: Final = {
    "fr": {
        "none": "trop peu de monde : aucun chiffre de ce tableau n’est assez précis pour être dit.",
        "one": "{value} ({span}).",
        "top": "le plus haut, {name} : {value} ({span}).",
        "bottom": "le plus bas, {name} : {value} ({span}).",
        "tie": "en tête, à égalité : {names} ; {low} à {high} pour chacun.",
        "more": "{count} autres",
        "and": " et ",
    },
    "en": {
        "none": "too few people: no figure of this table is precise enough to be told.",
        "one": "{value} ({span}).",
        "top": "the highest, {name}: {value} ({span}).",
        "bottom": "the lowest, {name}: {value} ({span}).",
        "tie": "at the top, tied: {names}; {low} to {high} for each.",
        "more": "{count} others",
        "and": " and ",
    },
}


def plain(table: Table, labels: Labels) -> str:
    """Return a sentence about *table*, within its intervals; rows that overlap the highest are tied with it."""
    say, tongue, unit = _SAID[labels.tongue.code], labels.tongue, unit_of(table)
    told = [row for row in table.rows if row.wording != COVERED and _median(row, table)]
    # « Tous les autres » are no answer to "which": they stand at the top only when nothing else is told.
    told = [row for row in told if not BLURRED & set(row.keys)] or told
    below = [row for row in told if row.value_milli < 0]
    told = [row for row in told if row.value_milli > 0]
    if not told and below:  # balances: what stands out may be a loss alone
        lowest = min(below, key=lambda row: row.value_milli)
        text = say["bottom"].format(name=_name(lowest, table, labels), **_figure(lowest, unit, tongue))  # fmt: skip
        return _started(text, tongue)
    if not told:
        return _started(say["none"], tongue)
    top = max(told, key=lambda row: row.value_milli)
    if len(table.rows) == 1:
        return _started(say["one"].format(**_figure(top, unit, tongue)), tongue)
    equals = tied(top, told)
    if len(equals) == 1:
        text = say["top"].format(name=_name(top, table, labels), **_figure(top, unit, tongue))
        return _started(text, tongue)
    names = [_name(row, table, labels) for row in equals[:NAMED]]
    rest = len(equals) - len(names)
    names += [say["more"].format(count=rest)] if rest > 1 else [_name(equals[-1], table, labels)] * rest  # fmt: skip
    low, high = min(row.low_milli for row in equals), max(row.high_milli for row in equals)
    named = f" {tongue.units[unit]}" if unit not in NAMED_BY_SIGN else ""
    ends = {"low": tongue.bare(low, unit), "high": tongue.told(high, unit) + named}
    listed = say["and"].join([", ".join(names[:-1]), names[-1]])
    return _started(say["tie"].format(names=listed, **ends), tongue)


def _median(row: Estimate, table: Table) -> bool:
    return STATISTIC not in table.columns or row.keys[table.columns.index(STATISTIC)] == MEDIAN


def _figure(row: Estimate, unit: str, tongue: Tongue) -> dict[str, str]:
    named = f" {tongue.units[unit]}" if unit not in NAMED_BY_SIGN else ""
    return {
        "value": tongue.told(row.value_milli, unit) + named,
        "span": tongue.span(row.low_milli, row.high_milli, unit),
    }


def _name(row: Estimate, table: Table, labels: Labels) -> str:
    pairs = zip(row.keys, table.columns, strict=False)
    named = [labels.key(key, column) for key, column in pairs if column != STATISTIC]
    if table.columns[:2] == ["from", "to"]:
        return " → ".join(named)
    rest = ", ".join(named[1:])  # in brackets: commas stand between the names of a list
    return f"{named[0]} ({rest})" if rest else "".join(named)


def _started(text: str, tongue: Tongue) -> str:
    text = tongue.polished(text)
    return text[:1].upper() + text[1:]
