"""Who sends this: a signed request of an enrolled venue, seen for the first time, on its own path."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from flask import request

from contracts.clock import Clock
from contracts.problems import ProblemType
from contracts.signing import Incoming, Verified, verify_request
from hub.errors import IntakeRefused
from hub.store import inbox
from hub.store.database import Control


@dataclass(frozen=True)
class Gate:
    """Checks the signature of the request at hand.

    Addresses are read under the hub's configured name, never under the Host header, so that a
    request signed for another service does not pass here.
    """

    control: Control
    public_url: str
    clock: Clock

    def admit(self, venue: str) -> Verified:
        """Return who signed the request, which must be *venue* itself.

        Raises:
            SigningError: no signature, a wrong one, or a clock that is off.
            IntakeRefused: another venue's key, or a request that was seen before.
        """
        return self._admit(venue, self.control.published().member_key)

    def admit_newcomer(self, venue: str, signing_key: str) -> Verified:
        """Return the same for a venue that enrols: it proves that it holds the key it brings."""
        return self._admit(venue, {venue: signing_key}.get)

    def _admit(self, venue: str, resolve: Callable[[str], str | None]) -> Verified:
        incoming = Incoming(method=request.method, url=self._url(), headers=dict(request.headers))
        verified = verify_request(incoming, resolve, self.clock)
        if verified.keyid != venue:
            raise IntakeRefused(ProblemType.FORBIDDEN)
        with self.control.transaction(self.clock) as tx:
            inbox.remember_nonce(tx, verified.keyid, verified.nonce)
            tx.commit()
        return verified

    def _url(self) -> str:
        path = quote(request.path, safe="/-._~!$&'()*+,;=:@")
        query = request.query_string.decode("ascii", "replace")
        return f"{self.public_url.rstrip('/')}{path}" + (f"?{query}" if query else "")
