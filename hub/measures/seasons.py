"""Windows over two seasons: where the later one begins, and what that makes one person weigh."""

import datetime as dt
from dataclasses import replace
from typing import Final

from contracts.season import SEASON_START_MONTH, season_of
from hub.errors import ConfigError
from hub.measures.frame import Frame
from hub.privacy.values import VectorPlan

_EPOCH: Final = dt.date(1970, 1, 1)
_TWO: Final = 2


def seasons_of(frame: Frame) -> tuple[str, ...]:
    """Return the seasons whose days the window reads, in their order: each of them is charged."""
    years = (int(season_of(day)[:4]) for day in (frame.first_day, frame.last_day))
    first, last = years
    return tuple(f"{year}-{year + 1}" for year in range(first, last + 1))


def turn(frame: Frame) -> int:
    """Return the first day of the later of two seasons, in days since 1970.

    Raises:
        ConfigError: the window does not read two seasons.
    """
    seasons = seasons_of(frame)
    if len(seasons) != _TWO:
        raise ConfigError(
            "This measure follows people from one season to the next; the window reads {seasons}. Plan "
            "an edition of two seasons for it.",
            seasons=", ".join(seasons),
        )
    return (dt.date(int(seasons[1][:4]), SEASON_START_MONTH, 1) - _EPOCH).days


def for_one_season(vector: VectorPlan, seasons: int) -> VectorPlan:
    """Return the vector with the sensitivity that holds for one season of a person, and for all of her.

    The unit of privacy is one person's rows of one season. When a window reads several, what leaves may
    be one season of hers while the others stay: her term t becomes t'. Neither has a negative weight and
    neither is longer than Δ (t' is the term of somebody whose rows those are), so the distance is at most
    √(‖t‖² + ‖t'‖²) ≤ √2·Δ, whatever the weights. With one season t' is nought and nothing changes.

    Raises:
        ConfigError: a threshold chooses the keys; its proof is for one season.
    """
    if seasons == 1:
        return vector
    if vector.threshold is not None:
        raise ConfigError(
            "Vector {name} chooses its keys by a threshold, which holds within one season. Give the "
            "measure no delta, or plan it in an edition of one season.",
            name=vector.name,
        )
    return replace(vector, l2_sensitivity_squared=_TWO * vector.l2_sensitivity_squared)
