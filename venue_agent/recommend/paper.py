"""The counter sheet on paper: a PDF of the people who were named, by customer number, for tonight's desk or a round of calls."""

import html
import importlib
from collections.abc import Iterable, Sequence
from importlib import resources
from itertools import groupby
from typing import Any, Final

from venue_agent.errors import ConfigError
from venue_agent.recommend.sheet import show_of
from venue_agent.screen import values
from venue_agent.words import _, several, spoken

MOST: Final = 2_000  # people: beyond, paper helps nobody, and laying it out takes minutes
Row = dict[str, object]


def paper(rows: Iterable[Sequence[object]], header: Sequence[str], venue: str, day: str) -> bytes:
    """Return a tagged PDF (PDF/UA-1); no e-mail address is on it, and nothing is fetched to make it.

    Args:
        rows: as ``header`` names their cells, each person's together and in order.
        header: names of the cells.
        venue: name of this house.
        day: when the lists were made.

    Raises:
        ConfigError: what writes PDF is not installed, nobody has a customer number, or there are too many people.
    """
    named = [dict(zip(header, cells, strict=True)) for cells in rows]
    people = [
        (str(who), list(lines)) for who, lines in groupby(named, key=lambda row: row["customer"])
    ]
    known = sorted((each for each in people if each[0]), key=lambda each: each[0])
    if not 0 < len(known) <= MOST:
        raise ConfigError(
            _(
                "A counter sheet on paper is for 1 to {most} people with a customer number; there are {count}. "
                "Name them: `--for FILE`; or take the sheet for the screen: `--as sheet`."
            ).format(most=MOST, count=len(known))
        )
    return _pdf(_html(known, len(people) - len(known), venue, day))


def _html(people: list[tuple[str, list[Row]]], others: int, venue: str, day: str) -> str:
    title, left = _text(_("Counter sheet")), ""
    if others:
        left = several("{count} person without a customer number is not on it.", "{count} people without a customer number are not on it.", others)  # fmt: skip
    told = _("{venue}, lists of {day}. Keep it in the house, and destroy it after use.")
    return "".join(
        (
            f'<!doctype html><html lang="{spoken()}"><head><meta charset="utf-8"><title>{title}</title></head><body>',
            f"<h1>{title}</h1><p>{_text(told.format(venue=venue, day=day))} {_text(left)}</p><main>",
            *(_card(who, lines) for who, lines in people),
            "</main></body></html>",
        )
    )


def _card(who: str, lines: list[Row]) -> str:
    return f"<section><h2>{_text(who)}</h2><ol>{''.join(map(_line, lines))}</ol></section>"


def _line(row: Row) -> str:
    kind = values.said("discipline", str(row["discipline"]))
    show = show_of(row)
    shown = f"<br><b>{_text(show)}</b>" if show else ""
    return f"<li><strong>{_text(row['name'])}</strong>, {_text(kind)}{shown}<br>{_text(row['why'])}</li>"


def _text(text: object) -> str:
    return html.escape(str(text))


def _pdf(page: str) -> bytes:
    try:
        # looks for Pango when imported: the agent does without both
        writer: Any = importlib.import_module("weasyprint")
        fetching: Any = importlib.import_module("weasyprint.urls")
    except (ImportError, OSError) as error:
        raise ConfigError(
            _(
                "PDF needs two things that are not here: the extra `farandole[pdf]` and Pango (Debian: libpango-1.0-0 "
                "and libpangoft2-1.0-0). Or print the sheet from a browser: `--as sheet`."
            )
        ) from error
    css = (resources.files("venue_agent") / "recommend" / "paper.css").read_text(encoding="utf-8")
    fetcher = fetching.URLFetcher(allowed_protocols=["data"])  # a title can make it fetch nothing
    document = writer.HTML(string=page, url_fetcher=fetcher)
    style = writer.CSS(string=css, url_fetcher=fetcher)
    made: bytes = document.write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1")
    return made
