"""Stands before every view of the office: the route must be known, the role must allow it, the request must be ours."""

import re
import time
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, abort, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from hub.people.roles import may
from hub.web.office.factors import who
from hub.web.office.routes import ROUTES, WANTS_FRESH
from hub.web.office.settings import FRESH

WITHIN: Final = re.compile(r"/bureau(/[a-z0-9-]+)*/?")
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES: Final = frozenset({"same-origin", "none"})
ASKS_AGAIN: Final = "works.page"
"""The one page whose script asks the office for something."""
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def install(app: Flask, origin: str) -> None:
    """Make *app* ask, at each request, whether the route exists, whose it is and where it comes from."""

    def stand() -> AnyResponse | None:
        act = ROUTES.get(request.endpoint or "")
        if act is None:
            abort(404)
        _refuse_strangers(origin)
        _refuse_roundabouts()
        user = who()
        held = user.held if user else frozenset()
        if not may(held, act):
            return _sent_to_sign_in() if user is None else abort(403)
        stale = time.time() - float(session.get("fs_paa", 0)) > FRESH.total_seconds()
        if act in WANTS_FRESH and stale:
            return redirect(url_for("security.verify", next=_back()))
        return None

    app.before_request(stand)
    app.after_request(_harden)


def _refuse_strangers(origin: str) -> None:
    """Refuse a form that another site sent, whatever token it carries."""
    if request.method in SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if site not in OWN_SITES or request.headers.get("Origin", origin) not in {origin, "null"}:
        abort(400)


def _refuse_roundabouts() -> None:
    """Refuse a ``next`` that leads anywhere but into the office."""
    for wanted in (*request.args.getlist("next"), *request.form.getlist("next")):
        if wanted and not WITHIN.fullmatch(wanted):
            abort(400)


def _sent_to_sign_in() -> AnyResponse:
    return redirect(url_for("security.login", next=_back()))


def _back() -> str:
    """Return where to come back to: the page itself, or, from a form, the office's first page."""
    path = (request.script_root + request.path) if request.method == "GET" else ""
    return path if WITHIN.fullmatch(path) else url_for("office.home")


def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    if request.endpoint == ASKS_AGAIN:
        response.headers["Content-Security-Policy"] += "; connect-src 'self'"
    return response


def origin_of(public_url: str) -> str:
    """Return the origin of the hub's public address."""
    parts = urlsplit(public_url)
    return f"{parts.scheme}://{parts.netloc}"
