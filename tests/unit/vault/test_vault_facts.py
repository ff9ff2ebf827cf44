"""Facts rest encrypted, bound to their place, and a killed writer's leftovers go."""

import shutil
from pathlib import Path

import pyarrow as pa
import pytest

from hub.errors import StateConflict
from hub.vault.facts import FactStore, PartRef, Place
from hub.vault.keys import new_keys

TABLE = pa.table({"contribution_key": [1, 2, 3], "event_id": ["canari-un", "canari-deux", ""]})
PLACE = Place("visits", "musee", "2025-10")
KEYS = new_keys()


@pytest.fixture
def facts(tmp_path: Path) -> FactStore:
    return FactStore(tmp_path, KEYS)


def test_what_was_written_is_read(facts: FactStore) -> None:
    ref = facts.write(PLACE, TABLE)
    assert facts.read(ref).equals(TABLE)
    assert facts.read(ref, ["event_id"]).column_names == ["event_id"]
    assert facts.path(ref).parent.name == "venue=musee"
    assert facts.path(ref).stat().st_mode & 0o077 == 0


def test_no_value_and_no_column_name_is_readable_in_the_file(facts: FactStore) -> None:
    data = facts.path(facts.write(PLACE, TABLE)).read_bytes()
    for word in (b"canari", b"event_id", b"contribution_key"):
        assert word not in data


def test_the_same_rows_written_twice_are_two_files(facts: FactStore) -> None:
    one, two = facts.write(PLACE, TABLE), facts.write(PLACE, TABLE)
    assert facts.path(one) != facts.path(two)


def test_another_key_place_or_salt_does_not_open_it(facts: FactStore, tmp_path: Path) -> None:
    ref = facts.write(PLACE, TABLE)
    wrong = [
        (FactStore(tmp_path, new_keys()), ref),
        (facts, PartRef(PLACE, ref.sha256, bytes(32))),
    ]
    for store, asked in wrong:
        with pytest.raises(StateConflict):
            store.read(asked)


def test_a_file_moved_to_another_month_does_not_open(facts: FactStore) -> None:
    ref = facts.write(PLACE, TABLE)
    moved = PartRef(Place("visits", "musee", "2025-11"), ref.sha256, ref.salt)
    assert facts.path(moved) == facts.path(ref)
    with pytest.raises(StateConflict):
        facts.read(moved)


def test_a_file_put_under_another_files_name_does_not_open(facts: FactStore) -> None:
    one, two = facts.write(PLACE, TABLE), facts.write(PLACE, TABLE.slice(1))
    shutil.copy(facts.path(one), facts.path(two))
    with pytest.raises(StateConflict):
        facts.read(two)


@pytest.mark.parametrize("where", [0.1, 0.5, 0.9])
def test_a_flipped_bit_is_noticed(facts: FactStore, where: float) -> None:
    ref = facts.write(PLACE, pa.table({"n": list(range(5000))}))
    data = bytearray(facts.path(ref).read_bytes())
    data[int(len(data) * where)] ^= 1
    facts.path(ref).write_bytes(data)
    with pytest.raises(StateConflict):
        facts.read(ref)


def test_a_missing_file_says_what_to_do(facts: FactStore) -> None:
    ref = facts.write(PLACE, TABLE)
    facts.delete([ref])
    facts.delete([ref])  # again is harmless
    with pytest.raises(StateConflict, match="ask the venue to send again"):
        facts.read(ref)


def test_sweeping_keeps_what_is_named_and_nothing_else(facts: FactStore, tmp_path: Path) -> None:
    kept, stray = facts.write(PLACE, TABLE), facts.write(PLACE, TABLE)
    half = tmp_path / "venue=musee" / "0123.new"
    half.write_bytes(b"half")
    log = tmp_path / "tombstones.log"
    log.write_text("")
    assert facts.sweep([kept]) == 2
    assert facts.path(kept).exists()
    assert log.exists()
    assert not half.exists()
    assert not facts.path(stray).exists()


def test_an_empty_table_can_rest(facts: FactStore) -> None:
    assert facts.read(facts.write(PLACE, TABLE.slice(0, 0))).num_rows == 0
