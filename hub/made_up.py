"""A made-up network: people who never were, from public constants, for plans of what is to come.

The habits are those that published studies of French and British audiences give, and that the
demonstration world keeps: two thirds come once, one in six is loyal, six in seven or more know one place.
Nothing here ever saw a person; the same call always makes the same rows.
"""

import datetime as dt
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from contracts import epci
from contracts.visit import LEAD_CAP_DAYS
from hub.measures.frame import DISCIPLINES, Frame

MOST: Final = 20_000
"""People that are really made up; a larger network is taken for so many times this one."""
ONCE, TWICE = 0.68, 0.16
LOYAL_MORE: Final = 0.245  # of a geometric law: visits of the loyal beyond the third
SEVERAL: Final = 0.7  # of those who come more than once know several places…
AWAY: Final = 0.2  # …and make so many of their visits away from their own
MEDIAN_LEAD, LEAD_SPREAD = 20.0, 1.1  # days, and log-deviation
AGES: Final = (0.08, 0.11, 0.16, 0.15, 0.10, 0.40)  # shares by band, the last unknown
DISTANCES: Final = (0.42, 0.27, 0.12, 0.05, 0.06, 0.08)  # by band, the last unknown
HOMES: Final = (("44", 0.70), ("49", 0.06), ("85", 0.05), ("35", 0.04), ("75", 0.03),
                ("56", 0.02), ("99", 0.02), ("", 0.08))  # fmt: skip
EPCIS: Final = (0.45, *[0.03] * 10)
"""Shares of the most populous intercommunalité near the venues, then of the ten next."""
FARTHER: Final = 0.07  # share of all those that are far; the others leave none, or are small
CHANNELS: Final = (0.55, 0.25, 0.04, 0.06, 0.02, 0.08)  # in the order of contracts.visit.Channel
FIRST_TIMES: Final = (0.35, 0.45, 0.20)  # of a visit: yes, no, unknown
QPV: Final = (0.04, 0.56, 0.40)  # of a person: yes, no, unknown
SURVEYED: Final = 0.15  # of visits
SELECTED, HELD_OUT = 0.3, 0.1  # of people, for a partner's request; of those, not written to
LETTERS_WITHIN: Final = 30  # days from the beginning of a campaign
SCORES: Final = (0.01, 0.01, 0.02, 0.03, 0.04, 0.07, 0.10, 0.20, 0.26, 0.16, 0.10)  # from 0 to 10
PARTIES: Final = (
    0.25,
    0.45,
    0.18,
    0.02,
    0.10,
)  # of a visit, in the order of contracts.visit.PartyBand
_NONE: Final = 255  # where nobody asked: hub.vault.fields.ABSENT
_SEED: Final = 20_250_901
_EPOCH: Final = dt.date(1970, 1, 1)

Integers = NDArray[np.int64]


def made_up(frame: Frame, people: int) -> pa.Table:
    """Return the visits of *people* made-up persons (``MOST`` at most) to the venues of *frame*.

    The columns are those of the frozen view (``hub.vault.scan.COLUMNS``); activations of the frame's operations,
    which change nothing in what people do, follow the visits.
    """
    draw = np.random.default_rng(_SEED)
    count = min(people, MOST)
    often = _often(draw, count)
    person = np.repeat(np.arange(count), often)
    venue = _venues(draw, often, len(frame.venues))
    rows = len(person)
    first = (frame.first_day - _EPOCH).days
    day = first + draw.integers(0, (frame.last_day - frame.first_day).days + 1, rows)
    lead = MEDIAN_LEAD * np.exp(draw.normal(0, LEAD_SPREAD, rows))
    codes = np.array([DISCIPLINES.index(each.discipline) for each in frame.venues])
    names, shares = zip(*HOMES, strict=True)
    homes = np.array(names)[draw.choice(len(names), count, p=np.array(shares))]
    visits = pa.table(
        {
            "person_key": person.astype(np.uint64),
            "venue": venue,
            "discipline": codes[venue],
            "event_day": day,
            "lead_days": np.minimum(lead, LEAD_CAP_DAYS).astype(np.int64),
            "age": draw.choice(len(AGES), count, p=AGES)[person],
            "distance": draw.choice(len(DISTANCES), rows, p=DISTANCES),
            "departement": homes[person],
            "priority": _priorities(person, venue),
            "channel": draw.choice(len(CHANNELS), rows, p=CHANNELS),
            "first_time": draw.choice(len(FIRST_TIMES), rows, p=FIRST_TIMES),
            "country": np.where(homes[person] == "99", "BE", ""),
            "qpv": draw.choice(len(QPV), count, p=QPV)[person],
            "satisfaction": np.where(
                draw.random(rows) < SURVEYED, draw.choice(len(SCORES), rows, p=SCORES), _NONE
            ),
            "party": draw.choice(len(PARTIES), rows, p=PARTIES),
            "epci": _epcis(frame, count)[person],
        }
    )
    parts = [
        _activations(draw, (person, venue), code, frame) for code in range(len(frame.operations))
    ]
    return pa.concat_tables([visits, *parts], promote_options="default") if parts else visits


def _epcis(frame: Frame, count: int) -> NDArray[np.str_]:
    """Return the intercommunalité of each person, "" for those of whom none leaves; a draw of its own."""
    every = epci.every()
    largest = sorted(frame.epcis, key=lambda code: -every[code].inhabitants)[: len(EPCIS)]
    shares = (*EPCIS[: len(largest)], FARTHER if largest else 0.0)
    names = np.array([*largest, "farther", ""])
    draw = np.random.default_rng(_SEED)
    found: NDArray[np.str_] = names[draw.choice(len(names), count, p=(*shares, 1 - sum(shares)))]
    return found


def _activations(
    draw: np.random.Generator, visits: tuple[Integers, Integers], code: int, frame: Frame
) -> pa.Table:
    """Return who is selected for one operation, each by one of her houses, a tenth of them held out."""
    operation = frame.operations[code]
    person, venue = visits
    slugs = [each.slug for each in frame.venues]
    known = [slugs.index(source) for source in operation.sources if source in slugs]
    answers = np.isin(venue, known)
    chosen, first = np.unique(person[answers], return_index=True)
    kept = draw.random(len(chosen)) < SELECTED
    chosen, house = chosen[kept], venue[answers][first][kept]
    start = (operation.first_day - _EPOCH).days
    return pa.table(
        {
            "person_key": chosen.astype(np.uint64),
            "venue": house,
            "event_day": start + draw.integers(0, LETTERS_WITHIN, len(chosen)),
            "priority": _priorities(chosen, house),
            "operation": pa.array(np.full(len(chosen), code), pa.uint16()),
            "arm": pa.array(draw.random(len(chosen)) < HELD_OUT, pa.uint8()),
        }
    )


def _often(draw: np.random.Generator, count: int) -> Integers:
    """Return each person's number of visits."""
    kind = draw.random(count)
    loyal = 2 + draw.geometric(LOYAL_MORE, count)
    found: Integers = np.where(kind < ONCE, 1, np.where(kind < ONCE + TWICE, 2, loyal))
    return found


def _venues(draw: np.random.Generator, often: Integers, venues: int) -> Integers:
    """Return the venue of each visit: one's own, or any by popularity for those who wander."""
    popular = 1.0 / (1 + np.arange(venues)) ** 0.7
    own = draw.choice(venues, len(often), p=popular / popular.sum())
    wanders = draw.random(len(often)) < SEVERAL
    rows = int(often.sum())
    other = draw.choice(venues, rows, p=popular / popular.sum())
    leaves = np.repeat(wanders, often) & (draw.random(rows) < AWAY)
    found: Integers = np.where(leaves, other, np.repeat(own, often))
    return found


def _priorities(person: Integers, venue: Integers) -> NDArray[np.uint64]:
    """Return a fixed mixture of person and venue (splitmix64), where the vault has a keyed one."""
    mixed = (person * 1024 + venue).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
