"""What two people decide together is carried out here, in the unit of work that records their two names.

A cap rises in the ledger; a charter becomes the draft that every member then signs; a family of releases that
was never published may be. The chain tells who proposed, who confirmed, and what came of it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import ValidationError

from contracts.base import canonical
from contracts.charter import Charter
from contracts.charter_check import CharterError
from contracts.dominance import check_offer
from hub.errors import StateConflict
from hub.people.states import Kind
from hub.store import audit, charters, editions, ledger, people, proposals
from hub.store.proposals import APPROVED, Proposal
from hub.store.scopes import require_cap, require_under_ceiling
from hub.store.transaction import Reading, Transaction

_MEASURE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def propose(tx: Transaction, kind: Kind, body: dict[str, Any], *, by: str) -> Proposal:
    """Keep a proposal that could be carried out as things stand.

    Raises:
        StateConflict: it could not: no such scope, a cap that does not rise, a charter that breaks its rules…
    """
    checked = _CHECKED[kind](tx, body)
    return proposals.propose(tx, kind, checked, by=by)


def confirm(tx: Transaction, name: str, *, by: str) -> Proposal:
    """Confirm a proposal and carry it out, both or neither.

    Raises:
        StateConflict: it is decided, too old, the confirmer's own, or cannot be carried out any more.
    """
    done = proposals.decide(tx, name, by=by, confirmed=True)
    _CARRIED_OUT[done.kind](tx, done)
    return done


def refuse(tx: Transaction, name: str, *, by: str) -> Proposal:
    """Refuse a proposal; its author takes it back the same way."""
    return proposals.decide(tx, name, by=by, confirmed=False)


def require_families(reading: Reading, measures: list[str]) -> None:
    """Refuse to publish a family that never was, unless two people let it; while nobody signs in, nothing is asked.

    Raises:
        StateConflict: names the measures that wait for two people.
    """
    if not people.in_use(reading):
        return
    known = proposals.approved_families(reading) | families(reading)
    new = sorted(set(measures) - known)
    if new:
        raise StateConflict(
            "Never published before: {new}. Expected two people to let a new family be published. "
            "Propose it in the administration pages, and let another person confirm.",
            new=", ".join(new),
        )


def families(reading: Reading) -> frozenset[str]:
    """Return the measures that some edition published, a withdrawn one included: the ledger's charges tell."""
    seen = set(editions.published(reading)) | set(editions.withdrawn(reading))
    return frozenset(c.measure for c in ledger.charge_records(reading) if c.edition in seen)


def _cap(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    scope, cap = str(body.get("scope", "")), body.get("cap_rho_micro")
    present = {state.scope: state for state in ledger.budgets(tx)}.get(scope)
    if present is None:
        raise StateConflict("Found no such budget; expected an open one.")
    if not isinstance(cap, int) or cap <= present.cap_rho_micro:
        raise StateConflict(
            "The cap would not rise; expected more than {cap_rho_micro}.",
            cap_rho_micro=present.cap_rho_micro,
        )
    require_cap(scope, cap)
    return {"scope": scope, "cap_rho_micro": cap}


def _charter(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    try:
        proposed = Charter.model_validate_json(canonical(body))
        require_under_ceiling(proposed.budgets)
        check_offer(proposed)
    except (ValidationError, CharterError) as error:
        raise StateConflict(
            "This file is no charter that can stand; expected what `hub charter assemble --to` writes."
        ) from error
    newest = charters.current(tx)
    if newest is not None and proposed.revision <= newest.charter.revision:
        raise StateConflict(
            "Found revision {revision}; expected more than {revision_2}.",
            revision=proposed.revision,
            revision_2=newest.charter.revision,
        )
    return proposed.model_dump(mode="json")


def _family(_tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    measure = str(body.get("measure", ""))
    if not _MEASURE.fullmatch(
        measure
    ):  # it will stand in the public chain: a short name, no sentence
        raise StateConflict("Found no measure; expected the name of one of the catalogue.")
    return {"measure": measure}


def _raise_cap(tx: Transaction, done: Proposal) -> None:
    signers = (done.proposed_by, str(done.decided_by))
    ledger.raise_cap(tx, done.body["scope"], done.body["cap_rho_micro"], signers=signers)


def _change_charter(tx: Transaction, done: Proposal) -> None:
    proposed = Charter.model_validate_json(canonical(done.body))
    charters.save_draft(tx, proposed)
    ledger.open_budgets(tx, proposed.budgets)


def _approve(tx: Transaction, done: Proposal) -> None:
    body = {"measure": done.body["measure"], "proposal": done.proposal}
    audit.append(tx, APPROVED, body)


_CHECKED: Final[Mapping[Kind, Callable[[Transaction, dict[str, Any]], dict[str, Any]]]] = {
    Kind.CAP: _cap,
    Kind.CHARTER: _charter,
    Kind.FAMILY: _family,
}
_CARRIED_OUT: Final[Mapping[Kind, Callable[[Transaction, Proposal], None]]] = {
    Kind.CAP: _raise_cap,
    Kind.CHARTER: _change_charter,
    Kind.FAMILY: _approve,
}
