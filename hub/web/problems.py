"""Answers of refusal (RFC 9457): constant texts, so that nothing received is ever echoed."""

import logging
import traceback
from collections.abc import Callable
from typing import Final

from flask import Flask, Response, current_app, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from contracts.base import canonical
from contracts.problems import PROBLEM_MEDIA_TYPE, Problem, ProblemType
from contracts.signing import ClockOff, SigningError
from hub.errors import CodeRefused, HubError, IntakeRefused, StateConflict, TitleRefused

log = logging.getLogger("hub.web")

API: Final = "/v1/"
MACHINES: Final = (API, "/api/", "/static/")
"""Paths where a program asks, and a problem in JSON answers."""
TOLD: Final = "farandole-told"
"""The extension under which the site leaves its way of telling a refusal to a reader."""
Told = Callable[[int], Response]
_BY_STATUS: Final = {413: ProblemType.TOO_LARGE, 404: ProblemType.NOT_FOUND}
_CLIENT_ERROR: Final = 400
_SERVER_ERROR: Final = 500


def answer(problem: Problem) -> Response:
    """Return the HTTP answer that carries *problem*."""
    return Response(canonical(problem), status=problem.status, mimetype=PROBLEM_MEDIA_TYPE)


def problem_of(error: Exception) -> Problem:
    """Return what may be said of *error* to whoever asked."""
    if isinstance(error, ClockOff):
        base = ProblemType.CLOCK.problem()
        clock = f"{base.detail} The server's clock says {error.now:%Y-%m-%dT%H:%M:%SZ}."
        return base.model_copy(update={"detail": clock})
    base = _type_of(error).problem()
    if isinstance(error, TitleRefused):
        return base.model_copy(update={"detail": f"{base.detail} Event number {error.number}."})
    return base


def _type_of(error: Exception) -> ProblemType:
    if isinstance(error, IntakeRefused):
        return error.problem
    kinds = {
        SigningError: ProblemType.UNSIGNED,
        ValidationError: ProblemType.MALFORMED,
        CodeRefused: ProblemType.CODE,
        StateConflict: ProblemType.CONFLICT,
    }
    for kind, problem in kinds.items():
        if isinstance(error, kind):
            return problem
    return ProblemType.UNAVAILABLE


def install(app: Flask) -> None:
    """Make *app* answer every failure below ``/v1/`` with a problem, and log no value of it."""
    for kind in (HubError, SigningError, ValidationError):
        app.register_error_handler(kind, _known)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _known(error: Exception) -> Response:
    problem = problem_of(error)
    if problem.status >= _SERVER_ERROR:
        log_failure(error)
    return _page(problem.status) or answer(problem)


def _page(status: int) -> Response | None:
    """Return the page that a reader sees in the place of a problem, when a page was asked for and the site is there."""
    told: Told | None = current_app.extensions.get(TOLD)
    return None if told is None or request.path.startswith(MACHINES) else told(status)


def _http(error: HTTPException) -> Response | HTTPException:
    if not request.path.startswith(API) or error.code is None or error.code < _CLIENT_ERROR:
        lost = error.code is not None and error.code >= _CLIENT_ERROR
        return (_page(error.code) if lost and error.code else None) or error
    problem = _BY_STATUS.get(error.code, ProblemType.MALFORMED).problem()
    if error.code not in _BY_STATUS:
        problem = problem.model_copy(update={"status": error.code})
    return answer(problem)


def _unexpected(error: Exception) -> Response:
    log_failure(error)
    problem = ProblemType.UNAVAILABLE.problem()
    return _page(problem.status) or answer(problem)


def log_failure(error: Exception) -> None:
    """Say where it broke, never with what: an error's text may hold what was received."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    log.error("%s at %s", type(error).__name__, where)
