"""A hub's intake in process, and a network that joins it and signs what it sends."""

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contracts import api
from contracts.base import canonical, digest
from contracts.batch import Commit, Envelope, Part, Receipt, SignedReceipt
from contracts.clock import FixedClock
from contracts.problems import Problem, problem_slug
from contracts.receipts import enclose
from contracts.seal import new_signing_key, sign
from contracts.signing import Outgoing, sign_request
from hub.app import create_app
from hub.config import WebConfig
from hub.store import charters, inbox, members
from hub.store.database import Control, open_control
from tests.support.wire import CLOCK, NOW, VENUES, Network, network

HUB_PUBLIC = new_signing_key()[1]
PART = bytes(range(256)) * 300


@dataclass
class World:
    """A hub in process, a network that joined it, and a client that signs."""

    net: Network
    control: Control
    web: FlaskClient
    root: Path

    def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        by: str = VENUES[0],
        at: dt.datetime = NOW,
        headers: dict[str, str] | None = None,
    ) -> TestResponse:
        if headers is None:
            request = Outgoing(method, f"http://localhost{path}", body)
            headers = sign_request(request, self.net.keys[by], by, FixedClock(at))
        return self.web.open(path, method=method, data=body, headers=headers)

    def files(self) -> list[Path]:
        return [path for path in (self.root / "inbox").rglob("*") if path.is_file()]


@pytest.fixture(scope="module")
def net() -> Network:
    return network()


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory, net: Network) -> Path:
    """A hub's folder before and after every venue joined, made once: migrating is slow."""
    root = tmp_path_factory.mktemp("hubs")
    with opened(root / "empty", net):
        pass
    shutil.copytree(root / "empty", root / "joined")
    with opened(root / "joined", net) as world:
        for venue in VENUES:
            enrol(world, venue)
        with world.control.transaction(CLOCK) as tx:
            charters.save_draft(tx, net.charter)
            for signature in net.signed.signatures:
                charters.add_signature(tx, signature)
            tx.commit()
    return root


@pytest.fixture
def world(tmp_path: Path, net: Network, templates: Path) -> Iterator[World]:
    """A hub that nobody has joined yet."""
    shutil.copytree(templates / "empty", tmp_path / "hub")
    with opened(tmp_path / "hub", net) as world:
        yield world


@pytest.fixture
def joined(tmp_path: Path, net: Network, templates: Path) -> Iterator[World]:
    """A hub with every venue enrolled and the charter in force."""
    shutil.copytree(templates / "joined", tmp_path / "hub")
    with opened(tmp_path / "hub", net) as world:
        yield world


@contextmanager
def opened(root: Path, net: Network) -> Iterator[World]:
    root.mkdir(exist_ok=True)
    config = WebConfig(
        home=root,
        network="essai",
        signing_key=HUB_PUBLIC,
        public_url="http://localhost",
        max_part_bytes=100_000,
    )
    control = open_control(config.url(config.control_url))
    if not (root / "control.sqlite").exists():
        control.migrate()
    app = create_app(config, CLOCK, control)
    yield World(net, control, app.test_client(), root)
    control.close()


def enrol(world: World, venue: str) -> TestResponse:
    with world.control.transaction(CLOCK) as tx:
        code = members.issue_code(tx, venue)
        tx.commit()
    key = next(m.signing_key for m in world.net.charter.members if m.venue == venue)
    body = canonical(api.Enrolment(venue=venue, code=code, signing_key=key))
    return world.send("POST", api.PATH_ENROL, body, by=venue)


def refused(response: TestResponse) -> str:
    assert response.mimetype == "application/problem+json"
    problem = Problem.model_validate_json(response.data)
    assert problem.status == response.status_code
    return problem_slug(problem)


def part_path(sha256: str = digest(PART), venue: str = VENUES[0]) -> str:
    return api.PATH_PART.format(venue=venue, sha256=sha256)


def commit_of(net: Network, venue: str = VENUES[0], **changes: Any) -> Commit:
    plain = {
        "venue": venue,
        "season": "2025-2026",
        "month": "2025-10",
        "charter_sha256": net.sha256,
        "sequence": 1,
        "key_sha256": net.key_sha256,
        "parts": [Part(sha256=digest(PART), size=len(PART))],
    }
    return Commit(**{**plain, **changes})


def post_commit(world: World, commit: Commit, venue: str = VENUES[0]) -> TestResponse:
    path = api.PATH_COMMITS.format(venue=venue)
    return world.send("POST", path, canonical(commit), by=venue)


def receipt_of(net: Network, commit: Commit) -> Envelope:
    receipt = Receipt(
        venue=commit.venue,
        month=commit.month,
        sequence=commit.sequence,
        commit_sha256=inbox.commit_hash(commit),
        state="accepted",
        problem=None,
        files=[],
        refusals=[],
        opened="2025-11-03T12:00:00Z",
    )
    signed = SignedReceipt(receipt=receipt, signature=sign(net.hub_private, canonical(receipt)))
    return enclose(signed, "ab" * 64)
