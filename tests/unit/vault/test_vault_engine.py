"""The engine reaches no file and no network, and never writes plain rows to a disk."""

import duckdb
import pytest

from hub.errors import ConfigError
from hub.vault.engine import KeptEngine, Limits, MemoryRanOut, open_engine


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "ATTACH '/tmp/other.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET temp_directory = '/tmp'",
    ],
)
def test_no_statement_leaves_the_engine(statement: str) -> None:
    with open_engine(Limits()) as engine, pytest.raises(duckdb.Error):
        engine.execute(statement)


def test_two_engines_share_nothing() -> None:
    with open_engine(Limits()) as one, open_engine(Limits()) as two:
        one.execute("CREATE TABLE t AS SELECT 1")
        with pytest.raises(duckdb.Error):
            two.execute("SELECT * FROM t")


@pytest.mark.parametrize(("memory", "threads"), [("lots", 1), ("2GB'; --", 1), ("2GB", 0)])
def test_impossible_limits_are_refused(memory: str, threads: int) -> None:
    with pytest.raises(ConfigError):
        Limits(memory, threads)


def test_beyond_its_memory_it_fails_and_does_not_spill() -> None:
    query = "SELECT count(*) FROM (SELECT md5(i::VARCHAR) AS h FROM range(3000000) t(i) ORDER BY h)"
    with open_engine(Limits("20MB", 1)) as engine, pytest.raises(duckdb.Error):
        engine.execute(query).fetchall()


def test_a_kept_engine_is_as_closed_and_empty_each_time() -> None:
    kept = KeptEngine()
    for _ in range(2):
        with kept.open(Limits()) as engine:
            engine.execute("CREATE TABLE t AS SELECT 1")
            engine.execute("CREATE TEMP TABLE u AS SELECT * FROM t")
            assert engine.execute("SELECT * FROM u").fetchall() == [(1,)]
            with pytest.raises(duckdb.Error):
                engine.execute("SELECT * FROM read_csv('/etc/passwd')")


def test_a_kept_engine_goes_on_after_it_ran_out_of_memory() -> None:
    query = "SELECT count(*) FROM (SELECT md5(i::VARCHAR) AS h FROM range(3000000) t(i) ORDER BY h)"
    kept, limits = KeptEngine(), Limits("20MB", 1)
    with pytest.raises(MemoryRanOut), kept.open(limits) as engine:
        engine.execute(query).fetchall()
    with kept.open(limits) as engine:
        assert engine.execute("SELECT 1").fetchall() == [(1,)]
