"""What a partner's program may do, for how long and how often: plain rules, the same on every worker."""

import datetime as dt
import re
from enum import StrEnum
from typing import Final

TOKEN_SECONDS: Final = 600
ASSERTION_SECONDS: Final = 300
"""The longest life of what a program signs to get a token (RFC 7523, section 3: it should be short)."""
PENDING_LIFETIME: Final = dt.timedelta(hours=1)
"""Time to confirm a key that was deposited; then it must be deposited anew."""
CALLS_A_MINUTE: Final = 60
ACTS_A_DAY: Final = 500  # whose answers are kept for whoever repeats them
KEYS_EACH: Final = 5
WEBHOOKS_EACH: Final = 3
REPEATED_FOR: Final = dt.timedelta(hours=24)
"""How long an answer is kept for whoever repeats the request under the same key."""
IDEMPOTENCY_KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,80}")
SHOWN: Final = 8
"""Digits of a key's fingerprint that its owner types again, from her own screen, to confirm it."""


class Scope(StrEnum):
    """What a token is for; a token for nothing is refused."""

    READ = "requests:read"
    WRITE = "requests:write"
    ESTIMATE = "estimates"


def scopes_of(text: str) -> frozenset[Scope] | None:
    """Return the scopes that *text* names, separated by spaces; None when it names none, or one that is not ours."""
    asked = text.split(" ") if text else []
    known = set(Scope)
    return frozenset(Scope(one) for one in asked) if asked and set(asked) <= known else None
