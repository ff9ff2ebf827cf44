import sqlite3
from pathlib import Path

import pytest

from tests.support.agent_world import counted_tokens
from venue_agent.errors import StateDamaged
from venue_agent.people.handles import Handles

ZOE, UGO = ("email:zoe@mail.example", "phone:+33600000042"), ("email:ugo@mail.example",)


def book(folder: Path) -> Handles:
    return Handles(folder / "state.sqlite", "venue-a")


def test_a_handle_is_random_and_stays(tmp_path: Path) -> None:
    given = book(tmp_path).assign([ZOE, UGO])
    assert len(set(given)) == 2
    assert all(len(bytes.fromhex(handle)) == 16 for handle in given)
    assert book(tmp_path).assign([UGO, ZOE]) == given[::-1]
    assert book(tmp_path).assign([("phone:+33600000042", "email:new@mail.example")]) == given[:1]
    assert book(tmp_path).assign([("email:new@mail.example",)]) == given[:1]


def test_another_venue_gives_another_handle(tmp_path: Path) -> None:
    other = Handles(tmp_path / "b.sqlite", "venue-b")
    assert other.assign([ZOE]) != book(tmp_path).assign([ZOE])


def test_randomness_is_an_argument(tmp_path: Path) -> None:
    handles = Handles(tmp_path / "s.sqlite", "venue-a", counted_tokens())
    assert handles.assign([ZOE]) == [f"{2:032x}"]  # the first bytes are the salt's


def test_two_who_are_one_keep_the_oldest(tmp_path: Path) -> None:
    handles = book(tmp_path)
    first, second = handles.assign([ZOE, UGO])
    assert handles.assign([UGO + ZOE]) == [first]
    assert handles.withdrawn() == [second]
    assert handles.assign([UGO]) == [first]


def test_one_who_is_two_gives_the_second_a_new_one(tmp_path: Path) -> None:
    handles = book(tmp_path)
    [only] = handles.assign([ZOE])
    first, second = handles.assign([ZOE[:1], ZOE[1:]])
    assert first == only != second
    assert handles.withdrawn() == []


def test_what_is_withdrawn_is_never_given_again(tmp_path: Path) -> None:
    handles = book(tmp_path)
    [gone] = handles.assign([ZOE])
    handles.withdraw([ZOE[:1], ("email:unknown@mail.example",), ()])
    assert book(tmp_path).withdrawn() == [gone]
    assert handles.assign([ZOE]) != [gone]
    assert handles.withdrawn() == [gone]


def test_the_file_names_nobody_and_is_private(tmp_path: Path) -> None:
    book(tmp_path).assign([ZOE, UGO])
    path = tmp_path / "state.sqlite"
    content = path.read_bytes()
    assert b"zoe" not in content
    assert b"mail.example" not in content
    assert b"600000042" not in content
    assert path.stat().st_mode & 0o077 == 0


def test_a_failure_half_way_leaves_the_book_as_it_was(tmp_path: Path) -> None:
    handles = book(tmp_path)
    given = handles.assign([ZOE])

    def fail(size: int) -> bytes:
        raise OSError(size)

    with pytest.raises(OSError, match="16"):
        Handles(tmp_path / "state.sqlite", "venue-a", fail).assign([ZOE + UGO, ("email:x@y.fr",)])
    with sqlite3.connect(tmp_path / "state.sqlite") as session:
        assert session.execute("SELECT count(*) FROM known").fetchone() == (2,)
    assert handles.assign([ZOE]) == given


def test_another_venues_book_and_a_damaged_one_are_refused(tmp_path: Path) -> None:
    book(tmp_path)
    with pytest.raises(StateDamaged, match="another venue"):
        Handles(tmp_path / "state.sqlite", "venue-b")
    (tmp_path / "state.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(StateDamaged, match="cannot be used"):
        book(tmp_path)


def test_a_handle_that_was_retired_in_this_run_is_not_given_again(tmp_path: Path) -> None:
    """Two who were one, beside somebody who bears a key of the other: withdrawn is withdrawn."""
    handles = Handles(tmp_path / "state.sqlite", "venue-a")
    one, other = handles.assign([("a",), ("b", "c")])
    first, second = handles.assign([("a", "b"), ("c",)])
    assert first == one
    assert second not in {one, other}
    assert handles.withdrawn() == [other]
    assert handles.assign([("a", "b"), ("c",)]) == [first, second]
