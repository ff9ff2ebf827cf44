"""Attacks on the intake: replays, forged and thinned signatures, wrong paths, bad bytes, full disks."""

import datetime as dt
import errno
import io
import json
import os
from pathlib import Path

import pytest

from contracts import api
from contracts.base import canonical, digest
from contracts.clock import FixedClock
from contracts.problems import Problem
from contracts.signing import Outgoing, sign_request
from hub import receive
from hub.app import create_app
from hub.config import WebConfig
from hub.errors import IntakeRefused
from hub.store import inbox
from hub.store.database import StoreUnavailable
from tests.support.intake import (
    HUB_PUBLIC,
    PART,
    World,
    commit_of,
    joined,
    net,
    part_path,
    receipt_of,
    refused,
    templates,
    world,
)
from tests.support.wire import CLOCK, NOW, VENUES

__all__ = ["joined", "net", "templates", "world"]  # fixtures


def signed(world: World, method: str = "PUT", path: str = "", body: bytes = PART) -> dict[str, str]:
    request = Outgoing(method, f"http://localhost{path or part_path()}", body)
    return sign_request(request, world.net.keys[VENUES[0]], VENUES[0], CLOCK)


def app_at(world: World, instant: dt.datetime) -> World:
    """The same hub, restarted with another clock."""
    config = WebConfig(
        home=world.root, network="essai", signing_key=HUB_PUBLIC, public_url="http://localhost"
    )
    app = create_app(config, FixedClock(instant), world.control)
    return World(world.net, world.control, app.test_client(), world.root)


def test_n1_a_replay_is_refused_at_any_time(joined: World) -> None:
    headers = signed(joined)
    assert joined.send("PUT", part_path(), PART, headers=headers).status_code == 201
    assert refused(joined.send("PUT", part_path(), PART, headers=headers)) == "replayed"
    for seconds in (299, 301, 599, 601, 90_001):
        later = app_at(joined, NOW + dt.timedelta(seconds=seconds))
        # Other traffic purges old nonces; the captured request must stay dead.
        later.send("HEAD", part_path(), at=NOW + dt.timedelta(seconds=seconds))
        assert refused(later.send("PUT", part_path(), PART, headers=headers)) in {
            "replayed",
            "clock",
        }


def test_n5_a_clock_set_back_by_an_hour_lets_no_replay_in(joined: World) -> None:
    headers = signed(joined)
    joined.send("PUT", part_path(), PART, headers=headers)
    hour = NOW + dt.timedelta(hours=1)
    app_at(joined, hour).send("HEAD", part_path(), at=hour)
    assert refused(joined.send("PUT", part_path(), PART, headers=headers)) == "replayed"


@pytest.mark.parametrize(("minutes", "accepted"), [(4, True), (-4, True), (6, False), (-6, False)])
def test_n5_the_clock(joined: World, minutes: int, accepted: bool) -> None:
    sent = joined.send("PUT", part_path(), PART, at=NOW + dt.timedelta(minutes=minutes))
    if accepted:
        assert sent.status_code == 201
    else:
        assert refused(sent) == "clock"
        assert "2025-11-03T12:00:00Z" in json.loads(sent.data)["detail"]


def test_n2_every_covered_thing_altered(joined: World) -> None:
    for name in ("Content-Digest", "Signature", "Signature-Input"):
        headers = signed(joined)
        value = headers[name]
        for position in range(0, len(value), 7):
            flipped = value[:position] + chr(ord(value[position]) ^ 1) + value[position + 1 :]
            sent = joined.send("PUT", part_path(), PART, headers={**headers, name: flipped})
            assert sent.status_code == 401
    other = part_path(digest(b"x"))
    assert refused(joined.send("PUT", other, PART, headers=signed(joined))) == "unsigned"
    commits = api.PATH_COMMITS.format(venue=VENUES[0])
    body = canonical(commit_of(joined.net))
    headers = signed(joined, "POST", commits, body)
    assert refused(joined.send("POST", commits, body + b" ", headers=headers)) == "unsigned"
    assert joined.files() == []


def test_a_request_signed_for_another_service_is_refused(joined: World) -> None:
    request = Outgoing("PUT", f"http://custodian.example{part_path()}", PART)
    headers = sign_request(request, joined.net.keys[VENUES[0]], VENUES[0], CLOCK)
    headers["Host"] = "custodian.example"
    assert refused(joined.send("PUT", part_path(), PART, headers=headers)) == "unsigned"


SIGNED_ROUTES = [
    ("PUT", api.PATH_CATALOGUE, b'{"venue":"theatre-du-quai","events":[]}'),
    ("PUT", api.PATH_PART, PART),
    ("HEAD", api.PATH_PART, b""),
    ("POST", api.PATH_COMMITS, b"{}"),
    ("GET", api.PATH_RECEIPT, b""),
]


@pytest.mark.parametrize(("method", "path", "body"), SIGNED_ROUTES)
def test_n4_only_the_venues_own_key(joined: World, method: str, path: str, body: bytes) -> None:
    target = path.format(venue=VENUES[0], sha256=digest(PART))
    assert joined.send(method, target, body, by=VENUES[1]).status_code == 403
    assert joined.send(method, target, body, headers={}).status_code == 401
    assert joined.files() == []


def test_a_commit_or_catalogue_of_another_venue_under_ones_own_path(joined: World) -> None:
    joined.send("PUT", part_path(), PART)
    body = canonical(commit_of(joined.net, venue=VENUES[1]))
    path = api.PATH_COMMITS.format(venue=VENUES[0])
    assert refused(joined.send("POST", path, body)) == "forbidden"
    body = canonical({"venue": VENUES[1], "events": []})
    path = api.PATH_CATALOGUE.format(venue=VENUES[0])
    assert refused(joined.send("PUT", path, body)) == "forbidden"


CANARY = "camille.durand@example.org"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        f'{{"venue":"{CANARY}"}}'.encode(),
        f'{{"{CANARY}":1}}'.encode(),
        b'{"sequence":1e309}',
        b'{"sequence":NaN}',
        b'{"venue":"\\ud800"}',
    ],
)
def test_bad_bodies_are_malformed_and_never_echoed(
    joined: World, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    sent = joined.send("POST", api.PATH_COMMITS.format(venue=VENUES[0]), body)
    assert refused(sent) == "malformed"
    assert CANARY.encode() not in sent.data
    assert CANARY not in caplog.text


def test_a10_unknown_keys_are_refused(joined: World) -> None:
    plain = {**commit_of(joined.net).model_dump(mode="json"), "role": "admin"}
    path = api.PATH_COMMITS.format(venue=VENUES[0])
    assert refused(joined.send("POST", path, canonical(plain))) == "malformed"


@pytest.mark.parametrize("path", ["/v1/", "/v1/nothing", f"/v1/{CANARY}", "/v1/charter/../x"])
def test_a11_errors_tell_nothing(joined: World, path: str) -> None:
    sent = joined.web.get(path)
    assert refused(sent) == "not-found"
    assert CANARY.encode() not in sent.data


def test_bodies_larger_than_any_message_are_refused_unread(
    joined: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.intake.SMALL_BODY", 10)
    path = api.PATH_COMMITS.format(venue=VENUES[0])
    assert refused(joined.send("POST", path, b"x" * 11)) == "too-large"
    request = Outgoing("POST", f"http://localhost{path}", b"x" * 11)
    headers = sign_request(request, joined.net.keys[VENUES[0]], VENUES[0], CLOCK)
    endless = joined.web.open(
        path,
        method="POST",
        input_stream=io.BytesIO(b"x" * 11),
        headers=headers,
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert refused(endless) == "too-large"


@pytest.mark.parametrize(("venue", "sha256"), [("..", "a" * 64), (VENUES[0], "../x"), ("A", "")])
def test_names_are_checked_where_paths_are_made(tmp_path: Path, venue: str, sha256: str) -> None:
    with pytest.raises(IntakeRefused) as caught:
        receive.Inbox(root=tmp_path, max_part_bytes=10).path(venue, sha256)
    assert caught.value.problem.slug == "not-found"


def test_a_part_without_a_length_is_bounded_too(tmp_path: Path) -> None:
    folder = receive.Inbox(root=tmp_path, max_part_bytes=10)
    with pytest.raises(IntakeRefused) as caught:
        receive.receive_part(folder, VENUES[0], digest(b"x" * 11), io.BytesIO(b"x" * 11))
    assert caught.value.problem.slug == "too-large"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_receipt_for_what_was_never_received_is_refused(joined: World) -> None:
    with joined.control.transaction(CLOCK) as tx, pytest.raises(IntakeRefused):
        inbox.settle(tx, receipt_of(joined.net, commit_of(joined.net)))


def test_a_method_that_is_not_there(joined: World) -> None:
    sent = joined.web.delete(api.PATH_CHARTER)
    assert sent.status_code == 405
    assert Problem.model_validate_json(sent.data).status == 405


class Full(io.RawIOBase):
    """A body whose reading shows what a disk that fills up does."""

    def __init__(self, code: int) -> None:
        self.code = code

    def read(self, size: int = -1) -> bytes:
        raise OSError(self.code, "no")


@pytest.mark.parametrize(
    ("code", "slug"),
    [(errno.ENOSPC, "storage"), (errno.EDQUOT, "storage"), (errno.EIO, "unavailable")],
)
def test_u8_a_full_disk_leaves_nothing_half_written(tmp_path: Path, code: int, slug: str) -> None:
    folder = receive.Inbox(root=tmp_path, max_part_bytes=1000)
    with pytest.raises(IntakeRefused) as caught:
        receive.receive_part(folder, VENUES[0], digest(PART), Full(code))  # type: ignore[arg-type]
    assert caught.value.problem.slug == slug
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_one_venue_cannot_fill_the_disk(tmp_path: Path) -> None:
    folder = receive.Inbox(root=tmp_path, max_part_bytes=1000, max_staged_bytes=10)
    for body, venue in ((b"a" * 11, VENUES[0]), (b"b", VENUES[1])):
        receive.receive_part(folder, venue, digest(body), io.BytesIO(body))
    with pytest.raises(IntakeRefused) as caught:
        receive.receive_part(folder, VENUES[0], digest(b"c"), io.BytesIO(b"c"))
    assert caught.value.problem.slug == "storage"


def test_what_a_dead_process_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    folder = receive.Inbox(root=tmp_path, max_part_bytes=1000)
    folder.sweep(NOW)  # before anything was received
    receive.receive_part(folder, VENUES[0], digest(b"a"), io.BytesIO(b"a"))
    for name, minutes in ((".part-dead", 61), (".part-alive", 59)):
        path = tmp_path / VENUES[0] / name
        path.write_bytes(b"half")
        at = (NOW - dt.timedelta(minutes=minutes)).timestamp()
        os.utime(path, (at, at))
    folder.sweep(NOW)
    left = sorted(path.name for path in (tmp_path / VENUES[0]).iterdir())
    assert left == [".part-alive", digest(b"a")]


def test_a_database_that_does_not_answer_is_503(
    joined: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def down() -> None:
        raise StoreUnavailable(CANARY)

    monkeypatch.setattr(joined.control, "published", down)
    sent = joined.web.get(api.PATH_CHARTER)
    assert refused(sent) == "unavailable"
    assert CANARY not in caplog.text
    assert "StoreUnavailable" in caplog.text


def test_an_unforeseen_error_is_503_and_logged_without_its_text(
    joined: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(joined.control, "published", broken)
    assert refused(joined.web.get(api.PATH_CHARTER)) == "unavailable"
    assert CANARY not in caplog.text
    assert "RuntimeError at broken" in caplog.text
