"""A season opens in the vault: carried, a person stays one and the forgotten stay forgotten; broken, nothing is left."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts import ristretto
from contracts.charter import Charter
from contracts.ristretto import from_uniform
from hub.errors import CarriageRefused, SeasonWaits, StateConflict
from hub.vault import carry, graves, index, season
from hub.vault.erase import lines_of
from hub.vault.rewrite import living
from hub.vault.snapshot import freeze
from hub.vault.vault import LOG
from hub.vault.view import Window
from tests.support import vault_world
from tests.support.vault_world import (
    LIMITS,
    SEASON_KEY,
    A,
    B,
    C,
    VaultWorld,
    batch_files,
    erasure,
    handle,
    person,
    visit,
)

NEW_KEY = (11).to_bytes(32, "little")
FULL = 160  # points in a request, 64 of which are checked
OLD, NEW = "2025-2026", "2026-2027"
KEYS = {OLD: ristretto.multiply_base(SEASON_KEY).hex(), NEW: ristretto.multiply_base(NEW_KEY).hex()}
DELTA = ristretto.to_scalar(11 * pow(7, -1, ristretto.ORDER))


class Custodian:
    """Multiplies by δ; remembers what it was shown."""

    def __init__(self, factor: bytes = DELTA) -> None:
        self.factor = factor
        self.seen: list[bytes] = []

    def carry(self, points: bytes) -> bytes:
        self.seen.append(points)
        return ristretto.multiply_many(self.factor, points)


class Turning(VaultWorld):
    """A vault whose network turns from one season to the next."""

    def charter(self, name: str = NEW, **changes: Any) -> Charter:
        held = self.net.charter.custodian.model_copy(update={"season_keys": KEYS})
        said = {"custodian": held, "pseudonym_season": name} | changes
        return self.net.charter.model_copy(update=said)

    def turn(self, name: str = NEW, **changes: Any) -> None:
        """The members sign that charter; from now on batches are made under it."""
        self.net = replace(self.net, charter=self.charter(name, **changes))

    def open(self, custodian: Custodian | None = None) -> season.Opening:
        return season.open_season(self.vault, self.net.charter, custodian or Custodian())

    def living(self) -> set[bytes]:
        with self.vault.database.reading() as connection:
            refs = index.parts(connection)
        return set(living(self.vault.facts, refs)["point"].to_pylist())

    def months(self, venue: str) -> set[str]:
        with self.vault.database.reading() as connection:
            return {ref.place.month for ref in index.parts(connection, [venue])}


@pytest.fixture(autouse=True)
def small_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carry, "MAX_POINTS", FULL)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Turning]:
    """Ann went to two venues, Bob to one, before the season turns."""
    made = vault_world.vault_world(f"sqlite:///{tmp_path / 'vault.sqlite'}", tmp_path / "facts")
    world = Turning(**made.__dict__)
    world.turn(OLD)
    world.send(batch_files([person("ann", "email:ann"), person("bob", "email:bob")],
                           [visit("ann"), visit("bob")]), venue=A)  # fmt: skip
    world.send(batch_files([person("ann at b", "email:ann", "phone:ann")], [visit("ann at b")]), venue=B)  # fmt: skip
    yield world
    world.vault.database.close()


def under_the_new_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is sent from now on be evaluated under the new season's key."""
    monkeypatch.setattr(vault_world, "SEASON_KEY", NEW_KEY)


def whole_list(world: Turning, venue: str, *erasures: dict[str, str], sequence: int = 2) -> str:
    files = batch_files([], [], erasures) if erasures else batch_files([], [])
    where = {"venue": venue, "month": "2020-01", "sequence": sequence}
    return world.send(files, **where, suppressions="whole").receipt.state


def pseudonyms(world: Turning, key: bytes, *identifiers: str) -> set[bytes]:
    """P = h·k·H(x), as only a test that holds both keys can make it."""
    points = (from_uniform(hashlib.sha512(text.encode()).digest()) for text in identifiers)
    return {ristretto.multiply(world.keys.scalar, ristretto.multiply(key, p)) for p in points}


def persons(world: Turning) -> dict[int, int]:
    """Who is whom over the whole vault: person number by venue and month's first row."""
    window = Window("all", dt.date(2025, 9, 1), dt.date(2027, 8, 31), tuple(sorted((A, B, C))))
    freeze(world.vault, window, LIMITS)
    with world.vault.database.reading() as connection:
        _, _, who = index.snapshots(connection)["all"]
    table = world.vault.facts.read(who)
    return dict(zip(table["contribution_key"].to_pylist(), table["person_key"].to_pylist(), strict=True))  # fmt: skip


def key_of(world: Turning, venue: str, name: str) -> int:
    return world.keys.contribution_key(venue, handle(name))


def test_carried_pseudonyms_are_those_of_the_new_key(world: Turning) -> None:
    world.turn()
    assert world.open() == season.Opening(NEW, OLD, carried=True)
    assert world.living() == pseudonyms(world, NEW_KEY, "email:ann", "email:bob", "phone:ann")
    assert world.open() == season.Opening(NEW, OLD, carried=True)  # again changes nothing


def test_a_person_stays_one_across_the_turn_when_the_charter_links_back(
    world: Turning, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.turn()
    world.open()
    under_the_new_key(monkeypatch)
    later = batch_files([person("ann at c", "phone:ann")], [visit("ann at c", "2026-10-07")])
    assert world.send(later, venue=C, month="2026-10").receipt.state == "accepted"
    who = persons(world)
    ann = {who[key_of(world, *at)] for at in ((A, "ann"), (B, "ann at b"), (C, "ann at c"))}
    assert len(ann) == 1
    assert who[key_of(world, A, "bob")] not in ann


def test_a_clean_break_leaves_nothing_to_link(
    world: Turning, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.turn(linkage_from=NEW)
    custodian = Custodian()
    assert world.open(custodian) == season.Opening(NEW, OLD, carried=False)
    assert custodian.seen == []  # not one point was shown
    assert (world.living(), world.months(A), world.on_disk()) == (set(), set(), [])
    under_the_new_key(monkeypatch)
    whole_list(world, A)
    old = batch_files([person("ann", "email:ann")], [visit("ann")])
    told = world.send(old, venue=A, sequence=3).receipt
    assert (told.state, told.problem) == (
        "refused",
        "season",
    )  # nor do old visits come back under the new key


def test_what_the_linkage_no_longer_reaches_is_dropped(world: Turning) -> None:
    older = batch_files([person("zoe", "email:zoe")], [visit("zoe", "2024-10-07")])
    world.send(older, venue=A, month="2024-10")
    assert world.months(A) == {"2024-10", "2025-10"}
    world.turn(linkage_from=OLD)
    world.open()
    assert world.months(A) == {"2025-10"}
    assert not world.living() & pseudonyms(world, NEW_KEY, "email:zoe")


@pytest.mark.parametrize("scope", ["network", "venue"])
def test_the_forgotten_stay_forgotten_under_the_new_key(
    world: Turning, monkeypatch: pytest.MonkeyPatch, scope: str
) -> None:
    """B's telephone for Ann is barred as well, though nobody but the vault ever linked it to her address."""
    world.send(batch_files([], [], [erasure(scope, "", "email:ann")]), venue=A, sequence=2)
    world.turn()
    world.open()
    under_the_new_key(monkeypatch)
    for venue in (A, B):
        whole_list(world, venue)
    again = batch_files([person("ann anew", "email:ann")], [visit("ann anew")])
    world.send(again, venue=A, sequence=9)
    phone = batch_files([person("ann anew", "phone:ann")], [visit("ann anew")])
    world.send(phone, venue=B, sequence=9)
    left = pseudonyms(world, NEW_KEY, "phone:ann") if scope == "venue" else set()
    assert world.living() == left


def test_they_do_even_when_an_old_backup_of_the_database_comes_back(world: Turning) -> None:
    """The log beside the facts holds the tombstones under the new key too."""
    world.send(batch_files([], [], [erasure("network", "", "email:ann")]), venue=A, sequence=2)
    before = len(lines_of(world.folder / LOG))
    world.turn()
    world.open()
    assert len(lines_of(world.folder / LOG)) == before + 2  # her address and her telephone


def test_a_venue_that_did_not_send_its_list_again_is_held(
    world: Turning, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.turn()
    world.open()
    under_the_new_key(monkeypatch)
    assert season.owing(world.vault, NEW) == [B, A]
    october = batch_files([person("bob", "email:bob")], [visit("bob")])
    told = world.send(october, venue=A, sequence=2).receipt
    assert (told.state, told.problem) == ("refused", "suppressions")
    some = batch_files([], [], [erasure("venue", "", "email:ann")])
    assert (
        world.send(some, venue=A, sequence=3).receipt.problem == "suppressions"
    )  # some are not all
    assert whole_list(world, A, erasure("venue", "", "email:ann"), sequence=4) == "accepted"
    assert season.owing(world.vault, NEW) == [B]
    assert world.send(october, venue=A, sequence=5).receipt.state == "accepted"


def test_a_venue_that_never_sent_anything_owes_nothing(
    world: Turning, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.turn()
    world.open()
    under_the_new_key(monkeypatch)
    new = batch_files([person("eve", "email:eve")], [visit("eve", "2026-10-07")])
    assert world.send(new, venue=C, month="2026-10").receipt.state == "accepted"


def test_a_batch_of_a_season_that_is_not_open_waits(world: Turning) -> None:
    world.turn()
    commit, parts = world.sealed(batch_files([], []), sequence=5)
    with pytest.raises(SeasonWaits, match="hub season open"):
        world.vault.receive(commit, lambda: parts, world.terms)


def test_one_of_a_season_that_is_over_is_refused(world: Turning) -> None:
    """It was acknowledged under the old charter, and opened after the turn: its pseudonyms would stand apart."""
    before = world.net
    world.turn()
    world.open()
    world.net = before
    told = world.send(batch_files([person("eve", "email:eve")], [visit("eve")]), venue=C).receipt
    assert (told.state, told.problem) == ("refused", "season")


@pytest.mark.parametrize("point", ["season.recorded", "season.committed"])
def test_killed_on_the_way_it_opens_once(world: Turning, point: str) -> None:
    class Killed(Exception):
        pass

    def kill(reached: str) -> None:
        if reached == point:
            raise Killed

    world.turn()
    healthy, world.vault = world.vault, replace(world.vault, reached=kill)
    with pytest.raises(Killed):
        world.open()
    world.vault = healthy
    world.vault.start()
    assert world.open() == season.Opening(NEW, OLD, carried=True)
    assert world.living() == pseudonyms(world, NEW_KEY, "email:ann", "email:bob", "phone:ann")
    assert len(world.on_disk()) == 6


@pytest.mark.parametrize("share", [1, 10])
def test_a_custodian_that_multiplies_by_something_else_is_found_out(
    world: Turning, share: int
) -> None:
    """For every point, or for one in ten: either way nothing changes."""

    class Wrong(Custodian):
        def carry(self, points: bytes) -> bytes:
            right, wrong = super().carry(points), ristretto.multiply_many(SEASON_KEY, points)
            return b"".join(
                (wrong if n % share == 0 else right)[n * 32 : n * 32 + 32] for n in range(FULL)
            )

    world.turn()
    with pytest.raises(CarriageRefused, match="charter names"):
        world.open(Wrong())
    assert season.standing(world.vault) == OLD
    assert world.living() == pseudonyms(world, SEASON_KEY, "email:ann", "email:bob", "phone:ann")


def test_one_that_answers_nonsense_is_too(world: Turning) -> None:
    class Mad(Custodian):
        def carry(self, points: bytes) -> bytes:
            return bytes(len(points))

    world.turn()
    with pytest.raises(CarriageRefused, match="valid point"):
        world.open(Mad())


def test_what_cannot_be_opened(world: Turning, tmp_path: Path) -> None:
    world.turn("2024-2025", custodian=world.net.charter.custodian)
    with pytest.raises(StateConflict, match="expected one before"):
        world.open()
    held = world.net.charter.custodian.model_copy(update={"season_keys": {NEW: KEYS[NEW]}})
    world.turn(NEW, custodian=held)
    with pytest.raises(StateConflict, match="does not name the key"):
        world.open()
    empty = vault_world.vault_world(f"sqlite:///{tmp_path / 'empty.sqlite'}", tmp_path / "empty")
    with pytest.raises(StateConflict, match="needs no opening"):
        season.open_season(empty.vault, world.charter(), Custodian())


def test_the_custodian_sees_no_pseudonym_and_always_as_many_points(world: Turning) -> None:
    world.turn()
    custodian = Custodian()
    world.open(custodian)
    (shown,) = custodian.seen
    points = {shown[at : at + 32] for at in range(0, len(shown), 32)}
    assert len(points) == FULL
    everything = ("email:ann", "email:bob", "phone:ann")
    known = {bytes.fromhex(key) for key in KEYS.values()}
    for key in (SEASON_KEY, NEW_KEY):
        known |= pseudonyms(world, key, *everything)
    assert not points & known


def test_what_tombstones_bar_is_sealed_in_the_database(world: Turning, tmp_path: Path) -> None:
    world.send(batch_files([], [], [erasure("network", "", "email:ann")]), venue=A, sequence=2)
    with world.vault.database.reading() as connection:
        assert {point for _, point in graves.barred(connection, world.keys)} == pseudonyms(
            world, SEASON_KEY, "email:ann", "phone:ann"
        )
    stored = (tmp_path / "vault.sqlite").read_bytes()
    for point in pseudonyms(world, SEASON_KEY, "email:ann", "phone:ann"):
        assert point not in stored
        assert point.hex().encode() not in stored
