"""A partner's request to other houses' audiences, and the hub's signed order to one house that approved it.

An order holds no person, no count and no list: the house finds its own people, by its own data, and may refuse.
"""

from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field

from contracts.audience import AudienceSpec
from contracts.base import Day, Hex32, Hex64, Instant, Slug, Text, Wire

FEWEST: Final = 500
"""Under so many selected people a house sends nothing, so nobody can ask for fewer."""
LOOKALIKE_FEWEST: Final = 2000
"""A house scores « people like those who came to X » from so many people up."""

Code = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9-]{3,23}$")]
"""One promotion code for a partner, a house and a season: letters and digits that no spreadsheet computes."""
Cap = Annotated[int, Field(ge=FEWEST, le=1_000_000)]
Percent = Annotated[int, Field(ge=0, le=50)]


class Channel(StrEnum):
    """How a house writes to people; consent is asked for each."""

    EMAIL = "email"
    SMS = "sms"
    POST = "post"


class Aim(StrEnum):
    """What a request is for."""

    SUPPORT = "support"  # à soutenir: seats that would stay empty
    DISCOVERY = "discovery"  # découverte: people who would not have come of themselves
    LOYALTY = "loyalty"  # fidélisation


class Request(Wire):
    """What a partner asks for; what a house approves may mean fewer people and never more.

    Codes are one for the partner, the house and the season, and stand in the general newsletter too: a code
    that only matched people knew would tell the partner the spec's value of each buyer.
    """

    request: Slug
    partner: Slug
    partner_name: Text
    aim: Aim
    spec: AudienceSpec
    sources: Annotated[list[Slug], Field(max_length=1000)]  # empty: any member but the partner
    channel: Channel
    first_day: Day  # contacts and conversions are counted from it
    last_day: Day  # to it
    cap: Cap  # people for each house
    offer: Text
    offer_en: Text | None = None
    codes: dict[Slug, Code] = Field(default_factory=dict)  # by source house
    like: Slug | None = None  # lookalike: « people like those who came to » this house
    holdout_percent: Percent = 10  # who is not written to, so that the offer's effect can be seen
    expires: Instant


class Order(Wire):
    """One house's order: the request as that house approved it, with nothing of the other houses.

    ``holdout_key`` is random for each request and the same for all its houses, so that they hold out the same people.
    Consent counts when it is older than ``submitted_at``. ``issued_at`` follows the request's
    calendar, so that it tells nothing of when a house made up its mind.
    """

    version: Literal[1] = 1
    kind: Literal["audience-order"] = "audience-order"
    order: Slug
    network: Slug
    venue: Slug  # the house that it is addressed to
    charter_sha256: Hex32
    request: Request  # sources and codes: of this house alone
    holdout_key: Hex32
    measured: bool  # every predicate reads charter fields, so that arms may be counted
    approved_by_dpo: bool
    submitted_at: Instant
    issued_at: Instant
    expires: Instant


class SignedOrder(Wire):
    """An order as it travels: signed by the hub whose key the charter names; ``kind`` keeps it apart from other texts."""

    order: Order
    signature: Hex64


class RequestDraft(Wire):
    """What a partner writes; the network gives the rest: its name, its codes, its calendar."""

    partner_name: Text
    aim: Aim
    spec: AudienceSpec
    sources: Annotated[list[Slug], Field(max_length=1000)] = Field(default_factory=list)
    channel: Channel
    first_day: Day
    last_day: Day
    cap: Cap
    offer: Text
    offer_en: Text | None = None
    like: Slug | None = None
    holdout_percent: Percent = 10
    expires: Instant


class HouseSaid(Wire):
    """What a partner sees of one house: that it waits, agrees or refuses, and a reason of a closed list."""

    venue: Slug
    state: Literal["waiting", "agreed", "refused"]
    reason: Slug | None


class RequestDates(Wire):
    """The calendar of a request, fixed when it is submitted; nothing that a house does moves it."""

    submitted_at: Instant
    issued_at: Instant  # answers are shown, orders go out
    first_at: Instant
    counted_at: Instant  # what came of it may be in an edition from here on
    closed_at: Instant


class RequestSeen(Wire):
    """A request as its partner sees it."""

    state: Literal[
        "draft", "estimated", "submitted", "answered", "active", "measured", "closed", "expired"
    ]
    asked: Request
    french: Text
    english: Text
    dates: RequestDates | None
    houses: list[HouseSaid]
