"""Copies of pages: drawn once, within a bound of bytes, and nothing kept of what failed."""

import pytest

from hub.web.copies import Copies


def test_a_page_is_drawn_once() -> None:
    copies, drawn = Copies(), []
    first = copies.get(("a",), lambda: drawn.append(1) or "é")
    again = copies.get(("a",), lambda: drawn.append(2) or "other")
    assert (again.body, drawn) == ("é".encode(), [1])
    assert again.tag == first.tag
    assert copies.get(("b",), lambda: "è").tag != first.tag


def test_the_longest_unread_leave_when_bytes_run_out() -> None:
    copies, drawn = Copies(most=10), []

    def ask(name: str, length: int) -> None:
        copies.get((name,), lambda: drawn.append(name) or "x" * length)

    for name in ("a", "b", "a", "c", "a", "b"):  # c takes the place of b, which nobody read since
        ask(name, 5)
    assert drawn == ["a", "b", "c", "b"]
    ask("whole", 1000)  # one that is longer than all room is served and leaves with the next
    ask("d", 1)
    ask("whole", 1000)
    assert drawn[4:] == ["whole", "d", "whole"]


def test_nothing_is_kept_of_a_refusal() -> None:
    def refuse() -> str:
        raise LookupError

    copies = Copies()
    with pytest.raises(LookupError):
        copies.get(("a",), refuse)
    assert copies.get(("a",), lambda: "there").body == b"there"
