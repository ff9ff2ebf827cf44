"""Serves the public API: reads what was published, answers JSON, refuses with a problem that repeats nothing."""

import json
import re
from collections.abc import Callable
from typing import Final

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException

from contracts import public_api as api
from contracts.base import Wire, digest
from contracts.edition import PublishedEdition
from contracts.problems import Problem, ProblemType
from contracts.questions import QUESTIONS
from hub.web.api.answers import Answers
from hub.web.api.document import document
from hub.web.api.routes import ROUTES, Route
from hub.web.copies import Copies
from hub.web.desk import BRIEFLY, of_copy, unless_known
from hub.web.languages import TONGUES
from hub.web.problems import answer
from hub.web.shelf import Shelf, opened
from hub.web.tongue import Tongue

KEPT_BYTES: Final = 16 * 1024 * 1024
EVERY_METHOD: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
NOT_FOUND: Final = ProblemType.NOT_FOUND.problem()
MALFORMED: Final = ProblemType.MALFORMED.problem()


class Refused(Exception):
    """The request is answered by a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.title)
        self.problem = problem


class Views:
    """One view for each route, over one shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._copies = Copies(KEPT_BYTES)

    def serve(self, route: Route, values: dict[str, str]) -> Response:
        """Return the answer of *route* to what the address says."""
        said = {each.name: values.get(each.name) or request.args.get(each.name) for each in route.takes}  # fmt: skip
        for each in route.takes:
            value = said[each.name]
            if value is not None and re.fullmatch(each.pattern, value) is None:
                raise Refused(NOT_FOUND if each.in_path else MALFORMED)
        tongue = TONGUES["en" if said.get("lang") == "en" else "fr"]
        asked = tuple(said[each.name] for each in route.takes if each.name != "lang")
        key = (self._shelf.mark(), route.name, asked, tongue.code)
        copy = self._copies.get(key, lambda: self._written(route.name, tongue, said))
        return _brief(of_copy(copy, "application/json"))

    def _written(self, name: str, tongue: Tongue, said: dict[str, str | None]) -> str:
        return self._found(name, Answers(self._shelf, tongue), said).model_dump_json()

    def _found(self, name: str, answers: Answers, said: dict[str, str | None]) -> Wire:
        """Return the message of one route.

        Raises:
            Refused: nothing has this name.
        """
        if name == "editions":
            return answers.editions()
        if name == "venues":
            return answers.venues()
        if name in ("questions", "question"):
            return self._questions(answers, said)
        published = self._edition(said["edition"] or api.LATEST)
        if published is None:
            raise Refused(NOT_FOUND)
        return self._of_edition(name, answers, published, said)

    def _of_edition(
        self, name: str, answers: Answers, published: PublishedEdition, said: dict[str, str | None]
    ) -> Wire:  # fmt: skip
        makers: dict[str, Callable[[], Wire | None]] = {
            "edition": lambda: answers.head(published),
            "tables": lambda: answers.tables(published),
            "table": lambda: answers.table(published, said["table"] or ""),
            "allies": lambda: answers.allies(published),
            "measure": lambda: answers.measure(published, said["measure"] or ""),
        }
        found = makers[name]()
        if found is None:
            raise Refused(NOT_FOUND)
        return found

    def _questions(self, answers: Answers, said: dict[str, str | None]) -> Wire:
        published, one = self._edition(said["edition"] or api.LATEST), said.get("question")
        if one is not None and one not in QUESTIONS:
            raise Refused(NOT_FOUND)
        return answers.questions(published, [one] if one else tuple(QUESTIONS))

    def _edition(self, name: str) -> PublishedEdition | None:
        """Return the edition of that name; None when it is the latest that is asked for and there is none.

        Raises:
            Refused: there is no such edition, or it was withdrawn.
        """
        names = self._shelf.editions()
        if name == api.LATEST and name not in names:
            if not names:
                return None
            name = names[-1]
        body = self._shelf.edition(name)
        if body is None:
            raise Refused(api.WITHDRAWN if name in self._shelf.withdrawn() else NOT_FOUND)
        return opened(body)


def install(app: Flask, shelf: Shelf) -> None:
    """Put the API over *shelf* on its paths; anything else below ``/api/`` is a problem, whatever the method."""
    views, blueprint = Views(shelf), Blueprint("api", __name__)
    for route in ROUTES:
        rule = route.path.replace("{", "<").replace("}", ">")
        blueprint.add_url_rule(rule, route.name, _served(views, route))
    told = json.dumps(document(), ensure_ascii=False, separators=(",", ":")).encode()
    blueprint.add_url_rule(api.API_DOCUMENT, "openapi", lambda: _json(told, digest(told)))
    blueprint.add_url_rule("/api/<path:rest>", "elsewhere", _elsewhere, methods=EVERY_METHOD)
    blueprint.register_error_handler(Refused, lambda error: answer(error.problem))
    blueprint.register_error_handler(HTTPException, lambda _: answer(NOT_FOUND))
    blueprint.after_request(_open)
    app.register_blueprint(blueprint)


def _served(views: Views, route: Route) -> Callable[..., Response]:
    return lambda **values: views.serve(route, values)


def _elsewhere(rest: str) -> Response:  # noqa: ARG001 - never repeated
    return answer(NOT_FOUND)


def _json(body: bytes, tag: str) -> Response:
    response = Response(body, mimetype="application/json")
    response.set_etag(tag)
    return _brief(response)


def _brief(response: Response) -> Response:
    response.headers["Cache-Control"] = BRIEFLY
    return unless_known(response)


def _open(response: Response) -> Response:
    """Let a page of any other site read it: all of it is public, and nobody is signed in here."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
