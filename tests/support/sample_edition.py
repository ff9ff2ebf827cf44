"""A published edition made by hand, in the shapes that measures write, over the demonstration houses."""

import math

from contracts.base import canonical, digest
from contracts.charter import Charter, MemberSignature, SignedCharter
from contracts.charter_check import charter_hash
from contracts.edition import (
    AuditEntry,
    ChargeRecord,
    Checkpoint,
    Edition,
    Estimate,
    PublishedEdition,
    Release,
    SignedCheckpoint,
    Table,
    Vector,
)
from deploy.demo.houses import CLUSTERS, HOUSES
from hub.store.charters import Version
from hub.store.ledger import BudgetState

SEASON = "2025-2026"
HIDDEN = {venue for _, inside in CLUSTERS.values() for venue in inside}
PLACES = (*sorted(h.slug for h in HOUSES if h.slug not in HIDDEN), *CLUSTERS)
REACH = (2381, 1048, 1796, 1903, 158, 426, 1251, 2479, 1640)
SIGMA = 31.0


class Shelf:
    """A shelf of editions held in memory."""

    def __init__(
        self,
        *published: PublishedEdition,
        charter: SignedCharter | None = None,
        gone: tuple[str, ...] = (),
    ):
        self._published = {p.edition.edition: p for p in published}
        self._charter, self._gone = charter, gone
        self.models: dict[str, bytes] = {}

    def add(self, published: PublishedEdition) -> None:
        self._published[published.edition.edition] = published

    def mark(self) -> tuple[object, ...]:
        return (*self._published, *self._gone)

    def editions(self) -> list[str]:
        return list(self._published)

    def withdrawn(self) -> list[str]:
        return list(self._gone)

    def edition(self, edition: str) -> bytes | None:
        found = self._published.get(edition)
        return canonical(found) if found else None

    def model(self, edition: str) -> bytes | None:
        return self.models.get(edition) if edition in self._published else None

    def charter(self) -> SignedCharter | None:
        return self._charter

    def charter_of(self, sha256: str) -> SignedCharter | None:
        return self._charter

    def charters(self) -> list[Version]:
        if self._charter is None:
            return []
        at = {s.venue: "2026-09-01T00:00:00Z" for s in self._charter.signatures}
        sha256 = charter_hash(self._charter.charter)
        return [Version(self._charter, sha256, "2026-09-01T00:00:00Z", at)]

    def budgets(self) -> list[BudgetState]:
        if self._charter is None:
            return []
        spent = sum(r.rho_micro for p in self._published.values() for r in p.edition.releases)
        caps = {
            "": 250_000,
            "/observatory": 200_000,
            "/recommendation": 25_000,
            "/audiences": 25_000,
        }
        return [
            BudgetState(f"season:{SEASON}{use}", cap, spent if use in ("", "/observatory") else 0, 1_000_000, 0)
            for use, cap in caps.items()
        ]  # fmt: skip

    def weeks(self) -> dict[str, str]:
        members = self._charter.charter.members if self._charter else []
        return {m.venue: f"2026-11-{9 + 7 * (i % 2):02d}" for i, m in enumerate(members[:-1])}

    def checkpoint(self) -> SignedCheckpoint | None:
        return next((p.checkpoint for p in reversed(self._published.values())), None)

    def chain(self, after: int = 0, limit: int | None = None) -> list[AuditEntry]:
        entries = [e for p in self._published.values() for e in p.chain if e.sequence > after]
        return entries[:limit]


def charter() -> SignedCharter:
    party = {
        "name": "Farandole, réseau de démonstration",
        "operator": "Association de démonstration",
        "contact": "demo@example.org",
    }
    plain = {
        "version": 1, "revision": 1, "network": "demonstration", "name": "Réseau de démonstration",
        "valid_from": "2026-09-01T00:00:00Z", "expires": "2027-09-01T00:00:00Z",
        "controller": party, "dpo": party,
        "hub": {"url": "http://127.0.0.1:8600", "operator": "Association de démonstration", "vault_key": "ab" * 1216, "signing_key": "cd" * 32},
        "custodian": {"url": "http://127.0.0.1:8601", "operator": "Association de démonstration", "contact": "tiers@example.org", "signing_key": "ef" * 32, "season_keys": {SEASON: "01" * 32}},
        "demonstration": True, "pseudonym_season": SEASON, "purposes": ["statistics"], "partners": [],
        "fields": ["age_band"], "date_granularity": "day", "retention_months": 36, "persons_bound": 100_000,
        "bounds": {"venues": 4, "visits": 20, "cells": 4, "pairs_total": 10},
        "budgets": [{"season": SEASON, "total_rho_micro": 250_000, "observatory_rho_micro": 200_000, "recommendation_rho_micro": 25_000, "audiences_rho_micro": 25_000, "delta_pico": 1_000_000}],
        "editions": [],
        "members": [
            {"venue": h.slug, "name": h.name, "discipline": h.discipline.value, "postcode": h.postcode,
             "latitude_microdeg": round(h.latitude * 1e6), "longitude_microdeg": round(h.longitude * 1e6),
             "signing_key": "23" * 32, "declared_identifiers": 8000}
            for h in HOUSES
        ],
        "clusters": [{"cluster": slug, "name": name, "venues": list(inside)} for slug, (name, inside) in CLUSTERS.items()],
    }  # fmt: skip
    signature = MemberSignature(venue=HOUSES[0].slug, signature="45" * 64)
    return SignedCharter(
        charter=Charter.model_validate_json(canonical(plain)), signatures=[signature]
    )


def published(
    edition: str = "saison-2025-2026", *, releases: list[Release] | None = None
) -> PublishedEdition:
    made = Edition(
        edition=edition,
        title="Saison 2025-2026",
        network="demonstration",
        charter_sha256="67" * 32,
        season=SEASON,
        first_day="2025-09-01",
        last_day="2026-08-31",
        prepared="2026-11-21T22:00:00Z",
        demonstration=True,
        releases=releases or [reach(), ladder(), pairs(), flows(), lead_time(), provenance()],
    )
    sha = digest(canonical(made))
    entry = AuditEntry(
        sequence=1,
        previous_sha256="00" * 32,
        at="2026-11-21T22:00:00Z",
        kind="edition",
        body_sha256="11" * 32,
        body="{}",
        sha256="22" * 32,
    )
    checkpoint = Checkpoint(
        network="demonstration", sequence=1, head_sha256="22" * 32, at="2026-11-21T22:00:00Z"
    )
    charges = [
        ChargeRecord(charge=r.charge, key=r.release, request_sha256="33" * 32, edition=edition, measure=r.measure, scopes=[f"season:{SEASON}"], rho_micro=r.rho_micro, delta_pico=r.delta_pico)
        for r in made.releases
    ]  # fmt: skip
    return PublishedEdition(
        edition=made,
        edition_sha256=sha,
        charges=charges,
        chain=[entry],
        checkpoint=SignedCheckpoint(
            checkpoint=checkpoint, hub_signature="44" * 64, custodian_signature="55" * 64
        ),
    )


def reach() -> Release:
    shares = [(("2+",), 10.9), (("3+",), 1.6), (("5+",), 0.1)]
    return _release(
        "reach", 20_000,
        _table("reach-network", "Q15", "Combien de personnes différentes sont venues dans le réseau ?", ["scope", "persons"], [(("network",), 11_685)]),
        _table("reach-venues", "Q15", "Combien de personnes différentes sont venues dans chaque lieu ?", ["place", "persons"], [((p,), n) for p, n in zip(PLACES, REACH, strict=True)]),
        _table("reach-spread", "Q16", "Dans combien de lieux chacun va-t-il ?", ["places", "persons"], [(("1",), 10_409), (("2",), 1086), (("3-4",), 177), (("5+",), 13)]),
        _table("reach-shares", "Q16", "Quelle part du public fréquente au moins 2, 3, 5 lieux ?", ["places", "percent"], shares, sigma=0.3),
    )  # fmt: skip


def ladder() -> Release:
    return _release(
        "ladder", 10_000,
        _table("ladder-persons", "Q07", "Combien de personnes viennent 1, 2, 3 à 5, 6 fois ou plus ?", ["visits", "persons"], [(("1",), 8308), (("2",), 1605), (("3-5",), 1094), (("6+",), 678)]),
        _table("ladder-visits", "Q07", "Quelle part des visites font-elles ?", ["visits", "percent"], [(("1",), 38.8), (("2",), 15.0), (("3-5",), 19.3), (("6+",), 26.9)], sigma=0.6),
    )  # fmt: skip


def pairs() -> Release:
    rows = []
    for i, a in enumerate(PLACES):
        for j, b in enumerate(PLACES):
            if a < b:
                rows.append(((a, b), 327 if {i, j} == {0, 2} else (i * 7 + j * 13) % 88))
    return _release("pairs", 20_000, _table("pairs", "Q15", "Combien de personnes vont dans les deux lieux ?", ["place_a", "place_b", "persons"], rows, sigma=12))  # fmt: skip


def flows() -> Release:
    rows = []
    for i, a in enumerate(PLACES):
        for j, b in enumerate(PLACES):
            if a != b:
                rows.extend(
                    (
                        (a, b, lag),
                        (261 + 20 * k if (i, j) == (0, 2) else (i * 5 + j * 11) % 31 + 12 * k),
                    )
                    for k, lag in enumerate(("0-30", "0-90", "0-365"))
                )
    return _release("flows", 20_000, _table("flows", "Q14", "Après une première visite, où va-t-on et dans quel délai ?", ["from", "to", "lag", "persons"], rows, sigma=9))  # fmt: skip


def lead_time() -> Release:
    rows = [
        ((age, distance, "contemporary-art"), 3 + 2.2 * i + 1.5 * j)
        for i, age in enumerate(("18-25", "26-34", "35-49", "50-64", "65+"))
        for j, distance in enumerate(("0-5", "5-20", "20-50"))
    ]
    return _release("lead_time".replace("_", "-"), 20_000, _table("lead-medians", "Q01", "Combien de jours avant la venue le billet est-il acheté ? (médiane)", ["age", "distance", "discipline", "days"], rows, sigma=0.6))  # fmt: skip


def provenance() -> Release:
    rows = [
        ((place, code), n)
        for place in PLACES[:3]
        for code, n in (("44", 1100), ("85", 164), ("49", 112), ("35", 40))
    ]
    return _release("provenance", 10_000, _table("provenance", "Q10", "De quels départements viennent les publics ?", ["place", "departement", "persons"], rows, sigma=20))  # fmt: skip


def _release(measure: str, rho: int, *tables: Table) -> Release:
    vector = Vector(name=measure, mechanism="discrete-gaussian", unit_milli=1000, l2_sensitivity_squared=4_000_000, sigma_micro=10**10, rho_micro=rho, delta_pico=0, threshold=None, keys=[["a"]], values=[1])  # fmt: skip
    return Release(release=f"saison-{measure}", measure=measure, rho_micro=rho, delta_pico=0, seasons=[SEASON], charge=digest(measure.encode()), vectors=[vector], tables=list(tables))  # fmt: skip


def _table(
    slug: str, question: str, title: str, columns: list[str], rows: list, *, sigma: float = SIGMA
) -> Table:
    return Table(
        table=slug,
        question=question,
        title_fr=title,
        title_en=f"What does {slug} tell?",
        how_to_read_fr="Chaque ligne compte des personnes, non des billets. Le vrai nombre se trouve dans l'intervalle 95 fois sur 100.",
        how_to_read_en="Each line counts people.",
        columns=columns,
        estimand="Nombre de personnes distinctes, consentantes et reliées d'un lieu à l'autre.",
        rows=[_estimate(keys, value, sigma) for keys, value in rows],
    )  # fmt: skip


def _estimate(keys: tuple[str, ...], value: float, sigma: float) -> Estimate:
    wide = 1.96 * sigma
    ratio = wide / value if value else math.inf
    wording = "presque-sur" if ratio < 0.2 else "indicatif" if ratio < 1 else "trop-peu"
    return Estimate(keys=list(keys), value_milli=round(value * 1000), low_milli=round((value - wide) * 1000), high_milli=round((value + wide) * 1000), wording=wording)  # fmt: skip
