"""A small network for the control database: keys, charter, and a publisher that can be killed anywhere.

The publisher draws plain random integers: what is tried here is the order of paying, drawing and
storing, and a second draw must be noticed. Noise has its own tests.
"""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from functools import cache, partial

from contracts.api import Enrolment
from contracts.base import canonical, digest
from contracts.charter import Charter, MemberSignature, SignedCharter
from contracts.charter_check import charter_hash
from contracts.clock import FixedClock
from contracts.edition import Edition, Release, Table, Vector
from contracts.seal import sign, signing_public
from hub.privacy.charge import Charge
from hub.store import charters, checkpoints, editions, ledger, members
from hub.store.database import Control
from hub.store.scopes import MAX_RHO_MICRO, ChargeRequest
from hub.verify_figures import RULES

CLOCK = FixedClock(dt.datetime(2025, 9, 1, 8, tzinfo=dt.UTC))
SEASON = "2024-2025"
EDITION = "saison-2024-2025"
RHO = {"reach": 40_000, "pairs": 60_000}
CAP_RHO = 150_000
VENUES = ("danse-nord", "musee-sud", "opera-est")


@dataclass(frozen=True)
class Keys:
    """Everybody's keys: the same in every process, since a killed one is replaced by another."""

    private: dict[str, bytes]
    public: dict[str, str]


@cache
def keys() -> Keys:
    private = {n: hashlib.sha256(n.encode()).digest() for n in (*VENUES, "hub", "custodian")}
    return Keys(private, {name: signing_public(key) for name, key in private.items()})


def charter(revision: int = 1, *, cap_rho: int = CAP_RHO, public: Keys | None = None) -> Charter:
    known = public or keys()
    party = {"name": "Réseau", "operator": "Association", "contact": "dpo@example.org"}
    return Charter.model_validate_json(
        canonical(
            {
                "version": 1,
                "revision": revision,
                "network": "reseau",
                "name": "Réseau d'essai",
                "valid_from": "2025-01-01T00:00:00Z",
                "expires": "2027-01-01T00:00:00Z",
                "controller": party,
                "dpo": party,
                "hub": {
                    "url": "http://hub",
                    "operator": "Association",
                    "vault_key": "ab" * 32,
                    "signing_key": known.public["hub"],
                },
                "custodian": {
                    "url": "http://custodian",
                    "operator": "Notaire",
                    "contact": "notaire@example.org",
                    "signing_key": known.public["custodian"],
                    "season_keys": {SEASON: "ab" * 32},
                },
                "demonstration": False,
                "pseudonym_season": SEASON,
                "purposes": ["statistics"],
                "partners": [],
                "fields": ["contribution_id", "tokens", "statistics", "event_id"],
                "date_granularity": "day",
                "retention_months": 24,
                "persons_bound": 100_000,
                "bounds": {"venues": 4, "visits": 20, "cells": 20, "pairs_total": 6},
                "budgets": [
                    {
                        "season": SEASON,
                        "total_rho_micro": cap_rho,
                        "observatory_rho_micro": cap_rho,
                        "recommendation_rho_micro": 50_000,
                        "audiences_rho_micro": 50_000,
                        "delta_pico": 1_000,
                    }
                ],
                "editions": [
                    {
                        "edition": EDITION,
                        "title": "Saison 2024-2025",
                        "season": SEASON,
                        "first_day": "2024-09-01",
                        "last_day": "2025-08-31",
                        "measures": [
                            {"measure": name, "rho_micro": rho, "delta_pico": 0}
                            for name, rho in RHO.items()
                        ],
                    }
                ],
                "members": [
                    {
                        "venue": venue,
                        "name": venue,
                        "discipline": "dance",
                        "postcode": "69001",
                        "latitude_microdeg": 45_000_000,
                        "longitude_microdeg": 4_000_000,
                        "signing_key": known.public[venue],
                        "declared_identifiers": 1000,
                    }
                    for venue in VENUES
                ],
                "clusters": [],
            }
        )
    )


def signature_of(venue: str, plain: Charter) -> MemberSignature:
    return MemberSignature(venue=venue, signature=sign(keys().private[venue], canonical(plain)))


def signed_charter(plain: Charter | None = None) -> SignedCharter:
    document = plain or charter()
    return SignedCharter(
        charter=document, signatures=[signature_of(venue, document) for venue in VENUES]
    )


def settle(control: Control, plain: Charter | None = None) -> SignedCharter:
    """Enrol every venue, put the charter in force and open its budgets."""
    plain = plain or charter()
    with control.transaction(CLOCK) as tx:
        for venue in VENUES:
            code = members.issue_code(tx, venue)
            members.enrol(tx, Enrolment(venue=venue, code=code, signing_key=keys().public[venue]))
        charters.save_draft(tx, plain)
        signed = [charters.add_signature(tx, signature_of(v, plain)) for v in VENUES][-1]
        ledger.open_budgets(tx, plain.budgets, ceiling_micro=MAX_RHO_MICRO)
        tx.commit()
    return signed


def request_for(measure: str, *, key: str | None = None, rho: int | None = None) -> ChargeRequest:
    return ChargeRequest(
        key=key or f"{EDITION}/{measure}",
        edition=EDITION,
        measure=measure,
        use="observatory",
        seasons=(SEASON,),
        rho_micro=RHO[measure] if rho is None else rho,
        delta_pico=0,
        request_sha256=digest(measure.encode()),
    )


def draw(charge: Charge) -> Release:
    """Return a release with fresh random values: drawn twice, it differs."""
    return Release(
        release=f"{charge.edition}-{charge.measure}"[:40],
        measure=charge.measure,
        rho_micro=charge.rho_micro,
        delta_pico=charge.delta_pico,
        seasons=[SEASON],
        charge=charge.charge,
        vectors=[vector_for(charge)],
        tables=list[Table](),
    )


def vector_for(charge: Charge) -> Vector:
    return Vector(
        name=charge.measure,
        mechanism="discrete-gaussian",
        unit_milli=1000,
        l2_sensitivity_squared=4,
        sigma_micro=10_000_000,  # sigma 10 on Δ² = 4 costs 0.02 rho: below both prices
        rho_micro=charge.rho_micro,
        delta_pico=0,
        threshold=None,
        keys=[["a"], ["b"]],
        values=[secrets.randbelow(10**9), -secrets.randbelow(10**9)],
    )


def edition_of(releases: list[bytes]) -> Edition:
    return Edition(
        edition=EDITION,
        title="Saison 2024-2025",
        network="reseau",
        charter_sha256=charter_hash(charter()),
        season=SEASON,
        first_day="2024-09-01",
        last_day="2025-08-31",
        prepared="2025-09-01T08:00:00Z",
        demonstration=False,
        figures=RULES,
        releases=[Release.model_validate_json(body) for body in releases],
    )


def publish(control: Control) -> bytes:
    """Take the edition from plan to publication, from wherever an earlier attempt was killed."""
    with control.transaction(CLOCK) as tx:
        editions.plan(tx, EDITION, charter_hash(charter()))
        charges = [ledger.charge(tx, request_for(measure)) for measure in RHO]
        editions.mark_charged(tx, EDITION)
        tx.commit()
    for charge in charges:
        _draw_once(control, charge)
    with control.transaction(CLOCK) as tx:
        editions.mark_drawn(tx, EDITION)
        if editions.stored_edition(tx, EDITION) is None:
            editions.store(tx, edition_of(editions.releases(tx, EDITION)))
        checkpoint = checkpoints.checkpoint(tx, "reseau", partial(sign, keys().private["hub"]))
        tx.commit()
    custodian = sign(keys().private["custodian"], canonical(checkpoint.checkpoint))
    control.reached("witness.signed")
    with control.transaction(CLOCK) as tx:
        signed = checkpoint.model_copy(update={"custodian_signature": custodian})
        editions.witness(tx, EDITION, signed)
        tx.commit()
    with control.transaction(CLOCK) as tx:
        file = editions.publish(tx, EDITION)
        tx.commit()
    return file


def _draw_once(control: Control, charge: Charge) -> None:
    with control.reading() as reading:
        if ledger.stored_release(reading, charge.charge) is not None:
            return
    control.reached("draw.begun")
    release = canonical(draw(charge))
    control.reached("draw.done")
    with control.transaction(CLOCK) as tx:
        ledger.store_release(tx, charge, release)
        tx.commit()
