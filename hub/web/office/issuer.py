"""Asks an outside directory (OpenID Connect) who somebody is, and believes no word of it that is not signed for us.

Authorization code with PKCE (S256), state and nonce; the ID token is read, never what travels through the browser. Only
an address that it leaves out is asked for by userinfo, whose subject must be the same (§5.3.2). OpenID Connect Core 1.0 §3.1.3.7, RFC 7636, RFC 9207, RFC 9700.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Self

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from requests import PreparedRequest, RequestException, Response
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from contracts.clock import Clock
from hub.config import DirectoryConfig, WebConfig
from hub.web.office.issuer_said import IssuerRefused, Known, known_of, usable
from hub.web.office.secret import secret_of
from hub.web.office.settings import FRESH

SECONDS: Final = 5.0
LONGEST: Final = 256 * 1024  # of any answer, in bytes
KNOWN_FOR: Final = timedelta(hours=1)
ASKED_AGAIN: Final = timedelta(minutes=1)  # for a key that we do not know, or after a failure
LEEWAY: Final = 60  # seconds between two clocks
ALGORITHMS: Final = ("RS256", "ES256")
_EMAIL: Final = re.compile(r"[!-~]{1,64}@[!-~]{1,189}")  # ASCII: no other letter looks like it
_TOKEN: Final = re.compile(r"[!-~]{1,8000}")
_SUBJECT: Final = re.compile(r"[ -~]{1,255}")  # Core §2: at most 255 ASCII characters


class Bounded(HTTPAdapter):
    """Speaks TLS to the directory, for a few seconds and a few kilobytes."""

    def send(self, request: PreparedRequest, *_more: Any, **options: Any) -> Response:
        """Send, and read no more than is ever needed."""
        answer = super().send(request, **{**options, "stream": True, "timeout": SECONDS})
        try:
            body = answer.raw.read(LONGEST + 1, decode_content=True)
        except HTTPError as error:
            raise RequestException("the answer broke off") from error
        finally:
            answer.close()
        if len(body) > LONGEST:
            raise RequestException("the answer is too long")
        answer._content = body  # noqa: SLF001 - what requests itself reads from now on
        return answer


@dataclass(frozen=True)
class Asked:
    """What was asked, as the browser's session remembers it on our side."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Self:
        """Return three fresh secrets of 256 bits."""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))


@dataclass(frozen=True)
class Given:
    """Who the directory says it is; ``email`` is None unless it says that it checked the address."""

    subject: str
    email: str | None
    second: bool  # it asked for a second factor within the last half hour


class Issuer:
    """One directory; what it publishes is asked for once an hour."""

    def __init__(self, config: DirectoryConfig, secret: str, clock: Clock) -> None:
        self.config = config
        self._secret = secret
        self._clock = clock
        self._known: Known | None = None
        self._keys: tuple[KeySet, datetime] | None = None  # and when they were asked for
        self._failed: datetime | None = None

    @classmethod
    def of(cls, config: WebConfig, clock: Clock) -> Self | None:
        """Return the directory of the settings, or None.

        Raises:
            ConfigError: its secret cannot be read, or can be by others.
        """
        secret = secret_of(config)
        if config.directory is None or secret is None:
            return None
        return cls(config.directory, secret, clock)

    def address(self, asked: Asked, back: str) -> str:
        """Return where to send the browser.

        Raises:
            IssuerRefused: the directory does not answer.
        """
        known, more = self._found(), {}
        if self.config.second_factor:
            more["max_age"] = str(int(FRESH.total_seconds()))
        client = self._client(known, redirect_uri=back)
        url, _state = client.create_authorization_url(
            known.authorization, state=asked.state, code_verifier=asked.verifier,
            nonce=asked.nonce, **more,
        )  # fmt: skip
        return str(url)

    def given(self, asked: Asked, code: str, back: str) -> Given:
        """Return who it is, for a code that the browser brought back.

        Raises:
            IssuerRefused: the code, or any word of the ID token, is not what was asked for.
        """
        known = self._found()
        try:
            token = self._client(known, redirect_uri=back).fetch_token(
                known.token, grant_type="authorization_code", code=code,
                code_verifier=asked.verifier, headers={"Accept": "application/json"},
            )  # fmt: skip
        except (OAuthError, RequestException, ValueError, TypeError) as error:
            raise IssuerRefused("code") from error
        claims = self._signed(token.get("id_token"), known)
        self._for_us(claims, asked.nonce, token.get("access_token"))
        return self._who(self._completed(claims, known, token.get("access_token")))

    def _completed(self, claims: CodeIDToken, known: Known, access: object) -> Mapping[str, Any]:
        """Return the claims with the address that userinfo alone gives, for the very same subject."""
        if self.config.email_claim in claims or known.userinfo is None:
            return dict(claims)
        if not isinstance(access, str) or not _TOKEN.fullmatch(access):
            raise IssuerRefused("userinfo")
        more = self._get(known.userinfo, {"Authorization": f"Bearer {access}"})
        if not isinstance(more.get("sub"), str) or more["sub"] != claims["sub"]:
            raise IssuerRefused("userinfo")  # somebody else's: tokens were swapped
        told = (
            self.config.email_claim,
            "email_verified",
        )  # both of one document, or the one vouches for the other's
        own = {name: value for name, value in claims.items() if name not in told}
        return {**own, **{name: more[name] for name in told if name in more}}

    def _client(self, known: Known | None, **more: Any) -> Any:
        way = "client_secret_basic" if known is None or known.basic else "client_secret_post"
        client = OAuth2Session(
            self.config.client_id, self._secret, token_endpoint_auth_method=way,
            scope="openid email", code_challenge_method="S256", **more,
        )  # fmt: skip
        client.adapters.clear()  # TLS, or nothing
        client.mount("https://", Bounded())
        client.max_redirects = 0
        return client

    def _found(self) -> Known:
        now = self._clock.now()
        if self._known is not None and now < self._known.until:
            return self._known
        if self._failed is not None and now < self._failed + ASKED_AGAIN:
            raise IssuerRefused("unreachable")
        body = self._get(f"{self.config.issuer.rstrip('/')}/.well-known/openid-configuration")
        self._known = known_of(body, self.config.issuer, now + KNOWN_FOR)
        return self._known

    def _get(self, url: str, heads: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        try:
            answer = self._client(None).get(url, withhold_token=True, headers=dict(heads or {}))
            answer.raise_for_status()
            body = answer.json()
        except (RequestException, ValueError) as error:
            self._failed = self._clock.now()
            raise IssuerRefused("unreachable") from error
        if not isinstance(body, dict):
            raise IssuerRefused("unreadable")
        return body

    def _signed(self, text: object, known: Known) -> CodeIDToken:
        """Return the claims of an ID token that one of the directory's keys signed."""
        if not isinstance(text, str):
            raise IssuerRefused("no-id-token")
        try:
            try:
                token = jwt.decode(text, self._key_set(known), list(ALGORITHMS))
            except InvalidKeyIdError:  # it may have changed its key
                token = jwt.decode(text, self._key_set(known, anew=True), list(ALGORITHMS))
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise IssuerRefused("signature") from error
        if str(token.header.get("typ", "JWT")).upper() != "JWT":
            raise IssuerRefused("kind")  # another kind of token, signed with the same key
        return CodeIDToken(token.claims, token.header)

    def _key_set(self, known: Known, *, anew: bool = False) -> KeySet:
        now = self._clock.now()
        if self._keys is not None:
            keys, since = self._keys
            if now < since + (ASKED_AGAIN if anew else KNOWN_FOR):
                return keys
        keys = usable(self._get(known.keys))
        self._keys = (keys, now)
        return keys

    def _for_us(self, claims: CodeIDToken, nonce: str, access: object) -> None:
        """Judge issuer, audience, times and nonce."""
        wanted = {"iss": self.config.issuer, "nonce": nonce}
        claims.options = {
            **{name: {"essential": True, "value": value} for name, value in wanted.items()},
            **{name: {"essential": True} for name in ("sub", "aud", "exp", "iat")},
        }
        claims.params = {
            "nonce": nonce, "client_id": self.config.client_id, "access_token": access,
        }  # fmt: skip
        if claims.get("aud") not in (self.config.client_id, [self.config.client_id]):
            raise IssuerRefused("audience")  # ours alone: no other client may present it
        try:
            claims.validate(now=int(self._clock.now().timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, TypeError) as error:
            raise IssuerRefused("claims") from error

    def _who(self, claims: Mapping[str, Any]) -> Given:
        subject, email = claims["sub"], claims.get(self.config.email_claim)
        if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject):
            raise IssuerRefused("subject")
        checked = claims.get("email_verified") is True and isinstance(email, str)
        whole = checked and _EMAIL.fullmatch(str(email)) is not None
        return Given(subject, str(email) if whole else None, self._second(claims))

    def _second(self, claims: Mapping[str, Any]) -> bool:
        """Say whether a second factor was given, in the settings' own words, and lately."""
        ways, at = claims.get("amr"), claims.get("auth_time")
        said = [*(ways if isinstance(ways, list) else ()), claims.get("acr")]
        if not isinstance(at, int) or not any(one in self.config.second_factor for one in said):
            return False
        since = self._clock.now().timestamp() - at
        return -LEEWAY <= since <= FRESH.total_seconds() + LEEWAY
