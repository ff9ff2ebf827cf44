"""Reach and lead times by OpenDP's Polars Context, these and pairs by PipelineDP, in their own environment.

JSON in, JSON out.

``make bench-peers`` makes that environment of requirements-dp-peers.lock. Nothing of ours is imported here.
"""

import json
import sys
import time

import opendp.prelude as dp
import pipeline_dp
import polars as pl

dp.enable_features("contrib")
PLACES, CELLS = 8, 4  # of one person, at most
PAIRS = PLACES * (PLACES - 1) // 2
LEAD = ["age", "distance", "discipline", "bin"]


def context(visits: pl.DataFrame, public: dict[str, pl.DataFrame]) -> float:
    """Return the CPU seconds of both outputs through the Context; truncation by « first » is the only one that runs."""
    begun = time.process_time()
    made = dp.Context.compositor(
        data=visits.lazy(),
        privacy_unit=dp.unit_of(contributions=1, identifier=pl.col("person_key")),
        privacy_loss=dp.loss_of(rho=0.1),
        split_evenly_over=2,
    )
    for keys, most in ((["venue"], PLACES), (LEAD, CELLS)):
        bounded = made.query().truncate_per_group(1, by=keys, keep="first")
        bounded = bounded.truncate_num_groups(most, by=keys, keep="first")
        counted = bounded.group_by(*keys).agg(dp.len(signed=True))
        assert len(counted.with_keys(public["+".join(keys)].lazy()).release().collect())
    return time.process_time() - begun


def pipeline(tables: dict[str, tuple[pl.DataFrame, int]]) -> float:
    """Return the CPU seconds of all outputs through PipelineDP's local backend.

    Args:
        tables: by keys, joined by +: one row a person and cell, joined before, and how many cells one may fill.
    """
    rows = {
        keys: list(zip(t["person_key"], *(t[c] for c in keys.split("+")), strict=True))
        for keys, (t, _) in tables.items()
    }
    begun = time.process_time()
    budget = pipeline_dp.NaiveBudgetAccountant(total_epsilon=1, total_delta=1e-6)
    engine = pipeline_dp.DPEngine(budget, pipeline_dp.LocalBackend())
    answers = []
    for keys, (table, most) in tables.items():
        terms = pipeline_dp.AggregateParams(
            metrics=[pipeline_dp.Metrics.PRIVACY_ID_COUNT],
            noise_kind=pipeline_dp.NoiseKind.GAUSSIAN,
            max_partitions_contributed=most,
            max_contributions_per_partition=1,
        )
        read = pipeline_dp.DataExtractors(
            partition_extractor=lambda row: row[1:],
            privacy_id_extractor=lambda row: row[0],
            value_extractor=lambda _row: 0,
        )
        known = list(table.select(keys.split("+")).unique().iter_rows())
        answers.append(engine.aggregate(rows[keys], terms, read, public_partitions=known))
    budget.compute_budgets()
    assert all(len(list(answer)) for answer in answers)
    return time.process_time() - begun


if __name__ == "__main__":
    visits = pl.read_parquet(sys.argv[1])
    public = {
        "venue": visits.select("venue").unique(),
        "+".join(LEAD): visits.select(LEAD).unique(),
    }
    two = {"venue": (visits, PLACES), "+".join(LEAD): (visits, CELLS)}
    pairs = pl.read_parquet(sys.argv[2])
    told = {
        "context": context(visits, public),
        "pipeline": pipeline(two),
        "pairs": pipeline({**two, "a+b": (pairs, PAIRS)}),
    }
    print(json.dumps(told))
