"""Who may: the seven roles, what each may do, and who may give which; whether it may be done now is in ``states``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody is in the network; one person may have several."""

    VISITOR = "visitor"
    MARKETING = "venue-marketing"
    IT = "venue-it"
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
    PUBLISH = "publish"  # ask for an edition of the charter, or call it off before its charge


SIGNED_IN: Final = frozenset(Role) - {Role.VISITOR}
_RUNS: Final = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
_ANSWERS: Final = _RUNS | {Role.DPO}

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
    Act.SEE_JOURNAL: frozenset({Role.DPO, Role.ADMINISTRATOR}),
}

OF_A_VENUE: Final = frozenset({Role.MARKETING, Role.IT})
"""Roles that are held for one venue, never for the network."""

GIVES: Final[Mapping[Role, frozenset[Role]]] = {
    Role.ADMINISTRATOR: SIGNED_IN,
    # A coordinator brings people in, but makes nobody who could decide beside her: that would be two people in one.
    Role.COORDINATOR: frozenset({Role.MARKETING, Role.IT, Role.PARTNER}),
}


@dataclass(frozen=True, order=True)
class Grant:
    """One role of one person, for a venue or, with ``""``, for the network."""

    role: Role
    venue: str = ""

    def __post_init__(self) -> None:
        """Refuse a visitor's account, and a venue's role without its venue."""
        if self.role is Role.VISITOR:
            raise ValueError("a visitor needs no account")
        if (self.role in OF_A_VENUE) != bool(self.venue):
            raise ValueError(
                "venue-marketing and venue-it are held for one venue, other roles for none"
            )


def may(held: Iterable[Role], act: Act) -> bool:
    """Say whether somebody with these roles may do *act*; whoever has none is a visitor."""
    return bool(MAY[act] & (frozenset(held) | {Role.VISITOR}))


def may_give(held: Iterable[Role], role: Role) -> bool:
    """Say whether somebody with these roles may give *role* to another."""
    return any(role in GIVES.get(own, frozenset()) for own in held)
