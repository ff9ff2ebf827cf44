"""Reads the cells of consent columns: yes, no, or nothing said, and when."""

import numpy as np
import pandas as pd

from venue_agent.errors import UnreadableAnswer, UnreadableDate
from venue_agent.settings.mapping import ConsentRule, Values
from venue_agent.sources.dates import parse
from venue_agent.sources.tables import same_words
from venue_agent.words import _

TOLERATED = 0.01  # share of cells that may be unreadable before the mapping itself is suspect
SILENT, NO, YES = -1, 0, 1


def read_answers(
    frame: pd.DataFrame, rule: ConsentRule, values: Values, booked: pd.Series | None
) -> pd.DataFrame:
    """Return ``record, yes, at`` for each answer to *rule* in *frame* (which has ``record``).

    A word that is neither yes nor no counts as no; ``at`` is NaT where no date can be read.

    Raises:
        UnreadableAnswer: more than 1 % of the answers are unknown words.
        UnreadableDate: more than 1 % of the answers' dates cannot be read.
    """
    said = _said(frame[rule.column], rule, values) if rule.column else _all(frame, rule)
    at = _dated(frame, rule, booked)
    answers = pd.DataFrame(
        {"record": frame["record"].to_numpy(), "yes": said == YES, "at": at.to_numpy()}
    )
    answers["at"] = answers["at"].astype("datetime64[s]")
    heard = (said != SILENT) & (answers["record"] >= 0).to_numpy()
    kept: pd.DataFrame = answers.loc[heard].drop_duplicates(ignore_index=True)
    return kept.assign(yes=~kept["yes"]) if rule.inverse else kept


def answer_columns(rule: ConsentRule) -> tuple[str, ...]:
    """Return the columns that *rule* reads."""
    dated = () if rule.dated_by in ("", "booked") else (rule.dated_by,)
    return (*([rule.column] if rule.column else ()), *dated)


def _all(frame: pd.DataFrame, rule: ConsentRule) -> np.ndarray:
    return np.full(len(frame), YES if rule.says == "yes" else NO, dtype="int8")


def _said(cells: pd.Series, rule: ConsentRule, values: Values) -> np.ndarray:
    meanings = [_meaning(word, values) for word in cells.cat.categories]
    counts = cells.cat.codes.value_counts().reindex(range(len(meanings)), fill_value=0).to_numpy()
    spoken = sum(int(n) for n, m in zip(counts, meanings, strict=True) if m != SILENT)
    unknown = sum(int(n) for n, m in zip(counts, meanings, strict=True) if m is None)
    if unknown > max(TOLERATED * spoken, 0):
        raise UnreadableAnswer(
            _(
                "The consent column « {column} » holds words that are neither yes nor no in "
                "more than 1 % of its answers. Add them to [values] yes or no in the mapping."
            ).format(column=rule.column)
        )
    blank = NO if _blank_is_no(meanings, rule) else SILENT
    table = [NO if m is None else blank if m == SILENT else m for m in meanings]
    return np.array([*table, SILENT], dtype="int8")[cells.cat.codes.to_numpy()]


def _meaning(word: str, values: Values) -> int | None:
    plain = same_words(word)
    if not plain:
        return SILENT
    if plain in values.yes:
        return YES
    return NO if plain in values.no else None


def _blank_is_no(meanings: list[int | None], rule: ConsentRule) -> bool:
    """A box that is only ever ticked says no by staying empty."""
    if rule.blank == "auto":
        return YES in meanings and NO not in meanings and None not in meanings
    return rule.blank == "no"


def _dated(frame: pd.DataFrame, rule: ConsentRule, booked: pd.Series | None) -> pd.Series:
    if rule.dated_by == "booked" and booked is not None:
        return booked
    if rule.dated_by in ("", "booked"):
        return pd.Series(pd.NaT, index=frame.index, dtype="datetime64[s]")
    texts = frame[rule.dated_by]
    at = parse(texts, rule.date_formats)
    refuse_unreadable(texts, at, rule.dated_by)
    return at


def refuse_unreadable(texts: pd.Series, read: pd.Series, column: str) -> None:
    """Raise UnreadableDate when more than 1 % of the cells that are filled were not read."""
    filled = texts.astype("str").str.strip() != ""
    unread = int((filled & read.isna()).sum())
    if unread > TOLERATED * int(filled.sum()):
        raise UnreadableDate(
            _(
                "The column « {column} »: {unread} of {filled} dates do not follow the formats of "
                "the mapping. Add the right format (for example %d/%m/%Y)."
            ).format(column=column, unread=unread, filled=int(filled.sum()))
        )
