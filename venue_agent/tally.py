"""The local report: where every ticket line went and how complete the rest is; it stays here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from venue_agent.frames import Minimised, Pseudonymised, Tally

Language = Literal["fr", "en"]
WORDS: Final[dict[str, tuple[str, str]]] = {
    # ticket lines that were dropped
    "not_valid": ("billets non validés", "tickets not valid"),
    "refunded": ("billets remboursés", "tickets refunded"),
    "unreadable_date": ("date de séance illisible", "event date unreadable"),
    "duplicate_line": ("numéro de billet répété", "ticket number repeated"),
    "nobody_named": ("achat sans nom ni contact", "sale without name or contact"),
    "opposed": ("personne sur une liste d'opposition", "person on an opposition list"),
    "never_answered": ("aucune réponse au consentement", "consent never answered"),
    "said_no": ("consentement refusé ou douteux", "consent refused or in doubt"),
    "no_statistics_consent": ("pas d'accord pour les statistiques", "no consent to statistics"),
    "under_18": ("moins de 18 ans", "under 18"),
    "no_identifier": ("aucun contact propre à la personne", "no contact of the person's own"),
    "older_than_retention": ("plus ancien que la conservation", "older than the retention"),
    "too_far_ahead": ("à plus de 24 mois", "more than 24 months ahead"),
    # what was seen on the way
    "email_unreadable": ("adresses e-mail illisibles", "unreadable e-mail addresses"),
    "email_placeholder": ("adresses e-mail de remplissage", "placeholder e-mail addresses"),
    "email_role_address": ("adresses e-mail de service", "role e-mail addresses"),
    "phone_unreadable": ("téléphones illisibles", "unreadable telephones"),
    "phone_placeholder": ("téléphones de remplissage", "placeholder telephones"),
    "identifier_of_a_crowd": ("contacts portés par trop de monde", "contacts that a crowd carries"),
    "records_merged": ("fiches réunies avec une autre", "records merged with another"),
    "visits": ("visites", "visits"),
    "persons": ("personnes", "persons"),
}
KEPT: Final = ("billets retenus", "tickets kept")
READ: Final = ("billets lus", "tickets read")
COVERAGE: Final = ("part des billets retenus (%)", "share of tickets kept (%)")
FILLED: Final = ("renseigné (%) : ", "filled (%): ")
EMPTY: Final = frozenset({"", "unknown", "-1"})


@dataclass(frozen=True)
class Line:
    """One line of the report."""

    label: str
    value: int


def local_report(stage: Minimised | Pseudonymised, language: Language = "fr") -> list[Line]:
    """Return the report: read = kept + each reason, then what was seen, then completeness.

    Exact numbers of the venue's own house: shown to the venue, never sent.
    """
    return [
        *_lines_of(stage.tally, language),
        *_completeness(stage.persons, language),
        *_completeness(stage.visits, language),
    ]


def words(slug: str, language: Language) -> str:
    """Return what *slug* means; the slug itself when it has no words yet."""
    known = WORDS.get(slug)
    return _say(known, language) if known else slug


def _lines_of(tally: Tally, language: Language) -> Iterator[Line]:
    yield Line(_say(READ, language), tally.read)
    for slug, lines in tally.dropped.items():
        yield Line("− " + words(slug, language), lines)
    yield Line("= " + _say(KEPT, language), tally.kept)
    yield Line(_say(COVERAGE, language), round(100 * tally.kept / max(tally.read, 1)))
    for slug, count in tally.notes.items():
        yield Line(words(slug, language), count)


def _completeness(frame: pd.DataFrame, language: Language) -> Iterator[Line]:
    for name in frame.columns:
        if name in ("contribution_id", "month", "identifiers", "tokens") or frame.empty:
            continue
        share = 1 - float(frame[name].isin(EMPTY).mean())
        yield Line(_say(FILLED, language) + str(name), round(100 * share))


def _say(both: tuple[str, str], language: Language) -> str:
    return both[0] if language == "fr" else both[1]
