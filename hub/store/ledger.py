"""The ledger of privacy loss: paid before drawn, never refunded, never above a cap, one answer per charge.

Two crash stories. Killed before the charge commits: nothing was spent, nothing was drawn. Killed after
it: the same key finds the same charge, and either its stored release or none; what was drawn but not
stored was seen by nobody. Season and use are both charged in full, for one person pays both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, insert, select, update

from contracts.base import canonical, digest
from contracts.charter import Budget
from contracts.edition import ChargeRecord, Release
from contracts.scopes import CEILING_MICRO, caps_of
from hub.errors import BudgetExceeded, ChargeConflict, ReleaseConflict, StateConflict
from hub.privacy.charge import Charge
from hub.store import audit, tables
from hub.store.scopes import ChargeRequest, require_cap, require_under_ceiling
from hub.store.transaction import Reading, Transaction

TWO_PEOPLE: Final = 2


@dataclass(frozen=True)
class BudgetState:
    """What one scope may spend and has spent, in micro-rho and pico-delta."""

    scope: str
    cap_rho_micro: int
    spent_rho_micro: int
    cap_delta_pico: int
    spent_delta_pico: int


def open_budgets(
    tx: Transaction, budgets: Sequence[Budget], *, ceiling_micro: int = CEILING_MICRO
) -> None:
    """Open each season's scopes at the charter's caps; open ones are left, or lowered to them.

    Args:
        tx: a unit of work.
        budgets: the charter's.
        ceiling_micro: what one person and season may cost; another only for people who are made up (``hub.audit``).

    Raises:
        AboveCeiling: a cap is above it.
        StateConflict: a cap would rise (that is ``raise_cap``) or fall below what is spent.
    """
    require_under_ceiling(budgets, ceiling_micro)
    for budget in budgets:
        for scope, (rho, delta) in caps_of(budget).items():
            _open(tx, scope, rho, delta)


def budgets(reading: Reading) -> list[BudgetState]:
    """Return every scope's cap and spending, in alphabetical order."""
    rows = reading.run(select(tables.budget).order_by(tables.budget.c.scope))
    return [BudgetState(**row._mapping) for row in rows]  # noqa: SLF001 - its public name


def charge(tx: Transaction, request: ChargeRequest) -> Charge:
    """Charge all scopes of *request*, or none; the same key and request again charge nothing.

    Commit before anything is drawn. A refusal depends on the ledger only.

    Raises:
        ChargeConflict: the key was used for another request.
        BudgetExceeded: a scope has no room, or was never opened.
    """
    record = request.record()
    earlier = _by(tx, tables.charge.c.key == request.key)
    if earlier is not None:
        if _record(earlier) != record:
            raise ChargeConflict(
                "This idempotency key already paid for another request; expected the same request again. Use "
                "a new key for a new one."
            )
        return _charge(earlier)
    with tx.connection.begin_nested():  # a caller who survives the refusal commits no half of it
        for scope in record.scopes:
            _spend(tx, scope, request)
    tx.reached("charge.guarded")
    entry = audit.append(tx, "charge", record.model_dump(mode="json"))
    tx.reached("charge.audited")
    row = record.model_dump(exclude={"scopes"})
    tx.run(
        insert(tables.charge).values(**row, scopes=" ".join(record.scopes), sequence=entry.sequence)
    )
    tx.reached("charge.recorded")
    return Charge(
        charge=record.charge,
        edition=record.edition,
        measure=record.measure,
        rho_micro=record.rho_micro,
        delta_pico=record.delta_pico,
    )


def charge_records(reading: Reading, *, up_to: int | None = None) -> list[ChargeRecord]:
    """Return the charges in the order in which they were paid, up to chain sequence *up_to*."""
    query = select(tables.charge).order_by(tables.charge.c.sequence)
    if up_to is not None:
        query = query.where(tables.charge.c.sequence <= up_to)
    return [_record(row) for row in reading.run(query)]


def store_release(tx: Transaction, charge: Charge, release_json: bytes) -> None:
    """Keep the one answer that *charge* paid for; the same bytes again change nothing.

    Args:
        tx: a later unit of work than the one that charged.
        charge: what was paid.
        release_json: canonical bytes of a ``contracts.edition.Release``.

    Raises:
        StateConflict: the charge is not in the ledger, or the bytes are not a release it paid for.
        ReleaseConflict: another answer is stored.
    """
    paid = _by(tx, tables.charge.c.charge == charge.charge)
    if paid is None:
        raise StateConflict("Found no such charge in the ledger; expected it paid. Charge first.")
    _require_paid_for(_record(paid), release_json)
    stored = stored_release(tx, charge.charge)
    if stored is not None:
        if stored != release_json:
            raise ReleaseConflict(
                "Another answer is stored for this charge; expected the same bytes. The stored one stands: "
                "read it."
            )
        return
    sha256 = digest(release_json)
    entry = audit.append(tx, "release-stored", {"charge": charge.charge, "sha256": sha256})
    tx.reached("release.audited")
    tx.run(
        insert(tables.release).values(
            charge=charge.charge, body=release_json, sha256=sha256, sequence=entry.sequence
        )
    )
    tx.reached("release.recorded")


def stored_release(reading: Reading, charge_id: str) -> bytes | None:
    """Return the stored answer of a charge, or None when it was never stored."""
    return reading.run(
        select(tables.release.c.body).where(tables.release.c.charge == charge_id)
    ).scalar_one_or_none()


def raise_cap(
    tx: Transaction,
    scope: str,
    new_cap: int,
    *,
    signers: tuple[str, str],
    delta_pico: int | None = None,
) -> None:
    """Raise a scope's cap to *new_cap* micro-rho (and *delta_pico*), which two people answer for.

    ``hub verify`` holds spending to the charter, so a charter that says the same must follow.

    Raises:
        AboveCeiling: two people may not pass it either.
        StateConflict: fewer than two people, no such scope, or a cap that does not rise.
    """
    require_cap(scope, new_cap)
    people = sorted({name.strip().casefold() for name in signers} - {""})
    if len(people) < TWO_PEOPLE:
        raise StateConflict(
            "Found fewer than two people; expected two to raise a cap. Ask another."
        )
    present = {state.scope: state for state in budgets(tx)}.get(scope)
    if present is None:
        raise StateConflict(
            "Found no budget {scope}; expected an open one. See `hub budget`.", scope=scope
        )
    delta = present.cap_delta_pico if delta_pico is None else delta_pico
    before = (present.cap_rho_micro, present.cap_delta_pico)
    if new_cap < before[0] or delta < before[1] or (new_cap, delta) == before:
        raise StateConflict(
            "The cap of {scope} would not rise; expected more than {before}.",
            scope=scope,
            before=before[0],
        )
    _set_caps(tx, scope, new_cap, delta)
    audit.append(tx, "cap-raised", {**_cap_body(scope, new_cap, delta), "signers": people})


def _open(tx: Transaction, scope: str, rho: int, delta: int) -> None:
    present = tx.run(select(tables.budget).where(tables.budget.c.scope == scope)).first()
    if present is None:
        values = {"scope": scope, "cap_rho_micro": rho, "cap_delta_pico": delta}
        tx.run(insert(tables.budget).values(**values, spent_rho_micro=0, spent_delta_pico=0))
        audit.append(tx, "budget-opened", _cap_body(scope, rho, delta))
        return
    if (rho, delta) == (present.cap_rho_micro, present.cap_delta_pico):
        return
    if rho > present.cap_rho_micro or delta > present.cap_delta_pico:
        raise StateConflict(
            "The charter's cap of {scope} is above the ledger's; expected it to stand. Two people raise "
            "a cap, in the administration pages.",
            scope=scope,
        )
    if rho < present.spent_rho_micro or delta < present.spent_delta_pico:
        raise StateConflict(
            "The charter's cap of {scope} is below what is spent. Correct it.", scope=scope
        )
    _set_caps(tx, scope, rho, delta)
    audit.append(tx, "cap-lowered", _cap_body(scope, rho, delta))


def _set_caps(tx: Transaction, scope: str, rho: int, delta: int) -> None:
    tx.run(
        update(tables.budget)
        .where(tables.budget.c.scope == scope)
        .values(cap_rho_micro=rho, cap_delta_pico=delta)
    )


def _cap_body(scope: str, rho: int, delta: int) -> dict[str, Any]:
    return {"scope": scope, "cap_rho_micro": rho, "cap_delta_pico": delta}


def _spend(tx: Transaction, scope: str, request: ChargeRequest) -> None:
    budget = tables.budget.c
    rho = budget.spent_rho_micro + request.rho_micro
    delta = budget.spent_delta_pico + request.delta_pico
    spent = tx.run(
        update(tables.budget)
        .where(
            and_(budget.scope == scope, rho <= budget.cap_rho_micro, delta <= budget.cap_delta_pico)
        )
        .values(spent_rho_micro=rho, spent_delta_pico=delta)
    )
    if spent.rowcount != 1:
        raise BudgetExceeded(
            "The budget {scope} does not cover this charge of {rho_micro} micro-rho and {delta_pico} "
            "pico-delta. See `hub budget`; nothing was charged.",
            scope=scope,
            rho_micro=request.rho_micro,
            delta_pico=request.delta_pico,
        )


def _by(reading: Reading, condition: ColumnElement[bool]) -> Row[Any] | None:
    return reading.run(select(tables.charge).where(condition)).one_or_none()


def _record(row: Row[Any]) -> ChargeRecord:
    return ChargeRecord(
        charge=row.charge,
        key=row.key,
        request_sha256=row.request_sha256,
        edition=row.edition,
        measure=row.measure,
        scopes=row.scopes.split(" "),
        rho_micro=row.rho_micro,
        delta_pico=row.delta_pico,
    )


def _charge(row: Row[Any]) -> Charge:
    return Charge(
        charge=row.charge,
        edition=row.edition,
        measure=row.measure,
        rho_micro=row.rho_micro,
        delta_pico=row.delta_pico,
    )


def _require_paid_for(record: ChargeRecord, release_json: bytes) -> None:
    try:
        release = Release.model_validate_json(release_json)
    except ValueError as error:
        raise StateConflict(
            "Found bytes that are no Release; expected its canonical form."
        ) from error
    paid = (record.charge, record.measure, record.rho_micro, record.delta_pico)
    named = (release.charge, release.measure, release.rho_micro, release.delta_pico)
    if named != paid or canonical(release) != release_json:
        raise StateConflict(
            "The release names another charge, measure or price than the ledger, or is not in canonical "
            "form. Build it from the charge."
        )
