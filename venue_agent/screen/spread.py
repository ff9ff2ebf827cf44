"""Counts the values of one column so that no line of the count is one person's: few are told with others, or not at all."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

FEWEST: Final = 10
"""People behind anything that is shown."""
MOST: Final = 8
"""Values shown of one column; the others are told together."""


Labels = Callable[[str], Iterable[str]]
"""What one written value counts as: itself, its band, or each of the words in it."""


def _itself(value: str) -> Iterable[str]:
    return (value,)


@dataclass(frozen=True)
class Spread:
    """What may be seen of one column: values with how many rows hold them, the others together.

    ``hidden``: too few people to show anything but that some row is filled.
    """

    shown: tuple[tuple[str, int], ...]
    others: int
    hidden: bool


@dataclass
class Seen:
    """Rows by value, and up to ``FEWEST`` of the people behind each."""

    rows: Counter[str] = field(default_factory=Counter)
    people: dict[str, set[str]] = field(default_factory=dict)

    def add(self, values: pd.Series, people: pd.Series, labels: Labels = _itself) -> None:
        """Count rows: the value of each (categorical), whose it is, and what a value counts as."""
        codes = values.cat.codes.to_numpy()
        rows = np.bincount(codes[codes >= 0], minlength=len(values.cat.categories))
        for place, value in enumerate(values.cat.categories):
            for label in labels(value) if rows[place] else ():
                self.rows[label] += int(rows[place])
                behind = self.people.setdefault(label, set())
                if len(behind) < FEWEST:
                    behind.update(people[codes == place].drop_duplicates().head(FEWEST))

    def spread(self) -> Spread:
        """Return what may be shown: of each value at least ``FEWEST`` people, of the others together too."""
        ranked = [value for value, _rows in self.rows.most_common()]
        shown = [value for value in ranked if len(self.people[value]) >= FEWEST][:MOST]
        others = [value for value in ranked if value not in shown]
        while shown and others and len(self._behind(others)) < FEWEST:
            others.append(shown.pop())  # else what is left of the total would tell of a few
        return Spread(
            shown=tuple((value, self.rows[value]) for value in shown),
            others=sum(self.rows[value] for value in others) if shown else 0,
            hidden=not shown,
        )

    def _behind(self, values: list[str]) -> set[str]:
        return set().union(*(self.people[value] for value in values))
