"""« Que pourrions-nous savoir ? » : what an edition of a network of a given size would say, from public constants alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contracts.edition import COVERED, INDICATIVE, SURE
from contracts.loss import display_delta_pico, epsilon
from contracts.questions import QUESTIONS
from hub.web.foretell import Foreseen, Point, at, sizes
from hub.web.pages import Page, Visit
from hub.web.site.budget import half_width
from hub.web.words import said
from hub.web.words.budget import FORESEE

MICRO: Final = 10**6
USUAL: Final = ("reach", "ladder", "pairs", "flows", "lead-time", "provenance", "channels", "young", "firsts", "season-spread", "tourists", "crossing")  # fmt: skip
"""Measures of the demonstration's charter; the price is theirs (``hub.forecast.SHARES``)."""
KNOWN: Final = "-known"
DEFAULT: Final = (12, 10_000, 200_000)


@dataclass(frozen=True)
class Line:
    """One table that would be published."""

    question: str
    asked: str
    title: str
    half: str
    value: str
    verdict: str
    says: str
    rho: str


def read(visit: Visit) -> Mapping[str, object]:
    """Return the menus and what the chosen network would know."""
    venues, people, rho = (
        int(visit.choice(name, tuple(map(str, sizes(field))), str(default)))
        for (name, field), default in zip((("venues", "venues"), ("people", "people"), ("rho", "rho_micro")), DEFAULT, strict=True)
    )  # fmt: skip
    point = at(venues, people, rho)
    usual = [_line(visit, point, t) for t in point.tables if t.measure in USUAL]
    more = [_line(visit, point, t) for t in point.tables if t.measure not in USUAL]
    best = _best(usual)
    return {
        "menus": _menus(visit, (venues, people, rho)),
        "would": [line for line in usual if line.verdict != COVERED],
        "would_not": [line for line in usual if line.verdict == COVERED],
        "more": more,
        "answered": sum(verdict != COVERED for verdict in best.values()),
        "sure": sum(verdict == SURE for verdict in best.values()),
        "all": len(best),
    }


def _best(lines: list[Line]) -> dict[str, str]:
    """Return, by question, the best verdict of its tables; those that say of whom one knows do not count."""
    order, best = (COVERED, INDICATIVE, SURE), dict[str, str]()
    for line in lines:
        best[line.question] = max(best.get(line.question, COVERED), line.verdict, key=order.index)
    return best


def _line(visit: Visit, point: Point, table: Foreseen) -> Line:
    tongue, french = visit.tongue, visit.tongue.code == "fr"
    asked = QUESTIONS[table.question].text
    unit = table.unit if table.unit in tongue.units else "persons"
    value = said(FORESEE, tongue)["for_value"].format(value=tongue.figure(table.value_milli, unit))
    return Line(
        question=table.question,
        asked=tongue.polished(asked.fr if french else asked.en),
        title=tongue.polished(table.title_fr if french else table.title_en),
        # Nothing at all to count in a network of this size: « ± 0 » would look exact.
        half=half_width(visit, table.half_milli, table.unit) if table.half_milli else "–",
        value=value if table.value_milli else "",
        verdict=table.verdict,
        says=tongue.wordings[table.verdict],
        rho=tongue.decimal(point.prices[table.measure] / MICRO, 4),
    )


def _menus(
    visit: Visit, chosen: tuple[int, int, int]
) -> list[tuple[str, str, list[tuple[int, str]], int]]:
    """Return the three menus: name, label, options and what is chosen."""
    say, tongue = said(FORESEE, visit.tongue), visit.tongue
    delta = display_delta_pico(2 * chosen[1])
    prices = [(rho, f"ρ = {tongue.decimal(rho / MICRO, 4)} (ε ≈ {tongue.decimal(epsilon(rho, delta), 1)})") for rho in sizes("rho_micro")]  # fmt: skip
    return [
        ("venues", say["venues"], [(n, say["venues_n"].format(count=n)) for n in sizes("venues")], chosen[0]),
        ("people", say["people"], [(n, say["people_n"].format(count=tongue.grouped(n))) for n in sizes("people")], chosen[1]),
        ("rho", say["rho"], prices, chosen[2]),
    ]  # fmt: skip


PAGE: Final = Page("foresee", "/que-pourrions-nous-savoir", FORESEE, read, asks=("venues", "people", "rho"), needs_edition=False)  # fmt: skip
