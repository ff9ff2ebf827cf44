"""Networks in which a fact of each kind is planted, of the size and at the price of an edition, and whether it is found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from contracts.edition import Estimate
from hub.measures import lead_time, penetration
from hub.measures.frame import DISCIPLINES, Frame
from hub.measures.populations import INHABITANTS
from tests.support import targets, town

PEOPLE = 20_000
AUTUMN = (town.FIRST - town.EPOCH).days + 40
THEATRE, DANCE = DISCIPLINES.index("theatre"), DISCIPLINES.index("dance")
FACTORS = np.array([1.04, 1.2, 1.6, 2.25, 2.7, 1.0])
"""How much sooner people buy by distance: half as much again at thirty kilometres."""

Tables = dict[str, list[Estimate]]
Check = Callable[[Tables], float]


@dataclass(frozen=True)
class Planted:
    """One network, the measures that an edition draws of it, and how much of what was planted its tables say."""

    measure: str
    frame: Frame
    visits: pa.Table
    check: Check

    def shares(self, draws: int, *, rho_micro: int = 0, seed: int = 1) -> Iterator[float]:
        """Yield what each draw found, from 0 to 1, at the price of an edition or another."""
        truth = targets.Truth(self.measure, self.frame, self.visits)
        price = rho_micro or targets.PRICES[self.measure]
        yield from map(self.check, truth.draws(draws, rho_micro=price, seed=seed))


def _with(visits: pa.Table, **columns: np.ndarray) -> pa.Table:
    for name, values in columns.items():
        visits = visits.set_column(
            visits.column_names.index(name), name, pa.array(values, visits[name].type)
        )
    return visits


def slope(seed: int) -> Planted:
    """Q02: people buy the sooner the farther they live."""
    frame = targets.network()
    visits = town.town(PEOPLE, frame, seed=seed)
    draw = np.random.default_rng(seed)
    lead = 12 * FACTORS[visits["distance"].to_numpy()] * np.exp(draw.normal(0, 0.8, len(visits)))

    def found(tables: Tables) -> float:
        told = {r.keys[0]: r.value_milli for r in tables["lead-distance"] if r.keys[1] == "median"}
        medians = [told[band] for band in lead_time.DISTANCES]
        signs = [np.sign(b - a) for i, a in enumerate(medians) for b in medians[i + 1 :]]
        return float(sum(signs) > 0)

    return Planted(
        "lead-time", frame, _with(visits, lead_days=np.minimum(lead, 730).astype(np.int64)), found
    )


def origins() -> Planted:
    """Q12: each month has its three first départements, none near the next."""
    frame = targets.network()
    visits = town.town(PEOPLE, frame, seed=3)
    draw = np.random.default_rng(3)
    codes = np.array(["69", "38", "42", *("01", "07", "26", "43", "63", "71", "73", "74")])
    homes = draw.choice(codes, PEOPLE * 4, p=(0.4, 0.22, 0.14, *[0.03] * 8))
    of = np.unique(visits["person_key"].to_numpy(), return_inverse=True)[1]

    def found(tables: Tables) -> float:
        months: dict[str, list[str]] = {}
        for row in tables["shop"]:
            months.setdefault(row.keys[0], []).append(row.keys[1])
        firsts = [each[:3] == ["69", "38", "42"] for each in months.values()]
        return float(np.mean(firsts))

    return Planted("shop", frame, _with(visits, departement=homes[of]), found)


def cold_spot() -> Planted:
    """Q13: of the départements around, one draws half of what its neighbours do."""
    base = targets.network()
    lyon = {"latitude_microdeg": 45_760_000, "longitude_microdeg": 4_840_000}
    frame = replace(base, venues=tuple(replace(v, **lyon) for v in base.venues))
    ring = next(ring for ring in penetration.rings(frame) if "42" in ring)
    people = {code: INHABITANTS[code][0] // (1000 if code == "42" else 500) for code in ring}
    homes = [code for code, count in people.items() for _ in range(count)]
    visits = town.town(len(homes), frame, seed=4, loyal=0.0)
    of = np.unique(visits["person_key"].to_numpy(), return_inverse=True)[1]

    def found(tables: Tables) -> float:
        cold = {r.keys[0] for r in tables["penetration-white"] if r.high_milli < 100_000}
        return float("42" in cold and len(cold & set(ring)) == 1)

    return Planted("penetration", frame, _with(visits, departement=np.array(homes)[of]), found)


def bridges() -> Planted:
    """Q21: three programmes bring 300 people each to dance, who had seen theatre; others a few."""
    frame = targets.network()
    rows = []
    for person in range(900):
        place = (3, 7, 11)[person % 3]
        rows += [
            _row(person, 2, AUTUMN, THEATRE),
            _row(person, place, AUTUMN + 35, DANCE, first_time=0),
        ]
    for person in range(1000, 1000 + PEOPLE // 4):
        rows.append(_row(person, person % 12, AUTUMN + person % 200, THEATRE))
    rows += [
        _row(p, (1, 5, 9)[p % 3], AUTUMN + 210 + p % 90, DANCE, first_time=0)
        for p in range(1000, 1240)
    ]

    def found(tables: Tables) -> float:
        dance = [row for row in tables["bridges"] if row.keys[0] == "dance"][:3]
        return float({r.keys[1] for r in dance} == {"venue-003", "venue-007", "venue-011"})

    return Planted("bridges", frame, town.table_of(rows), found)


def conflict() -> Planted:
    """Q24: one week draws five times the usual public to two places."""
    frame = targets.network()
    start = (town.FIRST - town.EPOCH).days
    rows = [_row(p, p % 12, start + p * 7 % 360, THEATRE) for p in range(PEOPLE)]
    rows += [_row(p, (2, 5)[p % 2], AUTUMN + p % 3, THEATRE) for p in range(PEOPLE, PEOPLE + 400)]

    def found(tables: Tables) -> float:
        flagged = {tuple(row.keys[:2]) for row in tables["conflicts"]}
        return float(flagged == {("venue-002", "venue-005")})

    return Planted("conflicts", frame, town.table_of(rows), found)


def delays(people: int) -> Planted:
    """dp.md: the median of each of 150 segments, in the bin of that of all its tickets."""
    frame = replace(targets.network(), disciplines=DISCIPLINES[:6])
    visits = town.town(people, frame, seed=8, loyal=0.35)
    draw = np.random.default_rng(8)
    age, band, kind = (visits[n].to_numpy() for n in ("age", "distance", "discipline"))
    middle = (
        np.array([4, 5, 9, 14, 25, 45, 9, 9])[kind] * FACTORS[band] * np.where(age == 0, 0.6, 1.0)
    )
    lead = np.minimum(middle * np.exp(draw.normal(0, 0.8, len(visits))), 730).astype(np.int64)
    true = {}
    for i, name in enumerate(lead_time.AGES):
        for j, far in enumerate(lead_time.DISTANCES):
            for k, slug in enumerate(frame.disciplines):
                own = lead[(age == i) & (band == j) & (kind == k)]
                true[name, far, slug] = _bin(float(np.median(own)))

    def found(tables: Tables) -> float:
        told = {tuple(r.keys[:3]): _bin(r.value_milli / 1000) for r in tables["lead-detail"] if r.keys[3] == "median"}  # fmt: skip
        return float(np.mean([told.get(segment) == place for segment, place in true.items()]))

    return Planted("lead-time", frame, _with(visits, lead_days=lead), found)  # fmt: skip


def _bin(days: float) -> int:
    return int(np.searchsorted(lead_time.FIRST_DAYS, days, side="right"))


def _row(person: int, venue: int, day: int, discipline: int, **more: int) -> town.Row:
    return town.Row(
        person_key=person, venue=venue, discipline=discipline, event_day=day, lead_days=3, age=1,
        distance=1, departement="69", priority=(person * 1024 + venue) * 2_654_435_761 % 2**62, **more,
    )  # fmt: skip
