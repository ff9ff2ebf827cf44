"""A report as PDF/UA: figures with their intervals, charts with their texts, and where all of it comes from."""

import base64
import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from threading import Lock
from typing import Any, Final

from jinja2 import Environment, PackageLoader

from contracts.edition import Release, Table
from hub.web.exports.chart import chart
from hub.web.exports.source import Line, Source
from hub.web.summary import summary
from hub.web.tables import Row, TableView, table_view

ROWS_ALONE: Final = 100  # lines of a table that a report of its own prints
ROWS_TOGETHER: Final = 10  # and that the report of an edition prints of each
_ONE_AT_A_TIME: Final = Lock()  # a report takes a core for seconds: never two at once in a process


class NoReports(Exception):
    """This machine lacks the libraries that write PDF."""


class Busy(Exception):
    """Another report is being written: whoever asks waits outside, not in a thread that pages need."""


@dataclass(frozen=True)
class Part:
    """One table of a report."""

    view: TableView
    rows: tuple[Row, ...]
    picture: str
    estimand: str


Step = Callable[[str, str], None]
"""Told each stage as it begins: "chart" with the name of a table, then "layout" and "write"."""


def untold(_stage: str, _table: str) -> None:
    """Tell nobody of a stage."""


def report(pairs: Sequence[tuple[Table, Release]], source: Source, step: Step = untold) -> bytes:
    """Return the report of one table, or of every table of an edition, as PDF/UA-1 bytes, the same at every call.

    Raises:
        NoReports: Pango is not installed.
        Busy: another report is being written by this process.
    """
    if not _ONE_AT_A_TIME.acquire(
        blocking=False
    ):  # before anything is drawn: a refusal costs nothing
        raise Busy("Another report is being written; ask again.")
    try:
        return _written(pairs, source, step)
    finally:
        _ONE_AT_A_TIME.release()


def _written(pairs: Sequence[tuple[Table, Release]], source: Source, step: Step) -> bytes:
    writer = _writer()
    alone = len(pairs) == 1
    most = ROWS_ALONE if alone else ROWS_TOGETHER
    about = source.about(*pairs[0]) if alone else source.edition_lines()
    title = source.title(pairs[0][0]) if alone else source.published.edition.title
    parts = []
    for table, release in pairs:
        step("chart", table.table)
        parts.append(_part(table, release, source, most))
    step("layout", "")
    html = _html(source, parts, about, title)
    return _pdf(writer, html, source.published.edition_sha256, step)


def _part(table: Table, release: Release, source: Source, most: int) -> Part:
    view = table_view(table, source.labels)
    drawn = base64.b64encode(chart(table, release, source, headed=False).encode()).decode()
    estimand = source.tongue.polished(source.estimand(table))
    return Part(view, view.rows[:most], drawn, estimand)


def _html(source: Source, parts: list[Part], about: list[Line], title: str) -> str:
    edition, tongue = source.published.edition, source.tongue
    period = tongue.phrases["period"].format(
        first=tongue.day(edition.first_day), last=tongue.day(edition.last_day)
    )
    return (
        _templates()
        .get_template("report.html")
        .render(
            tongue=tongue,
            say=source.say,
            title=title,
            network=source.charter.name if source.charter else edition.network,
            period=period[:1].upper() + period[1:],
            prepared=edition.prepared,
            demonstration=edition.demonstration,
            sentences=summary(source.published, source.labels) if len(parts) > 1 else (),
            parts=parts,
            about=about,
        )
    )


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(loader=PackageLoader("hub.web", "templates/exports"), autoescape=True)


def _writer() -> Any:
    """Return the library that writes PDF.

    Raises:
        NoReports: Pango is not installed.
    """
    try:
        # looks for Pango when imported: the site starts without it
        return importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:
        raise NoReports(
            "Pango is missing; install libpango-1.0-0 and libpangoft2-1.0-0."
        ) from error


def _pdf(writer: Any, html: str, sha256: str, step: Step) -> bytes:
    css = (resources.files("hub.web.exports") / "report.css").read_text(encoding="utf-8")
    fetching = importlib.import_module("weasyprint.urls")
    fetcher = fetching.URLFetcher(allowed_protocols=["data"])  # a name can make it fetch nothing
    document = writer.HTML(string=html, url_fetcher=fetcher)
    options = {"pdf_variant": "pdf/ua-1", "pdf_identifier": bytes.fromhex(sha256)[:16]}
    laid = document.render(stylesheets=[writer.CSS(string=css, url_fetcher=fetcher)], **options)
    step("write", "")
    written: bytes = laid.write_pdf(**options)
    return written
