"""Who may: the eight roles, what each may do, and who may give which; whether it may be done now is in ``states``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody is in the network; one person may have several."""

    VISITOR = "visitor"
    MARKETING = "venue-marketing"
    IT = "venue-it"
    HOUSE_DPO = "venue-dpo"  # a house's own; DPO is the network's
    DPO = "dpo"
    COORDINATOR = "coordinator"
    PARTNER = "partner"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    """What somebody does; each route of the office names one."""

    READ = "read"  # published editions: anybody, without an account
    SIGN_IN = "sign-in"
    OWN_ACCOUNT = "own-account"
    SEE_NETWORK = (
        "see-network"  # members, clusters, keys, calendar: all of it is in the signed charter
    )
    SEE_PEOPLE = "see-people"
    INVITE = "invite"
    REVOKE = "revoke"
    GIVE_ROLE = "give-role"
    ENROL_VENUE = "enrol-venue"
    SEE_PROPOSALS = "see-proposals"
    PROPOSE = "propose"
    DECIDE = "decide"
    SEE_JOURNAL = "see-journal"
    SEE_WORK = "see-work"  # stages of the public plan
    ASK_AUDIENCE = "ask-audience"  # a partner's own requests
    SEE_AUDIENCES = "see-audiences"  # the requests to a house: which one, its voice says
    ANSWER_AUDIENCE = "answer-audience"
    DELEGATE_AUDIENCE = "delegate-audience"
    OWN_PROGRAMS = "own-programs"  # a partner's keys and where it is told
    PUBLISH = "publish"  # ask for an edition of the charter, or call it off before its charge


SIGNED_IN: Final = frozenset(Role) - {Role.VISITOR}
_RUNS: Final = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
_ANSWERS: Final = _RUNS | {Role.DPO}
OWN_FACTOR: Final = _ANSWERS | {Role.HOUSE_DPO}
"""Roles that decide: they give our own second factor, whatever another directory says that it asked."""
_HEARD: Final = frozenset({Role.MARKETING, Role.IT, Role.HOUSE_DPO, Role.DPO})
"""Who may have a voice about partners' requests; IT has one only where its house's marketing lent it."""

MAY: Final[Mapping[Act, frozenset[Role]]] = {
    Act.READ: frozenset(Role),
    Act.SIGN_IN: frozenset(Role),
    Act.OWN_ACCOUNT: SIGNED_IN,
    Act.SEE_NETWORK: SIGNED_IN - {Role.PARTNER},
    Act.SEE_PEOPLE: _ANSWERS,
    Act.INVITE: _RUNS,
    Act.REVOKE: frozenset({Role.ADMINISTRATOR}),
    Act.GIVE_ROLE: frozenset({Role.ADMINISTRATOR}),
    Act.ENROL_VENUE: _RUNS,
    Act.SEE_PROPOSALS: _ANSWERS,
    Act.PROPOSE: _RUNS,
    Act.DECIDE: _ANSWERS,
    Act.SEE_WORK: SIGNED_IN - {Role.PARTNER},
    Act.PUBLISH: _RUNS,
    Act.ASK_AUDIENCE: frozenset({Role.PARTNER}),
    Act.OWN_PROGRAMS: frozenset({Role.PARTNER}),
    Act.SEE_AUDIENCES: _HEARD,
    Act.ANSWER_AUDIENCE: _HEARD,
    Act.DELEGATE_AUDIENCE: frozenset({Role.MARKETING}),
    Act.SEE_JOURNAL: frozenset({Role.DPO, Role.ADMINISTRATOR}),
}

OF_A_VENUE: Final = frozenset({Role.MARKETING, Role.IT, Role.HOUSE_DPO})
"""Roles that are held for one venue, never for the network."""


class Voice(StrEnum):
    """In what quality somebody answers a partner's request for one house."""

    MARKETING = "marketing"
    DPO = "dpo"


GIVES: Final[Mapping[Role, frozenset[Role]]] = {
    Role.ADMINISTRATOR: SIGNED_IN,
    # A coordinator brings people in, but makes nobody who could decide beside her: that would be two people in one.
    Role.COORDINATOR: frozenset({Role.MARKETING, Role.IT, Role.HOUSE_DPO, Role.PARTNER}),
}


@dataclass(frozen=True, order=True)
class Grant:
    """One role of one person, for a venue or, with ``""``, for the network; a partner's names its partner."""

    role: Role
    venue: str = ""

    def __post_init__(self) -> None:
        """Refuse a visitor's account, and a venue's role without its venue."""
        if self.role is Role.VISITOR:
            raise ValueError("a visitor needs no account")
        if self.role is not Role.PARTNER and (self.role in OF_A_VENUE) != bool(self.venue):
            raise ValueError(
                "venue-marketing, venue-it and venue-dpo are held for one venue, other roles for none"
            )


def may(held: Iterable[Role], act: Act) -> bool:
    """Say whether somebody with these roles may do *act*; whoever has none is a visitor."""
    return bool(MAY[act] & (frozenset(held) | {Role.VISITOR}))


def owes_own_factor(held: Iterable[Role]) -> bool:
    """Say whether somebody with these roles always gives our own second factor."""
    return bool(OWN_FACTOR & frozenset(held))


def may_give(held: Iterable[Role], role: Role) -> bool:
    """Say whether somebody with these roles may give *role* to another."""
    return any(role in GIVES.get(own, frozenset()) for own in held)


def partners_of(grants: Iterable[Grant]) -> frozenset[str]:
    """Return the partners that somebody with these grants asks for."""
    return frozenset(g.venue for g in grants if g.role is Role.PARTNER and g.venue)


def voices(grants: Iterable[Grant], venue: str, *, lent: bool = False) -> frozenset[Voice]:
    """Return in what qualities somebody answers a partner's request for *venue*, and for no other house.

    Args:
        grants: all that she holds.
        venue: the house that is asked.
        lent: whether that house's marketing lent her its voice for the time being.
    """
    held = frozenset(grants)
    found = set()
    if Grant(Role.MARKETING, venue) in held or (lent and any(g.venue == venue for g in held)):
        found.add(Voice.MARKETING)
    if Grant(Role.HOUSE_DPO, venue) in held or Grant(Role.DPO) in held:
        found.add(Voice.DPO)
    return frozenset(found)
