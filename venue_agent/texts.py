"""Columns of text at the speed of numbers: each distinct word is looked at, and made text, once."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def listed(texts: pd.Series) -> list[str]:
    """Return the column as a list at once: its array would make each text a Python object by itself."""
    found: list[str] = np.asarray(texts, dtype=object).tolist()
    return found


def distinct(texts: pd.Series) -> list[str]:
    """Return the distinct texts, in the order of their first line."""
    found: list[str] = np.asarray(texts.unique(), dtype=object).tolist()
    return found


def each(texts: pd.Series, table: Mapping[str, str]) -> pd.Series:
    """Return what *table* says of each text.

    Raises:
        KeyError: it says nothing of one.
    """
    codes, words = pd.factorize(texts)
    found = [table[word] for word in np.asarray(words, dtype=object)]
    return taken(found, codes, texts.index)


def taken(words: Sequence[str], places: NDArray[np.integer], index: pd.Index) -> pd.Series:
    """Return ``words[place]`` for each place, as text under *index*."""
    return pd.Series(pd.array(list(words), dtype="str").take(places), index=index)
