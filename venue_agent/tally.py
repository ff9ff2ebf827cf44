"""The local report: where every ticket line went and how complete the rest is; it stays here."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pandas as pd

from venue_agent.frames import Minimised, Pseudonymised, Tally
from venue_agent.words import _, mark

WORDS: Final = MappingProxyType(
    {
        # ticket lines that were dropped
        "not_valid": mark("tickets not valid"),
        "refunded": mark("tickets refunded"),
        "unreadable_date": mark("event date unreadable"),
        "duplicate_line": mark("ticket number repeated"),
        "nobody_named": mark("sale without name or contact"),
        "opposed": mark("person on an opposition list"),
        "group_buyer": mark("buys for others: school, works council, reseller"),
        "no_contact_for_long": mark("no sign of life for three years"),
        "never_answered": mark("consent never answered"),
        "said_no": mark("consent refused or in doubt"),
        "no_statistics_consent": mark("no consent to statistics"),
        "under_18": mark("under 18"),
        "no_identifier": mark("no contact of the person's own"),
        "older_than_retention": mark("older than the retention"),
        "before_linkage": mark("before the season where the charter's linkage starts"),
        "too_far_ahead": mark("more than 24 months ahead"),
        # what was seen on the way
        "email_unreadable": mark("unreadable e-mail addresses"),
        "email_placeholder": mark("placeholder e-mail addresses"),
        "email_role_address": mark("role e-mail addresses"),
        "phone_unreadable": mark("unreadable telephones"),
        "phone_placeholder": mark("placeholder telephones"),
        "identifier_of_a_crowd": mark("contacts that a crowd carries"),
        "group_named": mark("group buyers known by their name or category"),
        "group_mailbox": mark("group buyers known by their e-mail address"),
        "group_channel": mark("group buyers known by the sales channel"),
        "group_volume": mark("group buyers known by what they buy"),
        "group_contact": mark("persons behind a group's contact"),
        "bought_contacts": mark("contacts bought or rented (their yes is void)"),
        "records_merged": mark("records merged with another"),
        "persons": mark("persons"),
        "visits": mark("visits"),
        "identifiers-evaluated": mark("new identifiers sent, blinded, to the custodian"),
    }
)
EMPTY: Final = frozenset({"", "unknown", "-1"})


@dataclass(frozen=True)
class Line:
    """One line of the report."""

    label: str
    value: int


def local_report(stage: Minimised | Pseudonymised) -> list[Line]:
    """Return the report: read = kept + each reason, then what was seen, then completeness.

    Exact numbers of the venue's own house: shown to the venue, never sent.
    """
    return [
        *_lines_of(stage.tally),
        *_completeness(stage.persons),
        *_completeness(stage.visits),
    ]


def rank(slug: str) -> int:
    """Return the place of *slug* in a report: that of its words, last without any."""
    return list(WORDS).index(slug) if slug in WORDS else len(WORDS)


def words(slug: str) -> str:
    """Return what *slug* means; the slug itself when it has no words yet."""
    known = WORDS.get(slug)
    return _(known) if known else slug


def _lines_of(tally: Tally) -> Iterator[Line]:
    yield Line(_("tickets read"), tally.read)
    for slug, lines in tally.dropped.items():
        yield Line("− " + words(slug), lines)
    yield Line("= " + _("tickets kept"), tally.kept)
    yield Line(_("share of tickets kept (%)"), round(100 * tally.kept / max(tally.read, 1)))
    for slug, count in tally.notes.items():
        yield Line(words(slug), count)


def _completeness(frame: pd.DataFrame) -> Iterator[Line]:
    for name in frame.columns:
        if name in ("contribution_id", "month", "identifiers", "tokens") or frame.empty:
            continue
        share = 1 - float(frame[name].isin(EMPTY).mean())
        yield Line(_("filled (%): {field}").format(field=name), round(100 * share))
