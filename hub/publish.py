"""Make an edition: pay, freeze, aggregate, noise, store, have it witnessed, publish.

Every step may be killed and asked again: what was paid stays paid, what was stored stays the answer,
what was drawn and not stored was seen by nobody.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from contracts.base import canonical
from contracts.charter import SignedCharter
from contracts.charter_check import charter_hash, verify_signed
from contracts.clock import Clock, FixedClock, stamp
from contracts.edition import AuditEntry, Edition, Release, SignedCheckpoint, Vector
from contracts.order import Order
from contracts.scopes import use_of
from hub import two_people
from hub.errors import StateConflict
from hub.measures.base import Query
from hub.plan import EditionPlan, PlannedMeasure, operations_of, plan_edition
from hub.privacy.charge import Charge
from hub.privacy.noise import noise, restore
from hub.privacy.values import Exact, Noised, VectorPlan
from hub.store import audit, charters, checkpoints, editions, ledger, pinned, work
from hub.store.database import Control
from hub.store.scopes import ChargeRequest
from hub.verify_figures import rules_kept


class Relations(Protocol):
    """The frozen facts of one edition, open for the sums that measures declare."""

    def run(self, query: Query, plan: VectorPlan) -> Exact:
        """Return the exact vector; it never leaves the vault's process."""
        ...


class Facts(Protocol):
    """The vault, as far as publishing knows it."""

    def frozen(self, plan: EditionPlan) -> AbstractContextManager[Relations]:
        """Open the edition's snapshot, the same at every call for one edition."""
        ...


Witness = Callable[[SignedCheckpoint, list[AuditEntry]], SignedCheckpoint]
TAGS: Final = "tags"
"""The measure that reads the public catalogues."""
Progress = Callable[[str], None]
"""Told which step begins; steps are those of the public plan, so that nothing private shows."""


@dataclass(frozen=True)
class Desk:
    """What publishing needs of the world."""

    control: Control
    facts: Facts
    sign: Callable[[bytes], str] = field(repr=False)  # holds the hub's signing key
    witness: Witness
    clock: Clock
    progress: Progress = lambda _step: None
    orders: Callable[[], Iterable[Order]] = tuple  # measured, and signed by the hub


def publish(desk: Desk, edition: str) -> bytes:
    """Return the public file of *edition*, made now or before; the same bytes at every call.

    Raises:
        StateConflict: no charter is in force, or it expired.
        BudgetExceeded: the budget does not cover the whole edition; nothing was charged.
        WitnessUnreachable: the custodian does not answer; call again, nothing is charged twice.
        WitnessRefused: the custodian has seen another history.
    """
    # One instant for all that this call adds to the public chain: how long sums take depends on the rows.
    desk = replace(desk, clock=FixedClock(desk.clock.now()))
    with desk.control.reading() as reading:
        done = editions.published_bytes(reading, edition)
    if done is not None:
        return done
    plan = _planned(desk, edition)
    charges = pay(desk, plan)
    _draw_all(desk, plan, charges)
    _store(desk, plan)
    _have_witnessed(desk, plan)
    with desk.control.transaction(desk.clock) as tx:
        file = editions.publish(tx, edition)
        tx.commit()
    return file


def asked(plan: EditionPlan) -> list[tuple[Query, VectorPlan]]:
    """Return every query that drawing the edition will run, with its vector."""
    return [
        (query, vector)
        for planned in plan.measures
        for query, vector in zip(
            planned.measure.queries(planned.vectors, plan.frame), planned.vectors, strict=True
        )
    ]


def _planned(desk: Desk, edition: str) -> EditionPlan:
    """Return the plan, with the operations that were known when the edition was first taken up."""
    charter = _charter(desk).charter
    spec = next((e for e in charter.editions if e.edition == edition), None)
    if spec is None:
        return plan_edition(charter, edition)  # which says what it expected
    with desk.control.reading() as reading:
        until = editions.planned_at(reading, edition) or stamp(desk.clock.now())
    return plan_edition(charter, edition, operations_of(desk.orders(), spec, until))


def _charter(desk: Desk) -> SignedCharter:
    with desk.control.reading() as reading:
        signed = charters.in_force(reading)
    if signed is None:
        raise StateConflict("No charter is in force. Have every member sign it first.")
    verify_signed(signed, desk.clock.now())
    return signed


def pay(desk: Desk, plan: EditionPlan) -> dict[str, Charge]:
    """Pay for every measure, or for none, in a transaction that commits before any draw.

    A budget that covers half of the edition is not spent on a half that could never be published.

    Raises:
        StateConflict: it was called off, or a measure was never published before, and two people have not let it be.
        BudgetExceeded: a scope has no room; nothing was charged.
    """
    name = plan.spec.edition
    desk.progress("charge")
    with desk.control.transaction(desk.clock) as tx:
        work.require_wanted(tx, name)
        two_people.require_families(tx, [planned.spec.measure for planned in plan.measures])
        editions.plan(tx, name, charter_hash(plan.charter))
        charges = {
            planned.spec.measure: ledger.charge(tx, _request(plan, planned))
            for planned in plan.measures
        }
        if any(planned.spec.measure == TAGS for planned in plan.measures):
            pinned.pin(tx, name, [member.venue for member in plan.charter.members])
        editions.mark_charged(tx, name)
        tx.commit()
    return charges


def _request(plan: EditionPlan, planned: PlannedMeasure) -> ChargeRequest:
    return ChargeRequest(
        key=f"{plan.spec.edition}/{planned.spec.measure}",
        edition=plan.spec.edition,
        measure=planned.spec.measure,
        use=use_of(planned.spec.measure),
        seasons=plan.seasons,
        rho_micro=planned.spec.rho_micro,
        delta_pico=planned.spec.delta_pico,
        request_sha256=planned.request_sha256(plan),
    )


def _draw_all(desk: Desk, plan: EditionPlan, charges: Mapping[str, Charge]) -> None:
    """Draw what is not stored yet; a stored release is read back, never drawn again."""
    with desk.control.reading() as reading:
        if editions.state(reading, plan.spec.edition) != "charged":
            return  # all is stored: no exact value is needed any more
    drawn: dict[str, Noised] = {}
    with desk.facts.frozen(plan) as relations:
        for planned in plan.measures:
            charge = charges[planned.spec.measure]
            with desk.control.reading() as reading:
                stored = ledger.stored_release(reading, charge.charge)
            if stored is not None:
                drawn |= _restored(planned, Release.model_validate_json(stored))
                continue
            desk.progress(f"draw {planned.spec.measure}")
            drawn |= draw(relations, plan, planned, charge)
            release = _release(plan, planned, charge, drawn)
            with desk.control.transaction(desk.clock) as tx:
                ledger.store_release(tx, charge, canonical(release))
                tx.commit()
    with desk.control.transaction(desk.clock) as tx:
        editions.mark_drawn(tx, plan.spec.edition)
        tx.commit()


def draw(
    relations: Relations, plan: EditionPlan, planned: PlannedMeasure, charge: Charge
) -> dict[str, Noised]:
    """Return the noised vectors of one measure, drawn afresh: what is not stored was seen by nobody."""
    queries = planned.measure.queries(planned.vectors, plan.frame)
    return {
        vector.name: noise(relations.run(query, vector), charge, vector)
        for query, vector in zip(queries, planned.vectors, strict=True)
    }


def _restored(planned: PlannedMeasure, release: Release) -> dict[str, Noised]:
    plans = {vector.name: vector for vector in planned.vectors}
    return {vector.name: restore(vector, plans[vector.name]) for vector in release.vectors}


def _release(
    plan: EditionPlan, planned: PlannedMeasure, charge: Charge, drawn: Mapping[str, Noised]
) -> Release:
    return Release(
        release=f"{plan.spec.edition}-{charge.measure}"[:40].rstrip("-"),
        measure=charge.measure,
        rho_micro=charge.rho_micro,
        delta_pico=charge.delta_pico,
        seasons=list(plan.seasons),
        charge=charge.charge,
        vectors=[_vector(drawn[vector.name]) for vector in planned.vectors],
        tables=list(planned.measure.read(drawn, plan.frame)),
    )


def _vector(noised: Noised) -> Vector:
    plan = noised.plan
    return Vector(
        name=plan.name,
        mechanism="discrete-gaussian" if plan.threshold is None else "discrete-gaussian-threshold",
        unit_milli=plan.unit_milli,
        l2_sensitivity_squared=plan.l2_sensitivity_squared,
        sigma_micro=noised.sigma_micro,
        rho_micro=plan.rho_micro,
        delta_pico=plan.delta_pico,
        threshold=plan.threshold,
        keys=[list(key) for key in plan.keys],
        values=[int(value) for value in noised.values],
    )


def _store(desk: Desk, plan: EditionPlan) -> None:
    desk.progress("store")
    with desk.control.transaction(desk.clock) as tx:
        if editions.stored_edition(tx, plan.spec.edition) is None:
            bodies = editions.releases(tx, plan.spec.edition)
            releases = [Release.model_validate_json(body) for body in bodies]
            editions.store(
                tx,
                Edition(
                    edition=plan.spec.edition,
                    title=plan.spec.title,
                    network=plan.charter.network,
                    charter_sha256=charter_hash(plan.charter),
                    season=plan.spec.season,
                    first_day=plan.spec.first_day,
                    last_day=plan.spec.last_day,
                    prepared=stamp(desk.clock.now()),
                    demonstration=plan.charter.demonstration,
                    figures=rules_kept(releases),
                    releases=releases,
                ),
            )
            tx.commit()


def _have_witnessed(desk: Desk, plan: EditionPlan) -> None:
    desk.progress("witness")
    edition = plan.spec.edition
    with desk.control.transaction(desk.clock) as tx:
        if editions.state(tx, edition) != "stored":
            return
        signed = checkpoints.checkpoint(tx, plan.charter.network, desk.sign)
        before = checkpoints.last_witnessed(tx)
        tx.commit()
    with desk.control.reading() as reading:
        entries = audit.entries(
            reading,
            after=before.checkpoint.sequence if before else 0,
            up_to=signed.checkpoint.sequence,
        )
    witnessed = desk.witness(signed, entries)
    with desk.control.transaction(desk.clock) as tx:
        editions.witness(tx, edition, witnessed)
        tx.commit()
