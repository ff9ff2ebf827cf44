"""The quick reader reads what the forgiving one reads, and gives up where it would have to forgive."""

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venue_agent.sources import quick
from venue_agent.sources.quick import Uneven, columns_of, even_pieces, gathered
from venue_agent.sources.text import open_text

CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n;",  é€'), max_size=8)  # fmt: skip


def read(text: str, places: Sequence[int] | None = None, *, fast: bool) -> list[list[str]]:
    opened = open_text("file.csv", io.StringIO(text, newline=""), ";", lambda _c: True, quick=fast)
    pieces = [columns_of(piece) for piece in opened.pieces(places)]
    return gathered(pieces).astype("str").to_numpy().tolist() if pieces else []


def written(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    return out.getvalue()


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_both_readers_read_the_same(rows: list[tuple[str, str, str]]) -> None:
    text = written([("a", "b", "c"), *rows])
    assert read(text, fast=True) == read(text, fast=False)


def test_only_the_columns_that_are_asked_for_in_their_order() -> None:
    text = written([("a", "b", "c"), ("1", "2", "3"), ("01000", "", "é")])
    for fast in (True, False):
        assert read(text, [2, 0], fast=fast) == [["3", "1"], ["é", "01000"]]


@pytest.mark.parametrize("bad", ["1;2\r\n", "1;2;3;4\r\n", '1;"2;3\r\n'])
def test_it_gives_up_at_a_row_of_other_columns(bad: str) -> None:
    with pytest.raises(Uneven):
        read("a;b;c\r\n1;2;3\r\n" + bad, fast=True)


def test_a_header_alone_has_no_pieces() -> None:
    assert read("a;b\r\n", fast=True) == []
    assert gathered([]).empty


def test_many_blocks_are_one_table_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "BLOCK_BYTES", 64)
    rows = [(str(n % 7), f"é{n}", '"') for n in range(60)]
    pieces = list(even_pieces(io.StringIO(written([("a", "b", "c"), *rows])), ";", 3, None))
    assert len(pieces) > 1
    whole = gathered([columns_of(piece) for piece in pieces])
    assert whole.astype("str").to_numpy().tolist() == [list(row) for row in rows]
    assert sorted(whole[0].cat.categories) == list("0123456")
    assert whole[0].cat.categories.dtype == "str"
