"""Who joins: one-time codes, and the charter that a draft becomes; no secret of the vault is read."""

from pathlib import Path

from contracts.api import CustodianKeys
from contracts.base import Hex32, HexBlob, Wire
from contracts.charter import Charter
from contracts.clock import Clock
from contracts.dominance import check_offer
from hub.config import CUSTODIAN_FILE, DRAFT_FILE, PUBLIC_FILE, VAULT_FILE, VaultConfig
from hub.draft import Keys, NetworkDraft, charter_from
from hub.errors import ConfigError, StateConflict
from hub.store import charters, ledger, members, people
from hub.store.database import open_control
from hub.store.scopes import require_under_ceiling


class PublicKeys(Wire):
    """The public halves of the vault's keys, as the charter will name them."""

    vault_key: HexBlob
    signing_key: Hex32


def enrol(home: Path, venue: str, clock: Clock) -> str:
    """Return a new one-time code for a venue of the draft.

    Raises:
        ConfigError: the draft does not know this venue.
    """
    draft = NetworkDraft.load(home / DRAFT_FILE)
    known = [m.venue for m in draft.members]
    if venue not in known:
        raise ConfigError(
            "{draft_file} has no such venue. It has: {known}. Add it there first.",
            draft_file=DRAFT_FILE,
            known=", ".join(known),
        )
    config = VaultConfig.load(home / VAULT_FILE)
    control = open_control(config.url(config.control_url))
    with control.transaction(clock) as tx:
        code = members.issue_code(tx, venue)
        tx.commit()
    control.close()
    return code


def assemble(home: Path, clock: Clock, *, propose: bool = False) -> Charter:
    """Write the charter from the draft and everybody's keys, open its budgets, and offer it for signature.

    With *propose* it is returned and nothing is kept: two people then decide on it in the administration pages,
    which is the only way once people sign in there.

    Raises:
        ConfigError: a member has not enrolled, or the draft cannot become a charter.
        RulesBroken: one field of the draft contradicts another.
        NotToBeSigned: one venue is nearly all of its cluster.
        AboveCeiling: a season's budget lets one person cost too much.
        StateConflict: members may have signed a charter of this revision already.
    """
    config = VaultConfig.load(home / VAULT_FILE)
    draft = NetworkDraft.load(home / DRAFT_FILE)
    custodian = CustodianKeys.model_validate_json((home / CUSTODIAN_FILE).read_bytes())
    public = PublicKeys.model_validate_json((home / PUBLIC_FILE).read_bytes())
    control = open_control(config.url(config.control_url))
    with control.transaction(clock) as tx:
        charter = charter_from(
            draft,
            Keys(
                vault_key=public.vault_key,
                hub_signing_key=public.signing_key,
                custodian_operator=custodian.operator,
                custodian_signing_key=custodian.signing_key,
                season_keys=custodian.season_keys,
                members=members.member_keys(tx),
            ),
            clock.now(),
        )
        require_under_ceiling(charter.budgets)
        check_offer(charter)
        if propose:
            return charter
        if people.in_use(tx):
            raise StateConflict(
                "People sign in to this hub, so a charter takes two of them; expected a proposal. Run `hub "
                "charter assemble --to FILE`, and propose that file in the administration pages."
            )
        charters.save_draft(tx, charter)
        ledger.open_budgets(tx, charter.budgets)
        tx.commit()
    control.close()
    return charter
