"""Serves « vous aimerez aussi » to other sites: as JSON to any origin, and as a page that alone may be framed.

No cookie, no script, no visitor: an answer depends on the edition, on where it starts from, on the dial and on the language,
and a cache on the way may keep it. Everything in it is read in the published model.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from flask import Blueprint, Flask, Response, abort, render_template, request

from contracts.charter import Charter
from contracts.model import SignedModel
from contracts.visit import Discipline
from hub.recommend.suggest import Suggestions
from hub.web.copies import Copies
from hub.web.desk import unless_known
from hub.web.labels import Labels
from hub.web.languages import TONGUES, choose
from hub.web.shelf import Shelf, opened
from hub.web.tongue import Language
from hub.web.words import said
from hub.web.words.widget import WORDS

PREFIX: Final = "/vous-aimerez-aussi"
CACHE: Final = "public, max-age=3600, stale-while-revalidate=86400"
FRAMED: Final = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)
STEP: Final = 10
LENGTH: Final = 3
MOST: Final = 8
SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
KEPT_BYTES: Final = 8 * 1024 * 1024


@dataclass(frozen=True)
class Asked:
    """What an address asks for; the dial goes by tens, so that there are few answers to keep."""

    kind: str  # "lieu" or "discipline"
    name: str
    openness: int | None  # None: where the model's own dial stands
    length: int
    code: Language


class Widget:
    """The fragment over one shelf."""

    def __init__(self, shelf: Shelf, public_url: str) -> None:
        self._shelf = shelf
        self._home = public_url.rstrip("/")
        self._copies = Copies(KEPT_BYTES)

    def message(self, kind: str, name: str) -> Response:
        """Return the suggestions as JSON."""
        return self._answer(_asked(kind, name), "application/json", self._json)

    def page(self, kind: str, name: str) -> Response:
        """Return the suggestions as a page to be framed."""
        response = self._answer(_asked(kind, name), "text/html", self._html)
        response.headers["Content-Security-Policy"] = FRAMED
        return response

    def _answer(self, asked: Asked, media: str, draw: Callable[[Asked], str]) -> Response:
        key = (self._shelf.mark(), media, asked)
        copy = self._copies.get(key, lambda: draw(asked))
        response = Response(copy.body, mimetype=media)
        response.set_etag(copy.tag)
        response.headers["Cache-Control"] = CACHE
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Referrer-Policy"] = "no-referrer"
        return unless_known(response)

    def _json(self, asked: Asked) -> str:
        return json.dumps(self._told(asked), ensure_ascii=False, separators=(",", ":"))

    def _html(self, asked: Asked) -> str:
        tongue = TONGUES[asked.code]
        method = f"{self._home}/editions?lang={asked.code}"
        return render_template(
            "framed/widget.html",
            tongue=tongue,
            say=said(WORDS, tongue),
            told=self._told(asked),
            method=method,
        )

    def _told(self, asked: Asked) -> dict[str, Any]:
        signed = self._shelf.charter()
        charter = signed.charter if signed else None
        start = _start(asked, charter)
        edition, suggestions = self._newest()
        labels = Labels(charter, TONGUES[asked.code])
        told: dict[str, Any] = {
            "edition": edition,
            "title": opened(self._shelf.edition(edition) or b"").edition.title if edition else "",
            "from": asked.name,
            "openness": 0,
            "basis": "none",
            "suggestions": [],
        }
        if suggestions is None:
            return told
        model = suggestions.model
        openness = max(
            model.dial.openness if asked.openness is None else asked.openness, model.dial.least
        )
        better = model.card.better_than_popularity
        found = _found(suggestions, start, openness, asked.length)
        told |= {"openness": openness, "basis": "model" if better else "popularity"}
        told["suggestions"] = [self._one(place, model, charter, labels) for place in found]
        return told

    def _newest(self) -> tuple[str | None, Suggestions | None]:
        """Return the newest edition that has a model."""
        for edition in reversed(self._shelf.editions()):
            body = self._shelf.model(edition)
            if body is not None:
                return edition, _ready(body)
        return None, None

    def _one(
        self, place: str, model: Any, charter: Charter | None, labels: Labels
    ) -> dict[str, Any]:
        discipline = next(i.discipline for i in model.items if i.item == place).value
        group = next((c for c in charter.clusters if c.cluster == place), None) if charter else None
        url = "" if group else f"{self._home}/lieux/{place}?lang={labels.tongue.code}"
        return {
            "place": place,
            "name": labels.key(place, "place"),
            "venues": list(group.venues) if group else [place],
            "discipline": discipline,
            "discipline_name": labels.key(discipline, "discipline"),
            "url": url,
        }


def install(app: Flask, shelf: Shelf, public_url: str) -> None:
    """Put the fragment on its addresses."""
    views, blueprint = Widget(shelf, public_url), Blueprint("widget", __name__, url_prefix=PREFIX)
    for kind in ("lieu", "discipline"):
        for form, view in (("json", views.message), ("html", views.page)):
            blueprint.add_url_rule(f"/{kind}/<name>.{form}", f"{kind}_{form}", _of(view, kind))
    app.register_blueprint(blueprint)


def _of(view: Callable[[str, str], Response], kind: str) -> Callable[..., Response]:
    return lambda name: view(kind, name)


def _asked(kind: str, name: str) -> Asked:
    """Return what the address asks for; a number that is none, or out of bounds, is not found."""
    code = request.args.get("lang")
    return Asked(
        kind,
        name if SLUG.fullmatch(name) else abort(404),
        _number("openness", 0, 100, step=STEP),
        _number("length", 1, MOST) or LENGTH,
        choose(code if code in TONGUES else "fr", request.accept_languages).code,
    )


def _number(name: str, least: int, most: int, step: int = 1) -> int | None:
    text = request.args.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,3}", text) or not least <= int(text) <= most:
        abort(404)
    return round(int(text) / step) * step


def _start(asked: Asked, charter: Charter | None) -> str | Discipline:
    """Return the place in which a venue appears, or the discipline."""
    if asked.kind == "discipline":
        return Discipline(asked.name) if asked.name in set(Discipline) else abort(404)
    members = {m.venue for m in charter.members} if charter else set()
    if charter is None or asked.name not in members:
        abort(404)
    return next((c.cluster for c in charter.clusters if asked.name in c.venues), asked.name)


def _found(
    suggestions: Suggestions, start: str | Discipline, openness: int, length: int
) -> list[str]:
    if isinstance(start, Discipline):
        return suggestions.from_discipline(start, openness, length)
    return suggestions.from_place(start, openness, length)


@lru_cache(maxsize=4)
def _ready(body: bytes) -> Suggestions:
    return Suggestions(SignedModel.model_validate_json(body).model)
