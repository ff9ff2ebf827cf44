"""Headers of every answer, what a crash may print, and who may read what our commands write."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from contracts import api
from contracts.base import digest
from hub.store import tables as control_tables
from hub.vault import tables as vault_tables
from hub.vault.database import VaultDatabase
from tests.support.intake import (
    PART,
    World,
    commit_of,
    joined,
    net,
    part_path,
    post_commit,
    templates,
)
from tests.support.wire import CLOCK, VENUES
from venue_agent.errors import ConfigError
from venue_agent.network.custodian_client import HttpCustodian
from venue_agent.outbox.batches import Sealing
from venue_agent.pipeline import House

__all__ = ["joined", "net", "templates"]  # fixtures
CANARY = "canari@exemple.fr"
PUBLIC = [
    "/", "/nowhere", f"/editions/{CANARY}", "/editions/x.json", "/editions/../../etc/passwd",
    "/static/observatory/../../vault/keys.json", api.PATH_CHAIN, api.PATH_CHARTER, api.PATH_EDITIONS,
    f"{api.PATH_CHAIN}?after={CANARY}", f"/v1/{CANARY}", api.PATH_ENROL,
]  # fmt: skip


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_every_answer_is_hardened_and_echoes_nothing(joined: World, method: str, path: str) -> None:
    answer = joined.web.open(path, method=method, data=CANARY)
    assert answer.status_code < 500
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert CANARY.encode() not in answer.data
    assert b"Traceback" not in answer.data
    assert b"werkzeug" not in answer.data.lower()


@pytest.mark.parametrize("path", ["/questions//Q01", "/editions//hiver", "/", "/api//v1/editions"])
def test_no_answer_names_the_host_that_a_request_claims(joined: World, path: str) -> None:
    answer = joined.web.get(path, base_url="http://ailleurs.example")
    assert "ailleurs" not in f"{answer.headers}{answer.get_data(as_text=True)}"
    assert answer.status_code in {200, 404}


def test_a_venues_own_answers_are_kept_by_no_proxy(joined: World) -> None:
    joined.send("PUT", part_path(), PART)
    answers = [
        joined.send("HEAD", part_path()),
        post_commit(joined, commit_of(joined.net)),
        joined.send("GET", api.PATH_RECEIPT.format(venue=VENUES[0], sha256=digest(b""))),
        joined.web.get(api.PATH_RECEIPT.format(venue=VENUES[0], sha256=digest(b""))),
    ]
    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store"] * 4
    assert not any(answer.headers.get("ETag") for answer in answers)


def test_a_database_error_quotes_no_row(joined: World, tmp_path: Path) -> None:
    code = {"code_sha256": CANARY, "venue": "v", "expires_at": "2025-01-01T00:00:00Z"}
    twice = insert(control_tables.code).values([code, code])
    with joined.control.transaction(CLOCK) as tx, pytest.raises(IntegrityError) as control:
        tx.run(twice)
    database = VaultDatabase(f"sqlite:///{tmp_path / 'v.sqlite'}")
    database.migrate()
    row = {"mac": CANARY, "at": "2025-01-01T00:00:00Z"}
    twice = insert(vault_tables.tombstone).values([row, row])
    with database.locked() as connection, pytest.raises(IntegrityError) as vault:
        connection.execute(twice)
    for error in (control, vault):
        assert CANARY not in str(error.value)


@pytest.mark.parametrize("url", ["http://gardien.example", "ftp://gardien.example", "gardien"])
def test_a_code_for_the_custodian_never_travels_in_clear(url: str) -> None:
    with pytest.raises(ConfigError):
        HttpCustodian(url, "theatre", b"k" * 32, CLOCK)


@pytest.mark.parametrize("kind", [Sealing, House])
def test_no_key_is_in_the_repr_of_what_carries_it(kind: type) -> None:
    hidden = {name: field.repr for name, field in kind.__dataclass_fields__.items()}
    assert not hidden["signing_key"]


@pytest.mark.parametrize(
    ("module", "mask"),
    [("hub.cli", 0o007), ("hub.custodian.cli", 0o077), ("venue_agent.cli", 0o077)],
)
def test_what_commands_write_is_closed_to_others(module: str, mask: int) -> None:
    script = (
        f"import os, sys, importlib; cli = importlib.import_module({module!r})\n"
        "os.umask(0); sys.argv = ['x', '--help']\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        "print('mask', os.umask(0))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == f"mask {mask}"
