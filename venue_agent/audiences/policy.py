"""What this house lets anybody order of it, in a file of its own: nothing, until somebody of the house opens it.

An order is only what the hub says. Whatever it says, the house does no more than this file allows.
"""

import datetime as dt
import tomllib
from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from contracts.audience import AudienceSpec, Predicate
from contracts.base import EventId, Slug
from contracts.order import FEWEST, Aim, Channel, Order
from venue_agent.config import Home
from venue_agent.errors import ConfigError
from venue_agent.home.durable import write_private
from venue_agent.home.inventory import POLICY
from venue_agent.order_errors import BeyondPolicy
from venue_agent.settings import defects
from venue_agent.settings.part import Part
from venue_agent.words import _, mark

FILE: Final = POLICY
Trait = Literal[
    "age", "distance", "home", "loyalty", "history", "taste", "house", "subscriber", "bought",
    "contacted", "incident", "like",
]  # fmt: skip
"""What an order may read; "like" is the score for another house."""
LONGEST_DAYS: Final = 90


class Trouble(Part):
    """An event that was cancelled, cut short or moved on a day: no public catalogue tells it."""

    event: EventId
    day: dt.date


class Policy(Part):
    """The whole of ``audiences.toml``; closed where nothing is written."""

    version: Literal[1] = 1
    partners: tuple[Slug, ...] = ()
    aims: tuple[Aim, ...] = ()
    channels: tuple[Channel, ...] = ()
    traits: tuple[Trait, ...] = ()
    people_per_order: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    people_per_month: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    offers_per_season: Annotated[int, Field(ge=0, le=50)] = 2
    dpo: bool = False
    keep_days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)] = 14
    postcodes: dict[Slug, Annotated[str, Field(pattern=r"^[0-9]{5}$")]] = Field(
        default_factory=dict
    )
    incidents: tuple[Trouble, ...] = ()


_DEFAULT: Final = (
    (mark("What this house accepts of partners' orders. Nothing, until you write it here."), "version = 1"),
    (mark("Partners that may ask, by their short names in the charter."), "partners = []"),
    (mark("What for: support (seats to fill), discovery, loyalty."), "aims = []"),
    (mark("How people may be written to: email, sms, post."), "channels = []"),
    (mark("What an order may look at: age, distance, home, loyalty, history, taste, house, subscriber, bought, contacted, incident, like."),
     "traits = []"),
    (mark("People for one order, and for all orders of one month, at most."), "people_per_order = 0\npeople_per_month = 0"),
    (mark("Partners' offers that one person gets in a season, at most."), "offers_per_season = 2"),
    (mark("true: an order must carry the word of this house's DPO."), "dpo = false"),
    (mark("Days after which the files of people are erased, at most 90."), "keep_days = 14"),
    (mark("Where a partner that is no member stands, for distances: short name = postcode."), "[postcodes]"),
    (mark("Shows that were cancelled, cut short or moved: one block each, with event and day."), ""),
)  # fmt: skip


def load_policy(home: Home) -> Policy:
    """Return this house's policy; the closed one where none was written.

    Raises:
        ConfigError: the file cannot be read or has an impossible value.
    """
    try:
        text = (home.path / FILE).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Policy()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(_("{file} cannot be read. Check its rights.").format(file=FILE)) from error  # fmt: skip
    try:
        return Policy.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            _("{file} is not TOML at {where}. Correct it.").format(
                file=FILE, where=defects.of_toml(error)
            )
        ) from error
    except ValidationError as error:
        raise ConfigError(
            _("{file}: {defect}. Correct it.").format(file=FILE, defect=defects.of_model(error))
        ) from error


def write_default(home: Home) -> bool:
    """Write the closed policy with what each line means; return whether there was none yet."""
    path = home.path / FILE
    if path.exists():
        return False
    parts = [f"# {_(words)}\n{lines}".rstrip() for words, lines in _DEFAULT]
    example = '# [[incidents]]\n# event = "hamlet"\n# day = 2026-02-01\n'
    write_private(path, ("\n\n".join(parts) + "\n" + example).encode())
    return True


def check(order: Order, policy: Policy) -> None:
    """Check that this house allows *order*, whoever signed it.

    Raises:
        BeyondPolicy: names the first thing that it does not allow.
    """
    for is_beyond, what in _faults(order, policy):
        if is_beyond:
            raise BeyondPolicy(
                _(
                    "This house's policy does not allow it: {what}. Nothing was done. Whoever "
                    "decides here may change {file}, or refuse the order."
                ).format(what=what, file=FILE)
            )


def cap_of(order: Order, policy: Policy, spent: int) -> int:
    """Return how many people may be selected at most, when *spent* were written to this month already.

    Raises:
        BeyondPolicy: what is left of the month is under the fewest that anything may be sent to.
    """
    cap = min(order.request.cap, policy.people_per_order, policy.people_per_month - spent)
    if cap < FEWEST:
        raise BeyondPolicy(
            _(
                "What this house allows for one order and for this month is under {fewest} people. "
                "Nothing was done. See people_per_order and people_per_month in {file}."
            ).format(fewest=FEWEST, file=FILE)
        )
    return cap


def _faults(order: Order, policy: Policy) -> Iterator[tuple[bool, str]]:
    asked = order.request
    yield (
        asked.partner not in policy.partners,
        _("the partner {name}").format(name=asked.partner),
    )
    yield asked.aim not in policy.aims, _("the aim {name}").format(name=asked.aim.value)
    yield (
        asked.channel not in policy.channels,
        _("the channel {name}").format(name=asked.channel.value),
    )
    for trait in traits_of(asked.spec, looks_alike=asked.like is not None):
        yield trait not in policy.traits, _("the trait {name}").format(name=trait)
    yield policy.dpo and not order.approved_by_dpo, _("an order without the DPO's word")


def traits_of(spec: AudienceSpec, *, looks_alike: bool) -> list[str]:
    """Return what a request reads of people, in alphabetical order."""
    parts: list[Predicate] = [*spec.include, *spec.exclude]
    return sorted({part.trait for part in parts} | ({"like"} if looks_alike else set()))
