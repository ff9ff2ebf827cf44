"""A hub for the audit alone: a made-up charter, its own ledger in a folder that is thrown away."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from contracts.api import Enrolment
from contracts.base import canonical
from contracts.charter import Charter, MemberSignature
from contracts.clock import FixedClock
from contracts.edition import AuditEntry, SignedCheckpoint
from contracts.seal import new_signing_key, sign
from hub.audit.crowd import SEASON, VENUES
from hub.audit.worlds import World
from hub.plan import EditionPlan, plan_edition
from hub.privacy.charge import Charge
from hub.publish import Desk, Relations, pay, publish
from hub.store import charters, ledger, members
from hub.store.database import Control, open_control

CLOCK: Final = FixedClock(dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC))
QUICK: Final = ("reach", "ladder", "pairs", "flows", "provenance", "channels")
"""Measures of the quick audit: few cells, and each law by which somebody is bounded."""
FULL: Final = (
    *QUICK, "young", "firsts", "season-spread", "tourists", "crossing", "lead-time", "provenance-epci",
)  # fmt: skip
"""Measures whose exact vectors are compared; the last has more cells than all those that are drawn."""
RHO_MICRO: Final = 2_000_000
"""Of a whole edition: the best attacker then sees two standard deviations, which shows soonest in few draws."""
DELTA_PICO: Final = 200_000
EDITIONS: Final = 5


@dataclass(frozen=True)
class Stage:
    """The charter's editions, each planned, and a ledger that pays for them."""

    plans: tuple[EditionPlan, ...]
    control: Control
    keys: Mapping[str, bytes]

    def pay(self, number: int = 0) -> dict[str, Charge]:
        """Charge the ledger for one edition, and return what was paid by measure."""
        return pay(self._desk(None), self.plans[number])

    def publish(self, world: World, number: int) -> bytes:
        """Return the public file of one of the editions, through the whole of publishing."""
        return publish(self._desk(world), self.plans[number].spec.edition)

    def _desk(self, world: World | None) -> Desk:
        return Desk(
            control=self.control,
            facts=_Facts(world),
            sign=partial(sign, self.keys["hub"]),
            witness=self._witness,
            clock=CLOCK,
        )

    def _witness(self, signed: SignedCheckpoint, _entries: list[AuditEntry]) -> SignedCheckpoint:
        own = sign(self.keys["custodian"], canonical(signed.checkpoint))
        return signed.model_copy(update={"custodian_signature": own})


@dataclass(frozen=True)
class _Facts:
    world: World | None

    @contextmanager
    def frozen(self, plan: EditionPlan) -> Iterator[Relations]:
        del plan
        if self.world is None:
            raise ValueError("nothing is drawn where nothing but payment was asked for")
        yield self.world.sums


@contextmanager
def stage(measures: tuple[str, ...] = QUICK) -> Iterator[Stage]:
    """Give a fresh hub whose charter is in force, until the end of the block."""
    made = {name: new_signing_key() for name in (*VENUES, "hub", "custodian")}
    charter = _charter({name: public for name, (_, public) in made.items()}, measures)
    with TemporaryDirectory() as folder:
        control = open_control(f"sqlite:///{Path(folder) / 'control.sqlite'}")
        try:
            control.migrate()
            _settle(control, charter, made)
            plans = tuple(plan_edition(charter, e.edition) for e in charter.editions)
            yield Stage(plans, control, {name: private for name, (private, _) in made.items()})
        finally:
            control.close()


def _settle(control: Control, charter: Charter, made: Mapping[str, tuple[bytes, str]]) -> None:
    with control.transaction(CLOCK) as tx:
        for venue in VENUES:
            code = members.issue_code(tx, venue)
            members.enrol(tx, Enrolment(venue=venue, code=code, signing_key=made[venue][1]))
        charters.save_draft(tx, charter)
        for venue in VENUES:
            signature = sign(made[venue][0], canonical(charter))
            charters.add_signature(tx, MemberSignature(venue=venue, signature=signature))
        ledger.open_budgets(tx, charter.budgets, ceiling_micro=EDITIONS * RHO_MICRO)  # nobody's
        tx.commit()


def _charter(public: Mapping[str, str], measures: tuple[str, ...]) -> Charter:
    party = {"name": "Audit", "operator": "Audit", "contact": "audit@example.org"}
    year = SEASON[:4]
    plain: dict[str, Any] = {
        "version": 1, "revision": 1, "network": "audit", "name": "Réseau inventé pour l'audit",
        "valid_from": f"{year}-01-01T00:00:00Z", "expires": "2027-12-31T00:00:00Z",
        "controller": party, "dpo": party,
        "hub": {"url": "http://hub", "operator": "Audit", "vault_key": "ab" * 32, "signing_key": public["hub"]},
        "custodian": {"url": "http://gardien", "operator": "Audit", "contact": "audit@example.org",
                      "signing_key": public["custodian"], "season_keys": {SEASON: "ab" * 32}},
        "demonstration": True, "pseudonym_season": SEASON, "purposes": ["statistics"], "partners": [],
        "fields": ["statistics", "epci"], "date_granularity": "day", "retention_months": 24, "persons_bound": 100_000,
        "bounds": {"venues": 3, "visits": 8, "cells": 3, "pairs_total": 6},
        "budgets": [{"season": SEASON, "total_rho_micro": EDITIONS * RHO_MICRO,
                     "observatory_rho_micro": EDITIONS * RHO_MICRO, "recommendation_rho_micro": 1,
                     "audiences_rho_micro": 1, "delta_pico": EDITIONS * DELTA_PICO}],
        "editions": [
            {"edition": f"essai-{number}", "title": "Essai", "season": SEASON,
             "first_day": f"{year}-09-01", "last_day": f"{year}-11-30", "measures": _priced(measures)}
            for number in range(EDITIONS)
        ],
        "members": [
            {"venue": venue, "name": venue, "discipline": ("theatre", "museum")[number % 2], "postcode": "69001",
             "latitude_microdeg": 45_000_000 + 50_000 * number, "longitude_microdeg": 4_000_000,
             "signing_key": public[venue], "declared_identifiers": 1000}
            for number, venue in enumerate(VENUES)
        ],
        "clusters": [{"cluster": "petits", "name": "Petits lieux", "venues": list(VENUES[4:])}],
    }  # fmt: skip
    return Charter.model_validate_json(canonical(plain))


def _priced(measures: tuple[str, ...]) -> list[dict[str, Any]]:
    each = RHO_MICRO // len(measures)
    return [
        {"measure": name, "rho_micro": each, "delta_pico": DELTA_PICO * (name == "provenance")}
        for name in measures
    ]
