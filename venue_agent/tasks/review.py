"""The preview on loopback with a button: whoever holds the one-time link may say yes, once, to the bytes it shows.

No cookie and no session: the link opens once and leads to a second secret that stands on no command line,
and the form holds a third. So another site, another name for this address (DNS rebinding) or another
program of this machine has nothing to act with.
"""

import hmac
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any, Final
from urllib.parse import parse_qs

from venue_agent.errors import AgentError
from venue_agent.outbox.approval import Approval
from venue_agent.pages.markup import policy

LOOPBACK: Final = "127.0.0.1"
LARGEST: Final = 4096
SLOWEST: Final = 10.0
LONGEST: Final = 30 * 60.0
_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True)
class Screen:
    """What the server shows, and what a yes does.

    ``page``: takes what the form must hold, returns the page with the button.
    ``done``: the page after a yes. ``sorry``: the page of a refusal, by its kind.
    ``yes``: takes the name; returns the approval, or raises an AgentError that is shown.
    """

    page: Callable[[str], str]
    done: Callable[[Approval], str]
    sorry: Callable[[str], str]
    yes: Callable[[str], Approval]


@dataclass
class Review:
    """One link, one page, one yes."""

    screen: Screen
    link: str = field(default_factory=secrets.token_urlsafe)
    place: str = field(default_factory=secrets.token_urlsafe)
    form: str = field(default_factory=secrets.token_urlsafe)
    opened: bool = False
    given: Approval | None = None
    told: bool = False  # whoever said yes has seen that it was noted

    def get(self, path: str) -> tuple[HTTPStatus, str, str]:
        """Answer a look: status, page, and where to go instead."""
        if _same(path, f"/{self.link}"):
            if self.opened:
                return HTTPStatus.GONE, self.screen.sorry("used"), ""
            self.opened = True
            return HTTPStatus.SEE_OTHER, "", f"/{self.place}"
        if _same(path, f"/{self.place}") and self.opened:
            if not self.given:
                return HTTPStatus.OK, self.screen.page(self.form), ""
            self.told = True
            return HTTPStatus.OK, self.screen.done(self.given), ""
        return HTTPStatus.NOT_FOUND, self.screen.sorry("unknown"), ""

    def post(self, path: str, filled: Mapping[str, Sequence[str]]) -> tuple[HTTPStatus, str, str]:
        """Answer a click, as ``get``."""
        known = _same(path, f"/{self.place}") and _same(_only(filled, "form"), self.form)
        if not known or not self.opened or self.given:
            return HTTPStatus.FORBIDDEN, self.screen.sorry("unknown"), ""
        if _only(filled, "read") != "yes":
            return HTTPStatus.BAD_REQUEST, self.screen.sorry("unread"), ""
        try:
            self.given = self.screen.yes(_only(filled, "who"))
        except AgentError as error:
            return HTTPStatus.CONFLICT, self.screen.sorry(str(error)), ""
        return HTTPStatus.SEE_OTHER, "", f"/{self.place}"


class Server(ThreadingHTTPServer):
    """Listens on loopback alone; answers are finished before it closes."""

    daemon_threads = False

    def __init__(self, review: Review, port: int) -> None:
        super().__init__((LOOPBACK, port), Handler)
        self.review = review
        self.names = {f"{name}:{self.server_port}" for name in (LOOPBACK, "localhost")}

    def server_bind(self) -> None:
        """Bind without asking any name server what this machine is called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, int(self.server_address[1])

    @property
    def address(self) -> str:
        """The link to open, once."""
        return f"http://{LOOPBACK}:{self.server_port}/{self.review.link}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a connection that breaks is no news, and a traceback could hold data."""


class Handler(BaseHTTPRequestHandler):
    """Checks who asks, then lets the review answer."""

    server: Server
    timeout = SLOWEST
    server_version = "farandole"
    sys_version = ""

    def do_GET(self) -> None:
        """Show the page."""
        if self._is_ours():
            self._answer(*self.server.review.get(self.path))

    def do_POST(self) -> None:
        """Take the click."""
        if not (self._is_ours() and self._is_from_here()):
            return
        size = self.headers.get("Content-Length", "")
        if not size.isdecimal() or int(size) > LARGEST:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        body = self.rfile.read(int(size)).decode("utf-8", "replace")
        self._answer(*self.server.review.post(self.path, parse_qs(body, max_num_fields=10)))

    def log_message(self, *_args: object) -> None:
        """Keep no log: addresses hold the secrets."""

    def _is_ours(self) -> bool:
        """Whether the browser was asked for this very address: another name is a rebinding."""
        if self.headers.get_all("Host", []) and self.headers["Host"] in self.server.names:
            return True
        self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
        return False

    def _is_from_here(self) -> bool:
        origins = {f"http://{name}" for name in self.server.names}
        site = self.headers.get("Sec-Fetch-Site", "same-origin")
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip()
        if (
            self.headers.get("Origin") in origins
            and site == "same-origin"
            and kind == "application/x-www-form-urlencoded"
        ):
            return True
        self._refuse(HTTPStatus.FORBIDDEN)
        return False

    def _refuse(self, status: HTTPStatus) -> None:
        self._answer(status, self.server.review.screen.sorry("unknown"), "")

    def _answer(self, status: HTTPStatus, page: str, elsewhere: str) -> None:
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        guarded = f"{policy(forms=True)}; frame-ancestors 'none'"
        self.send_header("Content-Security-Policy", guarded)
        if elsewhere:
            self.send_header("Location", elsewhere)
        body = page.encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def wait_for_yes(server: Server, seconds: float = LONGEST) -> Approval | None:
    """Serve until somebody said yes and saw that it was noted, or until the time is over."""
    ends = time.monotonic() + seconds
    server.timeout = 0.2
    with server:
        while not server.review.given and time.monotonic() < ends:
            server.handle_request()
        after = time.monotonic() + SLOWEST
        while server.review.given and not server.review.told and time.monotonic() < after:
            server.handle_request()
    return server.review.given


def _same(found: str, expected: str) -> bool:
    return hmac.compare_digest(found.encode("utf-8", "replace"), expected.encode())


def _only(filled: Mapping[str, Sequence[str]], name: str) -> str:
    values = filled.get(name, ())
    return values[0] if len(values) == 1 else ""
