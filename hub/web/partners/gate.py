"""Stands before every route of partners' programs: a token that holds, its scope, so many calls a minute, each act once."""

import io
from collections.abc import Mapping
from threading import Lock
from typing import Final

from flask import Blueprint, Response, g, request

from contracts.base import canonical
from contracts.clock import Clock
from contracts.problems import Problem, ProblemType
from hub.errors import BudgetExceeded, ChargeConflict, IntakeRefused
from hub.people.programs import CALLS_A_MINUTE, IDEMPOTENCY_KEY, Scope
from hub.store import access
from hub.store.access import Answer, Held
from hub.store.database import Control
from hub.web.problems import answer

BEARER: Final = "Bearer "
MINUTE: Final = 60
MOST_BODY: Final = 65_536
BROKEN: Final = 500
SAFE: Final = frozenset({"GET", "HEAD"})


def who() -> tuple[str, str]:
    """Return the partner and the program of the present call, as its token says them.

    Raises:
        IntakeRefused: the call did not come through the gate.
    """
    held: Held | None = g.get("held")
    if held is None:
        raise IntakeRefused(ProblemType.TOKEN)
    return held.partner, held.client


class PartnerGate:
    """Lets programs in, over one control database."""

    def __init__(self, control: Control, clock: Clock) -> None:
        self._control = control
        self._clock = clock
        self._full: dict[str, int] = {}  # who was refused, and in which minute
        self._lock = Lock()

    def guard(self, blueprint: Blueprint, scopes: Mapping[str, Scope], *, sandbox: bool) -> None:
        """Stand before every route of *blueprint*; one that *scopes* does not name is open to no token.

        Args:
            blueprint: the routes.
            scopes: what each of them wants, by its name within the blueprint.
            sandbox: whether they are for trying: a program for one is refused by the other.
        """

        def before() -> Response | None:
            scope = scopes.get((request.endpoint or "").rpartition(".")[2])
            return self._enter(scope, sandbox=sandbox)

        blueprint.before_request(before)
        blueprint.after_request(self._leave)

    def _enter(self, scope: Scope | None, *, sandbox: bool) -> Response | None:
        request.max_content_length = MOST_BODY
        held = self._held()
        if held is None or held.sandbox != sandbox:
            return _refused(ProblemType.TOKEN.problem())
        if scope is None or scope not in held.scope.split():
            return _refused(ProblemType.SCOPE.problem())
        g.left = self._left(held.client)
        if g.left < 0:
            return self._too_many()
        g.held = held
        tells = request.method in SAFE or scope is Scope.ESTIMATE  # an estimate changes nothing
        return None if tells else self._repeated(held)

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

    def _repeated(self, held: Held) -> Response | None:
        """Take the key of a request that changes something, or answer as the first time."""
        key = request.headers.get("Idempotency-Key", "")
        if IDEMPOTENCY_KEY.fullmatch(key) is None:
            return answer(ProblemType.REPEATABLE.problem())
        said = canonical({"method": request.method, "path": request.path})
        body = request.get_data(cache=True)
        request.stream = io.BytesIO(body)  # a view may read it as it comes
        try:
            with self._control.transaction(self._clock) as tx:
                before = access.reserve(tx, (held.client, key), said + body)
                tx.commit()
        except ChargeConflict:
            return answer(ProblemType.CONFLICT.problem())
        except BudgetExceeded:
            return answer(ProblemType.RATE.problem())
        if before is None:
            g.key = key
            return None
        again = Response(before.body, before.status, mimetype="application/json")
        again.headers["Idempotent-Replayed"] = "true"
        return again

    def _leave(self, response: Response) -> Response:
        """Keep the answer of an act for whoever repeats it; one that failed for a reason of ours is tried anew."""
        key, held = g.get("key"), g.get("held")
        if key is not None and held is not None:
            taken = response.status_code < BROKEN
            made = Answer(response.status_code, response.get_data()) if taken else None
            with self._control.transaction(self._clock) as tx:
                access.settle(tx, (held.client, key), made)
                tx.commit()
        if "left" in g:
            response.headers["RateLimit-Limit"] = str(CALLS_A_MINUTE)
            response.headers["RateLimit-Remaining"] = str(max(g.left, 0))
        response.headers["Cache-Control"] = "no-store"
        return response


def _refused(problem: Problem) -> Response:
    response = answer(problem)
    response.headers["WWW-Authenticate"] = 'Bearer realm="farandole"'
    return response
