"""The hub as the agent sees it: every request signed, every answer checked, every failure named."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from pydantic import TypeAdapter

from contracts import api
from contracts.base import canonical, digest
from contracts.batch import Acknowledgement, Commit, Envelope
from contracts.catalogue import Catalogue
from contracts.charter import MemberSignature, SignedCharter
from contracts.clock import Clock
from contracts.edition import AuditEntry, PublishedEdition, SignedCheckpoint
from contracts.model import SignedModel
from contracts.order import SignedOrder
from contracts.seal import fingerprint, signing_public
from contracts.signing import Outgoing, sign_request
from contracts.succession import SignedSuccession
from venue_agent.credentials.identity import Identity
from venue_agent.errors import FingerprintMismatch, HubDown
from venue_agent.network.again import ATTENDED, Passing, Tries, may_pass, persist
from venue_agent.network.hub_answers import Model, parsed, refusal, validated
from venue_agent.network.transport import Answer, Send, Unreachable, checked_url, new_sender
from venue_agent.words import _

_NOT_FOUND: Final = 404
_CHAIN: Final = TypeAdapter(list[AuditEntry])
_NAMES: Final = TypeAdapter(list[str])
_ORDERS: Final = TypeAdapter(list[SignedOrder])


@dataclass(frozen=True)
class Hub:
    """One hub, reached with one venue's key."""

    url: str
    identity: Identity
    clock: Clock
    send: Send = field(default_factory=new_sender)
    tries: Tries = ATTENDED

    def __post_init__(self) -> None:
        """Refuse an address that is neither HTTPS nor this machine."""
        object.__setattr__(self, "url", checked_url(self.url))

    def enrol(self, code: str, expected_fingerprint: str) -> None:
        """Join with a one-time code.

        Raises:
            FingerprintMismatch: the hub that answers is not the one whose fingerprint was given.
            HubRefused: the code is unknown, used or expired.
        """
        enrolment = api.Enrolment(
            venue=self.identity.venue,
            code=code,
            signing_key=signing_public(self.identity.signing_key),
        )
        answer = self._call("POST", api.PATH_ENROL, canonical(enrolment))
        check_fingerprint(parsed(answer, api.Enrolled).fingerprint, expected_fingerprint)

    def charter(self, *, draft: bool = False) -> SignedCharter | None:
        """Return the charter in force (or the newest, with *draft*); None before there is one."""
        path = api.PATH_CHARTER + ("?state=draft" if draft else "")
        return self._optional("GET", path, SignedCharter)

    def sign_charter(self, signature: MemberSignature) -> SignedCharter:
        """Send this venue's signature of the newest draft."""
        return parsed(self._call("POST", api.PATH_SIGNATURES, canonical(signature)), SignedCharter)

    def succeed(self, statement: SignedSuccession) -> None:
        """Tell the hub of the venue's new key, with which this request is signed; again is harmless.

        Raises:
            HubRefused: the statement does not follow from the key that is enrolled there.
        """
        answer = self._call("POST", self._path(api.PATH_SUCCESSION), canonical(statement))
        check_fingerprint(
            parsed(answer, api.Enrolled).fingerprint, fingerprint(statement.succession.key)
        )

    def put_catalogue(self, catalogue: Catalogue) -> None:
        """Replace this venue's public catalogue."""
        self._call("PUT", self._path(api.PATH_CATALOGUE), canonical(catalogue))

    def catalogue(self, venue: str) -> Catalogue | None:
        """Return a venue's public catalogue, or None: it made none public, or the hub shows none."""
        return self._optional("GET", api.PATH_CATALOGUE.format(venue=venue), Catalogue)

    def has_part(self, sha256: str) -> bool:
        """Return whether the hub holds this part, whole."""
        answer = self._ask("HEAD", self._path(api.PATH_PART, sha256=sha256), b"")
        if answer.status == _NOT_FOUND:
            return False
        self._refuse_problem(answer)
        return True

    def put_part(self, part: bytes) -> None:
        """Send one sealed part; one whose answer alone was lost is not sent twice."""
        path, before = self._path(api.PATH_PART, sha256=digest(part)), itertools.count()

        def once() -> Answer:
            if next(before) and (there := self._once("HEAD", path, b"")).ok:
                return there
            return self._once("PUT", path, part)

        self._refuse_problem(self._persisted(once))

    def commit(self, commit: Commit) -> Acknowledgement:
        """Announce a batch whose parts are all there; announcing it twice is harmless."""
        return parsed(
            self._call("POST", self._path(api.PATH_COMMITS), canonical(commit)), Acknowledgement
        )

    def receipt(self, commit_sha256: str) -> Envelope | None:
        """Return the vault's sealed receipt, or None until it has opened the batch."""
        return self._optional("GET", self._path(api.PATH_RECEIPT, sha256=commit_sha256), Envelope)

    def checkpoint(self) -> SignedCheckpoint | None:
        """Return the newest signed head of the chain, or None before the first."""
        return self._optional("GET", api.PATH_CHECKPOINT, SignedCheckpoint)

    def chain(self, after: int) -> list[AuditEntry]:
        """Return the public chain's entries after sequence *after*, all pages of them."""
        entries: list[AuditEntry] = []
        while page := self._page(after + len(entries)):
            entries += page
        return entries

    def editions(self) -> list[str]:
        """Return the ids of the published editions."""
        return validated(_NAMES.validate_json, self._call("GET", api.PATH_EDITIONS).body)

    def edition(self, edition: str) -> PublishedEdition | None:
        """Return one published edition, or None."""
        return self._optional("GET", api.PATH_EDITION.format(edition=edition), PublishedEdition)

    def model(self, edition: str) -> SignedModel | None:
        """Return the signed recommendation model of an edition, or None."""
        return self._optional("GET", api.PATH_MODEL.format(edition=edition), SignedModel)

    def orders(self) -> list[SignedOrder]:
        """Return the partners' orders that wait for this venue; none where the hub knows of no such thing."""
        answer = self._ask("GET", self._path(api.PATH_ORDERS), b"")
        if answer.status == _NOT_FOUND:
            return []
        self._refuse_problem(answer)
        return validated(_ORDERS.validate_json, answer.body)

    def _page(self, after: int) -> list[AuditEntry]:
        body = self._call("GET", f"{api.PATH_CHAIN}?after={after}").body
        return validated(_CHAIN.validate_json, body)

    def _path(self, path: str, **names: str) -> str:
        return path.format(venue=self.identity.venue, **names)

    def _optional(self, method: str, path: str, model: type[Model]) -> Model | None:
        answer = self._ask(method, path, b"")
        if answer.status == _NOT_FOUND:
            return None
        self._refuse_problem(answer)
        return parsed(answer, model)

    def _call(self, method: str, path: str, body: bytes = b"") -> Answer:
        answer = self._ask(method, path, body)
        self._refuse_problem(answer)
        return answer

    def _ask(self, method: str, path: str, body: bytes) -> Answer:
        return self._persisted(lambda: self._once(method, path, body))

    def _persisted(self, once: Callable[[], Answer]) -> Answer:
        """Ask, and ask again what may have been lost: each request of ours may be repeated."""
        last: Answer | Unreachable = Unreachable("")

        def attempt() -> Answer:
            nonlocal last
            try:
                last = answer = once()
            except Unreachable as error:
                last = error
                if error.lasting:
                    raise
                raise Passing from error
            if may_pass(answer.status, answer.body, answer.wait):
                raise Passing(answer.wait)
            return answer

        try:
            return persist(attempt, self.tries)
        except (Passing, Unreachable) as over:
            if isinstance(last, Answer):
                return last
            raise HubDown(
                _(
                    "The hub at {url} cannot be reached: {error}. Nothing is lost; check the "
                    "network or proxy and start again."
                ).format(url=self.url, error=last)
            ) from over

    def _once(self, method: str, path: str, body: bytes) -> Answer:
        url = self.url + path
        headers = sign_request(
            Outgoing(method, url, body), self.identity.signing_key, self.identity.venue, self.clock
        )
        if body:
            headers["Content-Type"] = "application/octet-stream"
        return self.send(method, url, body, headers)

    def _refuse_problem(self, answer: Answer) -> None:
        if not answer.ok:
            raise refusal(answer, self.url, self.clock.now())


def check_fingerprint(found: str, expected: str) -> None:
    """Compare two fingerprints, whatever the spacing and case in which one was typed.

    Raises:
        FingerprintMismatch: they differ.
    """
    typed = "".join(expected.lower().replace(":", " ").replace("-", " ").split())
    if found != typed:
        raise FingerprintMismatch(
            _(
                "The hub's fingerprint is {found}…, expected {expected}…. Send nothing: ask "
                "whoever gave you the code, by telephone, for the hub's fingerprint."
            ).format(found=found[:16], expected=typed[:16])
        )


def check_hub_key(signed: SignedCharter, expected_fingerprint: str) -> None:
    """Check that the charter's hub is the one whose fingerprint was confirmed at joining.

    Raises:
        FingerprintMismatch: it is another.
    """
    check_fingerprint(fingerprint(signed.charter.hub.signing_key), expected_fingerprint)


__all__ = ["Hub", "Identity", "check_fingerprint", "check_hub_key"]
