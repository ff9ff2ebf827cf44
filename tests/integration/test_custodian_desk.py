"""The custodian, on both databases, through the agent's own client."""

import dataclasses
import datetime as dt
import threading
from pathlib import Path

import pytest
import requests
from sqlalchemy import create_engine, insert, select, update

from contracts import ristretto, voprf
from contracts.api import EvaluateRequest
from contracts.clock import FixedClock
from contracts.seal import new_signing_key
from hub.custodian import log, quota, tables
from hub.custodian.errors import LogBroken, Malformed, QuotaExceeded
from hub.custodian.evaluate import Signed, evaluate
from tests.support.custodian import SEASON, World, make_world
from venue_agent.errors import ClockOff, CustodianRefused, QuotaExhausted


@pytest.fixture
def world(tmp_path: Path, database_url: str) -> World:
    return make_world(tmp_path / "custodian", database_url)


def points(count: int) -> bytes:
    return b"".join(ristretto.random_point() for _ in range(count))


def refused(error: pytest.ExceptionInfo[CustodianRefused]) -> str:
    return error.value.problem


def test_evaluated_and_proven(world: World) -> None:
    client = world.join("theatre")
    blinded = voprf.blind([b"a", b"b", b"c"])
    session, evaluated = client.evaluate(SEASON, blinded.points)
    proof = client.prove(session, [2, 0])
    picked = [side[64:96] + side[:32] for side in (blinded.points, evaluated)]
    voprf.verify(world.public_key, picked[0], picked[1], proof)
    k = world.desk.keys.of(SEASON)
    assert voprf.unblind(blinded, evaluated)[:32] == ristretto.multiply(
        k, voprf.hash_to_group(b"a")
    )
    assert world.spent("theatre") == 3


def test_two_venues_get_one_pseudonym(world: World) -> None:
    elements = []
    for client in (world.join("a"), world.join("b")):
        blinded = voprf.blind([b"same"])
        elements.append(voprf.unblind(blinded, client.evaluate(SEASON, blinded.points)[1]))
    assert elements[0] == elements[1]


def test_the_same_points_again_cost_nothing(world: World) -> None:
    client, sent = world.join("theatre"), points(5)
    assert client.evaluate(SEASON, sent) == client.evaluate(SEASON, sent)
    assert world.spent("theatre") == 5
    world.clock.wind(hours=2)
    assert client.evaluate(SEASON, sent)
    assert world.spent("theatre") == 10


def test_another_venue_cannot_use_a_session(world: World) -> None:
    client, other = world.join("a"), world.join("b")
    session, _ = client.evaluate(SEASON, points(4))
    with pytest.raises(CustodianRefused) as error:
        other.prove(session, [0])
    assert refused(error) == "session"


@pytest.mark.parametrize("indices", [[4], [0, 4], [1, 1]])
def test_only_indices_of_the_session_are_proven(world: World, indices: list[int]) -> None:
    client = world.join("a")
    session, _ = client.evaluate(SEASON, points(4))
    with pytest.raises(CustodianRefused) as error:
        client.prove(session, indices)
    assert refused(error) == "session"


def test_a_session_is_proven_a_few_times_and_for_an_hour(world: World) -> None:
    client = world.join("a")
    session, _ = client.evaluate(SEASON, points(4))
    for _ in range(3):
        client.prove(session, [0, 1])
    with pytest.raises(CustodianRefused) as error:
        client.prove(session, [0])
    assert refused(error) == "session"
    late, _ = client.evaluate(SEASON, points(4))
    world.clock.wind(minutes=61)
    with pytest.raises(CustodianRefused) as error:
        client.prove(late, [0])
    assert refused(error) == "session"
    with pytest.raises(CustodianRefused):
        client.prove("ab" * 32, [0])


@pytest.mark.parametrize("bad", [bytes(32), b"\xff" * 32, b"\x01" + bytes(31)])
def test_bad_points_are_refused_and_stay_paid(world: World, bad: bytes) -> None:
    client = world.join("a")
    with pytest.raises(CustodianRefused) as error:
        client.evaluate(SEASON, points(2) + bad)
    assert refused(error) == "point"
    assert world.spent("a") == 3


def test_a_season_without_key_is_refused(world: World) -> None:
    with pytest.raises(CustodianRefused) as error:
        world.join("a").evaluate("2031-2032", points(1))
    assert refused(error) == "not-found"


def test_too_many_points_are_refused(world: World) -> None:
    client = world.join("a")
    with pytest.raises(CustodianRefused) as error:
        client.evaluate(SEASON, ristretto.random_point() * 4097)
    assert refused(error) == "malformed"
    with pytest.raises(CustodianRefused) as error:
        client.evaluate(SEASON, ristretto.random_point() * 9000)
    assert refused(error) == "too-large"
    assert world.spent("a") == 0


def test_a_quota_holds_to_the_last_identifier(world: World) -> None:
    client = world.join("a", cap=10)
    client.evaluate(SEASON, points(8))
    with pytest.raises(QuotaExhausted):
        client.evaluate(SEASON, points(3))
    client.evaluate(SEASON, points(2))
    with pytest.raises(QuotaExhausted):
        client.evaluate(SEASON, points(1))
    assert world.spent("a") == 10


def test_the_day_has_a_quota_too(world: World) -> None:
    client = world.join("a", daily_cap=6)
    client.evaluate(SEASON, points(6))
    with pytest.raises(QuotaExhausted):
        client.evaluate(SEASON, points(1))
    assert world.spent("a") == 6
    world.clock.wind(days=1)
    client.evaluate(SEASON, points(6))
    assert world.spent("a") == 12


def test_a_season_that_was_not_opened_has_no_quota(world: World) -> None:
    client = world.join("a")
    with world.desk.store.transaction(world.clock) as tx:
        tx.run(tables.quota.delete())
        tx.commit()
    with pytest.raises(QuotaExhausted):
        client.evaluate(SEASON, points(1))


def test_a_rebuild_is_approved_and_logged(world: World) -> None:
    client = world.join("a", cap=4)
    client.evaluate(SEASON, points(4))
    with world.desk.store.transaction(world.clock) as tx:
        quota.raise_cap(tx, quota.Usage("a", SEASON, 0, 8), approved_by="M. Notaire")
        tx.commit()
    client.evaluate(SEASON, points(4))
    with world.desk.store.transaction(world.clock) as tx:
        with pytest.raises(Malformed):
            quota.raise_cap(tx, quota.Usage("a", SEASON, 0, 8), approved_by="M. Notaire")
        assert "M. Notaire" in log.entries(tx)[-2].body


def test_the_quota_holds_under_concurrency(world: World) -> None:
    """8 threads × 25 requests of 3 want 600 of 100: 33 pass, whoever wins."""
    world.join("a", cap=100)
    passed, lock = [], threading.Lock()

    def spend(thread: int) -> None:
        for turn in range(25):
            request = EvaluateRequest(
                venue="a", season=SEASON, points=[ristretto.random_point().hex() for _ in range(3)]
            )
            try:
                evaluate(world.desk, Signed("a", f"{thread:016x}{turn:016x}"), request)
            except QuotaExceeded:
                continue
            with lock:
                passed.append(1)

    threads = [threading.Thread(target=spend, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 33
    assert world.spent("a") == 99
    with world.desk.store.transaction(world.clock) as tx:
        log.verify(tx)
        kinds = [entry.kind for entry in log.entries(tx)]
    assert kinds.count("charged") == 33
    assert kinds.count("quota-refused") == 8 * 25 - 33


def test_the_same_request_twice_at_once_is_one_session(world: World) -> None:
    world.join("a")
    request = EvaluateRequest(
        venue="a", season=SEASON, points=[ristretto.random_point().hex()] * 64
    )
    answers, start = [], threading.Barrier(4)

    def ask(number: int) -> None:
        start.wait()
        answers.append(evaluate(world.desk, Signed("a", f"{number:032x}"), request))

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer.session for answer in answers}) == 1


def test_unenrolled_wrong_and_replayed_keys(world: World) -> None:
    world.join("a")
    with pytest.raises(CustodianRefused) as error:
        world.client("stranger").evaluate(SEASON, points(1))
    assert refused(error) == "unsigned"
    world.keys["a"] = new_signing_key()[0]
    with pytest.raises(CustodianRefused) as error:
        world.client("a").evaluate(SEASON, points(1))
    assert refused(error) == "unsigned"


def test_a_replay_is_refused(world: World) -> None:
    client = world.join("a", cap=50)
    client.evaluate(SEASON, points(2))
    again = world.adapter.send(world.adapter.sent[-1])
    assert again.status_code == 401
    assert again.json()["type"].endswith(":replayed")
    assert world.spent("a") == 2


def test_a_refused_request_cannot_be_replayed_once_quota_is_back(world: World) -> None:
    client = world.join("a", cap=1)
    with pytest.raises(QuotaExhausted):
        client.evaluate(SEASON, points(2))
    with world.desk.store.transaction(world.clock) as tx:
        quota.raise_cap(tx, quota.Usage("a", SEASON, 0, 10), approved_by="M. Notaire")
        tx.commit()
    assert world.adapter.send(world.adapter.sent[-1]).status_code == 401
    assert world.spent("a") == 0


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_clock_off_by_ten_minutes_is_told(world: World, minutes: int) -> None:
    world.join("a")
    off = FixedClock(world.clock.now() + dt.timedelta(minutes=minutes))
    with pytest.raises(ClockOff):
        world.client("a", off).evaluate(SEASON, points(1))


def test_one_venue_cannot_speak_for_another(world: World) -> None:
    world.join("a")
    world.join("b")
    world.keys["b"] = world.keys["a"]
    with pytest.raises(CustodianRefused) as error:
        world.client("b").evaluate(SEASON, points(1))
    assert refused(error) == "unsigned"


def test_a_signer_asks_for_its_own_venue_only(world: World) -> None:
    client = world.join("a")
    world.join("b")
    body = EvaluateRequest(venue="b", season=SEASON, points=[ristretto.random_point().hex()])
    with pytest.raises(CustodianRefused) as error:
        client._post("/v1/evaluate", body, type(body))
    assert refused(error) == "forbidden"
    assert world.spent("b") == 0


def test_codes_work_once_for_one_venue_and_for_a_fortnight(world: World) -> None:
    code, (_, public), (_, other) = world.issue("a"), new_signing_key(), new_signing_key()
    client = world.client("a")
    assert client.enrol(code, public).fingerprint == world.desk.keys.fingerprint
    assert client.enrol(code, public).venue == "a"  # the answer was lost: the same again
    for venue, used, key in (
        ("a", code, other),
        ("b", code, public),
        ("a", world.issue("b"), other),
    ):
        with pytest.raises(CustodianRefused) as error:
            world.client(venue).enrol(used, key)
        assert refused(error) == "code"
    late = world.issue("c")
    world.clock.wind(days=15)
    with pytest.raises(CustodianRefused):
        world.client("c").enrol(late, other)


def test_a_new_code_replaces_a_lost_key(world: World) -> None:
    world.join("a")
    client = world.join("a")
    client.evaluate(SEASON, points(1))


def test_refusals_echo_nothing(world: World) -> None:
    secret = "camille.martin@mail.example"
    for path in ("/v1/enrol", "/v1/evaluate", "/v1/prove", "/v1/witness", f"/v1/{secret}"):
        request = requests.Request(
            "POST", f"http://custodian.test{path}", data=f'{{"{secret}": 1}}'
        )
        answer = world.adapter.send(request.prepare())
        assert answer.status_code >= 400
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert secret not in answer.text


def test_the_log_is_chained_and_holds_no_point(world: World, database_url: str) -> None:
    client, sent = world.join("a"), points(4)
    session, evaluated = client.evaluate(SEASON, sent)
    client.prove(session, [0])
    with world.desk.store.transaction(world.clock) as tx:
        head, entries = log.verify(tx), log.entries(tx)
    text = "".join(entry.model_dump_json() for entry in entries)
    assert head.sequence == len(entries) == 5
    assert [entry.kind for entry in entries][-2:] == ["charged", "proved"]
    for blob in (sent, evaluated):
        assert blob[:32].hex() not in text
    assert session not in text
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(update(tables.log).where(tables.log.c.sequence == 4).values(body="{}"))
    with world.desk.store.transaction(world.clock) as tx, pytest.raises(LogBroken):
        log.verify(tx)


def test_a_log_cut_short_is_noticed(world: World) -> None:
    world.join("a").evaluate(SEASON, points(4))
    with world.desk.store.transaction(world.clock) as tx:
        tx.run(tables.log.delete().where(tables.log.c.sequence == tx.head.sequence))
        with pytest.raises(LogBroken):
            log.verify(tx)


def test_what_expired_is_forgotten(world: World) -> None:
    client = world.join("a")
    client.evaluate(SEASON, points(4))
    world.clock.wind(hours=2)
    client.evaluate(SEASON, points(4))
    with world.desk.store.transaction(world.clock) as tx:
        assert len(tx.run(select(tables.session)).all()) == 1
        assert len(tx.run(select(tables.nonce)).all()) == 1


def test_a_database_that_fails_is_unavailable_and_says_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = world.join("a")

    def broken(*args: object) -> None:
        with world.desk.store.transaction(world.clock) as tx:
            tx.run(insert(tables.head).values(id=1, sequence=0, sha256="camille"))

    monkeypatch.setattr("hub.custodian.app.evaluate", broken)
    with pytest.raises(Exception, match="cannot answer now"):
        client.evaluate(SEASON, points(1))
    assert "camille" not in caplog.text
    assert "IntegrityError" in caplog.text


def erasures(world: World) -> list[tuple[int, int]]:
    with world.desk.store.transaction(world.clock) as tx:
        return [(u.spent, u.cap) for u in quota.usages(tx, "erasure")]


def test_withdrawals_have_a_quota_of_their_own(world: World) -> None:
    client = world.join("a", cap=4, daily_cap=4)
    erasing = dataclasses.replace(client, use="erasure")
    client.evaluate(SEASON, points(4))
    erasing.evaluate(SEASON, points(64))  # whatever the season and the day have spent
    assert world.spent("a") == 4
    assert erasures(world) == [(64, 1 + 53 * 64)]
    with pytest.raises(QuotaExhausted):
        client.evaluate(SEASON, points(1))


def test_the_erasure_quota_holds_and_is_raised_by_somebody(world: World) -> None:
    erasing = dataclasses.replace(world.join("a", cap=20), use="erasure")
    erasing.evaluate(SEASON, points(53 * 64 + 1))
    with pytest.raises(QuotaExhausted):
        erasing.evaluate(SEASON, points(1))
    with world.desk.store.transaction(world.clock) as tx:
        more = quota.Usage("a", SEASON, 0, 4000, "erasure")
        quota.raise_cap(tx, more, approved_by="M. Notaire")
        assert '"use":"erasure"' in log.entries(tx)[-1].body
        tx.commit()
    erasing.evaluate(SEASON, points(1))
    assert erasures(world) == [(53 * 64 + 2, 4000)]
    assert world.spent("a") == 0


def test_without_a_season_quota_there_is_none_for_erasures(world: World) -> None:
    erasing = dataclasses.replace(world.join("a"), use="erasure")
    with world.desk.store.transaction(world.clock) as tx:
        tx.run(tables.quota.delete())
        tx.commit()
    with pytest.raises(QuotaExhausted):
        erasing.evaluate(SEASON, points(1))
    assert erasures(world) == []


def test_the_same_element_whatever_it_is_for(world: World) -> None:
    client = world.join("a")
    elements = []
    for asking in (client, dataclasses.replace(client, use="erasure")):
        blinded = voprf.blind([b"same"])
        elements.append(voprf.unblind(blinded, asking.evaluate(SEASON, blinded.points)[1]))
    assert elements[0] == elements[1]
    bodies = [request.body for request in world.adapter.sent if request.path_url == "/v1/evaluate"]
    assert [b'"use"' in bytes(body or b"") for body in bodies] == [False, True]
