"""The bench of an edition still runs: it is run by hand, and a new measure must not stop it unseen."""

from hub.measures.catalogue import MEASURES
from tests.bench.bench_edition import rows


def test_the_bench_times_every_measure() -> None:
    told = [row.what for row in rows(persons=400, venues=6)]
    assert [f"edition: {measure}" in told for measure in MEASURES] == [True] * len(MEASURES)
