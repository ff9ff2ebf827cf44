"""No identifier goes further, one person is one token everywhere, and a cheating custodian is caught."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest

from contracts import ristretto, voprf
from contracts.linkage import IdentifierKind, identifier
from contracts.visit import ERASURE_COLUMNS, PERSON_COLUMNS, VISIT_COLUMNS
from tests.support.custodian import SEASON, make_world
from venue_agent.errors import WrongCustodianKey
from venue_agent.frames import Minimised, Tally
from venue_agent.home.elements import ElementStore
from venue_agent.pseudonymise import Epoch, bucket, pseudonymise

KEY = ristretto.random_scalar()
EPOCH = Epoch(SEASON, ristretto.multiply_base(KEY))


@dataclass
class FakeCustodian:
    """Evaluates with one key and proves with what it remembers; checked against the real one below."""

    key: bytes = KEY
    sessions: list[tuple[bytes, bytes]] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)

    def evaluate(self, season: str, points: bytes) -> tuple[str, bytes]:
        evaluated = voprf.evaluate(self.key, points)
        self.sessions.append((points, evaluated))
        return str(len(self.sessions) - 1), evaluated

    def prove(self, session: str, indices: Sequence[int]) -> bytes:
        self.asked.append(len(indices))
        points, evaluated = self.sessions[int(session)]
        pick = [slice(32 * i, 32 * i + 32) for i in indices]
        return voprf.prove(
            self.key, b"".join(points[s] for s in pick), b"".join(evaluated[s] for s in pick)
        )


def minimised(
    *people: tuple[tuple[str, str], ...], erased: tuple[tuple[str, str], ...] = ()
) -> Minimised:
    persons = pd.DataFrame(
        [
            {c: "" for c in PERSON_COLUMNS if c != "tokens"} | {"contribution_id": f"{i:032x}"}
            for i in range(len(people))
        ]
    )
    persons["identifiers"] = list(people)
    erasures = pd.DataFrame([{"scope": "network", "contribution_id": "", "identifiers": erased}] if erased else [],
                            columns=["scope", "contribution_id", "identifiers"])  # fmt: skip
    visits = pd.DataFrame([dict.fromkeys((*VISIT_COLUMNS, "month"), "x")])
    return Minimised(
        persons, visits, erasures, Tally(1, {}, {}), dt.datetime(2025, 11, 3, tzinfo=dt.UTC)
    )


MAIL, PHONE = ("email", "jean.dupont1@mail.example"), ("phone", "+33612345679")


def expected(pair: tuple[str, str], key: bytes = KEY) -> str:
    point = voprf.hash_to_group(identifier(IdentifierKind(pair[0]), pair[1]))
    return f"{pair[0]}:{ristretto.multiply(key, point).hex()}"


def test_tokens_stand_where_identifiers_stood() -> None:
    done = pseudonymise(minimised((PHONE, MAIL), (MAIL,), erased=(PHONE,)), FakeCustodian(), EPOCH)
    assert list(done.persons.columns) == list(PERSON_COLUMNS)
    assert list(done.visits.columns) == [*VISIT_COLUMNS, "month"]
    assert list(done.erasures.columns) == list(ERASURE_COLUMNS)
    assert list(done.persons["tokens"]) == [f"{expected(MAIL)} {expected(PHONE)}", expected(MAIL)]
    assert list(done.erasures["tokens"]) == [expected(PHONE)]
    text = done.persons.to_csv() + done.visits.to_csv() + done.erasures.to_csv()
    assert "dupont" not in text
    assert "612345679" not in text
    assert done.tally.notes == {"identifiers-evaluated": 2}


def test_nobody_is_nobody() -> None:
    custodian = FakeCustodian()
    done = pseudonymise(minimised(()), custodian, EPOCH)
    assert list(done.persons["tokens"]) == [""]
    assert custodian.sessions == []


def test_the_custodian_sees_padded_points_that_differ_each_time() -> None:
    custodian = FakeCustodian()
    for _ in range(2):
        pseudonymise(minimised((MAIL,), (MAIL,)), custodian, EPOCH)
    first, second = (points for points, _ in custodian.sessions)
    assert len(first) == len(second) == 64 * 32
    assert {first[i : i + 32] for i in range(0, len(first), 32)}.isdisjoint(
        second[i : i + 32] for i in range(0, len(second), 32)
    )


def test_large_lists_go_in_chunks() -> None:
    people = [(("email", f"p{i}@mail.example"),) for i in range(4100)]
    custodian = FakeCustodian()
    done = pseudonymise(minimised(*people), custodian, EPOCH)
    assert [len(points) // 32 for points, _ in custodian.sessions] == [4096, 64]
    assert custodian.asked == [64, 64]
    assert done.persons["tokens"].nunique() == 4100
    assert done.persons["tokens"].iloc[4099] == expected(people[4099][0])


def test_audit_mode_proves_every_point() -> None:
    custodian = FakeCustodian()
    people = [(("email", f"p{i}@mail.example"),) for i in range(100)]
    pseudonymise(minimised(*people), custodian, Epoch(SEASON, EPOCH.public_key, audit=True))
    assert custodian.asked == [112]


def test_what_is_known_is_not_asked_again() -> None:
    custodian, known = FakeCustodian(), {}
    once = pseudonymise(minimised((MAIL,)), custodian, EPOCH, known)
    again = pseudonymise(minimised((MAIL, PHONE)), custodian, EPOCH, known)
    third = pseudonymise(minimised((MAIL, PHONE)), custodian, EPOCH, known)
    assert len(custodian.sessions) == 2
    assert once.persons["tokens"].iloc[0] in again.persons["tokens"].iloc[0]
    assert list(again.persons["tokens"]) == list(third.persons["tokens"])


class PerVenueKey(FakeCustodian):
    """Uses another key than the charter's for this venue, and proves honestly with it."""

    def __init__(self) -> None:
        super().__init__(key=ristretto.random_scalar())


class LyingProof(FakeCustodian):
    """Uses another key, but claims the charter's."""

    def evaluate(self, season: str, points: bytes) -> tuple[str, bytes]:
        session, _ = super().evaluate(season, points)
        wrong = voprf.evaluate(ristretto.random_scalar(), points)
        self.sessions[int(session)] = (points, wrong)
        return session, wrong


class SomeWrong(FakeCustodian):
    """Marks a fifth of the points with another key."""

    def evaluate(self, season: str, points: bytes) -> tuple[str, bytes]:
        session, right = super().evaluate(season, points)
        cut = len(points) // 32 // 5 * 32
        wrong = voprf.evaluate(ristretto.random_scalar(), points[:cut]) + right[cut:]
        self.sessions[int(session)] = (points, wrong)
        return session, wrong


class Short(FakeCustodian):
    """Answers with a point too few."""

    def evaluate(self, season: str, points: bytes) -> tuple[str, bytes]:
        session, right = super().evaluate(season, points)
        return session, right[:-32]


class NotPoints(FakeCustodian):
    """Answers with bytes that are no points, where the proof does not look."""

    def evaluate(self, season: str, points: bytes) -> tuple[str, bytes]:
        session, right = super().evaluate(season, points)
        return session, b"\xff" * 32 + right[32:]


@pytest.mark.parametrize(
    "custodian", [PerVenueKey(), LyingProof(), SomeWrong(), Short(), NotPoints()]
)
def test_a_cheating_custodian_is_caught(custodian: FakeCustodian) -> None:
    people = [(("email", f"p{i}@mail.example"),) for i in range(200)]
    known: dict[bytes, bytes] = {}
    with pytest.raises(WrongCustodianKey):
        pseudonymise(minimised(*people), custodian, EPOCH, known)
    assert known == {}


def test_bytes_that_are_no_point_are_caught_where_the_proof_did_not_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("venue_agent.pseudonymise._check", lambda *given: None)
    with pytest.raises(WrongCustodianKey):
        pseudonymise(minimised((MAIL,)), NotPoints(), EPOCH)


def test_the_fake_is_like_the_real_custodian(tmp_path: Path) -> None:
    world = make_world(tmp_path / "custodian")
    client, k = world.join("theatre"), world.desk.keys.of(SEASON)
    epoch = Epoch(SEASON, world.public_key, audit=True)
    people = minimised((MAIL, PHONE), (PHONE,))
    real, fake = pseudonymise(people, client, epoch), pseudonymise(people, FakeCustodian(k), epoch)
    pd.testing.assert_frame_equal(real.persons, fake.persons)
    with pytest.raises(WrongCustodianKey):
        pseudonymise(people, client, EPOCH)


def test_buckets_hide_the_count_and_waste_at_most_a_quarter() -> None:
    sizes = [bucket(n) for n in range(1, 4097)]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 25
    assert max(sizes) == 4096
    assert all(n <= size and (n <= 64 or size < 1.25 * n) for n, size in enumerate(sizes, 1))


def test_elements_are_kept_across_runs(tmp_path: Path) -> None:
    path, public = tmp_path / "elements", EPOCH.public_key
    store = ElementStore(path, b"secret", public)
    pseudonymise(minimised((MAIL,), (PHONE,)), FakeCustodian(), EPOCH, store)
    again = ElementStore(path, b"secret", public)
    custodian = FakeCustodian()
    done = pseudonymise(minimised((MAIL, PHONE)), custodian, EPOCH, again)
    assert custodian.sessions == []
    assert list(done.persons["tokens"]) == [f"{expected(MAIL)} {expected(PHONE)}"]
    assert b"dupont" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_another_epoch_or_secret_starts_afresh(tmp_path: Path) -> None:
    path = tmp_path / "elements"
    other = ristretto.multiply_base(ristretto.random_scalar())
    for secret, public in (
        (b"secret", EPOCH.public_key),
        (b"other", EPOCH.public_key),
        (b"other", other),
    ):
        store = ElementStore(path, secret, public)
        assert len(store) == 0
        store[b"x"] = bytes.fromhex(expected(MAIL)[6:])
        assert len(ElementStore(path, secret, public)) == 1


def test_a_torn_tail_is_dropped_and_the_rest_stays(tmp_path: Path) -> None:
    path, public = tmp_path / "elements", EPOCH.public_key
    ElementStore(path, b"s", public).update({b"a": b"A" * 32, b"b": b"B" * 32})
    path.write_bytes(path.read_bytes()[:-5])
    torn = ElementStore(path, b"s", public)
    assert b"a" in torn
    assert b"b" not in torn
    torn[b"c"] = b"C" * 32
    whole = ElementStore(path, b"s", public)
    assert (whole[b"a"], whole[b"c"], len(list(whole))) == (b"A" * 32, b"C" * 32, 2)


def test_one_identifier_can_be_forgotten(tmp_path: Path) -> None:
    path, public = tmp_path / "elements", EPOCH.public_key
    store = ElementStore(path, b"s", public)
    store.update({b"a": b"A" * 32, b"b": b"B" * 32})
    del store[b"a"]
    assert b"A" * 32 not in path.read_bytes()
    assert list(ElementStore(path, b"s", public)) == list(store)
    assert 3 not in store
