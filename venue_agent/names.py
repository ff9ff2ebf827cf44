"""Folds names and addresses so that two ways of writing one compare equal; they never leave."""

import re
import unicodedata

import pandas as pd

NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Return *text* without accents, case or punctuation: « N'Diaye » and « NDIAYE » are one."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return NOT_PLAIN.sub("", plain.lower())


def fold_all(texts: pd.Series) -> pd.Series:
    """Return ``fold`` of each text, computed once per distinct text."""
    return each(texts, {text: fold(text) for text in texts.unique()})


def each(texts: pd.Series, table: dict[str, str]) -> pd.Series:
    """Return what *table* says of each text, as text."""
    return texts.map(table).astype("str")


def pair(first: pd.Series, last: pd.Series) -> pd.Series:
    """Return both folded names in one order, so that exchanged names are the same person."""
    lower, upper = first.where(first < last, last), last.where(first < last, first)
    return (lower + " " + upper).where((first != "") | (last != ""), "")
