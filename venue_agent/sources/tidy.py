"""Undoes what spreadsheets and printers add to an export; what cannot be undone is left as it is."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

FORMULA: Final = re.compile(r'="(.*)"', re.DOTALL)
APOSTROPHE: Final = re.compile(r"'(?=\+?\d)")
WHOLE: Final = re.compile(r"(\d{4,})\.0+")
ROUNDED: Final = r"\s*\d(?:[.,]\d+)?E\+\d{1,3}\s*"
POWER: Final = re.compile(r"(\d)(?:[.,](\d+))?E\+?(\d{1,2})", re.IGNORECASE)
# One of the four above may be in it; looked for in all the texts at once.
MARKED: Final = r"^=\"|^'[+\d]|^\d{4,}\.0+$|^\d(?:[.,]\d+)?[eE]\+?\d{1,2}$"
FOOTER: Final = re.compile(
    r"(?:(?:sous-)?tota(?:l|ux)|nombre|nb|[ée]dit(?:ée?|ion)?|imprimée?|export(?:ée?)?|générée?)\b"
    r"|page \d|fin d[eu]\b|[-=*_]{3,}",
    re.IGNORECASE,
)
FOOTER_LINES: Final = 12
FOOTER_SHARE: Final = 0.25  # of the cells that are filled
NOTES: Final = "notes"


def tidy(cells: pd.DataFrame, header: Sequence[str]) -> pd.DataFrame:
    """Return categorical text without blank lines, repeated headers, footer or spreadsheet marks.

    ``header``: the first line as written, one text per column of *cells*. ``attrs["notes"]`` of
    what is returned counts the lines that went: they were no line of data.
    """
    blank = _all_are(cells, [""] * len(header))
    repeated = _all_are(cells, header) & ~blank
    footer = _footer(cells, blank)
    out = blank | repeated | footer
    kept = cells[~out].reset_index(drop=True) if out.any() else cells
    kept = pd.DataFrame({name: _clean(kept[name]) for name in kept.columns})
    kept.attrs[NOTES] = notes_of(
        {"blank_line": blank, "repeated_header": repeated, "footer_line": footer}
    )
    return kept


def notes_of(lines: Mapping[str, np.ndarray]) -> dict[str, int]:
    """Return how many lines each mask marks, where it marks any."""
    return {what: int(mask.sum()) for what, mask in lines.items() if mask.any()}


def clean(text: str) -> str:
    """Return a cell without the marks by which a spreadsheet says that it is text or a number.

    ``="01000"`` and ``'01000`` are ``01000``; ``69003.0`` is ``69003``; ``6,12345678E+08`` is
    ``612345678``. A power of ten that lost digits (``6,12E+08``) stays: it names nobody any more.
    """
    if text[:1] == "=" and (formula := FORMULA.fullmatch(text)):
        return formula[1]
    if text[:1] == "'" and APOSTROPHE.match(text):
        return text[1:]
    if text[-1:] == "0" and (whole := WHOLE.fullmatch(text)):
        return whole[1]
    power = POWER.fullmatch(text) if "E" in text or "e" in text else None
    if power and len(power[2] or "") == int(power[3]):
        return power[1] + (power[2] or "")
    return text


def has_rounded(column: pd.Series) -> bool:
    """Return whether a number in *column* was rounded by a spreadsheet: its last digits are lost."""
    texts = column.cat.categories
    suspect = texts[texts.str.contains("E+", regex=False)]
    return bool(len(suspect)) and bool(suspect.str.fullmatch(ROUNDED).any())


def _all_are(cells: pd.DataFrame, texts: Sequence[str]) -> np.ndarray:
    """Return which rows say exactly *texts*."""
    rows = np.ones(len(cells), dtype=bool)
    for place, text in enumerate(texts):
        column = cells.iloc[:, place].cat
        same = np.flatnonzero(column.categories.str.strip() == text.strip())
        rows &= np.isin(column.codes.to_numpy(), same)
        if not rows.any():
            break
    return rows


def _footer(cells: pd.DataFrame, blank: np.ndarray) -> np.ndarray:
    """Return which of the last rows are a total or a printer's mention: few cells, such words."""
    rows = np.zeros(len(cells), dtype=bool)
    for place in range(len(cells) - 1, max(-1, len(cells) - 1 - FOOTER_LINES), -1):
        filled = [text for text in cells.iloc[place] if text.strip()]
        few = len(filled) <= max(1, FOOTER_SHARE * cells.shape[1])
        said = any(FOOTER.match(text.strip()) for text in filled) and "@" not in "".join(filled)
        if filled and not (few and said):
            break
        rows[place] = not blank[place]
    return rows


def _clean(column: pd.Series) -> pd.Series:
    if not column.cat.categories.str.contains(MARKED).any():
        return column
    after = [clean(text) for text in column.cat.categories]
    names = {text: number for number, text in enumerate(dict.fromkeys(after))}
    # The new codes go through the table of the old ones: rows are not looked at as text.
    codes = np.array([names[text] for text in after])[column.cat.codes.to_numpy()]
    kinds = pd.CategoricalDtype(pd.Index(list(names), dtype=column.cat.categories.dtype))
    return pd.Series(pd.Categorical.from_codes(codes, dtype=kinds), index=column.index)
