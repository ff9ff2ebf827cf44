"""What an edition would let people know, before anything is paid: from public constants alone.

The edition's own queries run over a made-up network (``hub.made_up``) and its own reading over
the figures, with noise as large as the price buys, drawn a few times by arithmetic: what is said of
a table here is what that table will middlingly say of itself, as far as the network resembles the
made-up one. (Without noise the widest end of an interval, which noisy corrections decide, would be
another.)
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from contracts import epci
from contracts.charter import Bounds, MeasureSpec
from contracts.edition import COVERED, INDICATIVE, SURE, Estimate, Table
from contracts.season import first_day, months_of
from contracts.visit import Discipline
from hub.errors import ConfigError
from hub.made_up import MOST, made_up
from hub.measures.frame import DISCIPLINES, NEAR_KM, Frame, Operation, Venue
from hub.measures.seasons import seasons_of
from hub.plan import PlannedMeasure, plan_measures
from hub.privacy.budget import MICRO, sigma_micro
from hub.privacy.values import Noised, VectorPlan
from hub.vault.engine import Limits
from hub.vault.scan import relations_of

SEASON: Final = "2025-2026"
"""The season that a network without a charter is imagined in; no figure hangs on which."""
BOUNDS: Final = Bounds(venues=4, visits=20, cells=4, pairs_total=15)
SHARES: Final[tuple[tuple[str, int], ...]] = (
    ("reach", 80),
    ("ladder", 60),
    ("pairs", 160),
    ("flows", 140),
    ("lead-time", 200),
    ("provenance", 90),
    ("channels", 50),
    ("young", 30),
    ("firsts", 60),
    ("season-spread", 40),
    ("tourists", 40),
    ("crossing", 50),
)
"""Thousandths of the whole price, by measure: the split of the demonstration's charter."""
OPT_IN: Final[tuple[tuple[str, int], ...]] = (
    ("penetration", 20),
    ("shop", 60),
    ("bridges", 50),
    ("conflicts", 60),
    ("qpv", 30),
    ("satisfaction", 80),
    ("potential", 40),
    ("coverage", 20),
    ("returns", 150),
    ("lead-drift", 80),
    ("typology", 20),
    ("affinity", 60),
    ("bubble", 20),
    ("cube", 200),
    ("overlaps", 40),
    ("cooperation", 100),
    ("reciprocity", 40),
    ("tags", 40),
    ("model-pairs", 80),
    ("provenance-epci", 90),
)
"""What each measure that a charter may add weighs beside those: nothing until it is named."""
NANTES: Final = (47.22, -1.55)
"""Where an imagined network stands, when intercommunalités are told apart."""
TICKETS: Final = 10_000
"""Tickets that each imagined venue would declare."""
DELTA_PICO: Final = 100_000
"""For measures whose keys a threshold chooses."""

_DISCIPLINES: Final = (Discipline.THEATRE, Discipline.MUSEUM, Discipline.DANCE,
                       Discipline.CONTEMPORARY_MUSIC, Discipline.CONTEMPORARY_ART,
                       Discipline.OPERA, Discipline.CLASSICAL, Discipline.HERITAGE,
                       Discipline.CIRCUS)  # fmt: skip
DRAWS: Final = 7
"""Of noise that nobody bears: what a table says of itself hangs on a few corrections that jump from draw to draw."""
_SEED: Final = 20_250_901

_PAIR, _GROUP = 2, 3
_CAMPAIGN: Final = dt.timedelta(days=120)
_LIMITS: Final = Limits(memory="2GB", threads=1)


@dataclass(frozen=True)
class Outlook:
    """What one table will be able to say."""

    measure: str
    table: str
    question: str
    title: str
    title_en: str
    unit: str
    figures: int
    half_width: float  # ± of the 95 % interval of its middling figure, in its unit
    value: float  # of that figure, in the made-up network
    sure: int  # figures that will read « presque sûr »
    indicative: int
    too_few: int

    @property
    def answerable(self) -> bool:
        """Tell whether at least half of its figures will say something."""
        return 2 * self.too_few <= self.figures and self.figures > 0


@dataclass(frozen=True)
class Imagined(Noised):
    """Figures of a made-up network with noise as they would bear it: nobody's, and never paid."""


def imagined_frame(venues: int, grouped: int = 0, *, seasons: int = 1) -> Frame:
    """Return the frame of a network that has no charter yet.

    Args:
        venues: how many there are.
        grouped: how many of them, small ones, would show in groups of three or more only.
        seasons: how many the edition would read, up to the imagined one.

    Raises:
        ConfigError: fewer than two venues, or groups that cannot be made.
    """
    if venues < _PAIR or not (grouped == 0 or _GROUP <= grouped <= venues):
        raise ConfigError("Found {venues} venues, {grouped} of them grouped; expected at least {pair} venues, and none grouped or at "
                          "least {group}.", venues=venues, grouped=grouped, pair=_PAIR, group=_GROUP)  # fmt: skip
    kinds = [_DISCIPLINES[index % len(_DISCIPLINES)].value for index in range(venues)]
    start = first_day(months_of(SEASON)[0])
    return Frame(
        season=SEASON,
        first_day=start.replace(year=start.year + 1 - seasons),
        last_day=start.replace(year=start.year + 1, month=8, day=31),
        venues=tuple(
            Venue(f"lieu-{index:04d}", f"Lieu {index}", kind, 0, 0)
            for index, kind in enumerate(kinds)
        ),
        clusters=_groups(venues, grouped),
        bounds=BOUNDS,
        disciplines=tuple(slug for slug in DISCIPLINES if slug in kinds),
        attendance=tuple((f"lieu-{index:04d}", TICKETS) for index in range(venues)),
        overlaps=_overlaps(venues - grouped, grouped // _GROUP),
        operations=(_request(venues, start),),
        epcis=epci.near((NANTES,), NEAR_KM),
    )


def _request(venues: int, start: dt.date) -> Operation:
    """Return a request of the first venue, which all the others answer, in the first four months."""
    slugs = tuple(f"lieu-{index:04d}" for index in range(venues))
    return Operation("demande", slugs[0], start, start + _CAMPAIGN, slugs[1:])


def _groups(venues: int, grouped: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the last venues in groups of three, the last group taking what is left."""
    slugs = [f"lieu-{index:04d}" for index in range(venues - grouped, venues)]
    groups = grouped // _GROUP
    ends = [_GROUP * (number + 1) for number in range(groups - 1)] + [grouped] * bool(groups)
    starts = [_GROUP * number for number in range(groups)]
    return tuple(
        (f"groupe-{number}", tuple(slugs[start:end]))
        for number, (start, end) in enumerate(zip(starts, ends, strict=True))
    )


def _overlaps(alone: int, groups: int) -> tuple[tuple[str, ...], ...]:
    """Return one set, of the three first places, or of the two that there are."""
    places = [f"lieu-{index:04d}" for index in range(alone)]
    places += [f"groupe-{number}" for number in range(groups)]
    return (tuple(places[:_GROUP]),) if len(places) >= _PAIR else ()


def weights_of(names: Sequence[str] = ()) -> dict[str, int]:
    """Return what each named measure weighs in a price, in the catalogue's order; by default the usual ones.

    Raises:
        ConfigError: a measure does not exist.
    """
    every = dict((*SHARES, *OPT_IN))
    unknown, known = ", ".join(name for name in names if name not in every), ", ".join(every)
    if unknown:
        raise ConfigError(
            "No such measure: {unknown}. There are: {known}.", unknown=unknown, known=known
        )
    wanted = set(names) or dict(SHARES).keys()
    return {name: weight for name, weight in every.items() if name in wanted}


def imagined_measures(
    rho_micro: int, frame: Frame, names: Sequence[str] = ()
) -> tuple[PlannedMeasure, ...]:
    """Return measures at a price: the usual ones, split as the demonstration splits its own, or those named.

    Raises:
        ConfigError: a measure does not exist or needs another window; the price is too small to be split.
    """
    weights = weights_of(names)
    whole, one = sum(weights.values()), len(seasons_of(frame)) == 1
    shares = {name: rho_micro * weight // whole for name, weight in weights.items()}
    shares[next(iter(shares))] += rho_micro - sum(shares.values())  # what rounding down left
    specs = [
        MeasureSpec.model_construct(
            measure=name,
            rho_micro=share,
            delta_pico=DELTA_PICO if name == "provenance" and one else 0,
        )
        for name, share in shares.items()
    ]
    try:
        return plan_measures(specs, frame)
    except ValueError as error:
        raise ConfigError("A rho of {rho:g} is too small to be split.", rho=rho_micro / 1e6) from error  # fmt: skip


def outlook(measures: Sequence[PlannedMeasure], frame: Frame, people: int) -> Iterator[Outlook]:
    """Yield what each table of *measures* would say of a network of *people* linked persons.

    Raises:
        ConfigError: fewer than one person.
    """
    if people < 1:
        raise ConfigError("Found {people} people; expected at least one.", people=people)
    scale = max(1.0, people / MOST)
    noised: list[dict[str, Noised]] = [{} for _ in range(1 + DRAWS)]
    draw = np.random.default_rng(_SEED)
    with relations_of(made_up(frame, people), _LIMITS) as relations:
        for planned in measures:
            queries = planned.measure.queries(planned.vectors, frame)
            for query, vector in zip(queries, planned.vectors, strict=True):
                values = relations.run(query, vector).values.astype(np.float64) * scale
                for number, world in enumerate(noised):
                    world[vector.name] = _imagined(values, vector, draw if number else None)
            still, *drawn = (planned.measure.read(world, frame) for world in noised)
            for tables in zip(*drawn, strict=True):
                yield _outlook(planned.spec.measure, tables, still)


def _imagined(
    values: NDArray[np.float64], plan: VectorPlan, draw: np.random.Generator | None
) -> Imagined:
    spread = sigma_micro(plan.l2_sensitivity_squared, plan.rho_micro)
    noise = draw.normal(0, spread / MICRO, len(values)) if draw else 0
    whole = np.rint(values + noise).astype(np.int64)
    if plan.threshold is not None:
        kept = np.flatnonzero(whole >= plan.threshold)
        keys = tuple(plan.keys[place] for place in kept)
        plan = VectorPlan(plan.name, keys, plan.unit_milli, plan.l2_sensitivity_squared,
                          plan.rho_micro, plan.delta_pico, plan.threshold, plan.max_cells)  # fmt: skip
        whole = whole[kept]
    return Imagined(plan, spread, whole)


def _outlook(measure: str, drawn: Sequence[Table], still: Sequence[Table]) -> Outlook:
    """Return what the middling draw of a table says; its middling figure, as it is without noise."""
    table = sorted(drawn, key=_middling)[len(drawn) // 2]
    said = Counter(row.wording for row in table.rows)
    middle = _middle(table)
    return Outlook(
        measure=measure,
        table=table.table,
        question=table.question,
        title=table.title_fr,
        title_en=table.title_en,
        unit=table.columns[-1],
        figures=len(table.rows),
        half_width=_middling(table) / 1000,
        value=_without_noise(middle, table.table, still) / 1000 if middle else 0.0,
        sure=said[SURE],
        indicative=said[INDICATIVE],
        too_few=said[COVERED],
    )


def _middle(table: Table) -> Estimate | None:
    rows = sorted(table.rows, key=_width)
    return rows[len(rows) // 2] if rows else None


def _middling(table: Table) -> int:
    middle = _middle(table)
    return _width(middle) if middle else 0


def _without_noise(figure: Estimate, name: str, still: Sequence[Table]) -> int:
    rows = next(table.rows for table in still if table.table == name)
    return next((row.value_milli for row in rows if row.keys == figure.keys), figure.value_milli)


def _width(row: Estimate) -> int:
    """Return the distance to the farther end: an interval cut at nought is no better for it."""
    return max(row.high_milli - row.value_milli, row.value_milli - row.low_milli)
