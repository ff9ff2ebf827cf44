"""The custodian's commands, and one real process that serves on loopback."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from typer.testing import CliRunner

from contracts import ristretto
from contracts.clock import SystemClock
from contracts.seal import new_signing_key
from hub.custodian.cli import app
from venue_agent.network.custodian_client import HttpCustodian

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.usefixtures("english_hub")


def call(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def home(tmp_path: Path) -> str:
    made = str(tmp_path / "custodian")
    call(
        "init",
        "--home",
        made,
        "--operator",
        "Étude",
        "--season",
        "2024-2025",
        "--season",
        "2025-2026",
    )
    return made


def code_of(output: str) -> str:
    return next(line.split()[-1] for line in output.splitlines() if line.startswith("code: "))


def test_from_init_to_quota(home: str) -> None:
    assert len(code_of(call("enrol", "theatre", "--declared", "1000", "--home", home))) == 29
    call("enrol", "opera", "--season-quota", "500", "--home", home)
    call(
        "quota", "raise", "opera", "2025-2026", "900", "--approved-by", "Me Marceau", "--home", home
    )
    call("season", "open", "2026-2027", "--home", home)
    shown = call("quota", "show", "--home", home).splitlines()
    assert shown == [
        "opera\t2024-2025\t0\t500",
        "opera\t2025-2026\t0\t900",
        "opera\t2026-2027\t0\t900",
        "theatre\t2024-2025\t0\t4642",
        "theatre\t2025-2026\t0\t4642",
        "theatre\t2026-2027\t0\t4642",
    ]
    call("pin-hub", "demo", new_signing_key()[1], "--home", home)
    erasure = ["quota", "raise", "opera", "2025-2026", "9000", "--approved-by", "Me Marceau"]
    call(*erasure, "--erasure", "--home", home)
    shown = call("quota", "show", "--home", home).splitlines()
    assert shown[6:] == ["opera\t2025-2026\t0\t9000\terasure"]
    assert "14 entries" in call("log", "verify", "--home", home)


def test_refusals_end_with_their_sentence(home: str, tmp_path: Path) -> None:
    assert "expected one of them" in call("enrol", "theatre", "--home", home, code=10)
    assert "already there" in call(
        "init", "--home", home, "--operator", "x", "--season", "2025-2026", code=10
    )
    assert "Restore it" in call("quota", "show", "--home", str(tmp_path / "nowhere"), code=10)
    assert "quota show" in call(
        "quota", "raise", "x", "2025-2026", "9", "--approved-by", "y", "--home", home, code=12
    )


def test_a_real_process_serves(home: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{probe.getsockname()[1]}"
    code = code_of(call("enrol", "theatre", "--declared", "1000", "--home", home))
    command = [sys.executable, "-m", "hub.custodian.cli", "serve", "--home", home, "--bind", bind]
    with subprocess.Popen(
        command, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL
    ) as process:
        try:
            private, public = new_signing_key()
            session = requests.Session()
            session.trust_env = False
            client = HttpCustodian(f"http://{bind}", "theatre", private, SystemClock(), session)
            wait_for(client)
            assert client.enrol(code, public).venue == "theatre"
            number, evaluated = client.evaluate("2025-2026", ristretto.random_point())
            assert ristretto.is_valid(evaluated)
            assert len(client.prove(number, [0])) == 64
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=120)


def wait_for(client: HttpCustodian) -> None:
    for _ in range(1200):
        try:
            requests.get(f"{client.url}/v1/keys", timeout=1, proxies={"http": ""})
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the custodian does not answer")
