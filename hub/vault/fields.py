"""What each column of a batch may hold, and the small number that stands for it at rest."""

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import pyarrow as pa

from contracts import epci
from contracts.charter import Charter
from contracts.season import first_day
from contracts.visit import (
    ALWAYS_SENT,
    ARM,
    EPCI,
    LEAD_CAP_DAYS,
    LEAD_UNKNOWN,
    PERSON_COLUMNS,
    VISIT_COLUMNS,
    AgeBand,
    Arm,
    Channel,
    Discipline,
    DistanceBand,
    PartyBand,
    PriceBand,
    Purpose,
    YesNo,
    person_columns,
)
from hub.vault.arms import Campaign

ABSENT: Final = 255  # of a coded column: the charter does not allow the field, or it was left blank
EPOCH: Final = dt.date(1970, 1, 1)
MAX_TOKENS: Final = 8
WEEK: Final = dt.timedelta(days=6)

Token = tuple[int, bytes]  # kind, 32 bytes of N
KINDS: Final = ("email", "phone")
Parse = Callable[[str], Any]

_TOKEN: Final = re.compile(r"(email|phone):([0-9a-f]{64})")
_HANDLE: Final = re.compile(r"[0-9a-f]{32}")
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_EVENT: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_DEPARTEMENT: Final = re.compile(r"0[1-9]|[13-8][0-9]|2[1-9]|9[0-5]|2A|2B|97[1-8]|98[4-9]|99")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_DAY: Final = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_SMALL: Final = re.compile(r"-?[0-9]{1,3}")
_AT: Final = PERSON_COLUMNS.index("departement")
_NOTHING: Final = frozenset({"", "unknown", "other", str(LEAD_UNKNOWN)})


class FieldRefused(ValueError):
    """A value is outside its vocabulary; carries the column, never the value."""


@dataclass(frozen=True)
class Rules:
    """What a batch of one month may say under one charter."""

    charter: Charter
    month: str
    sensitive: frozenset[str]  # event ids that the public catalogue flags: never named in a row
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)  # by order, of this venue

    @property
    def has_arms(self) -> bool:
        """Whether the charter lets activations leave."""
        return ARM in self.charter.fields

    def persons(self) -> dict[str, Parse]:
        """Return one parser per column of ``persons.csv``, in order."""
        return self._allowed(
            person_columns(self.charter.fields),
            {
                "contribution_id": _matching(_HANDLE),
                "tokens": parse_tokens,
                "statistics": _answer(Purpose.STATISTICS, self.charter),
                "recommendation": _answer(Purpose.RECOMMENDATION, self.charter),
                "partner_offers": self._partners,
                "age_band": _code(AgeBand),
                "departement": _matching(_DEPARTEMENT, blank=True),
                "country": _matching(_COUNTRY, blank=True),
                "subscriber": _code(YesNo),
                "qpv": _code(YesNo),
                EPCI: _listed(epci.every()),
            },
        )

    def astray(self, values: Sequence[str | int]) -> bool:
        """Tell whether a row of ``persons.csv`` says an intercommunalité outside the département beside it.

        Agents read both from one postcode, so no honest row does. Where the charter names only one of the two, or an
        address gave one alone, nothing is held against anything.
        """
        if EPCI not in self.charter.fields:
            return False
        departement, code = str(values[_AT]), str(values[-1])
        return bool(code and departement) and departement not in epci.every()[code].departements

    def visits(self) -> dict[str, Parse]:
        """Return one parser per column of ``visits.csv``, in order."""
        return self._allowed(
            VISIT_COLUMNS,
            {
                "contribution_id": _matching(_HANDLE),
                "event_id": self._event,
                "discipline": _code(Discipline),
                "event_date": self._day,
                "lead_days": _between(LEAD_UNKNOWN, LEAD_CAP_DAYS),
                "channel": _code(Channel),
                "party_band": _code(PartyBand),
                "price_band": _code(PriceBand),
                "distance_band": _code(DistanceBand),
                "first_time_here": _code(YesNo),
                "satisfaction": _score,
            },
        )

    def activations(self) -> dict[str, Parse]:
        """Return one parser per column of ``activations.csv``, in order."""
        return {
            "contribution_id": _matching(_HANDLE),
            "order": _matching(_SLUG),
            "arm": {arm.value: code for code, arm in enumerate(Arm)}.__getitem__,
            "day": self._day,
        }

    def _allowed(self, columns: tuple[str, ...], parsers: Mapping[str, Parse]) -> dict[str, Parse]:
        allowed = ALWAYS_SENT | set(self.charter.fields)
        return {c: parsers[c] if c in allowed else _silent(c) for c in columns}

    def _partners(self, text: str) -> str:
        named = text.split(" ") if text else []
        if not set(named) <= set(self.charter.partners):
            raise FieldRefused
        if named and Purpose.PARTNER_OFFERS not in self.charter.purposes:
            raise FieldRefused
        return text

    def _event(self, text: str) -> str:
        if text and (text in self.sensitive or not _EVENT.fullmatch(text)):
            raise FieldRefused
        return text

    def _day(self, text: str) -> int:
        if not _DAY.fullmatch(text):
            raise FieldRefused
        day = dt.date.fromisoformat(text)  # ValueError on 30 February
        first = first_day(self.month)
        last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        if self.charter.date_granularity == "week":
            first -= WEEK  # a week belongs to the months that it touches
            if day.weekday():
                raise FieldRefused
        if not first <= day <= last:
            raise FieldRefused
        return (day - EPOCH).days


def parse_tokens(text: str) -> tuple[Token, ...]:
    """Return the evaluated identifiers of a person, each once.

    Raises:
        FieldRefused: not the form ``email:<64 hex> phone:<64 hex>``, or more than eight.
    """
    found = [_TOKEN.fullmatch(word) for word in text.split(" ")] if text else []
    if len(found) > MAX_TOKENS:
        raise FieldRefused
    tokens = [(KINDS.index(m[1]), bytes.fromhex(m[2])) if m else None for m in found]
    if None in tokens:
        raise FieldRefused
    return tuple(dict.fromkeys(token for token in tokens if token))


def arrow_type(column: str) -> pa.DataType:
    """Return how a column rests in Parquet."""
    return _TYPES.get(column, pa.uint8())


_TYPES: Final = {
    "contribution_key": pa.uint64(),
    "priority": pa.uint64(),
    "statistics": pa.bool_(),
    "recommendation": pa.bool_(),
    "partner_offers": pa.string(),
    "departement": pa.string(),
    "country": pa.string(),
    EPCI: pa.string(),
    "event_id": pa.string(),
    "event_date": pa.int32(),
    "lead_days": pa.int16(),
}


def _code(vocabulary: type[StrEnum]) -> Parse:
    codes = {member.value: code for code, member in enumerate(vocabulary)}
    return {"": ABSENT, **codes}.__getitem__


def _answer(purpose: Purpose, charter: Charter) -> Parse:
    answers = {"yes": True, "no": False} if purpose in charter.purposes else {"no": False}
    return answers.__getitem__


def _matching(pattern: re.Pattern[str], *, blank: bool = False) -> Parse:
    def parse(text: str) -> str:
        if not (pattern.fullmatch(text) or (blank and not text)):
            raise FieldRefused
        return text

    return parse


def _listed(public: Collection[str]) -> Parse:
    """Accept what a public list holds, or nothing: nine digits of another kind could be anything."""

    def parse(text: str) -> str:
        if text and text not in public:
            raise FieldRefused
        return text

    return parse


def _between(low: int, high: int) -> Parse:
    def parse(text: str) -> int:
        if not _SMALL.fullmatch(text) or not low <= int(text) <= high:
            raise FieldRefused
        return int(text)

    return parse


def _score(text: str) -> int:
    return ABSENT if not text else int(_between(0, 10)(text))


def _silent(column: str) -> Parse:
    """Accept only what says nothing, for a field that the charter does not name."""
    kind = arrow_type(column)
    nothing: int | str = ABSENT
    if column == "lead_days":
        nothing = LEAD_UNKNOWN
    elif kind == pa.string():
        nothing = ""

    def parse(text: str) -> int | str:
        if text not in _NOTHING:
            raise FieldRefused
        return nothing

    return parse
