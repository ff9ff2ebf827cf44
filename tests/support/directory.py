"""An outside directory of our own: keys, codes and tokens as OpenID Connect has them, and no network below."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from tests.support.office import CLOCK

ISSUER = "https://annuaire.exemple.fr/realms/culture"
BACK = "/bureau/connexion/annuaire/retour"
SECRET = "un secret convenu"


@dataclass
class Directory(BaseAdapter):
    """What stands at the other end; ``said`` and ``head`` change the next ID tokens."""

    email: str = ""
    said: dict[str, Any] = field(default_factory=dict)  # a value of None leaves the claim out
    head: dict[str, Any] = field(default_factory=dict)
    published: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "un"}))
    shown: list[Any] | None = None  # keys published, when others than the one that signs
    raw: Any = None  # in place of the ID token
    apart: dict[str, Any] | None = None  # what userinfo says, for a directory that has it
    status: int = 200
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def agree(self, address: str) -> str:
        """Do what the person does there: sign in and agree; return the query that her browser brings back."""
        parts = urlsplit(address)
        wanted = dict(parse_qsl(parts.query))
        assert address.startswith(f"{ISSUER}/auth?")
        assert (wanted["response_type"], wanted["client_id"]) == ("code", "farandole")
        assert wanted["code_challenge_method"] == "S256"
        assert wanted["redirect_uri"].endswith(BACK)
        assert wanted["scope"].split() == ["openid", "email"]
        code = f"code-{len(self._codes)}"
        self._codes[code] = (wanted["code_challenge"], wanted["nonce"])
        return urlencode({"code": code, "state": wanted["state"], "iss": ISSUER})

    def send(self, request: PreparedRequest, *_args: Any, **_more: Any) -> Response:
        address = str(request.url)
        self.asked.append(address)
        body: Any = {"error": "invalid_grant"}
        if address.endswith("/.well-known/openid-configuration"):
            body = self._metadata()
        elif address.endswith("/certs"):
            keys = self.shown if self.shown is not None else [self.key]
            body = {"keys": [k if isinstance(k, dict) else k.as_dict(private=False) for k in keys]}
        elif address.endswith("/userinfo"):
            assert request.headers["Authorization"] == "Bearer a"
            body = self.apart
        elif address.endswith("/token"):
            body = self._token(request) or body
        answer = Response()
        answer.status_code = self.status
        answer.url = address
        answer.request = request
        if self.status == 302:
            answer.headers["Location"] = "https://ailleurs.exemple.fr/"
        answer._content = json.dumps(body).encode()
        return answer

    def close(self) -> None:
        pass

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/auth",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/certs",
            **({} if self.apart is None else {"userinfo_endpoint": f"{ISSUER}/userinfo"}),
            **self.published,
        }

    def _token(self, request: PreparedRequest) -> dict[str, Any] | None:
        form = {name: values[0] for name, values in parse_qs(str(request.body)).items()}
        basic = base64.b64encode(f"farandole:{SECRET}".encode()).decode()
        assert request.headers["Authorization"] == f"Basic {basic}"
        challenge, nonce = self._codes.pop(form["code"], ("", ""))
        proof = hashlib.sha256(form["code_verifier"].encode()).digest()
        if _coded(proof) != challenge:
            return None
        token = self.raw if self.raw is not None else self.signed(nonce)
        return {"access_token": "a", "token_type": "Bearer", "id_token": token}

    def signed(self, nonce: str) -> str:
        now = int(CLOCK.now().timestamp())
        claims = {
            "iss": ISSUER, "sub": f"sujet de {self.email}", "aud": "farandole", "iat": now, "exp": now + 300,
            "nonce": nonce, "email": self.email, "email_verified": True, **self.said,
        }  # fmt: skip
        alg = "RS256" if isinstance(self.key, RSAKey) else "ES256"
        head = {"alg": alg, "kid": self.key.kid, **self.head}
        given = {name: value for name, value in claims.items() if value is not None}
        if head["alg"] in {"none", "HS256"}:
            return self._forged(head, given)
        return str(jwt.encode(head, given, self.key, [head["alg"]]))

    def _forged(self, head: dict[str, Any], given: dict[str, Any]) -> str:
        """Return a token that nobody signed, or whose shared secret is the public key itself."""
        text = ".".join(_coded(json.dumps(one).encode()) for one in (head, given))
        if head["alg"] == "none":
            return f"{text}."
        public = self.key.as_pem(private=False)
        return f"{text}.{_coded(hmac.digest(public, text.encode(), 'sha256'))}"


def _coded(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode().rstrip("=")
