"""The public pages in French and English: editions, their files and tables; they read what was published alone."""

import re
from typing import Protocol

from flask import Blueprint, Flask, Response, abort, render_template, request

from contracts.api import PATH_CHARTER
from contracts.base import Slug
from contracts.charter import Charter, SignedCharter
from contracts.edition import PublishedEdition, Table
from hub.web.labels import Labels
from hub.web.languages import TONGUES, choose
from hub.web.sheets import sheet
from hub.web.tongue import Tongue
from hub.web.view import page_of

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
FOR_EVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=60"


class Shelf(Protocol):
    """The read-only door to what was published; ``hub.store.published.Published`` is one."""

    def editions(self) -> list[str]:
        """Return the editions that stand published, the oldest first."""
        ...

    def withdrawn(self) -> list[str]:
        """Return the editions that an erratum withdrew."""
        ...

    def edition(self, edition: Slug) -> bytes | None:
        """Return the canonical PublishedEdition, or None."""
        ...

    def charter(self) -> SignedCharter | None:
        """Return the charter in force, or None."""
        ...


def install(app: Flask, shelf: Shelf) -> None:
    """Add the public pages over *shelf* to *app*."""
    app.register_blueprint(observatory(shelf))


def observatory(shelf: Shelf) -> Blueprint:
    """Return the public pages over *shelf* as a blueprint."""
    pages = _Pages(shelf)
    blueprint = Blueprint(
        "observatory",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static/observatory",
    )
    blueprint.add_url_rule("/", "latest", pages.latest)
    blueprint.add_url_rule("/editions/<edition>", "page", pages.page)
    blueprint.add_url_rule("/editions/<edition>.json", "file", pages.file)
    blueprint.add_url_rule("/editions/<edition>/<table>.csv", "table", pages.table)
    blueprint.add_app_template_filter(_polished, "polished")
    blueprint.register_error_handler(404, pages.missing)
    blueprint.register_error_handler(410, pages.gone)
    blueprint.after_request(_harden)
    return blueprint


class _Pages:
    """The four views; each reads, builds one value and renders it."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def latest(self) -> Response:
        """Show the newest edition, or say that there is none yet."""
        editions = self._shelf.editions()
        if not editions:
            charter = self._charter()
            name = charter.name if charter else ""
            return _html("empty", network=name)
        return self.page(editions[-1])

    def page(self, edition: str) -> Response:
        """Show one edition."""
        published = PublishedEdition.model_validate_json(self._bytes(edition))
        view = page_of(published, self._charter(), _tongue())
        others = [e for e in reversed(self._shelf.editions()) if e != edition]
        return _html("edition", page=view, others=others, charter_path=PATH_CHARTER)

    def file(self, edition: str) -> Response:
        """Return the public file that ``hub verify`` reads: the same bytes for ever."""
        response = Response(self._bytes(edition), mimetype="application/json")
        response.headers["Cache-Control"] = FOR_EVER
        return response

    def table(self, edition: str, table: str) -> Response:
        """Return one table as CSV."""
        published = PublishedEdition.model_validate_json(self._bytes(edition))
        found = _find(published, table)
        text = sheet(found, Labels(self._charter(), _tongue()))
        response = Response(text, mimetype="text/csv")
        name = f"{edition}-{found.table}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return _by_language(response)

    def missing(self, _: Exception) -> tuple[Response, int]:
        """Say that there is no such edition or table."""
        return _html("message", message=_tongue().phrases["missing"]), 404

    def gone(self, _: Exception) -> tuple[Response, int]:
        """Say that an erratum withdrew the edition."""
        return _html("message", message=_tongue().phrases["gone"]), 410

    def _bytes(self, edition: str) -> bytes:
        if not SLUG.fullmatch(edition):
            abort(404)
        found = self._shelf.edition(edition)
        if found is None:
            abort(410 if edition in self._shelf.withdrawn() else 404)
        return found

    def _charter(self) -> Charter | None:
        signed = self._shelf.charter()
        return signed.charter if signed else None


def _find(published: PublishedEdition, slug: str) -> Table:
    tables = (t for release in published.edition.releases for t in release.tables)
    found = next((t for t in tables if t.table == slug), None)
    if found is None:
        abort(404)
    return found


def _tongue() -> Tongue:
    return choose(request.args.get("lang"), request.accept_languages)


def _polished(text: str, tongue: Tongue) -> str:
    return tongue.polished(text)


def _html(template: str, **values: object) -> Response:
    """Render in the reader's language; links keep a language that the address asked for."""
    tongue = _tongue()
    asked = tongue.code if request.args.get("lang") == tongue.code else None
    text = render_template(
        f"observatory/{template}.html",
        tongue=tongue,
        say=tongue.phrases,
        asked=asked,
        languages=TONGUES,
        **values,
    )
    return _by_language(Response(text, mimetype="text/html"))


def _by_language(response: Response) -> Response:
    """Let a cache keep one answer for each language."""
    response.headers["Cache-Control"] = BRIEFLY
    response.headers["Content-Language"] = _tongue().code
    response.headers["Vary"] = "Accept-Language"
    return response


def _harden(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
