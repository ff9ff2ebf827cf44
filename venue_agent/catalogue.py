"""Joins the titles of a venue's export to the events that it makes public."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from contracts.catalogue import Catalogue, Event, is_title
from contracts.visit import Discipline
from venue_agent.errors import ConfigError
from venue_agent.people.names import fold
from venue_agent.words import _

HEADER: Final = ("match", "event", "title", "discipline", "first_day", "last_day", "sensitive")
TAGS: Final = ("period", "work", "author", "company")
"""Columns that may be there besides: they describe a show before anybody has seen it."""
SEPARATOR: Final = ";"
MAX_SLUG: Final = 60
TRUE_WORDS: Final = frozenset({"yes", "oui", "1", "true", "x"})


@dataclass(frozen=True)
class LocalCatalogue:
    """``public``: what the hub may know; ``lookup``: folded title or key of the export -> event."""

    public: Catalogue
    lookup: dict[str, Event]

    @classmethod
    def empty(cls, venue: str) -> "LocalCatalogue":
        """Return the catalogue of a venue that made none public: no event leaves by name."""
        return cls(Catalogue(venue=venue, events=[]), {})

    def find(self, title: str, key: str) -> Event | None:
        """Return the event of a ticket line, by its key first, then by its title."""
        return self.lookup.get(fold(key) or "?") or self.lookup.get(fold(title) or "?")


def read_catalogue(path: Path, venue: str) -> LocalCatalogue:
    """Return the catalogue written at *path* (CSV, ``;``, columns of ``HEADER``).

    Raises:
        ConfigError: the file cannot be read, lacks a column or has an impossible line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            _("The catalogue {file} cannot be read as UTF-8. Save it as CSV UTF-8.").format(
                file=path.name
            )
        ) from error
    rows = csv.DictReader(io.StringIO(text), delimiter=SEPARATOR)
    if missing := [name for name in HEADER if name not in (rows.fieldnames or ())]:
        raise ConfigError(
            _("{file} has no column {name}. Expected: {columns}.").format(
                file=path.name, name=missing[0], columns=";".join(HEADER)
            )
        )
    events: dict[str, Event] = {}
    lookup: dict[str, Event] = {}
    for row in rows:
        where = _("{file}, line {line}").format(file=path.name, line=rows.line_num)
        event = _event(row, where)
        _refuse_title(event, where)
        events.setdefault(event.event, event)
        lookup.update({fold(w): event for w in (row["match"], row["title"]) if fold(w or "")})
    return LocalCatalogue(Catalogue(venue=venue, events=list(events.values())), lookup)


def draft_catalogue(titles: Iterable[str], discipline: Discipline) -> str:
    """Return a catalogue to correct by hand: one line per title, all of one discipline.

    Nothing is marked sensitive: that is the venue's own judgement, and the file says where.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=SEPARATOR, lineterminator="\n")
    writer.writerow(HEADER)
    used: set[str] = set()
    for title in sorted({" ".join(t.split()) for t in titles} - {""}):
        slug = _slug(title, used)
        writer.writerow([title, slug, title, discipline.value, "", "", "no"])
    return out.getvalue()


def _event(row: dict[str, str], where: str) -> Event:
    try:
        return Event(
            event=row["event"] or "",
            title=row["title"] or "",
            discipline=Discipline(row["discipline"] or ""),
            first_day=row["first_day"] or None,
            last_day=row["last_day"] or None,
            sensitive=(row["sensitive"] or "").strip().casefold() in TRUE_WORDS,
            **{tag: (row.get(tag) or "").strip() or None for tag in TAGS},
        )
    except ValidationError as error:
        field = error.errors(include_input=False, include_url=False)[0]["loc"][0]
        raise ConfigError(
            _("{where}: {field} is not as it should be. Correct the line.").format(
                where=where, field=field
            )
        ) from error
    except ValueError as error:
        known = ", ".join(d.value for d in Discipline)
        raise ConfigError(
            _("{where}: unknown discipline. Expected one of: {known}.").format(
                where=where, known=known
            )
        ) from error


def _refuse_title(event: Event, where: str) -> None:
    if not is_title(event.title):
        raise ConfigError(
            _(
                "{where}: the title is longer than 200 characters, or holds a web or mail address "
                "or a hidden character. Shorten it, or write it without."
            ).format(where=where)
        )


def _slug(title: str, used: set[str]) -> str:
    words = [fold(word) for word in re.split(r"[\s'’-]+", title)]
    base = "-".join(w for w in words if w)[:MAX_SLUG].strip("-") or "event"
    slug, number = base, 2
    while slug in used:
        slug, number = f"{base}-{number}", number + 1
    used.add(slug)
    return slug
