"""An edition that measures partners' requests: the audiences' share pays, its operations stand once it is announced."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from contracts.base import canonical
from contracts.charter import Charter
from contracts.charter_check import RulesBroken, check_rules
from contracts.edition import AuditEntry, PublishedEdition, SignedCheckpoint
from contracts.order import Order
from contracts.seal import sign
from hub.errors import WitnessUnreachable
from hub.measures.base import Query
from hub.plan import EditionPlan, operations_of
from hub.privacy.values import Exact, VectorPlan
from hub.publish import Desk, publish
from hub.store import ledger
from hub.store.database import Control, open_control
from hub.verify import verify
from tests.support import town
from tests.support.control_world import CLOCK, SEASON, VENUES, charter, keys, settle
from tests.support.measuring import value
from tests.support.orders import order_of, request_plain

EDITION = "avec-demandes"
PRICES = {"reach": 20_000, "cooperation": 18_000, "reciprocity": 7_000}
BEFORE = "2025-01-02T00:00:00Z"


class Facts:
    """A town's visits and activations in the place of the vault."""

    @contextmanager
    def frozen(self, plan: EditionPlan) -> Iterator["Facts"]:
        self.connection = town.opened(town.town(200, plan.frame, seed=1))
        yield self
        self.connection.close()

    def run(self, query: Query, plan: VectorPlan) -> Exact:
        return Exact(plan.name, value(self.connection, query, plan))


def terms(audiences: int = 50_000) -> Charter:
    plain = charter().model_dump(mode="json")
    plain["budgets"][0]["audiences_rho_micro"] = audiences
    plain["editions"] = [
        {
            "edition": EDITION, "title": "Avec demandes", "season": SEASON,
            "first_day": f"{SEASON[:4]}-09-01", "last_day": f"{SEASON[5:]}-08-31",
            "measures": [{"measure": name, "rho_micro": rho} for name, rho in PRICES.items()],
        }
    ]  # fmt: skip
    return Charter.model_validate_json(canonical(plain))


def order(venue: str, request: str = "danse", issued: str = BEFORE, **asked: str) -> Order:
    """An order to one house for the last one's request, within the season."""
    days = {"first_day": f"{SEASON[5:]}-01-10", "last_day": f"{SEASON[5:]}-03-10"}
    plain = request_plain(request=request, partner=VENUES[-1], sources=[venue], codes={}, **days)
    own = {"order": f"{request}-{venue}"[:40], "venue": venue, "request": plain | asked}
    return order_of(terms(), **own, submitted_at=issued, issued_at=issued, measured=True)


def desk(tmp_path: Path, orders: list[Order], plain: Charter | None = None) -> Desk:
    control = open_control(f"sqlite:///{tmp_path / 'control.sqlite'}")
    control.migrate()
    settle(control, plain or terms())

    def witness(signed: SignedCheckpoint, _entries: list[AuditEntry]) -> SignedCheckpoint:
        word = sign(keys().private["custodian"], canonical(signed.checkpoint))
        return signed.model_copy(update={"custodian_signature": word})

    by_hub = partial(sign, keys().private["hub"])
    return Desk(control, Facts(), by_hub, witness, CLOCK, orders=lambda: orders)


def spent(control: Control) -> dict[str, int]:
    with control.reading() as reading:
        return {s.scope: s.spent_rho_micro for s in ledger.budgets(reading) if s.spent_rho_micro}


def test_the_share_of_audiences_pays_and_anyone_can_check(tmp_path) -> None:
    here = desk(tmp_path, [order(venue) for venue in VENUES[:2]])
    published = PublishedEdition.model_validate_json(publish(here, EDITION))
    signed = here.control.published().charter()
    assert signed is not None
    verify(published, signed).require()
    season = f"season:{SEASON}"
    assert spent(here.control) == {
        season: 45_000,
        f"{season}/observatory": 20_000,
        f"{season}/audiences": 25_000,
    }
    tables = {t.table: t for r in published.edition.releases for t in r.tables}
    assert [row.keys for row in tables["cooperation-lift"].rows] == [["danse"]]
    assert [row.keys for row in tables["cooperation-contacts"].rows] == [
        ["danse", venue] for venue in sorted(VENUES[:2])
    ]
    elsewhere = [
        c.model_copy(update={"scopes": [season, f"{season}/observatory"]})
        for c in published.charges
    ]
    assert not verify(published.model_copy(update={"charges": elsewhere}), signed).ok


def test_a_season_without_requests_pays_nothing_for_them(tmp_path) -> None:
    here = desk(tmp_path, [])
    published = PublishedEdition.model_validate_json(publish(here, EDITION))
    assert [release.measure for release in published.edition.releases] == ["reach"]
    assert f"season:{SEASON}/audiences" not in spent(here.control)
    signed = here.control.published().charter()
    assert signed is not None
    verify(published, signed).require()


def test_what_is_ordered_meanwhile_changes_no_edition_under_way(tmp_path) -> None:
    orders = [order(VENUES[0])]
    here = desk(tmp_path, orders)

    def absent(_signed: SignedCheckpoint, _entries: list[AuditEntry]) -> SignedCheckpoint:
        raise WitnessUnreachable("nobody answers")

    with pytest.raises(WitnessUnreachable):
        publish(replace(here, witness=absent), EDITION)
    orders.append(order(VENUES[1], "theatre", issued="2029-01-01T00:00:00Z"))
    published = PublishedEdition.model_validate_json(publish(here, EDITION))
    tables = {t.table: t for r in published.edition.releases for t in r.tables}
    assert [row.keys for row in tables["cooperation-lift"].rows] == [["danse"]]


def test_a_campaign_that_leaves_the_window_is_no_operation_of_it() -> None:
    spec = terms().editions[0]
    late = order(VENUES[0], "tard", last_day=f"{SEASON[5:]}-09-02")
    early = order(VENUES[0], "tot", first_day=f"{SEASON[:4]}-08-31")
    both = [order(VENUES[1]), order(VENUES[0])]
    (found,) = operations_of([late, early, *both], spec, "2029-01-01T00:00:00Z")
    assert (found.request, found.partner) == ("danse", VENUES[-1])
    assert found.sources == tuple(sorted(VENUES[:2]))
    assert operations_of(both, spec, "2024-01-01T00:00:00Z") == ()


def test_a_charter_cannot_plan_more_than_the_share_of_audiences() -> None:
    check_rules(terms(25_000))
    with pytest.raises(RulesBroken, match="audiences"):
        check_rules(terms(24_999))
