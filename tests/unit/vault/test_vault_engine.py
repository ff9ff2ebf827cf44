"""The engine reaches no file and no network, and never writes plain rows to a disk."""

import duckdb
import pytest

from hub.errors import ConfigError
from hub.vault.engine import Limits, open_engine


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
