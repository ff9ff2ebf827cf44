"""Push against the real intake: idempotent, resumable, and never satisfied with another's word."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.base import canonical
from contracts.batch import Acknowledgement
from contracts.charter import MemberSignature
from contracts.clock import FixedClock
from contracts.seal import fingerprint, new_signing_key, sign
from hub.store import charters, inbox, members
from tests.support.intake import HUB_PUBLIC, World, joined, net, templates, world
from tests.support.sending import Line, fails_once, open_all, rows, sealing
from tests.support.wire import CLOCK, NOW, VENUES, Network
from venue_agent.errors import (
    BatchRefused,
    CharterRefused,
    FingerprintMismatch,
    HubDown,
    HubRefused,
    ReceiptWrong,
)
from venue_agent.network.client import Hub, Identity
from venue_agent.network.transport import Answer, Unreachable
from venue_agent.outbox.spool import Spool
from venue_agent.pack import pack
from venue_agent.push import Patience, charter_in_force, push

__all__ = ["joined", "net", "templates", "world"]  # fixtures

IMPATIENT = Patience(seconds=0)
MONTHS = {1: ["2025-10-03", "2025-11-01"], 2: ["2025-10-04"]}


def hub(world: World, line: Line | None = None, clock: FixedClock = CLOCK) -> Hub:
    identity = Identity(VENUES[0], world.net.keys[VENUES[0]])
    send = line or Line(world.web)
    return Hub("http://localhost", identity, clock, send)


def key_of(net: Network) -> str:
    return fingerprint(net.charter.hub.signing_key)


@pytest.fixture
def spool(tmp_path: Path, net: Network) -> Spool:
    spool = Spool(tmp_path / "agent" / "spool")
    for batch in pack(rows(MONTHS), sealing(net)):
        spool.write(batch)
    return spool


def opening(world: World, **lies: Any) -> Callable[[float], None]:
    """The vault opens what waits while the agent pauses."""

    def pause(_seconds: float) -> None:
        open_all(world.control, world.root, world.net, **lies)

    return pause


def send_all(world: World, spool: Spool, line: Line | None = None, **lies: Any) -> list[str]:
    patience = Patience(seconds=2, every=1, pause=opening(world, **lies))
    receipts = push(spool, hub(world, line), key_of(world.net), patience)
    return [signed.receipt.month for signed in receipts]


def test_everything_is_sent_and_confirmed(joined: World, spool: Spool) -> None:
    assert send_all(joined, spool) == ["2025-10", "2025-11"]
    assert spool.unsent() == []
    assert joined.files() == []


def test_a_second_push_asks_nothing(joined: World, spool: Spool) -> None:
    send_all(joined, spool)
    line = Line(joined.web)
    assert send_all(joined, spool, line) == []
    assert line.asked == []


def test_without_a_receipt_in_time_the_next_push_goes_on(joined: World, spool: Spool) -> None:
    assert push(spool, hub(joined), key_of(joined.net), IMPATIENT) == []
    assert len(spool.unsent()) == 2
    line = Line(joined.web)
    assert push(spool, hub(joined, line), key_of(joined.net), IMPATIENT) == []
    assert line.count("PUT") == 0
    assert open_all(joined.control, joined.root, joined.net) == 2
    line = Line(joined.web)
    assert len(push(spool, hub(joined, line), key_of(joined.net), IMPATIENT)) == 2
    assert line.count("PUT") + line.count("POST") == 0


def test_patience_ends(joined: World, spool: Spool) -> None:
    pauses: list[float] = []
    patience = Patience(seconds=3, every=1, pause=pauses.append)
    assert push(spool, hub(joined), key_of(joined.net), patience) == []
    assert pauses == [1, 1, 1]


@pytest.mark.parametrize("needle", ["GET /v1/charter", "HEAD", "PUT", "POST", "receipts"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_u5_a_lost_request_or_answer_doubles_nothing(
    joined: World, spool: Spool, needle: str, when: str
) -> None:
    line = Line(joined.web, **{when: fails_once(needle)})  # type: ignore[arg-type]
    assert send_all(joined, spool, line) == ["2025-10", "2025-11"]
    assert joined.files() == []


def test_u4_an_interrupted_push_resumes_with_what_is_missing(joined: World, spool: Spool) -> None:
    def cut(method: str, path: str) -> None:
        if method == "POST":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_all(joined, spool, Line(joined.web, before=cut))
    line = Line(joined.web)
    assert send_all(joined, spool, line) == ["2025-10", "2025-11"]
    assert line.count("PUT") == 1


def test_a_hub_that_is_down_is_named_after_three_tries(joined: World, spool: Spool) -> None:
    def down(_method: str, _path: str) -> None:
        raise Unreachable("no connection")

    line = Line(joined.web, before=down)
    with pytest.raises(HubDown, match="no connection"):
        push(spool, hub(joined, line), key_of(joined.net), IMPATIENT)
    assert len(line.asked) == 3
    assert len(spool.unsent()) == 2


def test_the_hub_of_another_fingerprint_gets_nothing(joined: World, spool: Spool) -> None:
    line = Line(joined.web)
    with pytest.raises(FingerprintMismatch):
        push(spool, hub(joined, line), fingerprint(new_signing_key()[1]), IMPATIENT)
    # Has the hub's key a successor in the public chain? That is all it is asked.
    asked = {request.partition("?")[0] for request in line.asked}
    assert asked == {"GET /v1/charter", "GET /v1/chain"}


def test_a_new_charter_stops_what_was_packed_under_the_old(joined: World, spool: Spool) -> None:
    charter = joined.net.charter.model_copy(update={"revision": 2})
    with joined.control.transaction(CLOCK) as tx:
        charters.save_draft(tx, charter)
        for venue in VENUES:
            signature = sign(joined.net.keys[venue], canonical(charter))
            charters.add_signature(tx, MemberSignature(venue=venue, signature=signature))
        tx.commit()
    line = Line(joined.web)
    with pytest.raises(CharterRefused, match="another charter"):
        push(spool, hub(joined, line), key_of(joined.net), IMPATIENT)
    assert line.count("PUT") == 0


def test_an_expired_charter_sends_nothing(joined: World, spool: Spool) -> None:
    late = FixedClock(NOW.replace(year=2026))
    line = Line(joined.web)
    with pytest.raises(CharterRefused, match="expired"):
        push(spool, hub(joined, line, late), key_of(joined.net), IMPATIENT)
    assert line.asked == ["GET /v1/charter"]


def test_without_a_charter_nothing_is_sent(world: World, spool: Spool) -> None:
    with pytest.raises(CharterRefused, match="no charter"):
        push(spool, hub(world), key_of(world.net), IMPATIENT)


@pytest.mark.parametrize(
    ("lies", "word"),
    [
        ({"files": []}, "other files"),
        ({"sequence": 99}, "another batch"),
        ({"month": "2025-12"}, "another batch"),
    ],
)
def test_a_receipt_for_other_bytes_is_not_believed(
    joined: World, spool: Spool, lies: dict[str, Any], word: str
) -> None:
    with pytest.raises(ReceiptWrong, match=word):
        send_all(joined, spool, **lies)
    assert len(spool.unsent()) == 2


def test_a_receipt_of_another_hub_is_not_believed(joined: World, spool: Spool) -> None:
    stranger = World(
        replace(joined.net, hub_private=new_signing_key()[0]),
        joined.control,
        joined.web,
        joined.root,
    )
    patience = Patience(seconds=2, every=1, pause=opening(stranger))
    with pytest.raises(ReceiptWrong, match="not signed"):
        push(spool, hub(joined), key_of(joined.net), patience)


def test_a_refused_batch_is_said_with_its_remedy(joined: World, spool: Spool) -> None:
    with pytest.raises(BatchRefused) as caught:
        send_all(joined, spool, state="refused", problem="quota", files=[])
    assert caught.value.problem == "quota"
    assert "preview" in str(caught.value)


def test_an_acknowledgement_of_another_batch_is_not_believed(joined: World, spool: Spool) -> None:
    line = Line(joined.web)

    def liar(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        if method == "POST":
            told = Acknowledgement(commit_sha256="00" * 32, state="received")
            return Answer(200, canonical(told), None)
        return line(method, url, body, headers)

    with pytest.raises(ReceiptWrong, match="another batch"):
        push(spool, replace(hub(joined), send=liar), key_of(joined.net), IMPATIENT)


def test_joining_and_signing_by_the_agents_client(world: World) -> None:
    """init: enrol with a code, see the draft, sign it; the last signature puts it in force."""
    for venue in VENUES:
        with world.control.transaction(CLOCK) as tx:
            code = members.issue_code(tx, venue)
            tx.commit()
        client = replace(hub(world), identity=Identity(venue, world.net.keys[venue]))
        client.enrol(code, fingerprint(HUB_PUBLIC))
        assert client.charter() is None
    with world.control.transaction(CLOCK) as tx:
        charters.save_draft(tx, world.net.charter)
        tx.commit()
    for venue in VENUES:
        client = replace(hub(world), identity=Identity(venue, world.net.keys[venue]))
        draft = client.charter(draft=True)
        assert draft is not None
        signature = sign(world.net.keys[venue], canonical(draft.charter))
        client.sign_charter(MemberSignature(venue=venue, signature=signature))
    assert charter_in_force(hub(world), key_of(world.net), CLOCK) == world.net.charter


def test_u6_two_agents_of_one_venue(
    joined: World, spool: Spool, tmp_path: Path, net: Network
) -> None:
    other = Spool(tmp_path / "second")
    for batch in pack(rows({5: ["2025-10-03"]}), sealing(net)):
        other.write(batch)
    assert push(spool, hub(joined), key_of(net), IMPATIENT) == []
    with pytest.raises(HubRefused) as caught:
        push(other, hub(joined), key_of(net), IMPATIENT)
    assert caught.value.problem == "conflict"
    with joined.control.reading() as reading:
        assert len(inbox.waiting(reading)) == 2
