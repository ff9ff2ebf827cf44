"""A custodian in the same process, and agents that reach it through their real HTTP client."""

import datetime as dt
import shutil
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Flask
from requests.adapters import BaseAdapter

from contracts.clock import Clock
from contracts.seal import new_signing_key
from hub.custodian import quota, venues
from hub.custodian.app import create_app
from hub.custodian.evaluate import Desk
from hub.custodian.keys import add_season, make_home, watched
from hub.custodian.store import open_store
from venue_agent.network.custodian_client import HttpCustodian

SEASON = "2025-2026"
URL = "https://custodian.test"


@dataclass
class MovableClock:
    """A clock that a test winds forward."""

    instant: dt.datetime = field(default_factory=lambda: dt.datetime(2025, 11, 3, 9, tzinfo=dt.UTC))

    def now(self) -> dt.datetime:
        return self.instant

    def wind(self, **by: float) -> None:
        self.instant += dt.timedelta(**by)


class WsgiAdapter(BaseAdapter):
    """Carries a ``requests`` call into a Flask app without a socket."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self.app = app
        self.sent: list[requests.PreparedRequest] = []

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        self.sent.append(request)
        parts = urlsplit(str(request.url))
        answer = self.app.test_client().open(
            parts.path,
            method=request.method,
            data=request.body,
            headers=list(request.headers.items()),
            base_url=f"{parts.scheme}://{parts.netloc}",
        )
        made = requests.Response()
        made.status_code, made.request, made.url = answer.status_code, request, str(request.url)
        made.headers.update(dict(answer.headers))
        made.raw = BytesIO(answer.data)
        return made

    def close(self) -> None:
        pass


@dataclass
class World:
    """One custodian with its database, and the key pairs of enrolled venues."""

    desk: Desk
    clock: MovableClock
    adapter: WsgiAdapter
    home: Path
    keys: dict[str, bytes] = field(default_factory=dict)

    def client(self, venue: str, clock: Clock | None = None) -> HttpCustodian:
        session = requests.Session()
        session.mount(URL, self.adapter)
        key = self.keys.setdefault(venue, new_signing_key()[0])
        return HttpCustodian(URL, venue, key, clock or self.clock, session)

    def issue(self, venue: str, cap: int = 100_000, daily_cap: int = 100_000) -> str:
        with self.desk.store.transaction(self.clock) as tx:
            code = venues.issue_code(tx, venue, daily_cap=daily_cap)
            quota.open_season(tx, venue, SEASON, cap)
            tx.commit()
        return code

    def join(self, venue: str, cap: int = 100_000, daily_cap: int = 100_000) -> HttpCustodian:
        private, public = new_signing_key()
        self.keys[venue] = private
        client = self.client(venue)
        client.enrol(self.issue(venue, cap, daily_cap), public)
        return client

    def spent(self, venue: str) -> int:
        with self.desk.store.transaction(self.clock) as tx:
            return next(u.spent for u in quota.usages(tx) if u.venue == venue)

    @property
    def public_key(self) -> bytes:
        return bytes.fromhex(self.desk.keys.public().season_keys[SEASON])


def make_world(home: Path, database_url: str | None = None) -> World:
    make_home(home, "Étude Marceau", database_url)
    add_season(home, SEASON)
    return open_world(home)


def open_world(home: Path) -> World:
    keys = watched(home)
    store = open_store(keys().database_url)
    store.create()
    clock = MovableClock()
    desk = Desk(store, keys, clock)
    return World(desk, clock, WsgiAdapter(create_app(desk, URL)), home)


def copied(world: World, home: Path) -> World:
    """The same custodian in another folder, so that a test may change its keys."""
    shutil.copytree(world.home, home)
    settings = home / "custodian.json"
    settings.write_text(settings.read_text().replace(str(world.home), str(home)))
    made = open_world(home)
    made.clock.instant = world.clock.instant
    made.keys.update(world.keys)
    return made
