"""The custodian's web app: parse, check who signed, call one use case, answer; a refusal never echoes its cause."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from flask import Flask, Response, request
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from contracts.api import (
    PATH_CARRIAGES,
    PATH_CARRY,
    PATH_COUNTERS,
    PATH_CUSTODIAN_ENROL,
    PATH_CUSTODIAN_SUCCESSION,
    PATH_EVALUATE,
    PATH_KEYS,
    PATH_PROVE,
    PATH_WITNESS,
    CarriageRequest,
    CarryRequest,
    Enrolled,
    Enrolment,
    EvaluateRequest,
    ProveRequest,
    WitnessRequest,
)
from contracts.base import Wire
from contracts.problems import PROBLEM_MEDIA_TYPE, ProblemType
from contracts.seal import fingerprint
from contracts.signing import ClockOff, Incoming, SigningError, verify_request
from contracts.succession import SignedSuccession
from hub.custodian import carriage, quota, sessions, venues
from hub.custodian.errors import ClockRefused, CustodianError, Forbidden, Malformed, Unsigned
from hub.custodian.evaluate import Desk, Signed, evaluate, prove
from hub.custodian.witness import witness

MAX_BODY: Final = 16 * 2**20  # a long chain to witness
MAX_EVALUATE: Final = 2**19  # 4096 points in hexadecimal, and their commas

_LOGGER = logging.getLogger(__name__)
_Message = TypeVar("_Message", bound=Wire)


@dataclass(frozen=True)
class Door:
    """The views, with what they need at hand."""

    desk: Desk
    url: str  # under which venues know the custodian; signatures cover it

    def enrol(self) -> Response:
        """POST Enrolment → Enrolled."""
        message = _parse(Enrolment)
        with self.desk.store.transaction(self.desk.clock) as tx:
            venues.enrol(tx, message)
            tx.commit()
        return _json(Enrolled(venue=message.venue, fingerprint=self.desk.keys.fingerprint))

    def succession(self) -> Response:
        """POST SignedSuccession → Enrolled, with the fingerprint of the key that stands now."""
        message = _parse(SignedSuccession)
        said = message.succession
        signed = self._signer({said.name: said.key}.get)
        _own(signed, said.name if said.role == "venue" else "")
        with self.desk.store.transaction(self.desk.clock) as tx:
            sessions.remember_nonce(tx, signed.venue, signed.nonce)
            venues.succeed(tx, message)
            tx.commit()
        return _json(Enrolled(venue=said.name, fingerprint=fingerprint(said.key)))

    def evaluate(self) -> Response:
        """POST EvaluateRequest → EvaluateResponse."""
        request.max_content_length = MAX_EVALUATE
        signed, message = self._signed(EvaluateRequest)
        _own(signed, message.venue)
        return _json(evaluate(self.desk, signed, message))

    def prove(self) -> Response:
        """POST ProveRequest → ProveResponse."""
        request.max_content_length = MAX_EVALUATE
        signed, message = self._signed(ProveRequest)
        _own(signed, message.venue)
        return _json(prove(self.desk, signed, message))

    def counters(self) -> Response:
        """GET → Counters of the venue that signed the request; nothing is spent."""
        signed = self._signer()
        with self.desk.store.transaction(self.desk.clock) as tx:
            sessions.remember_nonce(tx, signed.venue, signed.nonce)
            found = quota.counters(tx, signed.venue)
            tx.commit()
        return _json(found)

    def keys(self) -> Response:
        """GET → CustodianKeys."""
        return _json(self.desk.keys.public())

    def witness(self) -> Response:
        """POST WitnessRequest → WitnessResponse; the hub's own signature inside is what counts."""
        return _json(witness(self.desk, _parse(WitnessRequest)))

    def grant(self) -> Response:
        """POST CarriageRequest → Carriage, signed by the pinned hub."""
        signed = self._signer(self._hub_key)
        return _json(carriage.grant(self.desk, signed, _parse(CarriageRequest)))

    def carry(self) -> Response:
        """POST CarryRequest → CarryResponse, signed by the pinned hub."""
        request.max_content_length = MAX_EVALUATE
        signed = self._signer(self._hub_key)
        return _json(carriage.carry(self.desk, signed, _parse(CarryRequest)))

    def _signed(self, kind: type[_Message]) -> tuple[Signed, _Message]:
        return self._signer(), _parse(kind)

    def _signer(self, resolve: Callable[[str], str | None] | None = None) -> Signed:
        incoming = Incoming(
            request.method, self.url + request.path, dict(request.headers), request.get_data()
        )
        try:
            verified = verify_request(incoming, resolve or self._key, self.desk.clock)
        except ClockOff as error:
            raise ClockRefused("{error}", error=error) from None
        except SigningError as error:
            raise Unsigned("{error}", error=error) from None
        return Signed(verified.keyid, verified.nonce)

    def _key(self, venue: str) -> str | None:
        with self.desk.store.transaction(self.desk.clock) as tx:
            return venues.signing_key(tx, venue)

    def _hub_key(self, network: str) -> str | None:
        with self.desk.store.transaction(self.desk.clock) as tx:
            return carriage.hub_key(tx, network)


def create_app(desk: Desk, url: str) -> Flask:
    """Return the app of one custodian, known to venues under *url*."""
    app = Flask("farandole-custodian", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    door = Door(desk, url.rstrip("/"))
    for path, view, method in (
        (PATH_CUSTODIAN_ENROL, door.enrol, "POST"),
        (PATH_CUSTODIAN_SUCCESSION, door.succession, "POST"),
        (PATH_EVALUATE, door.evaluate, "POST"),
        (PATH_PROVE, door.prove, "POST"),
        (PATH_COUNTERS, door.counters, "GET"),
        (PATH_KEYS, door.keys, "GET"),
        (PATH_WITNESS, door.witness, "POST"),
        (PATH_CARRIAGES, door.grant, "POST"),
        (PATH_CARRY, door.carry, "POST"),
    ):
        app.add_url_rule(path, endpoint=path, view_func=view, methods=[method])
    app.after_request(_harden)
    app.register_error_handler(CustodianError, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(SQLAlchemyError, _unavailable)
    app.register_error_handler(Exception, _unavailable)
    return app


def _harden(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    response.headers["Cache-Control"] = "no-store"
    return response


def _own(signed: Signed, venue: str) -> None:
    if signed.venue != venue:
        raise Forbidden("Found a request for another venue than its signer; expected its own.")


def _parse(kind: type[_Message]) -> _Message:
    try:
        return kind.model_validate_json(request.get_data())
    except ValidationError:
        raise Malformed("Found a message that does not follow its schema.") from None


def _json(message: Wire) -> Response:
    return Response(message.model_dump_json(), mimetype="application/json")


def _problem(kind: ProblemType) -> Response:
    body = kind.problem().model_dump_json()
    return Response(body, status=kind.status, mimetype=PROBLEM_MEDIA_TYPE)


def _refused(error: CustodianError) -> Response:
    _LOGGER.info("refused: %s", error.problem.slug)
    return _problem(error.problem)


def _http_error(error: HTTPException) -> Response:
    too_large = error.code == ProblemType.TOO_LARGE.status
    return _problem(ProblemType.TOO_LARGE if too_large else ProblemType.NOT_FOUND)


def _unavailable(error: Exception) -> Response:
    _LOGGER.error("failed: %s", type(error).__name__)  # the message could hold what was sent
    return _problem(ProblemType.UNAVAILABLE)
