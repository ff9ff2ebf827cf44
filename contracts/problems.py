"""RFC 9457 problem types: every refusal that the hub or the custodian can speak, in one list."""

from enum import Enum
from typing import Annotated, Final

from pydantic import Field

from contracts.base import Slug, Text, Wire

PROBLEM_MEDIA_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:farandole:problem:"


class Problem(Wire):
    """The body of a refusal. It never echoes what was sent."""

    type: Annotated[str, Field(pattern=r"^urn:farandole:problem:[a-z0-9-]{1,60}$")]
    title: Text
    status: Annotated[int, Field(ge=400, le=599)]
    detail: Text


class ProblemType(Enum):
    """slug, HTTP status, title, what to do."""

    MALFORMED = (
        "malformed",
        422,
        "The message does not follow its schema.",
        "Update the sender.",
    )
    NOT_FOUND = ("not-found", 404, "Nothing has this address.", "Check the address.")
    TOO_LARGE = (
        "too-large",
        413,
        "The body is larger than a part may be.",
        "Send smaller parts.",
    )
    UNSIGNED = (
        "unsigned",
        401,
        "The request's signature is missing or wrong.",
        "Check the keys.",
    )
    CLOCK = (
        "clock",
        401,
        "The request is dated more than 5 minutes away.",
        "Set the clock.",
    )
    REPLAYED = (
        "replayed",
        401,
        "This request was already received.",
        "Sign a new request.",
    )
    FORBIDDEN = (
        "forbidden",
        403,
        "This key may not do that.",
        "Use the venue's own key.",
    )
    CODE = (
        "code",
        403,
        "The one-time code is unknown, used or expired.",
        "Ask for a new one.",
    )
    CHARTER = (
        "charter",
        409,
        "The batch names another charter.",
        "Fetch and sign the charter.",
    )
    CONFLICT = (
        "conflict",
        409,
        "The same reference was used for something else.",
        "Use a new one.",
    )
    MISSING_PARTS = (
        "missing-parts",
        409,
        "Parts of the commit are missing.",
        "Send them again.",
    )
    DIGEST = (
        "digest",
        422,
        "The bytes do not have the digest that they are sent under.",
        "Resend.",
    )
    SEQUENCE = (
        "sequence",
        409,
        "The sequence is not above the last accepted one.",
        "Prepare anew.",
    )
    SEASON = (
        "season",
        409,
        "The batch holds visits from before the charter's linkage starts, or is of a season that is over.",
        "Prepare anew.",
    )
    SUPPRESSIONS = (
        "suppressions",
        409,
        "A season was opened, and this venue's whole suppression list has not come.",
        "Send it with `venue-agent forget --resend`.",
    )
    SUCCESSION = (
        "succession",
        409,
        "The key statement does not follow from the key that is enrolled here.",
        "Join again with a new code if no key is left.",
    )
    UNOPENABLE = (
        "unopenable",
        422,
        "The batch cannot be opened with the vault's key.",
        "Prepare anew.",
    )
    MANIFEST = (
        "manifest",
        422,
        "The manifest does not match the batch.",
        "Prepare anew.",
    )
    VERSION = (
        "version",
        422,
        "The batch is of another version of the agent than the hub can read.",
        "Install the agent's version that the network uses, or have the hub brought up to date.",
    )
    BOMB = (
        "bomb",
        413,
        "The batch decodes to more than it may.",
        "Send fewer rows per month.",
    )
    TITLE = (
        "title",
        422,
        "A title of the catalogue is longer than 200 characters, or holds a web or mail address or a hidden character.",
        "Correct the title of that event.",
    )
    TOKEN = (
        "token",
        401,
        "The access token is missing, unknown or over.",
        "Ask for a new one with a signed assertion.",
    )
    SCOPE = (
        "scope",
        403,
        "The access token is for something else.",
        "Ask for a token with this route's scope.",
    )
    RATE = (
        "rate",
        429,
        "Too many calls in this minute.",
        "Wait for as long as Retry-After says.",
    )
    REPEATABLE = (
        "repeatable",
        422,
        "The request has no usable Idempotency-Key.",
        "Send 8 to 80 letters, digits, hyphens or underscores, new for each request.",
    )
    POINT = (
        "point",
        422,
        "A group element is not canonical or is the identity.",
        "Prepare anew.",
    )
    QUOTA = ("quota", 429, "The quota of identifiers is used up.", "Ask the custodian.")
    SESSION = (
        "session",
        404,
        "No such evaluation session for this venue.",
        "Evaluate again.",
    )
    BUDGET = (
        "budget",
        409,
        "The charter's budget does not cover this charge.",
        "See the plan.",
    )
    UNAVAILABLE = (
        "unavailable",
        503,
        "The service cannot answer now.",
        "Try again later.",
    )
    STORAGE = (
        "storage",
        507,
        "The disk is full.",
        "Nothing was lost; try again later.",
    )

    @property
    def slug(self) -> str:
        """The last part of the problem's type."""
        return self.value[0]

    @property
    def status(self) -> int:
        """The HTTP status that goes with it."""
        return self.value[1]

    def problem(self) -> Problem:
        """Return the body to send: constant text, so that nothing received can be echoed."""
        slug, status, title, remedy = self.value
        return Problem(type=TYPE_PREFIX + slug, title=title, status=status, detail=remedy)


def problem_slug(problem: Problem) -> Slug:
    """Return the short name of a problem that was received."""
    return problem.type.removeprefix(TYPE_PREFIX)
