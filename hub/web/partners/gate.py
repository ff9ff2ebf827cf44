"""Stands before every route of partners' programs: a token that holds, its scope, so many calls a minute, each act once."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from flask import Response, request

from contracts.base import canonical
from contracts.clock import Clock
from contracts.problems import Problem, ProblemType
from hub.errors import ChargeConflict
from hub.people.programs import CALLS_A_MINUTE, IDEMPOTENCY_KEY, Scope
from hub.store import access
from hub.store.access import Answer, Held
from hub.store.database import Control
from hub.store.transaction import Transaction
from hub.web.problems import answer

BEARER: Final = "Bearer "
MINUTE: Final = 60
MOST_BODY: Final = 65_536
View = Callable[..., Response]


@dataclass(frozen=True)
class Asked:
    """One call: whose it is, and the bytes that it came with."""

    held: Held
    body: bytes


class PartnerGate:
    """Lets programs in, over one control database."""

    def __init__(self, control: Control, clock: Clock) -> None:
        self._control = control
        self._clock = clock
        self._full: dict[str, int] = {}  # who was refused, and in which minute
        self._lock = Lock()

    def reads(self, scope: Scope) -> Callable[[Callable[..., Response]], View]:
        """Wrap a view that only reads: it is handed the call, then what the path says."""
        return functools.partial(self._guarded, scope)

    def acts(self, scope: Scope) -> Callable[[Callable[..., Answer]], View]:
        """Wrap a view that changes something: it is handed a unit of work too, and is carried out once for each key.

        What it raises leaves no trace; the unit of work is committed here.
        """

        def wrap(act: Callable[..., Answer]) -> View:
            def once(asked: Asked, **values: str) -> Response:
                key = request.headers.get("Idempotency-Key", "")
                if IDEMPOTENCY_KEY.fullmatch(key) is None:
                    return answer(ProblemType.REPEATABLE.problem())
                said = canonical({"method": request.method, "path": request.path}) + asked.body
                with self._control.transaction(self._clock) as tx:
                    return self._once(tx, (asked.held.client, key), said, lambda: act(asked, tx, **values))  # fmt: skip

            return self._guarded(scope, once)

        return wrap

    def _once(
        self, tx: Transaction, who: tuple[str, str], said: bytes, act: Callable[[], Answer]
    ) -> Response:
        try:
            made, again = access.once(tx, who, said, act)
        except ChargeConflict:
            return answer(ProblemType.CONFLICT.problem())
        tx.commit()
        response = Response(made.body, made.status, mimetype="application/json")
        if again:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    def _guarded(self, scope: Scope, view: Callable[..., Response]) -> View:
        @functools.wraps(view)
        def guarded(**values: str) -> Response:
            request.max_content_length = MOST_BODY
            held = self._held()
            problem = _why_not(held, scope)
            if held is None or problem is not None:
                return _refused(problem or ProblemType.TOKEN.problem())
            left = self._left(held.client)
            response = self._too_many() if left < 0 else view(Asked(held, request.get_data()), **values)  # fmt: skip
            response.headers["RateLimit-Limit"] = str(CALLS_A_MINUTE)
            response.headers["RateLimit-Remaining"] = str(max(left, 0))
            response.headers["Cache-Control"] = "no-store"
            return response

        return guarded

    def _held(self) -> Held | None:
        """Return what the token says; one that stands in an address is none."""
        said = request.headers.get("Authorization", "")
        token = said.removeprefix(BEARER) if said.startswith(BEARER) else ""
        if not token:
            return None
        with self._control.reading() as reading:
            return access.held(reading, token, self._clock.now())

    def _left(self, name: str) -> int:
        """Count the call; below nought, it is one too many. Whoever was refused writes nothing more in this minute."""
        minute = access.minute_of(self._clock.now())
        with self._lock:
            if self._full.get(name) == minute:
                return -1
        with self._control.transaction(self._clock) as tx:
            left = CALLS_A_MINUTE - access.count(tx, name)
            tx.commit()
        if left < 0:
            with self._lock:
                self._full[name] = minute
        return left

    def _too_many(self) -> Response:
        refused = answer(ProblemType.RATE.problem())
        refused.headers["Retry-After"] = str(MINUTE - int(self._clock.now().timestamp()) % MINUTE)
        return refused


def _why_not(held: Held | None, scope: Scope) -> Problem | None:
    if held is None:
        return ProblemType.TOKEN.problem()
    return None if scope in held.scope.split() else ProblemType.SCOPE.problem()


def _refused(problem: Problem) -> Response:
    response = answer(problem)
    response.headers["WWW-Authenticate"] = 'Bearer realm="farandole"'
    response.headers["Cache-Control"] = "no-store"
    return response


def answered(body: Any, status: int = 200) -> Answer:
    """Return an answer in the one form that a message has."""
    return Answer(status, canonical(body))
