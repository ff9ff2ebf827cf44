"""Every table that the catalogue's measures write, read from made-up noise over the demonstration houses."""

import numpy as np

from contracts import epci
from contracts.charter import Bounds, MeasureSpec
from contracts.edition import Table
from hub.measures.catalogue import MEASURES
from hub.measures.frame import Frame, Venue
from hub.privacy.values import Noised, VectorPlan
from tests.support import measuring
from tests.support import sample_edition as sample


def tables_of_the_catalogue() -> list[Table]:
    charter = sample.charter().charter
    frame = Frame(
        season=sample.SEASON,
        first_day=np.datetime64("2025-09-01").astype(object),
        last_day=np.datetime64("2026-08-31").astype(object),
        venues=tuple(
            Venue(m.venue, m.name, m.discipline.value, m.latitude_microdeg, m.longitude_microdeg)
            for m in sorted(charter.members, key=lambda m: m.venue)
        ),
        clusters=tuple((c.cluster, tuple(c.venues)) for c in charter.clusters),
        bounds=Bounds(venues=4, visits=20, cells=4, pairs_total=10),
        attendance=tuple((m.venue, 10_000) for m in charter.members),
        overlaps=(sample.PLACES[:3], sample.PLACES[1:3]),
        epcis=epci.near(((47.22, -1.55),), 30.0),
    )
    rng, noised, tables = np.random.default_rng(5), {}, []
    for name, measure in MEASURES.items():
        suited = measuring.suited(name, frame)
        spec = MeasureSpec(measure=name, rho_micro=50_000, delta_pico=100_000)
        noised |= {p.name: _made_up(p, rng) for p in measure.plan(spec, suited)}
        tables += measure.read(noised, suited)
    return tables


def _made_up(plan: VectorPlan, rng: np.random.Generator) -> Noised:
    values = rng.integers(-5, 900, size=len(plan.keys)) * plan.unit_milli
    return Noised(plan, 10_000_000, values.astype(np.int64))
