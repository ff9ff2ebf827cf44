"""Gives tokens to partners' programs: OAuth 2.0 client credentials, each program proven by what it signs.

RFC 6749 (4.4) and RFC 7523 with ES256: no secret is shared, and a token for nothing is refused.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Payload, FlaskOAuth2Request
from authlib.oauth2.rfc6749 import (
    ClientMixin,
    InvalidClientError,
    InvalidScopeError,
    OAuth2Error,
    OAuth2Request,
)
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from flask import Flask, Request, Response, jsonify, request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from contracts.clock import Clock
from hub.errors import IntakeRefused
from hub.people.programs import ASSERTION_SECONDS, CALLS_A_MINUTE, TOKEN_SECONDS, Scope, scopes_of
from hub.store import access, clients, inbox
from hub.store.clients import Client
from hub.store.database import Control
from hub.store.transaction import Transaction

PATH_TOKEN: Final = "/v1/partner/token"  # noqa: S105 - an address
PATH_METADATA: Final = "/.well-known/oauth-authorization-server"
METHOD: Final = JWTBearerClientAssertion.CLIENT_AUTH_METHOD
GRANT: Final = "client_credentials"
ALGORITHM: Final = "ES256"
LONGEST_BODY: Final = 8192
JTI: Final = re.compile(r"[!-~]{1,100}")
NAME: Final = re.compile(r"k[0-9a-f]{16}")
"""A program's own: no other text is looked up, for a database may stumble on it."""
_WHO: Final = "The assertion does not prove a program that has access here."


class TooMany(OAuth2Error):  # type: ignore[misc]
    """The program asks more often than all may."""

    error = "temporarily_unavailable"
    status_code = 429


@dataclass(frozen=True)
class Program(ClientMixin):  # type: ignore[misc]  # Authlib ships no types
    """One program as Authlib asks about it."""

    kept: Client

    def get_client_id(self) -> str:
        """Return its name."""
        return self.kept.client

    def get_allowed_scope(self, scope: str) -> str:
        """Return what it asked for: it was checked before."""
        return scope

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Say whether it may prove itself so."""
        return method == METHOD and endpoint == "token"

    def check_grant_type(self, grant_type: str) -> bool:
        """Say whether it may ask in this way."""
        return grant_type == GRANT


class _Form(FlaskOAuth2Payload):  # type: ignore[misc]
    """The form alone: what stands in an address stands in logs."""

    @property
    def data(self) -> Any:
        return self._request.form


class _Asked(FlaskOAuth2Request):  # type: ignore[misc]
    def __init__(self, asked: Request) -> None:
        # TLS is the proxy's, and this process's own address is not what was asked: see `public_url`.
        OAuth2Request.__init__(
            self, asked.method, "https://hub" + asked.path, headers=asked.headers
        )
        self._request = asked
        self.payload = _Form(asked)


class _Server(AuthorizationServer):  # type: ignore[misc]
    def create_oauth2_request(self, _request: object) -> _Asked:
        return _Asked(request._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - the proxy's public way in


class _Credentials(ClientCredentialsGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = (METHOD,)

    def validate_requested_scope(self) -> None:
        """Refuse a token for nothing, and one for more than there is."""
        if scopes_of(self.request.payload.scope or "") is None:
            raise InvalidScopeError("Ask for one scope at least, and for known ones.")


class _Assertion(JWTBearerClientAssertion):  # type: ignore[misc]
    """Checks what a program signed: ES256 and nothing else, for us, for minutes, once."""

    def __init__(self, audience: tuple[str, ...], control: Control, clock: Clock) -> None:
        super().__init__(leeway=0)
        self._audience = audience
        self._control = control
        self._clock = clock

    def __call__(self, query_client: Callable[[str], Program | None], asked: Any) -> Any:
        try:
            return super().__call__(query_client, asked)
        except (
            InvalidClientError,
            RecursionError,
        ):  # whether a program exists is nobody's business
            raise InvalidClientError(description=_WHO) from None

    def get_audiences(self) -> list[str]:
        return list(self._audience)

    def resolve_client_public_key(self, client: Program) -> ECKey:
        return ECKey.import_key(dict(clients.key_of(client.kept)))

    def process_assertion_claims(self, assertion: str, resolve_key: Any) -> Any:
        try:
            token = jwt.decode(assertion, resolve_key, algorithms=[ALGORITHM])
        except (JoseError, ValueError) as error:
            raise InvalidClientError(description=_WHO) from error
        self.verify_claims(token.claims)
        return token.claims

    def verify_claims(self, claims: dict[str, Any]) -> None:
        """Check the claims against our own clock, and take the assertion up for good."""
        now = self._clock.now().timestamp()
        expires, jti, aud = claims.get("exp"), claims.get("jti"), claims.get("aud")
        good = (
            claims.get("iss") == claims.get("sub")
            and isinstance(expires, int)
            and now < expires <= now + ASSERTION_SECONDS
            and isinstance(jti, str)
            and JTI.fullmatch(jti) is not None
            and (aud if isinstance(aud, str) else "") in self._audience
        )
        if not good or not self.validate_jti(claims, str(jti)):
            raise InvalidClientError(description=_WHO)

    def validate_jti(self, claims: dict[str, Any], jti: str) -> bool:
        """Take an assertion up once, whichever worker it comes to; tokens count among the calls of a minute."""
        with self._control.transaction(self._clock) as tx:
            called = access.count(tx, claims["sub"])
            fresh = _first_time(tx, claims["sub"], jti)
            tx.commit()
        if called > CALLS_A_MINUTE:
            raise TooMany(
                description="Too many calls in this minute. Use a token for its whole life."
            )
        return fresh


def _first_time(tx: Transaction, name: str, jti: str) -> bool:
    try:
        inbox.remember_nonce(tx, f"program {name}", jti)
    except IntakeRefused:
        return False
    return True


def install(app: Flask, control: Control, clock: Clock, public_url: str) -> None:
    """Put the token endpoint on *app*, and what tells programs how to use it (RFC 8414)."""
    issuer = public_url.rstrip("/")
    audience = (issuer + PATH_TOKEN, issuer)

    def query(name: str) -> Program | None:
        if NAME.fullmatch(name) is None:
            return None
        with control.reading() as reading:
            found = clients.find(reading, name)
        return Program(found) if found is not None and found.state == "active" else None

    def save(token: dict[str, Any], asked: Any) -> None:
        with control.transaction(clock) as tx:
            access.give(tx, token["access_token"], asked.client.get_client_id(), token["scope"])
            tx.commit()

    server = _Server(query_client=query, save_token=save)
    server.load_config({"OAUTH2_TOKEN_EXPIRES_IN": {GRANT: TOKEN_SECONDS}})
    server.register_grant(_Credentials)
    server.register_client_auth_method(METHOD, _Assertion(audience, control, clock))

    def token() -> Response:
        request.max_content_length = LONGEST_BODY
        response: Response = server.create_token_response()
        response.headers["Cache-Control"] = "no-store"
        return response

    app.add_url_rule(PATH_TOKEN, "partner_token", token, methods=["POST"])
    app.add_url_rule(PATH_METADATA, "partner_metadata", lambda: jsonify(_metadata(issuer)))


def _metadata(issuer: str) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "token_endpoint": issuer + PATH_TOKEN,
        "grant_types_supported": [GRANT],
        "response_types_supported": [],
        "scopes_supported": [scope.value for scope in Scope],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": [ALGORITHM],
    }
