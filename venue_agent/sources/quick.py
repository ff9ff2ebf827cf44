"""Reads delimited text whose rows all have the header's columns, several times faster than anything that forgives.

It gives up at the first row that has not, or whose quote never ends: ``Uneven``. What such a file means, and
what to say of it, is for ``venue_agent.sources.text``.
"""

import io
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

import pandas as pd
import pyarrow as pa
from pyarrow import csv
from typing_extensions import Buffer

BLOCK_BYTES: Final = 16 << 20
WIDEST: Final = 4  # bytes of UTF-8 for one letter, at most
_TEXT: Final = pa.dictionary(pa.int32(), pa.string())


class Uneven(Exception):
    """A row does not have the header's columns; the table must be read again, slowly."""


class Readable(Protocol):
    """Text, as ``read`` gives it."""

    def read(self, size: int = ..., /) -> str:
        """Return at most *size* letters; "" at the end."""
        ...


class _Encoded(io.RawIOBase):
    """Text as UTF-8, for a parser that wants bytes."""

    def __init__(self, text: Readable) -> None:
        super().__init__()
        self.text, self.left = text, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer).cast("B")
        if not self.left:
            self.left = self.text.read(max(len(view) // WIDEST, 1)).encode("utf-8", "replace")
        given, self.left = self.left[: len(view)], self.left[len(view) :]
        view[: len(given)] = given
        return len(given)


def even_pieces(
    text: Readable, separator: str, columns: int, places: Sequence[int] | None
) -> Iterator[pa.RecordBatch]:
    """Yield the columns at *places* as words and their places, some ten thousands of rows at a time.

    Args:
        text: the table, its header first.
        separator: one character.
        columns: how many the header has.
        places: of the columns that are wanted, in the order in which they are given; None: all.

    Raises:
        Uneven: a row has more or fewer columns, or a quote never ends.
    """
    names = [str(place) for place in range(columns)]
    wanted = [names[place] for place in (range(columns) if places is None else places)]
    try:
        with csv.open_csv(
            io.BufferedReader(_Encoded(text), BLOCK_BYTES),
            csv.ReadOptions(
                use_threads=False,
                block_size=BLOCK_BYTES,
                column_names=names,
                skip_rows_after_names=1,
            ),
            csv.ParseOptions(delimiter=separator, newlines_in_values=True),
            csv.ConvertOptions(
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, _TEXT),
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        ) as reader:
            for batch in reader:
                if batch.num_rows:
                    yield batch
    except pa.ArrowInvalid:
        raise Uneven from None


def columns_of(piece: pd.DataFrame | pa.RecordBatch) -> list[pa.DictionaryArray]:
    """Return the columns of a piece of text, each as its distinct words and a place for each row."""
    if isinstance(piece, pa.RecordBatch):
        return list(piece.columns)
    return [
        pa.array(piece.iloc[:, at], pa.string()).dictionary_encode() for at in range(piece.shape[1])
    ]


def gathered(pieces: Sequence[list[pa.DictionaryArray]]) -> pd.DataFrame:
    """Return pieces of text as one frame of categories, under the words of all; each column is taken out of the pieces."""
    count = len(pieces[0]) if pieces else 0
    taken = {at: _one([piece.pop() for piece in pieces]) for at in reversed(range(count))}
    return pd.DataFrame({at: taken[at] for at in range(count)})


def _one(parts: Sequence[pa.DictionaryArray]) -> pd.Series:
    whole = pa.chunked_array(parts).unify_dictionaries().combine_chunks()
    kinds = pd.CategoricalDtype(pd.Index(whole.dictionary.to_pandas(), dtype="str"))
    return pd.Series(pd.Categorical.from_codes(whole.indices.to_numpy(), dtype=kinds))
