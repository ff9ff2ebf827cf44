"""The calendar that a season's budget buys by default: three interim editions, the whole season, and a reserve.

Nothing is cheaper for being short: whoever came in autumn and in spring is in both interim windows and in the
season's, and pays for all three. The parts below therefore add up, for everybody.
"""

import datetime as dt
from typing import Final

from contracts.charter import Budget, EditionSpec, MeasureSpec
from contracts.scopes import CEILING_MICRO
from contracts.season import months_of
from hub.errors import ConfigError
from hub.forecast import DELTA_PICO, SHARES
from hub.privacy.budget import split

RHO_MICRO: Final = 100_000
"""Of the observatory, by default, for one person and one season: ε 2.14 at δ 10⁻⁶."""
FINAL, INTERIM, RESERVE = 60, 10, 10
"""Hundredths of the observatory's part: the season, each of three interims, and what errata may draw on."""
RECOMMENDATION, AUDIENCES = 50, 100
"""Hundredths of the observatory's part that recommendations and partners' audiences may cost beside it."""
_INTERIM_SHARES: Final = (("reach", 35), ("pairs", 30), ("lead-time", 35))
"""Few measures: a tenth of the price buys about a third of the precision."""
_QUARTERS: Final = (("automne", "Automne"), ("hiver", "Hiver"), ("printemps", "Printemps"))
_DELTA_CAP_PICO: Final = 1_000_000


def calendar(season: str, rho_micro: int = RHO_MICRO) -> tuple[Budget, tuple[EditionSpec, ...]]:
    """Return the budget of *season* and the editions that it pays for, in the order of their windows.

    Args:
        season: as ``2026-2027``.
        rho_micro: of the observatory, in millionths.

    Raises:
        ConfigError: with the other uses it would pass the ceiling.
    """
    recommendation, audiences = (rho_micro * part // 100 for part in (RECOMMENDATION, AUDIENCES))
    total = rho_micro + recommendation + audiences
    if total > CEILING_MICRO:
        raise ConfigError(
            "The observatory's {rho:.3f} makes {total:.3f} with the other uses; expected "
            "{ceiling:.2f} at most for one person and season. Ask for less.",
            rho=rho_micro / 1e6,
            total=total / 1e6,
            ceiling=CEILING_MICRO / 1e6,
        )
    budget = Budget(
        season=season,
        total_rho_micro=total,
        observatory_rho_micro=rho_micro,
        recommendation_rho_micro=recommendation,
        audiences_rho_micro=audiences,
        delta_pico=_DELTA_CAP_PICO,
    )
    return budget, (*_interims(season, rho_micro), _whole(season, rho_micro))


def _interims(season: str, rho_micro: int) -> tuple[EditionSpec, ...]:
    months = months_of(season)
    specs = []
    for number, (slug, title) in enumerate(_QUARTERS):
        own = months[3 * number : 3 * number + 3]
        year = own[-1][:4]
        specs.append(
            EditionSpec(
                edition=f"{slug}-{year}",
                title=f"{title} {year}",
                season=season,
                first_day=f"{own[0]}-01",
                last_day=_last_day(own[-1]),
                measures=_priced(_INTERIM_SHARES, rho_micro * INTERIM // 100),
            )
        )
    return tuple(specs)


def _whole(season: str, rho_micro: int) -> EditionSpec:
    months = months_of(season)
    return EditionSpec(
        edition=f"saison-{season}",
        title=f"Saison {season}",
        season=season,
        first_day=f"{months[0]}-01",
        last_day=_last_day(months[-1]),
        measures=_priced(SHARES, rho_micro * FINAL // 100),
    )


def _priced(shares: tuple[tuple[str, int], ...], rho_micro: int) -> list[MeasureSpec]:
    parts = split(rho_micro, [share for _, share in shares])
    return [
        MeasureSpec(measure=name, rho_micro=rho, delta_pico=DELTA_PICO * (name == "provenance"))
        for (name, _), rho in zip(shares, parts, strict=True)
    ]


def _last_day(month: str) -> str:
    first = dt.date.fromisoformat(f"{month}-01")
    return ((first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)).isoformat()


def toml(budget: Budget, editions: tuple[EditionSpec, ...]) -> str:
    """Return both as ``network.toml`` holds them."""
    lines = ["[[budgets]]", *_fields(budget.model_dump(exclude_defaults=True))]
    for spec in editions:
        plain = spec.model_dump(exclude={"measures", "attendance"})
        lines += ["", "[[editions]]", *_fields(plain)]
        for measure in spec.measures:
            lines += ["[[editions.measures]]", *_fields(measure.model_dump())]
    return "\n".join(lines) + "\n"


def _fields(plain: dict[str, object]) -> list[str]:
    return [
        f'{name} = "{v}"' if isinstance(v, str) else f"{name} = {v}" for name, v in plain.items()
    ]
