"""HTTP to one server: the system's certificates and proxies, bounded answers, no plain HTTP outside."""

import datetime as dt
import ipaddress
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

import requests
import truststore
from requests.adapters import HTTPAdapter

from venue_agent.errors import ConfigError
from venue_agent.words import _

CONNECT_SECONDS: Final = 10
READ_SECONDS: Final = 60
ANSWER_BYTES: Final = 64 * 1024 * 1024
_BAD_REQUEST: Final = 400
_CHUNK: Final = 256 * 1024
_DIGITS: Final = 9  # of a wait: longer than any that is waited for


class Unreachable(Exception):
    """No answer came: the name, the network, the certificate, or an answer without end."""

    def __init__(self, message: str, *, lasting: bool = False) -> None:
        super().__init__(message)
        self.lasting = lasting  # asking again would not help


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    body: bytes
    date: dt.datetime | None
    wait: float | None = None  # seconds that the server asks for before the next try

    @property
    def ok(self) -> bool:
        """Whether the request was granted."""
        return self.status < _BAD_REQUEST


Send = Callable[[str, str, bytes, Mapping[str, str]], Answer]
"""method, absolute URL, body, headers → Answer; raises ``Unreachable``."""


class _SystemTrust(HTTPAdapter):
    """Checks certificates with the operating system's store: venues add their own authority there."""

    def __init__(self) -> None:
        self._context: Any = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # one: pools are kept
        super().__init__()

    def build_connection_pool_key_attributes(
        self, request: Any, verify: Any, cert: Any = None
    ) -> Any:
        """Add the system's trust store to what makes a connection."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        if verify is True:
            return host, {**pool, "ssl_context": self._context}
        return host, pool

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Require a certificate, and leave its judgement to the context."""
        if verify is True:
            conn.cert_reqs = "CERT_REQUIRED"  # no bundle of our own: the context knows the store
        else:
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]


def new_session() -> requests.Session:
    """Return a session with the system's certificates; proxies come from the environment."""
    session = requests.Session()
    session.mount("https://", _SystemTrust())
    session.headers["User-Agent"] = "farandole-agent"
    return session


def new_sender() -> Send:
    """Return a sender over a session of its own."""
    session = new_session()

    def send(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        try:
            with session.request(
                method,
                url,
                data=body or None,
                headers=dict(headers),
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response:
                return Answer(
                    response.status_code, _bounded(response), _date(response), wait_of(response)
                )
        except requests.exceptions.SSLError as error:
            told = _("its certificate is not valid for that name")
            raise Unreachable(told, lasting=True) from error
        except requests.exceptions.ProxyError as error:
            raise Unreachable(_("the proxy does not let through")) from error
        except requests.exceptions.Timeout as error:
            raise Unreachable(_("it does not answer in time")) from error
        except requests.exceptions.RequestException as error:
            raise Unreachable(_("no connection")) from error

    return send


def checked_url(url: str) -> str:
    """Return *url* without a trailing slash when it is HTTPS, or HTTP to this very machine.

    Raises:
        ConfigError: anything else.
    """
    parts = urlsplit(url)
    plain_here = parts.scheme == "http" and _is_loopback(parts.hostname or "")
    if not parts.hostname or not (parts.scheme == "https" or plain_here):
        raise ConfigError(
            _(
                "The server's address must begin with https:// (http:// only for this "
                "machine). Correct the address in the settings."
            )
        )
    if parts.query or parts.fragment or parts.username:
        raise ConfigError(
            _("The server's address must hold no user, query or fragment. Correct it.")
        )
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _bounded(response: requests.Response) -> bytes:
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_content(_CHUNK):
        size += len(chunk)
        if size > ANSWER_BYTES:
            raise Unreachable(_("its answer is larger than any answer may be"), lasting=True)
        chunks.append(chunk)
    return b"".join(chunks)


def wait_of(response: requests.Response) -> float | None:
    """Return the seconds of ``Retry-After`` (RFC 9110, section 10.2.3), a number or a date; else None."""
    told = response.headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return float(told[:_DIGITS])
    try:
        until, here = parsedate_to_datetime(told), _date(response)
    except ValueError:
        return None
    if here is None or until.tzinfo is None:
        return None  # the server's own hour is the one that its date is told by
    return max(0.0, (until - here).total_seconds())


def _date(response: requests.Response) -> dt.datetime | None:
    try:
        return parsedate_to_datetime(response.headers["Date"])
    except (KeyError, ValueError):
        return None
