"""A report is made apart: its stages are told, a reload or another worker sees the same, and its asker may call it off."""

import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.web import headers, observatory
from hub.web.exports import desk_of_reports
from hub.web.exports.desk_of_reports import AT_ONCE, KEPT
from tests.support import sample_edition as sample

PAGE = "/editions/saison-2025-2026/rapport"
STUB = """
import pathlib, sys, time
place = pathlib.Path(sys.argv[1])
sys.stdin.buffer.read()
(place / "state.json").write_text('{"stage": "chart", "at": 3, "of": 9, "table": "pairs"}')
for _ in range(12_000):
    if (place / "cancel").exists() or (place / "fall").exists():
        break
    time.sleep(0.02)
"""


def web(folder: Path, *editions: str) -> FlaskClient:
    app = Flask("pages")
    headers.install(app)
    published = [sample.published(name, releases=[sample.reach()]) for name in editions]
    shelf = sample.Shelf(*published, sample.published(releases=[sample.reach(), sample.pairs()]), charter=sample.charter())  # fmt: skip
    observatory.install(app, shelf, folder)
    return app.test_client()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who takes their time, until they are called off or fall."""
    monkeypatch.setattr(desk_of_reports, "MAKER", (sys.executable, "-I", "-c", STUB))


def eventually(happens: Callable[[], bool], seconds: float = 240) -> None:
    """Wait for something that another process does; a machine under load takes its time."""
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def state(client: FlaskClient, address: str = PAGE) -> str:
    return re.findall(r'data-state="(\w+)"', client.get(address).get_data(as_text=True))[0]


def drawing(client: FlaskClient, address: str) -> bool:
    return "étape 3 sur 9" in client.get(address).get_data(as_text=True)


@pytest.mark.usefixtures("slow")
def test_its_stage_is_seen_by_every_worker_and_its_asker_alone_may_call_it_off(tmp_path: Path) -> None:  # fmt: skip
    client, other = web(tmp_path), web(tmp_path)  # another worker of the same site
    assert state(client) == "none"
    asked = client.post(f"{PAGE}?lang=fr")
    mine = asked.headers["Location"]
    assert asked.status_code == 303
    assert "ticket=" in mine
    eventually(lambda: drawing(client, mine))
    assert drawing(other, f"{PAGE}?lang=fr")  # also after a reload
    assert "Combien" in other.get(f"{PAGE}/etat?lang=fr").get_data(as_text=True)
    assert "annuler" in client.get(mine).get_data(as_text=True)
    assert "annuler" not in other.get(f"{PAGE}?lang=fr").get_data(as_text=True)
    again = other.post(
        f"{PAGE}?lang=fr"
    )  # it is under way: nobody begins it twice, nobody takes it over
    assert "ticket" not in again.headers["Location"]
    for stranger in ("", "?ticket=", "?ticket=canari"):
        other.post(f"{PAGE}/annuler{stranger}")
        assert state(other) == "running"
    other.post(f"{PAGE}/annuler?lang=fr&{mine.partition('&')[2]}")
    eventually(lambda: state(client) == "cancelled")
    assert client.post(f"{PAGE}?lang=fr").status_code == 303  # it can be asked for again
    eventually(lambda: drawing(client, f"{PAGE}?lang=fr"))
    next(tmp_path.glob("*/state.json")).with_name("fall").touch()


@pytest.mark.usefixtures("slow")
def test_a_maker_that_falls_is_seen_and_each_language_has_its_own(tmp_path: Path) -> None:
    client = web(tmp_path)
    client.post(f"{PAGE}?lang=fr")
    eventually(lambda: drawing(client, f"{PAGE}?lang=fr"))
    assert state(client, f"{PAGE}?lang=en") == "none"
    next(tmp_path.glob("*/state.json")).with_name("fall").touch()
    eventually(lambda: state(client, f"{PAGE}?lang=fr") == "failed")


@pytest.mark.usefixtures("slow")
def test_strangers_together_start_no_more_than_a_few(tmp_path: Path) -> None:
    names = [f"essai-{i}" for i in range(AT_ONCE + 1)]
    client = web(tmp_path, *names)
    for name in names[:-1]:
        assert client.post(f"/editions/{name}/rapport?lang=fr").status_code == 303
    refused = client.post(f"/editions/{names[-1]}/rapport?lang=fr")
    assert refused.status_code == 503
    assert "Redemander dans un instant" in refused.get_data(as_text=True)
    for place in tmp_path.glob("*/lock"):
        place.with_name("fall").touch()
    eventually(lambda: state(client, f"/editions/{names[0]}/rapport?lang=fr") == "failed")


@pytest.mark.usefixtures("slow")
def test_old_reports_leave_room(tmp_path: Path) -> None:
    for i in range(KEPT + 4):
        (tmp_path / f"{i:032x}").mkdir()
    client = web(tmp_path)
    client.post(f"{PAGE}?lang=fr")
    places = [place for place in tmp_path.iterdir() if place.is_dir()]
    assert len(places) == KEPT
    eventually(lambda: drawing(client, f"{PAGE}?lang=fr"))
    next(tmp_path.glob("*/state.json")).with_name("fall").touch()


def test_the_report_that_was_made_apart_is_the_one_that_is_served(tmp_path: Path) -> None:
    client = web(tmp_path)
    client.post(f"{PAGE}?lang=fr")
    eventually(lambda: state(client, f"{PAGE}?lang=fr") not in ("none", "running"))
    assert state(client, f"{PAGE}?lang=fr") == "done"
    apart = client.get("/editions/saison-2025-2026.pdf?lang=fr")
    assert apart.data[:5] == b"%PDF-"
    assert apart.data == next(tmp_path.glob("*/report.pdf")).read_bytes()
    told = json.loads(next(tmp_path.glob("*/state.json")).read_text())
    assert told["stage"] == "write"
    assert told["at"] == told["of"] == 5 + 2  # five tables, then layout and writing
    assert client.post(f"{PAGE}?lang=fr").status_code == 303  # nothing begins: it is made
    elsewhere = web(tmp_path / "elsewhere").get("/editions/saison-2025-2026.pdf?lang=fr")
    assert (elsewhere.status_code, elsewhere.headers["Location"]) == (303, f"{PAGE}?lang=fr")


@pytest.mark.parametrize(("edition", "status"), [("nulle-part", 404), ("canari<script>", 404)])
def test_what_is_not_there_has_no_report(tmp_path: Path, edition: str, status: int) -> None:
    client = web(tmp_path)
    for answer in (client.get(f"/editions/{edition}/rapport"), client.post(f"/editions/{edition}/rapport")):  # fmt: skip
        assert answer.status_code == status
        assert b"canari" not in answer.data
    assert not list(tmp_path.iterdir())
