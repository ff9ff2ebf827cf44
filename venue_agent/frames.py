"""The types that flow from step to step; each is made by one step and asked for by the next."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pandas as pd

from venue_agent.people.known import Keys
from venue_agent.people.merge_report import MergeReport


@dataclass(frozen=True)
class Tally:
    """Where every ticket line went: read = kept + each reason; stays at the venue."""

    read: int
    dropped: Mapping[str, int]  # reason slug -> ticket lines
    notes: Mapping[str, int]  # what was seen on the way (identifiers dropped, records merged…)

    @property
    def kept(self) -> int:
        """Ticket lines that are still in."""
        return self.read - sum(self.dropped.values())

    def drop(self, reason: str, lines: int) -> "Tally":
        """Return the tally after *lines* ticket lines went out for *reason*."""
        if lines < 0 or lines > self.kept:
            raise ValueError(f"cannot drop {lines} lines of {self.kept} for {reason}")
        if not lines:
            return self
        return Tally(self.read, _plus(self.dropped, reason, lines), self.notes)

    def note(self, what: str, count: int) -> "Tally":
        """Return the tally with *count* more of *what* seen; nothing is dropped by it."""
        return Tally(self.read, self.dropped, _plus(self.notes, what, count)) if count else self


@dataclass(frozen=True)
class Raw:
    """What was read, typed and under canonical names, nothing interpreted. Made in ``read``.

    ``tickets``: one row per ticket line: ``ticket, order, title, event_key, channel, product``
    (text, categorical), ``booked, event_at`` (datetime64[s]), ``price_cents`` (-1 unknown),
    ``satisfaction`` (-1 unknown), ``record`` (row of ``records``, -1 when nobody is named).
    ``records``: one row per distinct customer record or newsletter contact, as written:
    ``mapping.RECORD_FIELDS``, "" where blank.
    ``answers``: ``record, rule`` (position in ``Mapping.rules``), ``yes, at`` (NaT undated).
    ``contacts``: ``record, at``: when whoever stands there last clicked, wrote or came.
    ``oppositions``: ``email, phone, customer`` as written, one row per entry.
    """

    tickets: pd.DataFrame
    records: pd.DataFrame
    answers: pd.DataFrame
    contacts: pd.DataFrame
    oppositions: pd.DataFrame
    tally: Tally
    read_at: dt.datetime


@dataclass(frozen=True)
class Normalised:
    """Ticket lines of named people, with a local ``person`` number. Made in ``normalise``.

    ``tickets``: as in Raw, ``person`` in the place of ``record``.
    ``persons``: index = person number; ``identifiers`` (tuple of (kind, normalised) that may be
    evaluated), ``keys`` (tuple, all local keys, for the handle), ``age`` (years, -1 unknown),
    ``postcode`` (five digits or ""), ``city`` (folded, of the same record, or ""), ``country``
    (ISO alpha-2 or ""), ``subscriber``, ``qpv``
    (yes/no/unknown), ``last_contact`` (datetime64[s] of her last act towards the house, or NaT).
    ``answers``: ``person, rule, yes, at``.
    ``opposed``: numbers of the persons that an opposition list names.
    ``groups``: numbers of the persons who buy for others, or stand behind such a contact.
    ``likenesses``: ``person, likeness, street (bool), postcode``: who may be whose double.
    ``merging``: how records became persons, in counts.
    """

    tickets: pd.DataFrame
    persons: pd.DataFrame
    answers: pd.DataFrame
    opposed: frozenset[int]
    groups: frozenset[int]
    likenesses: pd.DataFrame
    merging: MergeReport
    tally: Tally
    read_at: dt.datetime


@dataclass(frozen=True)
class Consented:
    """Only persons who said yes to at least one purpose, and their tickets. Made in ``consent``.

    ``persons`` gains ``statistics``, ``recommendation`` (bool), ``partner_offers`` (a tuple).
    ``decisions``: ``person, purpose, partner, channel, given, rule, at``: the answer that decided.
    ``refused``: local keys of the people who are out: what was sent of them must be withdrawn.
    """

    tickets: pd.DataFrame
    persons: pd.DataFrame
    decisions: pd.DataFrame
    refused: tuple[Keys, ...]
    tally: Tally
    read_at: dt.datetime


@dataclass(frozen=True)
class Minimised:
    """What the charter allows, with the identifiers still attached. Made in ``minimise``.

    ``persons``: PERSON_COLUMNS without ``tokens``, plus ``identifiers``: a tuple of
    ``(kind, normalised)`` pairs, kind "email" or "phone", at most 8, never empty.
    ``visits``: VISIT_COLUMNS plus ``month`` ("2025-10", of the event).
    All values are wire text already, save ``identifiers``.
    ``erasures``: ``scope, contribution_id, identifiers``: one row per withdrawal to announce.
    ``decisions``: as in Consented, ``contribution_id`` in the place of ``person``; for the venue's
    own consent records, and never packed.
    """

    persons: pd.DataFrame
    visits: pd.DataFrame
    erasures: pd.DataFrame
    tally: Tally
    read_at: dt.datetime
    decisions: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True)
class Pseudonymised:
    """What leaves: columns of ``contracts.visit`` (visits + ``month``). Made in ``pseudonymise``."""

    persons: pd.DataFrame
    visits: pd.DataFrame
    erasures: pd.DataFrame
    tally: Tally
    read_at: dt.datetime


@dataclass(frozen=True)
class Activation:
    """What became of one person under one measured order. Made in ``audiences``, packed with her visits."""

    contribution_id: str
    order: str
    arm: str  # of contracts.visit.Arm
    day: str  # ISO day when she was selected


class HandleBook(Protocol):
    """Where ``minimise`` gets the handles of the venue's people."""

    def assign(self, people: Sequence[Keys]) -> list[str]:
        """Return one contribution id per person, the same at every run."""
        ...

    def withdraw(self, people: Iterable[Keys]) -> None:
        """Retire the handles of people who are out."""
        ...

    def withdrawn(self) -> list[str]:
        """Return every contribution id that the hub must forget."""
        ...


def _plus(counts: Mapping[str, int], key: str, more: int) -> dict[str, int]:
    return {**counts, key: counts.get(key, 0) + more}
