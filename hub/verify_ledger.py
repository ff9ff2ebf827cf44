"""Check a public ledger against its chain and its charter: every charge told once, and no cap passed."""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, Final

from contracts.base import canonical, digest
from contracts.charter import SignedCharter
from contracts.edition import AuditEntry, ChargeRecord, PublishedEdition
from contracts.phrase import Phrase
from contracts.scopes import caps_of, charge_sha256, scope_of
from contracts.tags_shown import CATALOGUES_READ

PICO: Final = 10**12
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_CAP_KINDS: Final = frozenset({"budget-opened", "cap-raised", "cap-lowered"})

Caps = dict[str, tuple[int, int]]
"""Micro-rho and pico-delta by scope."""


def _charges(published: PublishedEdition, _signed: SignedCharter) -> Iterator[str]:
    told = [entry.body.encode() for entry in published.chain if entry.kind == "charge"]
    if told != [canonical(charge) for charge in published.charges]:
        yield Phrase("the ledger's charges are not those that the chain tells, one by one")
    if any(charge.charge != charge_sha256(charge) for charge in published.charges):
        yield Phrase("a charge does not have the id of what it says")
    if len({charge.key for charge in published.charges}) != len(published.charges):
        yield Phrase("one idempotency key was charged twice")
    for charge in published.charges:
        yield from _scopes(charge)


def _scopes(charge: ChargeRecord) -> Iterator[str]:
    seasons = {scope.partition("/")[0] for scope in charge.scopes}
    uses = {scope.partition("/")[2] for scope in charge.scopes} - {""}
    whole = {f"{season}{use}" for season in seasons for use in ("", *(f"/{u}" for u in uses))}
    if len(uses) != 1 or len(set(charge.scopes)) != len(charge.scopes):
        yield Phrase("a charge does not hit exactly one use")
    if set(charge.scopes) != whole:
        yield Phrase("a charge does not hit both the total and the use of each season")


def _sums(published: PublishedEdition, signed: SignedCharter) -> Iterator[str]:
    charter = signed.charter
    spent = _spent(published.charges)
    chartered = {k: v for budget in charter.budgets for k, v in caps_of(budget).items()}
    opened = _caps_told(published.chain)
    for scope, (rho, delta) in sorted(spent.items()):
        if scope not in opened:
            yield Phrase("{scope} was charged but never opened", scope=scope)
        for name, caps in ((Phrase("charter"), chartered), (Phrase("ledger"), opened)):
            cap = caps.get(scope)
            if cap is not None and (rho > cap[0] or delta > cap[1]):
                yield Phrase(
                    "{scope}: {rho} micro-rho and {delta} pico-delta pass the cap of the {name}",
                    scope=scope,
                    rho=rho,
                    delta=delta,
                    name=name,
                )
    for season in {budget.season for budget in charter.budgets}:
        if spent.get(scope_of(season), (0, 0))[1] * 10 * charter.persons_bound > PICO:
            yield Phrase(
                "{season}: delta is above 1/(10 × the public bound on persons)", season=season
            )


def _order(published: PublishedEdition, _signed: SignedCharter) -> Iterator[str]:
    """Paid before stored, stored before the edition was: the chain tells when."""
    events = [_event(entry) for entry in published.chain]
    paid = {body.get("charge"): n for n, (kind, body) in enumerate(events) if kind == "charge"}
    stored = {
        (body.get("charge"), body.get("sha256")): n
        for n, (kind, body) in enumerate(events)
        if kind == "release-stored"
    }
    kept = [
        n
        for n, (kind, body) in enumerate(events)
        if kind == "edition-stored" and body.get("sha256") == published.edition_sha256
    ]
    yield from _catalogues(published)
    if len(kept) != 1:
        yield Phrase("the chain does not tell once that this edition was stored")
        return
    for release in published.edition.releases:
        n = stored.get((release.charge, digest(canonical(release))))
        if n is None:
            yield Phrase(
                "{measure}: the chain does not tell that this very release was stored",
                measure=release.measure,
            )
        elif not paid.get(release.charge, n) < n < kept[0]:
            yield Phrase(
                "{measure}: it was not paid, then stored, then published, in that order",
                measure=release.measure,
            )


def _catalogues(published: PublishedEdition) -> Iterator[str]:
    """What events say is told before a release of tags is stored, and once: it is not chosen after the draw."""
    tags = [r.charge for r in published.edition.releases if r.measure == "tags"]
    if not tags or not published.edition.figures:  # one from before is warned of
        return
    events = [_event(entry) for entry in published.chain]
    name = published.edition.edition
    told = [
        n for n, (k, b) in enumerate(events) if (k, b.get("edition")) == (CATALOGUES_READ, name)
    ]
    stored = [
        n for n, (k, b) in enumerate(events) if k == "release-stored" and b.get("charge") in tags
    ]
    if len(told) != 1 or not all(told[0] < n for n in stored):
        yield Phrase(
            "the chain does not tell, once and before the tags, which catalogues were read"
        )


def _withdrawals(published: PublishedEdition, _signed: SignedCharter) -> Iterator[str]:
    """A commitment each day, each of one size: the chain does not tell whether anybody withdrew."""
    days: list[str] = []
    for entry in published.chain:
        if entry.kind == "erasures":
            body = _event(entry)[1]
            days.append(str(body.get("day")))
            if set(body) != {"day", "commitment"} or not _HASH.fullmatch(str(body["commitment"])):
                yield Phrase("an entry on withdrawals says more than one commitment")
                return
    if any(_after(day) != following for day, following in pairwise(days)):
        yield Phrase("the chain does not commit to withdrawals once each day")


def _after(day: str) -> str:
    try:
        return (dt.date.fromisoformat(day) + dt.timedelta(days=1)).isoformat()
    except ValueError:
        return ""


def _spent(charges: list[ChargeRecord]) -> Caps:
    rho: Counter[str] = Counter()
    delta: Counter[str] = Counter()
    for charge in charges:
        for scope in charge.scopes:
            rho[scope] += charge.rho_micro
            delta[scope] += charge.delta_pico
    return {scope: (rho[scope], delta[scope]) for scope in rho}


def _caps_told(chain: list[AuditEntry]) -> Caps:
    caps: Caps = {}
    for kind, body in map(_event, chain):
        values = (body.get("cap_rho_micro"), body.get("cap_delta_pico"))
        if kind in _CAP_KINDS and all(type(value) is int for value in values):
            caps[str(body.get("scope"))] = (int(values[0] or 0), int(values[1] or 0))
    return caps


def _event(entry: AuditEntry) -> tuple[str, dict[str, Any]]:
    try:
        body = json.loads(entry.body)
    except ValueError:
        return entry.kind, {}
    return entry.kind, body if isinstance(body, dict) else {}


CHECKS: Final[
    tuple[tuple[str, Callable[[PublishedEdition, SignedCharter], Iterator[str]]], ...]
] = (
    (Phrase("every charge of the ledger is told by the chain, once"), _charges),
    (Phrase("no scope spent more than the charter and the ledger allow"), _sums),
    (Phrase("paid before stored, stored before published"), _order),
    (Phrase("withdrawals are committed to once each day, every day alike"), _withdrawals),
)
