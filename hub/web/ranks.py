"""Ranks with their ties: where a figure can stand among the others, given every interval."""

from collections.abc import Sequence

from contracts.edition import Estimate


def ranks(rows: Sequence[Estimate]) -> tuple[tuple[int, int], ...]:
    """Return for each row the best and the worst rank that its interval allows, 1 for the largest.

    Rows whose intervals overlap are not told apart: they share ranks.
    """
    return tuple(
        (
            1 + sum(other.low_milli > row.high_milli for other in rows),
            len(rows) - sum(other.high_milli < row.low_milli for other in rows),
        )
        for row in rows
    )


def tied(best: Estimate, rows: Sequence[Estimate]) -> list[Estimate]:
    """Return the rows that cannot be told apart from *best*, itself first."""
    others = [r for r in rows if r is not best and r.high_milli >= best.low_milli]
    return [best, *others]
