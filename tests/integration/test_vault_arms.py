"""Activations rest with the visits of their month, count for signed orders alone, and go when somebody goes."""

import datetime as dt
from pathlib import Path

import pytest

from contracts.seal import new_signing_key
from hub.vault.retention import expire
from hub.vault.snapshot import freeze, read_frozen
from tests.support.vault_frozen import window
from tests.support.vault_orders import DANCE, order_to, world_of_orders
from tests.support.vault_world import (
    FIELDS,
    LIMITS,
    A,
    B,
    C,
    VaultWorld,
    activation,
    batch_files,
    erasure,
    person,
    visit,
)

MAIL = "email:ana@x.fr"


@pytest.fixture
def world(tmp_path: Path) -> VaultWorld:
    return world_of_orders(f"sqlite:///{tmp_path / 'vault.sqlite'}", tmp_path / "facts")


def sent(world: VaultWorld, *rows: dict[str, str], venue: str = A, **where) -> dict[str, int]:
    """Send a month with those activations of Ana and Bob; return why rows were refused."""
    people = [person("ana", MAIL), person("bob", "email:bob@x.fr")]
    files = batch_files(people, [visit("ana")], arms=rows)
    told = world.send(files, venue=venue, **where)
    assert told.receipt.state == "accepted"
    return {refusal.reason: refusal.rows for refusal in told.receipt.refusals}


def seen(world: VaultWorld, edition: str = "automne-2025", operations=(DANCE,)) -> list[dict]:
    """Freeze a view that measures the operations and return its activations."""
    snapshot = freeze(world.vault, window(world, edition=edition, operations=operations), LIMITS)
    rows = read_frozen(world.vault, snapshot).to_pylist()
    return [row for row in rows if row.get("arm") is not None]


def order(venue: str = A) -> str:
    return f"o-{venue}"


def test_an_activation_is_frozen_with_her_person_and_her_house(world: VaultWorld) -> None:
    assert sent(world, activation("ana", order()), activation("bob", order(), "held-out")) == {}
    assert sent(world, activation("ana", order(B), day="2025-10-20"), venue=B) == {}
    rows = seen(world)
    days = [(dt.date(2025, 10, day) - dt.date(1970, 1, 1)).days for day in (6, 6, 20)]
    assert sorted(row["event_day"] for row in rows) == days
    assert {row["operation"] for row in rows} == {0}
    assert [row["arm"] for row in rows].count(1) == 1
    slugs = sorted(world.net.keys)
    ana = {row["person_key"] for row in rows if row["venue"] == slugs.index(B)}
    assert {r["venue"] for r in rows if r["person_key"] in ana} == {slugs.index(A), slugs.index(B)}


def test_bob_who_did_not_come_is_in_no_visit(world: VaultWorld) -> None:
    sent(world, activation("bob", order()))
    rows = read_frozen(
        world.vault, freeze(world.vault, window(world, operations=(DANCE,)), LIMITS)
    ).to_pylist()
    assert [row["arm"] is None for row in rows].count(True) == 1  # Ana's
    assert len({row["person_key"] for row in rows}) == 2


def test_what_an_edition_does_not_measure_is_not_in_its_view(world: VaultWorld) -> None:
    sent(world, activation("ana", order()))
    assert seen(world, "sans", ()) == []
    assert seen(world, "autre", ("theatre-hiver",)) == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (activation("ana", "o-unknown"), "order-not-issued"),
        (activation("ana", f"o-{B}"), "order-not-issued"),
        (activation("ana", f"o-{C}"), "order-not-issued"),
        (activation("eve", f"o-{A}"), "person-not-in-batch"),
        (activation("ana", f"o-{A}", day="2025-09-30"), "bad-day"),
        (activation("ana", f"o-{A}", day="2025-10-40"), "bad-day"),
        (activation("ana", f"o-{A}", "opened"), "bad-arm"),
        (activation("ana", f"o-{A}", ""), "bad-arm"),
        (activation("ana", "=cmd()"), "bad-order"),
    ],
)
def test_a_row_that_no_order_covers_is_refused(world: VaultWorld, row, reason) -> None:
    assert sent(world, row) == {reason: 1}
    assert seen(world) == []


def test_a_day_before_the_campaign_is_refused(world: VaultWorld) -> None:
    early = activation("ana", order(), day="2025-09-10")
    files = batch_files([person("ana", MAIL)], [], arms=[early])
    told = world.send(files, month="2025-09")
    assert [(r.reason, r.rows) for r in told.receipt.refusals] == [("day-out-of-campaign", 1)]


def test_a_person_counts_once_for_an_order(world: VaultWorld) -> None:
    twice = activation("ana", order()), activation("ana", order(), "held-out")
    assert sent(world, *twice) == {"duplicate-arm": 1}
    assert [row["arm"] for row in seen(world)] == [0]


def test_an_order_that_the_hub_did_not_sign_covers_nothing(world: VaultWorld) -> None:
    """Whoever writes in the control database cannot make the vault count an order of his own."""
    stranger, _ = new_signing_key()
    world.orders = (order_to(world, A, by=stranger),)
    assert sent(world, activation("ana", order())) == {"order-not-issued": 1}
    honest = order_to(world, A)
    altered = honest.order.model_copy(update={"order": "o-autre"})
    world.orders = (honest.model_copy(update={"order": altered}),)
    assert sent(world, activation("ana", "o-autre"), sequence=2) == {"order-not-issued": 1}


def test_an_order_that_is_not_measured_covers_nothing(world: VaultWorld) -> None:
    world.orders = (order_to(world, A, measured=False),)
    assert sent(world, activation("ana", order())) == {"order-not-issued": 1}


def test_a_charter_that_does_not_name_arms_lets_none_in(tmp_path: Path) -> None:
    world = world_of_orders(
        f"sqlite:///{tmp_path / 'vault.sqlite'}", tmp_path / "facts", fields=FIELDS
    )
    assert sent(world, activation("ana", order())) == {"arm-not-in-charter": 1}


def test_where_the_charter_keeps_weeks_the_first_week_counts_from_its_monday(
    tmp_path: Path,
) -> None:
    world = world_of_orders(
        f"sqlite:///{tmp_path / 'vault.sqlite'}", tmp_path / "facts", date_granularity="week"
    )
    monday = activation("ana", order(), day="2025-09-15")  # the campaign begins on Saturday
    files = batch_files([person("ana", MAIL)], [], arms=[monday])
    assert world.send(files, month="2025-09").receipt.refusals == []


def test_without_consent_to_statistics_no_arm_stays(world: VaultWorld) -> None:
    files = batch_files(
        [person("ana", MAIL, statistics="no")], [], arms=[activation("ana", order())]
    )
    told = world.send(files)
    assert {r.reason for r in told.receipt.refusals} == {
        "no-statistics-consent",
        "person-not-in-batch",
    }
    assert seen(world) == []


def test_a_newer_snapshot_replaces_the_arms_and_one_without_takes_them_away(
    world: VaultWorld,
) -> None:
    sent(world, activation("ana", order()), activation("bob", order()))
    sent(world, activation("bob", order()), sequence=2)
    assert len(seen(world, "deux")) == 1
    sent(world, sequence=3)
    assert seen(world, "trois") == []
    assert not [path for path in world.on_disk() if path.name.startswith("arms-")]


@pytest.mark.parametrize("scope", ["venue", "network"])
def test_whoever_withdraws_leaves_the_arms_at_rest_and_the_frozen_ones(
    world: VaultWorld, scope
) -> None:
    sent(world, activation("ana", order()), activation("bob", order()))
    assert len(seen(world)) == 2
    world.send(batch_files([], [], [erasure(scope, "ana")]), month="2025-11")
    assert len(seen(world)) == 1
    assert len(seen(world, "apres")) == 1
    sent(world, activation("ana", order()), activation("bob", order()), sequence=2)
    assert len(seen(world, "encore")) == 1


def test_arms_are_forgotten_with_their_month(world: VaultWorld) -> None:
    sent(world, activation("ana", order()))
    later = dt.datetime(2028, 12, 1, tzinfo=dt.UTC)

    class Later:
        def now(self) -> dt.datetime:
            return later

    object.__setattr__(world.vault, "clock", Later())
    expire(world.vault, 25)
    assert not world.on_disk()


def test_no_arm_is_readable_on_the_disk(world: VaultWorld) -> None:
    sent(world, activation("ana", order()))
    (arms,) = [path for path in world.on_disk() if path.name.startswith("arms-")]
    assert DANCE.encode() not in arms.read_bytes()
