"""Evaluate blinded points, and prove it: pay → use the key → store, each for one signed request."""

from collections.abc import Callable
from dataclasses import dataclass

from contracts import voprf
from contracts.api import EvaluateRequest, EvaluateResponse, ProveRequest, ProveResponse
from contracts.base import digest
from contracts.clock import Clock
from contracts.ristretto import POINT_BYTES, PointError
from hub.custodian import log, quota, sessions
from hub.custodian.errors import PointRefused, QuotaExceeded
from hub.custodian.keys import Keys
from hub.custodian.sessions import Session
from hub.custodian.store import Store, Transaction


class Desk:
    """What a use case works with; the keys are those that stand in the home folder now."""

    def __init__(self, store: Store, keys: Keys | Callable[[], Keys], clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self._keys = keys

    @property
    def keys(self) -> Keys:
        """Return the custodian's keys: a season opened or destroyed meanwhile counts at once."""
        return self._keys if isinstance(self._keys, Keys) else self._keys()


@dataclass(frozen=True)
class Signed:
    """Who signed a request, and the nonce that makes it new."""

    venue: str
    nonce: str


def evaluate(desk: Desk, signed: Signed, request: EvaluateRequest) -> EvaluateResponse:
    """Return k·B for each point, once its quota is spent.

    The quota is charged and committed before the key is used: a crash in between loses quota, never meters
    too little. The very same request again gets the stored answer and costs nothing.

    Raises:
        SeasonUnknown: there is no key for that season.
        QuotaExceeded: the season's or the day's quota would be passed.
        PointRefused: a point is not canonical or is the identity.
        Replayed: the nonce was seen before.
    """
    secret = desk.keys.of(request.season)
    points = bytes.fromhex("".join(request.points))
    request_sha256 = digest(request.season.encode() + points)
    earlier = _pay(desk, signed, request, request_sha256)
    if earlier is not None:
        return _answer(earlier)
    try:
        evaluated = voprf.evaluate(secret, points)
    except PointError as error:
        raise PointRefused("{error}", error=error) from None
    made = Session(sessions.new_session_id(), request.season, points, evaluated)
    return _answer(_keep(desk, signed.venue, request_sha256, made))


def prove(desk: Desk, signed: Signed, request: ProveRequest) -> ProveResponse:
    """Return the batched proof for chosen indices of one stored session.

    Only points that were metered can be proven: a proof for points of the caller's choice would test guesses.

    Raises:
        SessionUnknown: no such session of this venue, or indices outside it.
        Replayed: the nonce was seen before.
    """
    with desk.store.transaction(desk.clock) as tx:
        sessions.remember_nonce(tx, signed.venue, signed.nonce)
        stored = sessions.take_for_proof(tx, signed.venue, request.session)
        points, evaluated = stored.pick(request.indices)
        log.append(tx, "proved", {"venue": signed.venue, "points": len(request.indices)})
        tx.commit()
    proof = voprf.prove(desk.keys.of(stored.season), points, evaluated)
    return ProveResponse(proof=proof.hex())


def _pay(
    desk: Desk, signed: Signed, request: EvaluateRequest, request_sha256: str
) -> Session | None:
    """Charge the request, or return the session that answered it before."""
    with desk.store.transaction(desk.clock) as tx:
        sessions.remember_nonce(tx, signed.venue, signed.nonce)
        earlier = sessions.answered(tx, signed.venue, request_sha256)
        refusal = None if earlier else _charge(tx, signed.venue, request)
        tx.commit()  # even when refused: the nonce is spent and the refusal is logged
    if refusal is not None:
        raise refusal
    return earlier


def _charge(tx: Transaction, venue: str, request: EvaluateRequest) -> QuotaExceeded | None:
    body: dict[str, str | int] = {
        "venue": venue,
        "season": request.season,
        "points": len(request.points),
    }
    charge = quota.charge
    if request.use == "erasure":
        body["use"], charge = request.use, quota.charge_erasure
    try:
        charge(tx, venue, request.season, len(request.points))
    except QuotaExceeded as refusal:
        log.append(tx, "quota-refused", body)
        return refusal
    log.append(tx, "charged", body)
    return None


def _keep(desk: Desk, venue: str, request_sha256: str, made: Session) -> Session:
    with desk.store.transaction(desk.clock) as tx:
        earlier = sessions.answered(tx, venue, request_sha256)
        if earlier is not None:  # the same request arrived twice at once: one session for both
            return earlier
        sessions.keep(tx, venue, request_sha256, made)
        tx.commit()
    return made


def _answer(made: Session) -> EvaluateResponse:
    text, width = made.evaluated.hex(), 2 * POINT_BYTES
    points = [text[at : at + width] for at in range(0, len(text), width)]
    # Made here from bytes, so there is nothing left to validate in four thousand points.
    return EvaluateResponse.model_construct(session=made.session, points=points)
