"""« Budget » : what each season may spend and has spent, the ledger, the chain's head, and the next charges with their error."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contracts.api import PATH_CHAIN, PATH_CHECKPOINT
from contracts.charter import EditionSpec
from contracts.charter_check import seasons_read
from contracts.edition import AuditEntry, PublishedEdition
from contracts.loss import display_delta_pico, epsilon
from contracts.scopes import scope_of, use_of
from hub.store.ledger import BudgetState
from hub.web.foretell import expected
from hub.web.pages import Page, Visit
from hub.web.shelf import opened
from hub.web.site.editions import coming, period
from hub.web.words import said
from hub.web.words.budget import WORDS

MICRO, PICO = 10**6, 10**12
ONE, TWO = 1000, 2000  # thousandths
LATEST: Final = 8  # editions that tell what to expect of the next
HALF: Final = 2  # of the public bound on persons: what a forecast reckons with by default, as ``hub plan`` does


@dataclass(frozen=True)
class Account:
    """One use of one season: its cap and what is spent, as people read them; per cent spent."""

    name: str
    cap: str
    spent: str
    left: str
    per_cent: int


@dataclass(frozen=True)
class Season:
    """The accounts of one season, all uses together first."""

    title: str
    accounts: tuple[Account, ...]
    worth: str


@dataclass(frozen=True)
class Spent:
    """One line of the ledger."""

    day: str
    edition: str
    measure: str
    rho: str


@dataclass(frozen=True)
class Planned:
    """One measure of an edition to come, and the error that its tables are to have."""

    name: str
    rho: str
    tables: tuple[tuple[str, str, str], ...]  # title, half-width, what it was told from


@dataclass(frozen=True)
class Coming:
    """One edition to come."""

    title: str
    period: str
    rho: str
    after: str
    refused: bool
    measures: tuple[Planned, ...]


def read(visit: Visit) -> Mapping[str, object]:
    """Return the accounts, the ledger, the chain's head and what is to come."""
    checkpoint, planned = visit.shelf.checkpoint(), coming(visit)
    known = visit.shelf.editions()[-LATEST:] if planned else []
    earlier = [opened(b) for b in map(visit.shelf.edition, known) if b is not None]
    return {
        "seasons": seasons(visit),
        "ledger": ledger(visit, visit.shelf.chain()),
        "head": checkpoint.checkpoint if checkpoint else None,
        "head_day": visit.tongue.day(checkpoint.checkpoint.at) if checkpoint else "",
        "head_witnessed": bool(checkpoint and checkpoint.custodian_signature),
        "chain_path": PATH_CHAIN,
        "checkpoint_path": PATH_CHECKPOINT,
        "coming": [_coming(visit, spec, earlier) for spec in planned],
    }


def seasons(visit: Visit) -> list[Season]:
    """Return the accounts of each season, in order."""
    found: dict[str, list[BudgetState]] = {}
    for scope in visit.shelf.budgets():
        found.setdefault(scope.scope.partition("/")[0], []).append(scope)
    return [_season(visit, name, inside) for name, inside in sorted(found.items())]


def ledger(visit: Visit, chain: Sequence[AuditEntry]) -> list[Spent]:
    """Return every charge that the chain tells, the newest first."""
    tongue, lines = visit.tongue, []
    for entry in reversed(chain):
        body = json.loads(entry.body) if entry.kind == "charge" else {}
        if body:
            name = _measure(visit, str(body["measure"]))
            rho = tongue.decimal(int(body["rho_micro"]) / MICRO, 4)
            lines.append(Spent(tongue.day(entry.at), str(body["edition"]), name, rho))
    return lines


def _season(visit: Visit, name: str, inside: Sequence[BudgetState]) -> Season:
    say, tongue, charter = said(WORDS, visit.tongue), visit.tongue, visit.charter
    ordered = sorted(inside, key=lambda scope: (scope.scope.count("/"), -scope.cap_rho_micro))
    whole = ordered[0]
    bound = charter.persons_bound if charter else 100_000
    delta = display_delta_pico(bound, whole.spent_delta_pico)
    worth = say["epsilon_all"].format(
        epsilon=tongue.decimal(epsilon(whole.spent_rho_micro, delta), 2),
        delta=f"1/{tongue.grouped(round(PICO / delta))}",
    )
    season = name.removeprefix("season:")
    accounts = tuple(_account(visit, scope, say) for scope in ordered if scope.cap_rho_micro)
    return Season(say["season"].format(season=season), accounts, worth)


def _account(visit: Visit, scope: BudgetState, say: Mapping[str, str]) -> Account:
    decimal, use = visit.tongue.decimal, scope.scope.partition("/")[2] or "all"
    left = scope.cap_rho_micro - scope.spent_rho_micro
    return Account(
        name=say.get(f"use_{use}", use),
        cap=decimal(scope.cap_rho_micro / MICRO, 4),
        spent=decimal(scope.spent_rho_micro / MICRO, 4),
        left=decimal(left / MICRO, 4),
        per_cent=round(100 * scope.spent_rho_micro / scope.cap_rho_micro),
    )


def _coming(visit: Visit, spec: EditionSpec, earlier: Sequence[PublishedEdition]) -> Coming:
    say, tongue = said(WORDS, visit.tongue), visit.tongue
    rho = sum(measure.rho_micro for measure in spec.measures)
    owed = _owed(spec)
    left = [
        _left(scope, owed[scope.scope]) for scope in visit.shelf.budgets() if scope.scope in owed
    ]
    least = min(left, default=0.0)
    after = say["too_much"] if least < 0 else say["fits"].format(left=tongue.decimal(least, 1))
    size = network_size(visit)
    return Coming(
        title=tongue.polished(spec.title),
        period=period(visit, spec.first_day, spec.last_day),
        rho=tongue.decimal(rho / MICRO, 4),
        after=after if left else "",
        refused=least < 0,
        measures=tuple(
            _planned(visit, m.measure, m.rho_micro, earlier, size) for m in spec.measures
        ),
    )


def _owed(spec: EditionSpec) -> dict[str, int]:
    """Return what an edition takes from each scope: a season in total, and each use that its measures have."""
    owed: dict[str, int] = {}
    for season in seasons_read(spec):
        for measure in spec.measures:
            for scope in (scope_of(season), scope_of(season, use_of(measure.measure))):
                owed[scope] = owed.get(scope, 0) + measure.rho_micro
    return owed


def _left(scope: BudgetState, rho: int) -> float:
    """Return the per cent of a cap that would be left after a charge; below nought when it would be refused."""
    return 100 * (scope.cap_rho_micro - scope.spent_rho_micro - rho) / max(1, scope.cap_rho_micro)


def network_size(visit: Visit) -> tuple[int, int]:
    """Return the venues of the charter and half of its public bound on persons: what a forecast reckons with."""
    charter = visit.charter
    return (len(charter.members), charter.persons_bound // HALF) if charter else (12, 10_000)


def _planned(
    visit: Visit, measure: str, rho: int, earlier: Sequence[PublishedEdition], size: tuple[int, int]
) -> Planned:  # fmt: skip
    say, tongue = said(WORDS, visit.tongue), visit.tongue
    tables = tuple(
        (
            tongue.polished(each.title_fr if tongue.code == "fr" else each.title_en),
            half_width(visit, each.half_milli, each.unit),
            say[f"source_{each.source}"],
        )
        for each in expected(measure, rho, earlier, size)
    )
    return Planned(_measure(visit, measure), tongue.decimal(rho / MICRO, 4), tables)


def half_width(visit: Visit, milli: int, unit: str) -> str:
    """Return an expected half-width with its unit: « ± 41 personnes »."""
    unit = unit if unit in visit.tongue.units else "persons"
    whole = visit.tongue.bare(milli, unit)
    # A share is wider or narrower by points; « ± 5 % » would be taken for a part of it. French counts from two.
    single = abs(milli) < TWO if visit.tongue.code == "fr" else milli == ONE
    points = {"percent": said(WORDS, visit.tongue)["point" if single else "points"]}
    return f"±\u202f{whole} {points.get(unit, visit.tongue.units[unit])}"


def _measure(visit: Visit, measure: str) -> str:
    known: Any = visit.tongue.measures.get(measure.replace("-", "_"))
    return visit.tongue.polished(known[0]) if known else measure


PAGE: Final = Page("budget", "/budget", WORDS, read, needs_edition=False)
