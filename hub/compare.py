"""Compare two published editions from their public figures alone: it reads no data and costs no budget.

A difference of two noisy figures is post-processing: whoever holds both editions could do the sum herself. What
this module adds is an interval that holds for the difference, and a refusal where two figures do not say the same.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from contracts.edition import Edition, Estimate, Table

Reason = Literal[
    "other-keys", "other-table", "other-network", "other-window", "demonstration", "absent"
]
"""Why two things are not compared: the page has the words."""

_LEAP: Final = 1  # days by which the same months of two years may differ


@dataclass(frozen=True)
class Difference:
    """What the later figure is above the earlier one, in thousandths of the table's unit.

    ``value_milli``, ``low_milli`` and ``high_milli`` are None exactly when ``why_not`` says why.
    """

    keys: tuple[str, ...]
    value_milli: int | None = None
    low_milli: int | None = None
    high_milli: int | None = None
    why_not: Reason | None = None

    @property
    def comparable(self) -> bool:
        """Say whether the two figures speak of the same thing."""
        return self.why_not is None

    @property
    def clear(self) -> bool:
        """Say whether the direction is sure: noise alone makes such a difference in 1 case of 20 at most."""
        if self.low_milli is None or self.high_milli is None:
            return False
        return self.low_milli > 0 or self.high_milli < 0


def difference(a: Estimate, b: Estimate) -> Difference:
    """Return how far *b*, the later figure, lies above *a*, the earlier one.

    The interval goes from ``b.low - a.high`` to ``b.high - a.low``. It holds in 95 % of draws or more: each end of a
    published interval lies 1.96 of its own σ, or more, from the noisy sum (beyond that stands what clipping took), or
    lies where the truth cannot pass (nought, 100 %). The two draws are independent, so both errors together have
    √(σa² + σb²) ≤ σa + σb. Ends added in squares would be narrower, by 29 % at most, but what clipping took
    does not shrink like noise, and a published figure does not tell the two apart.
    """
    if a.keys != b.keys:
        return Difference(tuple(b.keys), why_not="other-keys")
    return Difference(
        keys=tuple(b.keys),
        value_milli=b.value_milli - a.value_milli,
        low_milli=b.low_milli - a.high_milli,
        high_milli=b.high_milli - a.low_milli,
    )


def differences(a: Table, b: Table) -> Iterator[Difference]:
    """Yield one difference for each row of *b*, the later table, in its order; ``absent`` where *a* has no such row."""
    if why_not_tables(a, b):
        yield from (Difference(tuple(row.keys), why_not="other-table") for row in b.rows)
        return
    before = {tuple(row.keys): row for row in a.rows}
    for row in b.rows:
        earlier = before.get(tuple(row.keys))
        if earlier is None:
            yield Difference(tuple(row.keys), why_not="absent")
        else:
            yield difference(earlier, row)


def why_not_tables(a: Table, b: Table) -> Reason | None:
    """Return why two tables do not hold the same figures: another table, other columns or another estimand."""
    same = (a.table, a.columns, a.estimand) == (b.table, b.columns, b.estimand)
    return None if same else "other-table"


def why_not(a: Edition, b: Edition) -> Reason | None:
    """Return why two editions are not to be compared, or None.

    They must be of one network, both real or both a demonstration, and their windows must run over the same days of
    the year: a season against the same season's first four months would show growth that is only time.
    """
    if a.network != b.network:
        return "other-network"
    if a.demonstration != b.demonstration:
        return "demonstration"
    return None if _same_days(a, b) else "other-window"


def _same_days(a: Edition, b: Edition) -> bool:
    starts, lengths = zip(*(_window(edition) for edition in (a, b)), strict=True)
    apart = abs(lengths[0] - lengths[1])
    return bool(starts[0] == starts[1] and apart <= _LEAP)


def _window(edition: Edition) -> tuple[tuple[int, int], int]:
    first, last = (dt.date.fromisoformat(day) for day in (edition.first_day, edition.last_day))
    return (first.month, first.day), (last - first).days
