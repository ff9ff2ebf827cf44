"""Serves the data of the charts that are explored: published figures, one address for each, kept like pages."""

import json
import re
from typing import Final

from flask import Flask, Response, abort, request

from hub.web.copies import Copies
from hub.web.desk import by_language, harden, known, of_copy, tongue, unless_known
from hub.web.explore import DRAWINGS
from hub.web.pages import Visit
from hub.web.shelf import Shelf, opened

SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
KEPT_BYTES: Final = 8 * 1024 * 1024
PATH: Final = "/explorer/<edition>/<drawing>.json"


class Explored:
    """The drawings over one shelf."""

    def __init__(self, shelf: Shelf, copies: Copies) -> None:
        self._shelf = shelf
        self._copies = copies

    def serve(self, edition: str, drawing: str) -> Response:
        """Return the data of one drawing; 404 when the edition has nothing to draw, 410 when it was withdrawn."""
        if drawing not in DRAWINGS or not SLUG.fullmatch(edition):
            abort(404)
        asked = known(request.args, (), DRAWINGS[drawing].asks)
        key = (self._shelf.mark(), "a drawing", edition, drawing, tuple(asked.items()), tongue().code)  # fmt: skip
        copy = self._copies.get(key, lambda: self._drawn(edition, drawing, asked))
        return harden(unless_known(by_language(of_copy(copy, "application/json"))))

    def _drawn(self, edition: str, drawing: str, asked: dict[str, str]) -> str:
        body = self._shelf.edition(edition)
        if body is None:
            abort(410 if edition in self._shelf.withdrawn() else 404)
        signed = self._shelf.charter()
        visit = Visit(self._shelf, tongue(), signed.charter if signed else None, opened(body), asked)  # fmt: skip
        data = DRAWINGS[drawing].read(visit)
        if data is None:
            abort(404)
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


def install(app: Flask, shelf: Shelf) -> None:
    """Put the drawings over *shelf* on their addresses."""
    app.add_url_rule(PATH, "explored", Explored(shelf, Copies(KEPT_BYTES)).serve)
