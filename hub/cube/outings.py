"""Where made-up people went: visits that say of each of them what her traits say, as two sheets.

Only what the traits fix is the edition's: how often, which usual place, channel, lead and taste. Which other
place and which month are drawn from its tables of pairs and of the season where it has them, evenly else.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from contracts.edition import Edition
from hub.cube.design import Floats
from hub.cube.estimate import Book
from hub.cube.found import tables

MARK: Final = "données synthétiques"
PEOPLE: Final = "synthetique-personnes.csv"
VISITS: Final = "synthetique-venues.csv"
_AWAY: Final = 0.35  # of the visits that may be made away from the usual place
_MOST: Final = 12
_VISITS_OF: Final = {"1": (1, 1), "2": (2, 2), "3-5": (3, 5), "6+": (6, _MOST)}
_SEVERAL: Final = "several"
_BOM: Final = b"\xef\xbb\xbf"

Line = tuple[str, ...]


def sheets(book: Book, people: NDArray[np.int64], edition: Edition, seed: int) -> dict[str, bytes]:
    """Return both sheets, as UTF-8 with a byte order mark, ``;`` between cells, each line marked.

    Args:
        book: the cube that the people were made from.
        people: one line each, a code by trait.
        edition: whose places and months are drawn.
        seed: which of the possible visits.
    """
    names = [trait.trait for trait in book.cube.traits]
    told = [
        {
            name: book.cube.traits[i].values[code]
            for i, (name, code) in enumerate(zip(names, line, strict=True))
        }
        for line in people.tolist()
    ]
    draw = np.random.default_rng([seed, len(people)])
    calendar = _months(edition)
    persons = ((str(number), *traits.values()) for number, traits in enumerate(told, 1))
    outings = _Outings(book, edition, draw)
    visits = (
        (str(number), str(rank), *visit, str(draw.choice(calendar[0], p=calendar[1])))
        for number, traits in enumerate(told, 1)
        for rank, visit in enumerate(outings.of(traits), 1)
    )
    heads = ("person", "visit", "house", "discipline", "channel", "lead", "month")
    return {PEOPLE: _sheet(("person", *names), persons), VISITS: _sheet(heads, visits)}


class _Outings:
    """Draws the visits of one made-up person after another."""

    def __init__(self, book: Book, edition: Edition, draw: np.random.Generator) -> None:
        values = {trait.trait: list(trait.values) for trait in book.cube.traits}
        self.houses = values.get("house", [])
        self.tastes = [name for name in values.get("taste", []) if name != _SEVERAL]
        self.shares = _shared(self.houses, edition)
        self.draw = draw

    def of(self, traits: Mapping[str, str]) -> Iterator[Line]:
        """Yield house, discipline, channel and lead of each of her visits."""
        least, most = _VISITS_OF.get(traits.get("loyalty", "1"), (1, 1))
        count = int(self.draw.integers(least, most + 1))
        places = self._places(traits.get("house", ""), count)
        for place, kind in zip(places, self._kinds(traits.get("taste", ""), count), strict=True):
            yield place, kind, traits.get("channel", ""), traits.get("lead", "")

    def _places(self, usual: str, count: int) -> list[str]:
        """Return her places: the usual one most often, and first of the public order where two tie."""
        if len(self.houses) <= 1:
            return [usual] * count
        away = int(self.draw.binomial((count - 1) // 2, _AWAY))
        share = self.shares[self.houses.index(usual)]
        if count == 2:  # noqa: PLR2004 — one visit each: the usual place is then the earlier one
            share = np.where(np.arange(len(share)) > self.houses.index(usual), share, 0.0)
            away = int(self.draw.random() < _AWAY) if share.sum() > 0 else 0
        others: list[str] = []
        if away:
            others = self.draw.choice(self.houses, away, p=share / share.sum()).tolist()
        return [usual] * (count - away) + others

    def _kinds(self, taste: str, count: int) -> list[str]:
        """Return the disciplines: her taste in half of her visits at least, or none that often."""
        if taste != _SEVERAL:
            other = int(self.draw.binomial(count // 2, _AWAY)) if len(self.tastes) > 1 else 0
            rest = [name for name in self.tastes if name != taste]
            return [taste] * (count - other) + [str(rest[i % len(rest)]) for i in range(other)]
        order = [str(name) for name in self.draw.permutation(self.tastes)]
        most = (count - 1) // 2  # of one discipline
        spread = [order[i % len(order)] for i in range(min(count, most * len(order)))]
        return spread + [""] * (count - len(spread))


def _shared(houses: list[str], edition: Edition) -> Floats:
    """Return, by usual place, the shares of the other places, as the table of pairs tells them."""
    shares = np.full((len(houses), len(houses)), 1.0)
    at = {house: place for place, house in enumerate(houses)}
    for row in (row for table in tables(edition, "pairs") for row in table.rows):
        if row.keys[0] in at and row.keys[1] in at:
            a, b = at[row.keys[0]], at[row.keys[1]]
            shares[a, b] = shares[b, a] = 1.0 + max(row.value_milli, 0) / 1000
    np.fill_diagonal(shares, 0.0)
    return shares


def _months(edition: Edition) -> tuple[list[str], Floats]:
    """Return the months of the window and how full each is, where the edition tells; alike else."""
    first, last = edition.first_day[:7], edition.last_day[:7]
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    months = [f"{at // 12}-{at % 12 + 1:02d}" for at in range(start, end + 1)]
    weights = dict.fromkeys(months, 1.0)
    for table in tables(edition):
        for row in table.rows if table.columns == ["month", "percent"] else ():
            weights[row.keys[0]] = max(row.value_milli, 0) / 1000
    full = np.array([weights[month] for month in months])
    return months, full / full.sum() if full.sum() > 0 else np.full(len(months), 1 / len(months))


def _sheet(heads: Line, lines: Iterator[Line]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow((*heads, "mark"))
    writer.writerows((*line, MARK) for line in lines)
    return _BOM + text.getvalue().encode()
