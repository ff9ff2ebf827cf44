"""On real visits, the published pairs are near the truth: Edinburgh, each person ten times, at ε about 1."""

import csv
from collections import Counter
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from hub.measures.catalogue import MEASURES
from hub.privacy.budget import sigma_micro
from hub.privacy.values import Noised
from tests.support import measuring, town

VISITS = Path(__file__).parents[3] / "shared/data/visits/flickr_edinburgh_visits.csv"
COPIES, VENUES, FEWEST, DRAWS = 10, 20, 30, 20
RHO_MICRO = 24_400
"""Of the symmetric matrix alone: its corrections are paid beside it."""


def visited() -> dict[str, set[str]]:
    """Return the places of each person, of the twenty most visited with thirty visits or more."""
    with VISITS.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["ts_utc"] >= "2000"]
    often = Counter(row["venue_id"] for row in rows)
    kept = {venue for venue, count in often.most_common(VENUES) if count >= FEWEST}
    places: dict[str, set[str]] = {}
    for row in rows:
        if row["venue_id"] in kept:
            places.setdefault(row["person_id"], set()).add(row["venue_id"])
    return places


@pytest.mark.long
@pytest.mark.skipif(
    not VISITS.exists(), reason="the visits are no part of the project: see shared/data"
)
def test_pairs_of_edinburgh(capsys) -> None:
    places = visited()
    order = {venue: code for code, venue in enumerate(sorted(set().union(*places.values())))}
    truth: Counter[tuple[int, int]] = Counter()
    rows = []
    for number, (_, hers) in enumerate(sorted(places.items())):
        truth.update(dict.fromkeys(combinations(sorted(order[v] for v in hers), 2), COPIES))
        rows += [
            town.Row(
                person_key=number * COPIES + copy, venue=order[venue], discipline=0,
                event_day=(town.FIRST - town.EPOCH).days + step, lead_days=1, age=2, distance=1,
                departement="69", priority=((number * COPIES + copy) * 1024 + order[venue]) * 2_654_435_761 % 2**62,
            )
            for copy in range(COPIES)
            for step, venue in enumerate(sorted(hers))
        ]  # fmt: skip
    frame = town.frame(len(order), bounds=town.BOUNDS.model_copy(update={"venues": 8}))
    _, plan = measuring.plan_of("pairs", frame, rho_micro=RHO_MICRO * 10 // 8)
    with town.opened(town.table_of(rows)) as connection:
        exact = measuring.exact(connection, "pairs", frame, plan)
    many = {frame.places.index(p): p for p in frame.places}
    known = {(many[a], many[b]): count for (a, b), count in truth.items()}
    first = {pair for pair, _ in sorted(known.items(), key=lambda item: -item[1])[:20]}
    rng = np.random.default_rng(1)
    told: dict[str, list[tuple[float, float]]] = {}
    for _ in range(DRAWS):
        noised = {}
        for v in plan:
            spread = sigma_micro(v.l2_sensitivity_squared, v.rho_micro)
            noise = np.rint(rng.normal(0, spread / 1e6, len(v.keys))).astype(np.int64)
            noised[v.name] = Noised(v, spread, exact[v.name] + noise)
        for table in MEASURES["pairs"].read(noised, frame):
            values = {tuple(row.keys): row.value_milli / 1000 for row in table.rows}
            off = [abs(values[p] - count) / count for p, count in known.items() if count >= 50]
            best = {p for p, _ in sorted(values.items(), key=lambda item: -item[1])[:20]}
            told.setdefault(table.table, []).append((float(np.median(off)), len(best & first) / 20))
    for name, each in told.items():
        error, found = np.mean(each, axis=0)
        with capsys.disabled():
            print(f"\n{name}: median error {error:.1%}, {found:.0%} of the first twenty pairs")
        assert error <= 0.13, name
        assert found >= 0.88, name
