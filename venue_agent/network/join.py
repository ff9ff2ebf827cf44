"""Join a network: enrol with hub and custodian by one-time codes, then check and sign the charter."""

from dataclasses import dataclass
from typing import Protocol

from pydantic import ValidationError

from contracts.api import Enrolment
from contracts.base import canonical
from contracts.charter import Charter, Member, MemberSignature, SignedCharter
from contracts.charter_check import CharterError, check_rules
from contracts.dominance import check_offer
from contracts.seal import sign, signing_public
from venue_agent.config import AgentConfig, Home, write_config
from venue_agent.credentials.succession import forget, history
from venue_agent.errors import CharterRefused, ConfigError
from venue_agent.home import versions
from venue_agent.network.client import Hub, check_fingerprint
from venue_agent.network.hub_key import check_hub
from venue_agent.words import _, say


class Custodian(Protocol):
    """The custodian, as far as joining needs it."""

    def enrol(self, code: str, signing_key: str) -> object:
        """Exchange a one-time code for the enrolment of the venue's public key."""
        ...


@dataclass(frozen=True)
class Invitation:
    """What a venue is given when it is invited, by two different entities and by voice."""

    venue: str
    hub_url: str
    fingerprint: str
    code: str
    custodian_url: str
    custodian_code: str
    exports: str


def enrol(home: Home, invitation: Invitation, hub: Hub, custodian: Custodian) -> AgentConfig:
    """Enrol the venue's key with hub and custodian, and remember both.

    Raises:
        FingerprintMismatch: the hub is not the one whose fingerprint was given; nothing is kept.
        HubRefused, CustodianRefused: a code is unknown, used or expired.
        ConfigError: a word of the invitation is mistyped, or the folder is another venue's already.
    """
    public = signing_public(hub.identity.signing_key)
    _check_words(invitation, public)
    hub.enrol(invitation.code, invitation.fingerprint)
    told = history(home.path).turned
    if told and told[-1].statement.succession.key != public:
        forget(home.path)  # a key that follows no other
    if invitation.custodian_code:
        custodian.enrol(invitation.custodian_code, public)
    config = AgentConfig(
        venue=invitation.venue,
        hub_url=invitation.hub_url,
        hub_fingerprint=invitation.fingerprint,
        custodian_url=invitation.custodian_url,
        exports=invitation.exports,
    )
    if home.config.exists() and f'venue = "{invitation.venue}"' not in home.config.read_text(
        encoding="utf-8"
    ):
        raise ConfigError(
            _("This folder belongs to another venue. Choose an empty one with --home.")
        )
    write_config(home, config)
    versions.mark(home)
    return config


def _check_words(invitation: Invitation, public: str) -> None:
    """Refuse a mistyped venue or code before anybody is asked."""
    for option, code in (("code", invitation.code), ("custodian-code", invitation.custodian_code)):
        try:
            Enrolment(venue=invitation.venue, code=code or invitation.code, signing_key=public)
        except ValidationError as error:
            field = error.errors(include_input=False, include_url=False)[0]["loc"][0]
            name = "venue" if field == "venue" else option
            raise ConfigError(
                _("--{name} does not have the form of the invitation's. Copy it again.").format(
                    name=name
                )
            ) from None


def offered(hub: Hub, config: AgentConfig) -> SignedCharter | None:
    """Return the newest charter if it is there and is the right hub's; None while venues are missing.

    Raises:
        FingerprintMismatch: it names another hub than the one that this venue joined.
        CharterRefused: it contradicts itself, is not to be signed, or names another key for this venue.
    """
    signed = hub.charter(draft=True)
    if signed is None:
        return None
    check_hub(hub, signed, config.hub_fingerprint)
    named = config.venue in {member.venue for member in signed.charter.members}
    asked = named and config.venue not in {signature.venue for signature in signed.signatures}
    try:
        # Who has signed already is asked nothing: rules that came later must stop no charter in force.
        (check_offer if asked else check_rules)(signed.charter)
    except CharterError as error:
        raise CharterRefused(
            _("{error} Do not sign it; write to the network.").format(error=say(error))
        ) from error
    member_of(signed.charter, config.venue)
    if not hub.identity.is_named(signed.charter):
        raise CharterRefused(
            _(
                "The charter names another key for this venue than the one made here. Do not "
                "sign it; ask the hub's operator for a new code and join again."
            )
        )
    if signed.charter.custodian.url.rstrip("/") != config.custodian_url.rstrip("/"):
        raise CharterRefused(
            _(
                "The charter names the custodian {found}; this venue enrolled with "
                "{expected}. Do not sign it before both agree."
            ).format(found=signed.charter.custodian.url, expected=config.custodian_url)
        )
    return signed


def sign_charter(hub: Hub, charter: Charter) -> SignedCharter:
    """Sign the charter with the venue's key and give the signature to the hub."""
    signature = sign(hub.identity.signing_key, canonical(charter))
    return hub.sign_charter(MemberSignature(venue=hub.identity.venue, signature=signature))


def member_of(charter: Charter, venue: str) -> Member:
    """Return *venue* as the charter names it; raise CharterRefused when it does not."""
    found = next((m for m in charter.members if m.venue == venue), None)
    if found is None:
        raise CharterRefused(
            _("The charter does not name {venue}. Do not sign it; ask the network.").format(
                venue=venue
            )
        )
    return found


__all__ = ["Invitation", "check_fingerprint", "enrol", "member_of", "offered", "sign_charter"]
