"""Reads a venue's exports as they are: typed, under canonical names, with nothing interpreted."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from contracts.clock import Clock
from venue_agent.config import SourceConfig
from venue_agent.consents.answers import answer_columns, read_answers, refuse_unreadable
from venue_agent.errors import SourceMissing, StaleConsent
from venue_agent.frames import Raw, Tally
from venue_agent.hearing import Heard, unheard
from venue_agent.settings.headers import ORIGINS, speaks_of
from venue_agent.settings.mapping import RECORD_FIELDS, ConsentFile, Mapping, Values
from venue_agent.settings.outside import refuse_bought
from venue_agent.sources import dates
from venue_agent.sources.checks import check_content, check_order
from venue_agent.sources.tables import Table, find_tables, open_table, same_words
from venue_agent.sources.tidy import NOTES
from venue_agent.words import _

IDENTITY: Final = ("last_name", "first_name", "email", "phone", "customer")
CONTACT: Final = ("email", "phone", "customer")
STALE_SECONDS: Final = 24 * 3600
CENTS: Final = 100
REFUND: Final = -2
MAX_PRICE: Final = 1e6  # above, it is no price
NO_CONTACT: Final = {
    "record": np.empty(0, dtype="int64"),
    "at": np.empty(0, dtype="datetime64[s]"),
}
ANSWERS: Final = {"record": "int64", "yes": "bool", "at": "datetime64[s]", "rule": "int64"}


@dataclass(frozen=True)
class _Export:
    """One table: its ticket lines, its records (numbered from 0), answers, contacts, what went unread."""

    tickets: pd.DataFrame
    records: pd.DataFrame
    answers: pd.DataFrame
    contacts: pd.DataFrame
    notes: dict[str, int]


def read(source: SourceConfig, clock: Clock, heard: Heard = unheard) -> Raw:
    """Return what the venue's files say today; *heard* hears of the rows of each ticket export.

    Raises:
        AgentError: one class and one exit code per defect (see ``venue_agent.errors``).
    """
    mapping = source.mapping
    now = clock.now().timestamp()
    tables = find_tables(source.folder, mapping.tickets, now)
    exports = [_read_export(table, mapping, heard) for table in tables]
    contacts = [
        _read_contacts(table, file, mapping)
        for file in mapping.consent_files
        for table in find_tables(source.folder, file, now)
        if _is_ours(table, tables)
    ]
    whole = _stack([*exports, *contacts])
    tickets, tally = _usable(whole.tickets, mapping.values)
    for what, lines in whole.notes.items():
        tally = tally.note(what, lines)
    return Raw(
        tickets=tickets,
        records=whole.records,
        answers=whole.answers,
        contacts=whole.contacts,
        oppositions=_read_oppositions(source, now),
        tally=tally,
        read_at=clock.now(),
    )


def _read_export(table: Table, mapping: Mapping, heard: Heard) -> _Export:
    columns = mapping.columns
    wanted = [c for name in columns.values() for c in ([name] if isinstance(name, str) else name)]
    wanted += [c for rule in mapping.consent for c in answer_columns(rule)]
    cells = open_table(table, mapping.tickets, wanted, heard)
    check_content(cells, {f: c for f, c in columns.items() if isinstance(c, str)})
    notes = cells.attrs[NOTES]
    booked = _moment(cells, mapping, "booked", mapping.booked_formats)
    event_at = _moment(cells, mapping, "event_date", mapping.event_formats)
    check_order(booked, event_at)
    identity = {f: c for f, c in columns.items() if f in RECORD_FIELDS and isinstance(c, str)}
    cells["record"], records = _distinct(cells, identity)
    tickets = pd.DataFrame({f: _text(cells, mapping, f) for f in _TEXTS} | {"record": cells.record})
    tickets = tickets.assign(booked=booked, event_at=event_at, price_cents=_cents(cells, mapping))
    tickets["satisfaction"] = _satisfaction(_text(cells, mapping, "satisfaction"))
    answers = [
        read_answers(cells, rule, mapping.values, booked).assign(rule=number)
        for number, rule in enumerate(mapping.consent)
    ]
    return _Export(tickets, records, _answers(answers), pd.DataFrame(NO_CONTACT), notes)


_TEXTS: Final = ("ticket", "order", "title", "event_key", "channel", "product", "status")


def _read_contacts(table: Table, file: ConsentFile, mapping: Mapping) -> _Export:
    wanted = [*file.columns.values(), *(c for rule in file.consent for c in answer_columns(rule))]
    cells = open_table(table, file, [*wanted, *file.active])
    notes = cells.attrs[NOTES]
    check_content(cells, file.columns)
    cells["record"], records = _distinct(cells, file.columns)
    answers = [
        read_answers(cells, rule, mapping.values, None).assign(rule=mapping.rules.index(rule))
        for rule in file.consent
    ]
    bought = cells["record"].to_numpy()[_from_elsewhere(cells, file)]
    said = _answers(answers)
    void = said["yes"] & said["record"].isin(bought)  # a no is a no, wherever its list comes from
    notes |= {"bought_contacts": len(np.unique(bought[bought >= 0]))}
    return _Export(pd.DataFrame(), records, said[~void], _contacts(cells, file), notes)


def _from_elsewhere(cells: pd.DataFrame, file: ConsentFile) -> np.ndarray:
    """Return the rows whose contact was bought, rented or exchanged, by what the tool says of her origin."""
    if "origin" not in file.columns:
        return np.zeros(len(cells), dtype=bool)
    origin = cells[file.columns["origin"]]
    table = [speaks_of(text, ORIGINS) for text in origin.cat.categories]
    return np.array([*table, False])[origin.cat.codes.to_numpy()]


def _contacts(cells: pd.DataFrame, file: ConsentFile) -> pd.DataFrame:
    """Return ``record, at`` of what the contacts did."""
    acts = []
    for column in file.active:
        at = dates.parse(cells[column], file.active_formats)
        refuse_unreadable(cells[column], at, column)
        acts.append(pd.DataFrame({"record": cells["record"], "at": at})[at.notna()])
    return pd.concat(acts, ignore_index=True) if acts else pd.DataFrame(NO_CONTACT)


def _read_oppositions(source: SourceConfig, now: float) -> pd.DataFrame:
    lists = [pd.DataFrame(columns=list(CONTACT), dtype="str")]
    for opposition in source.mapping.oppositions:
        try:
            tables = find_tables(source.folder, opposition, now)
        except SourceMissing:
            continue  # a venue where nobody objected has no list
        for table in tables:
            cells = open_table(table, opposition, opposition.columns.values())
            named = {f: cells[c].astype("str") for f, c in opposition.columns.items()}
            lists.append(pd.DataFrame(named).reindex(columns=list(CONTACT), fill_value=""))
    return pd.concat(lists, ignore_index=True).astype("str")


def _is_ours(table: Table, exports: tuple[Table, ...]) -> bool:
    """Tell that a file of answers is the house's own and as new as its tickets.

    Raises:
        StaleConsent, BoughtFile: it is not.
    """
    newest = max(export.written for export in exports)
    if table.written < newest - STALE_SECONDS:
        raise StaleConsent(
            _(
                "{file} is more than 24 h older than the ticket export: people may have "
                "changed their mind since. Export both again."
            ).format(file=table.name)
        )
    refuse_bought(table.name)
    return True


def _stack(exports: list[_Export]) -> _Export:
    """Number the records of several files in one series."""
    start = 0
    tickets: list[pd.DataFrame] = []
    answers: list[pd.DataFrame] = []
    contacts: list[pd.DataFrame] = [pd.DataFrame(NO_CONTACT)]
    notes: Counter[str] = Counter()
    for export in exports:
        notes.update(export.notes)
        frames = (export.tickets, export.answers, export.contacts)
        for frame, into in zip(frames, (tickets, answers, contacts), strict=True):
            if len(frame):
                shifted = frame["record"].where(frame["record"] < 0, frame["record"] + start)
                into.append(frame.assign(record=shifted))
        start += len(export.records)
    records = pd.concat([e.records for e in exports], ignore_index=True)
    acts = pd.concat(contacts, ignore_index=True)
    return _Export(_join(tickets), records, _answers(answers), acts, dict(notes))


def _join(frames: list[pd.DataFrame]) -> pd.DataFrame:
    if len(frames) == 1:
        return frames[0]
    texts = {name: union_categoricals([frame[name] for frame in frames]) for name in _TEXTS}
    others = [frame.drop(columns=list(_TEXTS)) for frame in frames]
    return pd.concat(others, ignore_index=True).assign(**texts)


def _answers(frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in ANSWERS.items()})
    return pd.concat(filled, ignore_index=True)


def _distinct(cells: pd.DataFrame, columns: dict[str, str]) -> tuple[pd.Series, pd.DataFrame]:
    """Return each line's record number (-1: nobody named) and the distinct records as text."""
    key = np.zeros(len(cells), dtype="int64")
    for column in columns.values():
        codes = cells[column].cat.codes.to_numpy(dtype="int64")
        key, _ = pd.factorize(key * (len(cells[column].cat.categories) + 1) + codes)
    _, first, numbers = np.unique(key, return_index=True, return_inverse=True)
    records = pd.DataFrame(
        {f: cells[c].iloc[first].astype("str").to_numpy() for f, c in columns.items()}
    ).reindex(columns=list(RECORD_FIELDS), fill_value="")
    records = records.astype("str")
    named = np.zeros(len(records), dtype=bool)
    for field in IDENTITY:
        named |= (records[field].str.strip() != "").to_numpy()
    return pd.Series(np.where(named[numbers], numbers, -1), index=cells.index), records


def _text(cells: pd.DataFrame, mapping: Mapping, field: str) -> pd.Series:
    column = mapping.columns.get(field)
    if isinstance(column, str):
        return cells[column]
    return pd.Series("", index=cells.index, dtype="str").astype("category")


def _moment(
    cells: pd.DataFrame, mapping: Mapping, field: str, formats: tuple[str, ...]
) -> pd.Series:
    column = mapping.columns.get(field)
    if column is None:
        return pd.Series(pd.NaT, index=cells.index, dtype="datetime64[s]")
    day, *time = [column] if isinstance(column, str) else column
    at = dates.parse(cells[day], formats)
    refuse_unreadable(cells[day], at, day)
    return dates.with_time(at, cells[time[0]]) if time else at


def _cents(cells: pd.DataFrame, mapping: Mapping) -> pd.Series:
    texts = _text(cells, mapping, "price")
    uniques = pd.Series(texts.cat.categories, dtype="str")
    plain = uniques.str.replace(r"[\s€]|EUR", "", regex=True).str.replace(",", ".")
    numbers = pd.to_numeric(plain, errors="coerce").to_numpy(dtype="float64")
    cents = np.where(np.abs(numbers) < MAX_PRICE, numbers, np.nan) * CENTS
    table = np.append(np.where(np.isnan(cents), -1, np.rint(np.nan_to_num(cents))), -1)
    table[:-1] = np.where(np.nan_to_num(cents) < 0, REFUND, table[:-1])
    return pd.Series(table[texts.cat.codes.to_numpy()].astype("int32"), index=cells.index)


def _satisfaction(texts: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(pd.Series(texts.cat.categories), errors="coerce")
    known = numbers.where(numbers.between(0, 10)).fillna(-1).round()
    table = np.append(known.to_numpy(dtype="float64"), -1)
    return pd.Series(table[texts.cat.codes.to_numpy()].astype("int8"), index=texts.index)


def _usable(tickets: pd.DataFrame, words: Values) -> tuple[pd.DataFrame, Tally]:
    """Return the ticket lines that stand for a seat, and the tally of the others."""
    tally = Tally(len(tickets), {}, {})
    status = tickets["status"].cat.codes
    said = [same_words(word) for word in tickets["status"].cat.categories]
    kept = {same_words(word) for word in words.keep_status}
    dropped = {same_words(word) for word in words.drop_status}
    refunds = tickets.loc[tickets["price_cents"] == REFUND, "ticket"]
    void = [
        place for place, word in enumerate(said) if word in dropped or (kept and word not in kept)
    ]
    numbered = tickets["ticket"] != ""
    reasons = {
        "not_valid": status.isin(void),
        "refunded": tickets["ticket"].isin(refunds) & numbered,
        "unreadable_date": tickets["event_at"].isna(),
        "duplicate_line": tickets.duplicated("ticket", keep="last") & numbered,
    }
    out = pd.Series(data=False, index=tickets.index)
    for reason, lines in reasons.items():
        tally = tally.drop(reason, int((lines & ~out).sum()))
        out |= lines
    return tickets[~out].drop(columns="status").reset_index(drop=True), tally
