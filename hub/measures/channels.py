"""Sales channels (Q17, Q18): how tickets are bought, by age and discipline, and who is new where.

Question: par quel canal achète-t-on selon l'âge et la discipline ? Quelle part des acheteurs de
chaque canal est nouvelle ? / Which sales channel by age and discipline? What share of the buyers of
each channel is new? (Repère : 70 % des acheteurs en ligne, Opéra de Paris 2002.)

Keys: channels × age bands with unknown × disciplines of the frame; channels × new or known. Public.

Bounds and sensitivity, add or remove one person_key with all her rows: she counts once in each
*different* cell that her rows fall in, n of them, with w = ⌊1000·min(1, √(c/n))⌋, c = ``bounds.cells``
(``laws.once``).
- ``channels-cell``: the cells of her visits. Squared norm n·w² ≤ c·10⁶.
- ``channels-new``: the cells of her arrivals, one for each place, by the channel of her first visit
  there. Squared norm n·w² ≤ c·10⁶.
Nobody else's weight moves, for n is hers alone.

Noise: discrete Gaussian on each vector, rho shared 70/30.

Estimand: persons by cell, at most c whole cells in weight each; new = the venue had not seen her in
the history that it keeps. Intervals hold for that law; channels that a venue does not record are
« other », and arrivals of which the venue cannot tell are left out.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

from contracts.charter import MeasureSpec
from contracts.edition import Table
from contracts.visit import AgeBand, Channel
from hub.measures import channels_words as words
from hub.measures.base import Parameter, Query
from hub.measures.frame import DISCIPLINES, Frame
from hub.measures.laws import once
from hub.measures.relations import KNOWN, NEW, arrivals
from hub.measures.shares import share, shares
from hub.measures.tables import Row, write
from hub.privacy.bound import UNIT_MILLI
from hub.privacy.budget import split
from hub.privacy.intervals import Floats, amounts, sigma
from hub.privacy.values import Noised, VectorPlan

CHANNELS: Final = tuple(channel.value for channel in Channel)
AGES: Final = tuple(band.value for band in AgeBand)
STANDINGS: Final = ("known", "new")
"""In the order of ``relations.KNOWN`` and ``NEW``."""

_SHARES = (70, 30)
_CELLS = """
SELECT person_key,
       ((channel * $ages + age) * $disciplines + $position[discipline + 1])::INTEGER AS cell
FROM visit WHERE $position[discipline + 1] >= 0
"""
_ARRIVED = """
SELECT person_key, (channel * 2 + standing)::INTEGER AS cell FROM arrivals WHERE standing < 2
"""


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the two vectors: by age and discipline, and by standing."""
    cells, new = split(spec.rho_micro, _SHARES)
    room = frame.bounds.cells * UNIT_MILLI**2
    keys = tuple(product(CHANNELS, AGES, frame.disciplines))
    return (
        VectorPlan("channels-cell", keys, UNIT_MILLI, room, cells),
        VectorPlan("channels-new", tuple(product(CHANNELS, STANDINGS)), UNIT_MILLI, room, new),
    )


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return one query per vector, in the plan's order."""
    known = {slug: place for place, slug in enumerate(frame.disciplines)}
    position = [known.get(slug, -1) for slug in DISCIPLINES]
    parameters: dict[str, Parameter] = {
        "ages": len(AGES),
        "disciplines": len(frame.disciplines),
        "position": position,
    }
    room = frame.bounds.cells
    rows = Query("channels-cell", _CELLS, parameters)
    arrived = Query("channels-new", _ARRIVED, {}, (arrivals(frame),))
    return (
        once(rows, cells=len(plan[0].keys), room=room),
        once(arrived, cells=len(plan[1].keys), room=room),
    )


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the channels by age, by discipline, and the share of new people of each."""
    cells, new = noised["channels-cell"], noised["channels-new"]
    counts = amounts(cells).reshape(len(CHANNELS), len(AGES), len(frame.disciplines))
    spread = sigma(cells)
    by_age = [("all", counts), *((age, counts[:, i : i + 1]) for i, age in enumerate(AGES[:-1]))]
    by_kind = [(slug, counts[:, :, i : i + 1]) for i, slug in enumerate(frame.disciplines)]
    return (
        write(words.AGES, _mix(by_age, spread)),
        write(words.DISCIPLINES, _mix(by_kind, spread)),
        write(words.NEW, _new_rows(amounts(new), sigma(new))),
    )


def _mix(segments: list[tuple[str, Floats]], spread: float) -> Iterator[Row]:
    for name, cells in segments:
        gathered: Floats = cells.sum(axis=(1, 2))
        each = spread * float(cells[0].size) ** 0.5
        for channel, found in zip(CHANNELS, shares(gathered, each), strict=True):
            yield (name, channel), found


def _new_rows(counts: Floats, spread: float) -> Iterator[Row]:
    for i, channel in enumerate(CHANNELS):
        own = counts[2 * i : 2 * i + 2]
        yield (channel,), share(own, spread, (NEW,), (KNOWN, NEW))
