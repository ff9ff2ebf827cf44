"""The addresses of the files: each table in each format, and an edition whole as a workbook or a report."""

import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from flask import Blueprint, Flask, Response, abort, url_for

from contracts.charter_check import charter_hash
from contracts.edition import Release, Table
from hub.web.desk import by_language, dressed, harden, tongue, unless_known
from hub.web.exports import report_page
from hub.web.exports.chart import chart, picture
from hub.web.exports.desk_of_reports import Reports
from hub.web.exports.plain import as_json, as_parquet
from hub.web.exports.report import Busy, NoReports, report
from hub.web.exports.report_page import ReportPage
from hub.web.exports.sheet_metadata import sheet_metadata
from hub.web.exports.source import Source
from hub.web.exports.workbook import workbook
from hub.web.sheets import sheet
from hub.web.shelf import Shelf, opened
from hub.web.words.exports import WORDS

SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
KEPT_BYTES: Final = 64 * 1024 * 1024
AGAIN_SECONDS: Final = "5"
SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ALONE: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"
Pairs = Sequence[tuple[Table, Release]]
Write = Callable[[Pairs, Source], bytes]


@dataclass(frozen=True)
class Format:
    """One kind of file: its media type, how it is written, and whether it is saved rather than shown."""

    media: str
    write: Write
    saved: bool = True


def _json(pairs: Pairs, source: Source) -> bytes:
    plain = as_json(*pairs[0], source)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


FORMATS: Final = {
    "csv": Format("text/csv", lambda pairs, source: sheet(pairs[0][0], source.labels).encode()),
    "csv-metadata.json": Format("application/csvm+json", lambda pairs, source: sheet_metadata(*pairs[0], source), saved=False),
    "xlsx": Format(SHEET, workbook),
    "json": Format("application/json", _json, saved=False),
    "parquet": Format("application/vnd.apache.parquet", lambda pairs, source: as_parquet(*pairs[0], source)),
    "svg": Format("image/svg+xml", lambda pairs, source: chart(*pairs[0], source).encode(), saved=False),
    "png": Format("image/png", lambda pairs, source: picture(chart(*pairs[0], source)), saved=False),
    "pdf": Format("application/pdf", report, saved=False),
}  # fmt: skip
WHOLE: Final = ("xlsx", "pdf")
"""Formats of an edition whole; its JSON is the public file itself, which ``hub verify`` reads."""


class Files:
    """The files over one shelf; a copy is kept by what it was made of."""

    def __init__(self, shelf: Shelf, reports: Reports | None = None) -> None:
        self._shelf = shelf
        self._reports = reports
        self._kept: OrderedDict[tuple[str, ...], bytes] = OrderedDict()
        self._lock = Lock()

    def table(self, edition: str, table: str, form: str) -> Response:
        """Return one table of an edition in one format."""
        source = self.source(edition)
        pair = source.found(table) if SLUG.fullmatch(table) else None
        if pair is None:
            abort(404)
        response = self._answer([pair], source, f"{edition}-{table}", form)
        if form == "csv":
            beside = url_for("exports.table_csv_metadata_json", edition=edition, table=table)
            response.headers["Link"] = (
                f'<{beside}>; rel="describedby"; type="application/csvm+json"'
            )
        return response

    def whole(self, edition: str, form: str) -> Response:
        """Return every table of an edition in one file; a report not yet made is made on its page, not by who serves."""
        source = self.source(edition)
        if form == "pdf" and self._reports and self._reports.done(source) is None:
            return by_language(see_other("exports.report", edition, source), "no-store")
        return self._answer(source.pairs, source, edition, form)

    def _answer(self, pairs: Pairs, source: Source, name: str, form: str) -> Response:
        try:
            body = self._bytes(pairs, source, name, form)
        except Busy:
            return _later("busy")
        except NoReports:
            return _later("no_pdf")
        kind = FORMATS[form]
        response = Response(body, mimetype=kind.media)
        place = "attachment" if kind.saved else "inline"
        response.headers["Content-Disposition"] = f'{place}; filename="{name}.{form}"'
        if form == "svg":  # opened by itself it is a document: it may fetch and run nothing
            response.headers["Content-Security-Policy"] = ALONE
        response.set_etag(hashlib.sha256(body).hexdigest()[:32])
        return unless_known(by_language(response))

    def _bytes(self, pairs: Pairs, source: Source, name: str, form: str) -> bytes:
        named = charter_hash(source.charter) if source.charter else ""
        key = (source.published.edition_sha256, named, source.tongue.code, name, form)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        whole = form == "pdf" and name == source.published.edition.edition
        made = self._reports.done(source) if self._reports and whole else None
        body = made or FORMATS[form].write(pairs, source)
        with self._lock:
            self._kept[key] = body
            while len(self._kept) > 1 and sum(map(len, self._kept.values())) > KEPT_BYTES:
                self._kept.popitem(last=False)
        return body

    def source(self, edition: str) -> Source:
        """Return an edition as its files say it; 404 when there is none, 410 when it was withdrawn."""
        body = self._shelf.edition(edition) if SLUG.fullmatch(edition) else None
        if body is None:
            abort(410 if edition in self._shelf.withdrawn() else 404)
        published = opened(body)
        # The charter that the edition names: a later one may name places or prices otherwise.
        signed = self._shelf.charter_of(published.edition.charter_sha256) or self._shelf.charter()
        return Source(published, signed.charter if signed else None, tongue())


def install(app: Flask, shelf: Shelf, folder: Path | None = None) -> None:
    """Put the files over *shelf* on their addresses; reports are made apart, with their stages shown, below *folder*."""
    reports = Reports(folder) if folder else None
    files, blueprint = Files(shelf, reports), Blueprint("exports", __name__)
    if reports is not None:
        report_page.install(blueprint, ReportPage(shelf, reports, files.source))
    app.jinja_env.globals["reports_apart"] = reports is not None
    for form in FORMATS:
        rule, name = f"/editions/<edition>/<table>.{form}", form.replace("-", "_").replace(".", "_")
        blueprint.add_url_rule(rule, f"table_{name}", _of_table(files, form))
    for form in WHOLE:
        blueprint.add_url_rule(
            f"/editions/<edition>.{form}", f"whole_{form}", _of_edition(files, form)
        )
    blueprint.register_error_handler(404, lambda _: _told("missing", 404))
    blueprint.register_error_handler(410, lambda _: _told("gone", 410))
    blueprint.after_request(harden)
    app.register_blueprint(blueprint)


def _of_table(files: Files, form: str) -> Callable[[str, str], Response]:
    return lambda edition, table: files.table(edition, table, form)


def _of_edition(files: Files, form: str) -> Callable[[str], Response]:
    return lambda edition: files.whole(edition, form)


def _told(phrase: str, status: int) -> Response:
    words = tongue()
    text = dressed("message", words, {}, message=words.phrases[phrase])
    return by_language(Response(text, status=status, mimetype="text/html"))


def see_other(endpoint: str, edition: str, source: Source) -> Response:
    """Return the way to a page of an edition, in the language asked for."""
    where = url_for(endpoint, edition=edition, lang=source.tongue.code)
    return Response(status=303, headers={"Location": where})


def _later(phrase: str) -> Response:
    words = tongue()
    at = 0 if words.code == "fr" else 1
    text = dressed("message", words, {}, message=words.polished(WORDS[phrase][at]))
    response = Response(text, status=503, mimetype="text/html")
    response.headers["Retry-After"] = AGAIN_SECONDS
    return by_language(response, "no-store")
