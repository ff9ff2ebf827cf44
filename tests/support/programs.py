"""A partner's program as one writes it: it signs an assertion, gets a token, calls."""

import hashlib
import json
import secrets
import time
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from hub.store import clients
from hub.store.clients import Deposit
from hub.store.database import Control
from tests.support.office import CLOCK, ORIGIN

TOKEN = "/v1/partner/token"
KIND = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def new_key() -> ECKey:
    return ECKey.generate_key("P-256")


def thumbprint(key: ECKey) -> str:
    """Return the fingerprint as OpenSSL tells it: of the public key in DER."""
    return hashlib.sha256(key.as_der(private=False)).hexdigest()


@dataclass
class Program:
    """One program: its name at the hub, and its private key."""

    name: str
    key: ECKey = field(repr=False)

    def assertion(self, *, key: Any = None, alg: str = "ES256", **claims: Any) -> str:
        now = int(time.time())
        said = {"iss": self.name, "sub": self.name, "aud": ORIGIN + TOKEN, "iat": now, "exp": now + 120, "jti": secrets.token_hex(8)}  # fmt: skip
        said = {n: v for n, v in {**said, **claims}.items() if v is not None}
        return str(jwt.encode({"alg": alg}, said, key or self.key, algorithms=[alg]))

    def ask(self, browser: Any, scope: str = "requests:read", **form: Any) -> Any:
        said = {"grant_type": "client_credentials", "scope": scope, "client_assertion_type": KIND, "client_assertion": self.assertion()}  # fmt: skip
        return browser.post(TOKEN, data={**said, **form}, base_url=ORIGIN)

    def token(self, browser: Any, scope: str = "requests:read") -> str:
        answer = self.ask(browser, scope)
        assert answer.status_code == 200, answer.text
        return str(answer.json["access_token"])


def known(
    control: Control, partner: str = "danse-nord", *, by: str = "p0", sandbox: bool = False
) -> Program:
    """Return a program whose key was deposited and confirmed."""
    key = new_key()
    mark = thumbprint(key)
    public = {n: str(v) for n, v in key.as_dict(private=False).items()}
    with control.transaction(CLOCK) as tx:
        new = clients.deposit(tx, Deposit(partner, "essai", public, mark, sandbox), by=by)
        clients.confirm(tx, new.client, mark[:8], by=by)
        tx.commit()
    return Program(new.client, key)


def claims_of(assertion: str) -> dict[str, Any]:
    body = assertion.split(".")[1]
    found: dict[str, Any] = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found
