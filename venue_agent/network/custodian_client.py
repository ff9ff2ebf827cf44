"""The custodian over HTTP: signed requests, each of the ways to fail named, retries that cost no quota."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

import requests
from pydantic import ValidationError

from contracts.api import (
    PATH_COUNTERS,
    PATH_CUSTODIAN_ENROL,
    PATH_CUSTODIAN_SUCCESSION,
    PATH_EVALUATE,
    PATH_KEYS,
    PATH_PROVE,
    Counters,
    CustodianKeys,
    Enrolled,
    Enrolment,
    EvaluateRequest,
    EvaluateResponse,
    ProveRequest,
    ProveResponse,
    Use,
)
from contracts.base import Wire
from contracts.clock import Clock
from contracts.problems import Problem, ProblemType, problem_slug
from contracts.ristretto import POINT_BYTES
from contracts.signing import Outgoing, sign_request
from contracts.succession import SignedSuccession
from venue_agent.errors import ClockOff, CustodianDown, CustodianRefused, QuotaExhausted
from venue_agent.network.again import ATTENDED, Passing, Tries, may_pass, persist
from venue_agent.network.transport import checked_url, new_session, wait_of
from venue_agent.words import _

TIMEOUT_SECONDS: Final = (10, 120)  # to connect; to answer
_NO_PROBLEM: Final = "unknown"

_Message = TypeVar("_Message", bound=Wire)


@dataclass(frozen=True)
class HttpCustodian:
    """An ``Evaluator`` at *url*; *key* is the venue's Ed25519 private key, enrolled there under its slug."""

    url: str
    venue: str
    key: bytes = field(repr=False)
    clock: Clock
    session: requests.Session = field(default_factory=new_session)
    use: Use = "linkage"  # which quota pays
    tries: Tries = ATTENDED

    def __post_init__(self) -> None:
        """Refuse an address that is neither HTTPS nor this machine: a one-time code travels there."""
        object.__setattr__(self, "url", checked_url(self.url))

    def evaluate(self, season: str, points: bytes) -> tuple[str, bytes]:
        """Return (session, k·B for each 32-byte point).

        Raises:
            QuotaExhausted: the season's or the day's quota is used up.
            CustodianDown, CustodianRefused, ClockOff: it does not answer, or says no.
        """
        text, width = points.hex(), 2 * POINT_BYTES
        split = [text[at : at + width] for at in range(0, len(text), width)]
        request = EvaluateRequest.model_construct(
            {"venue", "season", "points"} | ({"use"} if self.use == "erasure" else set()),
            venue=self.venue,
            season=season,
            points=split,
            use=self.use,
        )
        answer = self._post(PATH_EVALUATE, request, EvaluateResponse)
        return answer.session, bytes.fromhex("".join(answer.points))

    def prove(self, session: str, indices: Sequence[int]) -> bytes:
        """Return the batched proof for those points of that session; raises as ``evaluate`` does."""
        request = ProveRequest(venue=self.venue, session=session, indices=list(indices))
        return bytes.fromhex(self._post(PATH_PROVE, request, ProveResponse).proof)

    def enrol(self, code: str, signing_key: str) -> Enrolled:
        """Exchange a one-time code for the enrolment of the venue's public key; raises as ``evaluate`` does."""
        request = Enrolment(venue=self.venue, code=code, signing_key=signing_key)
        return self._post(PATH_CUSTODIAN_ENROL, request, Enrolled)

    def succeed(self, statement: SignedSuccession) -> Enrolled:
        """Tell the custodian of the venue's new key, with which this request is signed; raises as ``evaluate`` does."""
        return self._post(PATH_CUSTODIAN_SUCCESSION, statement, Enrolled)

    def keys(self) -> CustodianKeys:
        """Return the custodian's public keys; raises as ``evaluate`` does."""
        return _read(self._send("GET", PATH_KEYS, b""), CustodianKeys)

    def counters(self) -> Counters:
        """Return what this venue has spent of its quota, for nothing; raises as ``evaluate`` does."""
        return _read(self._send("GET", PATH_COUNTERS, b""), Counters)

    def _post(self, path: str, message: Wire, kind: type[_Message]) -> _Message:
        return _read(
            self._send("POST", path, message.model_dump_json(exclude_unset=True).encode()), kind
        )

    def _send(self, method: str, path: str, body: bytes) -> requests.Response:
        try:
            return self._retried(method, self.url.rstrip("/") + path, body)
        except requests.RequestException as error:
            raise CustodianDown(
                _(
                    "The custodian at {url} does not answer ({type}). Nothing was lost; check the "
                    "network and the proxy, then run the command again."
                ).format(url=self.url, type=type(error).__name__)
            ) from error

    def _retried(self, method: str, url: str, body: bytes) -> requests.Response:
        last: list[requests.Response] = []

        def attempt() -> requests.Response:
            last.clear()
            try:
                answer = self._once(method, url, body)
            except (requests.ConnectionError, requests.Timeout) as error:
                if isinstance(error, requests.exceptions.SSLError):
                    raise
                raise Passing from error
            last.append(answer)
            if may_pass(answer.status_code, answer.content, wait_of(answer)):
                raise Passing(wait_of(answer))
            return answer

        try:
            return persist(attempt, self.tries)
        except Passing as over:
            if last:
                return last[0]
            raise (over.__cause__ or over) from None

    def _once(self, method: str, url: str, body: bytes) -> requests.Response:
        signature = sign_request(Outgoing(method, url, body), self.key, self.venue, self.clock)
        headers = {"Content-Type": "application/json", **signature}
        return self.session.request(
            method, url, data=body, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False
        )


def _read(answer: requests.Response, kind: type[_Message]) -> _Message:
    if answer.status_code != requests.codes.ok:
        raise _refusal(answer)
    try:
        return kind.model_validate_json(answer.content)
    except ValidationError as error:
        raise CustodianRefused(
            _(
                "Found an answer that no custodian of this version gives; expected its JSON. "
                "Check the address in the charter and the proxy."
            )
        ) from error


def _refusal(
    answer: requests.Response,
) -> CustodianRefused | QuotaExhausted | ClockOff | CustodianDown:
    try:
        problem = Problem.model_validate_json(answer.content)
    except ValidationError:
        told = _(
            "The custodian answered with status {status} and no reason; expected its JSON. "
            "Check the address in the charter and the proxy."
        ).format(status=answer.status_code)
        if may_pass(answer.status_code, answer.content, None):
            return CustodianDown(told)
        return CustodianRefused(told, _NO_PROBLEM)
    slug = problem_slug(problem)
    said = _("The custodian refused: {title} {remedy}").format(
        title=_(problem.title), remedy=_(problem.detail)
    )
    if slug == ProblemType.QUOTA.slug:
        return QuotaExhausted(
            _("{said} Ask it to approve a rebuild, or wait until tomorrow.").format(said=said)
        )
    if slug == ProblemType.CLOCK.slug:
        return ClockOff(
            _(
                "{said} Its own clock says {there}. Set this machine's clock (NTP) and start again."
            ).format(said=said, there=answer.headers.get("Date", "?"))
        )
    if slug == ProblemType.UNAVAILABLE.slug:
        return CustodianDown(_("{said} Nothing was lost.").format(said=said))
    return CustodianRefused(said, slug)
