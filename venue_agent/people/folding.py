"""Folds whole columns of names and addresses; they never leave."""

import pandas as pd

from venue_agent.people.names import fold
from venue_agent.texts import distinct, each


def fold_all(texts: pd.Series) -> pd.Series:
    """Return ``fold`` of each text, computed once per distinct text."""
    return each(texts, {text: fold(text) for text in distinct(texts)})


def pair(first: pd.Series, last: pd.Series) -> pd.Series:
    """Return both folded names in one order, so that exchanged names are the same person."""
    lower, upper = first.where(first < last, last), last.where(first < last, first)
    return (lower + " " + upper).where((first != "") | (last != ""), "")
