"""« Délais » : the lead time as a sentence whose blanks are menus (Q01), then by distance, age and moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contracts.edition import COVERED, Estimate, Table
from hub.web.pages import Page, Shown, Visit
from hub.web.words import said
from hub.web.words.delays import WORDS

AGES = ("18-25", "26-34", "35-49", "50-64", "65+")
BANDS = ("0-5", "5-20", "20-50", "50-100", "100+")
NEAR = "near"  # less than 20 km: a table of its own, and the first that is asked for
MEDIAN: Final = "median"
NEIGHBOURS = 4


@dataclass(frozen=True)
class Answer:
    """The answer to the question of the address; ``value`` is "" when chance covers it."""

    shown: Shown
    value: str
    span: str
    wording: str
    says: str
    text: str
    quarters: str
    nearest: tuple[str, ...]


def read(visit: Visit) -> Mapping[str, object]:
    """Return the question of the address, its answer, and the tables of delays."""
    say = said(WORDS, visit.tongue)
    known = disciplines(visit)
    age = visit.choice("age", AGES, AGES[0])
    band = visit.choice("distance", (NEAR, *BANDS), NEAR)
    first = "contemporary-art" if "contemporary-art" in known else (known or ("museum",))[0]
    discipline = visit.choice("discipline", known, first)
    detail = visit.shown("lead-detail", discipline=discipline)
    return {
        "ages": [(key, visit.labels.key(key, "age")) for key in AGES],
        "bands": [(NEAR, say["near"]), *((key, say[f"d_{key}"]) for key in BANDS)],
        "disciplines": [(key, visit.labels.key(key, "discipline")) for key in known],
        "age": age,
        "band": band,
        "discipline": discipline,
        "answer": answer(visit, age, band, discipline),
        "near": visit.shown("lead-near"),
        "distance": visit.shown("lead-distance"),
        "shares": visit.shown("lead-shares"),
        "detail": detail if detail and detail.table.rows else None,
        "detail_title": say["detail"].format(discipline=visit.labels.key(discipline, "discipline")),
        "medians": visit.shown("lead-medians"),
        "drift": visit.shown("lead-drift"),
    }


def disciplines(visit: Visit) -> tuple[str, ...]:
    """Return the disciplines that the tables of delays know, in the order of their names."""
    found = set()
    for slug in ("lead-near", "lead-detail"):
        table = visit.table(slug)
        if table is not None:
            at = table.columns.index("discipline")
            found |= {row.keys[at] for row in table.rows}
    return tuple(sorted(found, key=lambda key: visit.labels.key(key, "discipline")))


def answer(visit: Visit, age: str, band: str, discipline: str) -> Answer | None:
    """Return what the edition says to the question; None when it holds no table of delays."""
    only = {"age": age, "discipline": discipline}
    near = band == NEAR
    shown = visit.shown("lead-near", **only) if near else visit.shown("lead-detail", distance=band, **only)  # fmt: skip
    if shown is None:
        return None
    say, tongue = said(WORDS, visit.tongue), visit.tongue
    found = {row.keys[0]: row for row in shown.table.rows}
    row = found.get(MEDIAN)
    if row is None or row.wording == COVERED:
        few = tongue.wordings[COVERED]
        return Answer(shown, "", "", COVERED, few, say["silent"], "", nearest(visit, only))
    value, span = tongue.told(row.value_milli, "days"), tongue.span(row.low_milli, row.high_milli, "days")  # fmt: skip
    text = say["answer_text"].format(value=value, span=span)
    says = tongue.wordings[row.wording]
    return Answer(shown, value, span, row.wording, says, text, _quarters(found, visit), ())


def _quarters(found: Mapping[str, Estimate], visit: Visit) -> str:
    ends = [found.get(key) for key in ("first-quartile", "third-quartile")]
    if any(row is None or row.wording == COVERED for row in ends):
        return ""
    first, third = (visit.tongue.told(row.value_milli, "days") for row in ends if row)
    return said(WORDS, visit.tongue)["quarter"].format(first=first, third=third)


def nearest(visit: Visit, only: Mapping[str, str]) -> tuple[str, ...]:
    """Return the delays that can be told of the same discipline or of the same age, near the venue."""
    table = visit.table("lead-near")
    told = [r for r in table.rows if r.keys[2] == MEDIAN and r.wording != COVERED] if table else []
    told.sort(key=lambda row: (row.keys[1] != only["discipline"], row.keys[0] != only["age"]))
    near = [row for row in told if row.keys[0] == only["age"] or row.keys[1] == only["discipline"]]
    return tuple(_line(row, table, visit) for row in near[:NEIGHBOURS] if table)


def _line(row: Estimate, table: Table, visit: Visit) -> str:
    names = [visit.labels.key(key, column) for key, column in zip(row.keys[:2], table.columns[:2], strict=True)]  # fmt: skip
    value = visit.tongue.told(row.value_milli, "days")
    span = visit.tongue.span(row.low_milli, row.high_milli, "days")
    return f"{', '.join(names)}{visit.tongue.phrases['colon']}{value} ({span})"


PAGE = Page("delays", "/delais", WORDS, read, asks=("age", "distance", "discipline"), explores=True)
