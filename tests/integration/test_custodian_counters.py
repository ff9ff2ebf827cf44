"""A venue reads its own counters at the custodian, signed, for nothing; and nobody else's."""

from pathlib import Path
from typing import Any

import pytest
import requests

from contracts import ristretto
from contracts.api import PATH_COUNTERS, Counters
from contracts.clock import FixedClock
from contracts.seal import new_signing_key
from contracts.signing import Outgoing, sign_request
from tests.support.custodian import SEASON, URL, World, make_world


@pytest.fixture
def world(tmp_path: Path, database_url: str) -> World:
    return make_world(tmp_path / "custodian", database_url)


def ask(world: World, venue: str, key: bytes, **changes: Any) -> requests.Response:
    headers = sign_request(Outgoing("GET", URL + PATH_COUNTERS, b""), key, venue, world.clock)
    request = requests.Request("GET", URL + PATH_COUNTERS, headers=headers | changes).prepare()
    return world.adapter.send(request)


def points(count: int) -> bytes:
    return b"".join(ristretto.random_point() for _ in range(count))


def test_counters_are_the_venues_own_and_cost_nothing(world: World) -> None:
    theatre, museum = world.join("theatre", cap=900, daily_cap=500), world.join("museum", cap=300)
    theatre.evaluate(SEASON, points(100))
    museum.evaluate(SEASON, points(7))
    for _ in range(2):
        found = Counters.model_validate_json(ask(world, "theatre", theatre.key).content)
        assert (found.venue, found.day_spent, found.day_cap) == ("theatre", 100, 500)
        assert [(s.season, s.use, s.spent, s.cap) for s in found.seasons] == [(SEASON, "linkage", 100, 900)]  # fmt: skip
    world.clock.wind(days=1)
    assert Counters.model_validate_json(ask(world, "theatre", theatre.key).content).day_spent == 0
    assert world.spent("theatre") == 100


def test_a_season_and_its_erasures_are_told_apart(world: World) -> None:
    client = world.join("theatre", cap=900)
    client.evaluate(SEASON, points(5))
    object.__setattr__(client, "use", "erasure")
    client.evaluate(SEASON, points(3))
    found = Counters.model_validate_json(ask(world, "theatre", client.key).content)
    assert [(s.use, s.spent) for s in found.seasons] == [("linkage", 5), ("erasure", 3)]


def test_only_the_venue_that_signs_is_answered(world: World) -> None:
    theatre = world.join("theatre")
    world.join("museum")
    assert ask(world, "museum", theatre.key).status_code == 401
    assert ask(world, "stranger", new_signing_key()[0]).status_code == 401
    assert requests.Response.json(world.adapter.send(requests.Request("GET", URL + PATH_COUNTERS).prepare()))["status"] == 401  # fmt: skip
    late = FixedClock(world.clock.now())
    world.clock.wind(minutes=10)
    headers = sign_request(Outgoing("GET", URL + PATH_COUNTERS, b""), theatre.key, "theatre", late)
    refused = world.adapter.send(requests.Request("GET", URL + PATH_COUNTERS, headers=headers).prepare())  # fmt: skip
    assert "clock" in refused.json()["type"]


def test_a_request_seen_before_is_refused(world: World) -> None:
    theatre = world.join("theatre")
    assert ask(world, "theatre", theatre.key).ok
    request = world.adapter.sent[-1]
    assert "replayed" in world.adapter.send(request).json()["type"]
