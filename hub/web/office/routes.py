"""Each route of the office and the act that it is; a route that is not here does not exist for anybody."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.people.roles import Act

ROUTES: Final[Mapping[str, Act]] = MappingProxyType(
    {
        "observatory.static": Act.READ,
        "office.front": Act.READ,
        "office.invitation": Act.SIGN_IN,
        "office.accept": Act.SIGN_IN,
        "security.login": Act.SIGN_IN,
        "security.logout": Act.SIGN_IN,
        "security.two_factor_setup": Act.SIGN_IN,  # at the first time, between password and code
        "security.two_factor_token_validation": Act.SIGN_IN,
        "security.mf_recovery": Act.SIGN_IN,
        "security.wan_signin": Act.SIGN_IN,
        "security.wan_signin_response": Act.SIGN_IN,
        "directory.start": Act.SIGN_IN,
        "directory.back": Act.SIGN_IN,
        "directory.unlink": Act.OWN_ACCOUNT,
        "office.home": Act.OWN_ACCOUNT,
        "office.account": Act.OWN_ACCOUNT,
        "security.verify": Act.OWN_ACCOUNT,
        "security.change_password": Act.OWN_ACCOUNT,
        "security.two_factor_setup_validate": Act.OWN_ACCOUNT,
        "security.mf_recovery_codes": Act.OWN_ACCOUNT,
        "security.wan_register": Act.OWN_ACCOUNT,
        "security.wan_register_response": Act.OWN_ACCOUNT,
        "security.wan_delete": Act.OWN_ACCOUNT,
        "administration.network": Act.SEE_NETWORK,
        "administration.enrol": Act.ENROL_VENUE,
        "administration.people": Act.SEE_PEOPLE,
        "administration.invite": Act.INVITE,
        "administration.uninvite": Act.INVITE,
        "administration.revoke": Act.REVOKE,
        "administration.role": Act.GIVE_ROLE,
        "administration.proposals": Act.SEE_PROPOSALS,
        "administration.propose": Act.PROPOSE,
        "administration.decide": Act.DECIDE,
        "administration.journal": Act.SEE_JOURNAL,
        "asking.index": Act.ASK_AUDIENCE,
        "asking.form": Act.ASK_AUDIENCE,
        "asking.write": Act.ASK_AUDIENCE,
        "asking.page": Act.ASK_AUDIENCE,
        "asking.estimate": Act.ASK_AUDIENCE,
        "asking.submit": Act.ASK_AUDIENCE,
        "asking.withdraw": Act.ASK_AUDIENCE,
        "answering.inbox": Act.SEE_AUDIENCES,
        "answering.page": Act.SEE_AUDIENCES,
        "answering.approve": Act.ANSWER_AUDIENCE,
        "answering.modify": Act.ANSWER_AUDIENCE,
        "answering.refuse": Act.ANSWER_AUDIENCE,
        "answering.lend": Act.DELEGATE_AUDIENCE,
        "programs.page": Act.OWN_PROGRAMS,
        "programs.deposit": Act.OWN_PROGRAMS,
        "programs.confirm": Act.OWN_PROGRAMS,
        "programs.revoke": Act.OWN_PROGRAMS,
        "programs.hook": Act.OWN_PROGRAMS,
        "programs.unhook": Act.OWN_PROGRAMS,
        "works.page": Act.SEE_WORK,
        "works.state": Act.SEE_WORK,
        "works.ask": Act.PUBLISH,
        "works.cancel": Act.PUBLISH,
    }
)

WANTS_FRESH: Final = frozenset(
    {
        Act.ENROL_VENUE,
        Act.INVITE,
        Act.REVOKE,
        Act.GIVE_ROLE,
        Act.PROPOSE,
        Act.DECIDE,
        Act.PUBLISH,
        Act.OWN_PROGRAMS,
    }
)
"""Acts for which a sign-in of the last half hour is asked: a screen left open does not invite anybody."""
