"""What a network could know before it pays: from a grid that ``hub.forecast`` made of public constants, and from past editions.

The web process reaches no measure and no made-up network: it reads ``foretold.json``, which
``docs/build_forecasts.py`` writes. Nothing here depends on anybody's data: a wider interval at another price follows
from σ = √(Δ²/2ρ) alone.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from contracts.edition import COVERED, INDICATIVE, SURE, PublishedEdition

MILLI: Final = 1000
DAYS: Final = "days"  # read from bins: they do not widen like the root of the price


@dataclass(frozen=True)
class Foreseen:
    """What one table would say: its middling half-width and value (thousandths of its unit), and its wordings."""

    measure: str
    table: str
    question: str
    unit: str
    title_fr: str
    title_en: str
    half_milli: int
    value_milli: int
    figures: int
    sure: int
    indicative: int

    @property
    def too_few(self) -> int:
        """Return how many figures chance would cover."""
        return self.figures - self.sure - self.indicative

    @property
    def verdict(self) -> str:
        """Return whether most of its figures would be sure, indicative or covered."""
        if not self.figures or 2 * self.too_few > self.figures:
            return COVERED
        return SURE if 2 * self.sure >= self.figures else INDICATIVE


@dataclass(frozen=True)
class Point:
    """One network of the grid: its size, the price of its usual measures, and each measure's own."""

    venues: int
    people: int
    rho_micro: int
    prices: Mapping[str, int]
    tables: tuple[Foreseen, ...]


@lru_cache(maxsize=1)
def grid() -> tuple[Point, ...]:
    """Return every network that was reckoned."""
    text = (resources.files("hub.web") / "foretold.json").read_text(encoding="utf-8")
    told = json.loads(text)
    return tuple(_point(each, told["titles"]) for each in told["points"])


def _point(told: Mapping[str, Any], titles: Mapping[str, Sequence[str]]) -> Point:
    tables = tuple(_foreseen(each, titles[each[1]]) for each in told["tables"])
    return Point(told["venues"], told["people"], told["rho_micro"], told["prices"], tables)


def _foreseen(told: Sequence[Any], title: Sequence[str]) -> Foreseen:
    """Return one table of a point; *title* is its question, its unit and its two titles."""
    measure, table, half, value, figures, sure, indicative = told
    question, unit, french, english = title
    return Foreseen(
        measure, table, question, unit, french, english, half, value, figures, sure, indicative
    )


def sizes(name: str) -> tuple[int, ...]:
    """Return the values of ``venues``, ``people`` or ``rho_micro`` that were reckoned, ascending."""
    return tuple(sorted({int(getattr(point, name)) for point in grid()}))


def at(venues: int, people: int, rho_micro: int) -> Point:
    """Return the point of the grid nearest to a network, as proportions go."""

    def far(point: Point) -> float:
        pairs = ((point.venues, venues), (point.people, people), (point.rho_micro, rho_micro))
        return sum(abs(math.log(one / max(1, other))) for one, other in pairs)

    return min(grid(), key=far)


@dataclass(frozen=True)
class Expected:
    """The half-width that a planned table is to have, and what it was told from: ``earlier`` or ``constants``."""

    table: str
    title_fr: str
    title_en: str
    unit: str
    half_milli: int
    source: str


def expected(
    measure: str, rho_micro: int, earlier: Sequence[PublishedEdition], network: tuple[int, int]
) -> list[Expected]:
    """Return the half-width of each table of a measure planned at *rho_micro*, before anything is paid.

    The newest edition of *earlier* that holds the measure tells; without one, the grid's network nearest to *network*
    (venues, people). Half-widths go with 1/√ρ, those of delays excepted.
    """
    for published in reversed(earlier):
        release = next((r for r in published.edition.releases if r.measure == measure), None)
        if release is None:
            continue
        scale = math.sqrt(release.rho_micro / rho_micro)
        return [
            Expected(t.table, t.title_fr, t.title_en, t.columns[-1], _scaled(_half(t.rows), scale, t.columns[-1]), "earlier")
            for t in release.tables if t.rows
        ]  # fmt: skip
    point = at(*network, rho_micro=200_000)
    if measure not in point.prices:
        return []
    scale = math.sqrt(point.prices[measure] / rho_micro)
    return [
        Expected(t.table, t.title_fr, t.title_en, t.unit, _scaled(t.half_milli, scale, t.unit), "constants")
        for t in point.tables if t.measure == measure and t.figures
    ]  # fmt: skip


def _half(rows: Sequence[Any]) -> int:
    """Return the middling distance to the farther end of the intervals."""
    widths = sorted(max(r.high_milli - r.value_milli, r.value_milli - r.low_milli) for r in rows)
    return int(widths[len(widths) // 2])


def _scaled(half_milli: int, scale: float, unit: str) -> int:
    return half_milli if unit == DAYS else round(half_milli * scale)
