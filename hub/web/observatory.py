"""The public site in French and English: its pages, the editions whole, their files and tables; published things alone."""

import re
from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request

from contracts.api import PATH_CHARTER
from contracts.edition import PublishedEdition
from hub.web import assets, explored
from hub.web.api import views as api
from hub.web.copies import Copies
from hub.web.desk import (
    FOR_EVER,
    POLICY,
    Desk,
    by_language,
    dressed,
    harden,
    known,
    of_copy,
    tongue,
    unless_known,
)
from hub.web.exports import views as exports
from hub.web.navigation import NAVIGATION
from hub.web.pages import Page, Visit
from hub.web.problems import TOLD
from hub.web.shelf import Shelf, opened
from hub.web.tongue import Tongue
from hub.web.view import page_of
from hub.web.words import Words, said
from hub.web.words.common import WORDS as COMMON

__all__ = ["POLICY", "Shelf", "install", "observatory"]
BROKEN = 500
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


def install(app: Flask, shelf: Shelf, reports: Path | None = None) -> None:
    """Add the public pages over *shelf* to *app*, and the page that stands in the place of a refusal.

    *reports* is the folder below which PDF reports are made apart; without one they are written while their reader waits.
    """
    app.register_blueprint(observatory(shelf))
    assets.install(app)
    app.extensions[TOLD] = _told
    exports.install(app, shelf, reports)
    api.install(app, shelf)
    explored.install(app, shelf)


def observatory(shelf: Shelf) -> Blueprint:
    """Return the public pages over *shelf* as a blueprint."""
    copies = Copies()
    desk, pages = Desk(shelf, copies), _Editions(shelf, copies)
    blueprint = Blueprint(
        "observatory",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static/observatory",
    )
    for line in NAVIGATION:
        if line.page.read is not None:
            blueprint.add_url_rule(line.page.path, line.page.name, _served(desk, line.page))
    blueprint.add_url_rule("/editions/<edition>", "page", pages.page)
    blueprint.add_url_rule("/editions/<edition>.json", "file", pages.file)
    blueprint.add_app_template_filter(_polished, "polished")
    blueprint.register_error_handler(404, pages.missing)
    blueprint.register_error_handler(410, pages.gone)
    blueprint.after_request(harden)
    return blueprint


def _told(status: int) -> Response:
    """Say in the reader's language that a page is not there, or that the site cannot answer just now."""
    words = tongue()
    phrase = "page_missing" if status < BROKEN else "page_broken"
    text = dressed("message", words, {}, message=said(COMMON, words)[phrase])
    response = harden(Response(text, status, mimetype="text/html"))
    return by_language(response, "no-store")


def _served(desk: Desk, page: Page) -> Callable[..., Response]:
    def serve(**values: str) -> Response:
        return desk.page(page, values)

    return serve


class _Editions:
    """An edition whole and its file; each view reads, builds one value and renders it."""

    def __init__(self, shelf: Shelf, copies: Copies) -> None:
        self._shelf = shelf
        self._copies = copies

    def page(self, edition: str) -> Response:
        """Show one edition, table by table, with its method; drawn once, for it is the longest page of all."""
        asked = tuple(known(request.args, ()).items())
        key = (self._shelf.mark(), "an edition", edition, asked, tongue().code)
        copy = self._copies.get(key, lambda: self._drawn(edition))
        return unless_known(by_language(of_copy(copy, "text/html")))

    def _drawn(self, edition: str) -> str:
        published, visit = self._opened(edition)
        view = page_of(published, visit.charter, visit.tongue)
        others = [e for e in reversed(self._shelf.editions()) if e != edition]
        words: Words = {"title": (view.title, view.title)}
        values = {"page": view, "others": others, "charter_path": PATH_CHARTER}
        return dressed("whole_edition", visit.tongue, words, visit=visit, **values)

    def file(self, edition: str) -> Response:
        """Return the public file that ``hub verify`` reads: the same bytes for ever."""
        response = Response(self._bytes(edition), mimetype="application/json")
        response.headers["Cache-Control"] = FOR_EVER
        response.add_etag()
        return unless_known(response)

    def missing(self, _: Exception) -> tuple[Response, int]:
        """Say that there is no such page, edition or table."""
        return self._told("missing"), 404

    def gone(self, _: Exception) -> tuple[Response, int]:
        """Say that an erratum withdrew the edition."""
        return self._told("gone"), 410

    def _told(self, phrase: str) -> Response:
        words = tongue()
        text = dressed("message", words, {}, message=words.phrases[phrase])
        return by_language(Response(text, mimetype="text/html"))

    def _opened(self, edition: str) -> tuple[PublishedEdition, Visit]:
        """Return an edition and the reading of it that the address asks for."""
        published = opened(self._bytes(edition))
        signed = self._shelf.charter()
        charter, asked = signed.charter if signed else None, known(request.args, ())
        return published, Visit(self._shelf, tongue(), charter, published, asked)

    def _bytes(self, edition: str) -> bytes:
        if not SLUG.fullmatch(edition):
            abort(404)
        found = self._shelf.edition(edition)
        if found is None:
            abort(410 if edition in self._shelf.withdrawn() else 404)
        return found


def _polished(text: str, tongue: Tongue) -> str:
    return tongue.polished(text)
