"""Asks again what a lost connection or a busy server did not answer: after waits that grow, differ, and end.

Only what may heal by itself is asked again: no answer, 429 and 5xx. A refusal is believed the first time.
Every request of the agent may be repeated (parts are named by their content, evaluations are stored).
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final, TypeVar

import stamina
from pydantic import ValidationError
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from contracts.problems import Problem, ProblemType, problem_slug

TOO_MANY: Final = 429
SERVER: Final = 500
NEVER: Final = frozenset(
    {501, 505, 507}
)  # not built, or its disk is full: asking again heals nothing

PATIENCE: Final = 2.0  # seconds; nobody wonders before
Result = TypeVar("Result")

set_on_retry_hooks([])  # its own log would go to stderr, in words that are not ours


def hear_waits(heard: Callable[[], None]) -> None:
    """Have *heard* called once for each request that keeps somebody waiting for more than two seconds."""

    def tell(details: RetryDetails) -> None:
        before = details.waited_so_far
        if before <= PATIENCE < before + details.wait_for:
            heard()

    set_on_retry_hooks([tell])


@dataclass(frozen=True)
class Tries:
    """For how long a request is repeated, in seconds; and the bounds of the wait between two."""

    seconds: float
    first: float
    longest: float
    jitter: float  # up to so much more, at random: venues do not come back together


ATTENDED: Final = Tries(seconds=20, first=0.5, longest=5, jitter=1)
"""Somebody looks at the screen."""
UNATTENDED: Final = Tries(seconds=900, first=2, longest=120, jitter=20)
"""At night: a hub that starts anew is waited for."""


class Passing(Exception):
    """A failure that may pass; after how many seconds, when the server said so."""

    def __init__(self, wait: float | None = None) -> None:
        super().__init__("it may pass")
        self.wait = wait


def persist(attempt: Callable[[], Result], tries: Tries) -> Result:
    """Return what *attempt* returns; while it raises ``Passing``, again, until the time is over.

    Raises:
        Passing: the last one.
    """
    begun = monotonic()

    def wait(error: Exception) -> bool | float:
        if not isinstance(error, Passing):
            return False
        if error.wait is None:
            return True
        return error.wait if monotonic() - begun + error.wait <= tries.seconds else False

    for each in stamina.retry_context(
        on=wait,
        attempts=None,
        timeout=tries.seconds,
        wait_initial=tries.first,
        wait_max=tries.longest,
        wait_jitter=tries.jitter,
    ):
        with each:
            return attempt()
    raise Passing  # pragma: no cover - the loop returns or raises


def may_pass(status: int, body: bytes, wait: float | None) -> bool:
    """Return whether an answer is worth asking again for.

    A used-up quota is 429 too, and lasts until tomorrow at least: only a server that says when to
    come back is asked again then.
    """
    if status == TOO_MANY:
        return wait is not None or not _is_quota(body)
    return status >= SERVER and status not in NEVER


def _is_quota(body: bytes) -> bool:
    try:
        return problem_slug(Problem.model_validate_json(body)) == ProblemType.QUOTA.slug
    except ValidationError:
        return False
