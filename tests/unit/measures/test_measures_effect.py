"""What an offer changed: hand-made worlds, a planted lift that is found, worlds without effect that are quiet."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from contracts.charter import MeasureSpec
from hub.measures import cooperation, reciprocity
from hub.measures.effect import Group, lift, rate
from hub.measures.frame import Operation
from hub.privacy.budget import sigma_micro
from hub.privacy.intervals import Interval, wording
from hub.privacy.values import Noised
from tests.support import measuring, town
from tests.support.town import Row

FRAME = replace(
    town.frame(4),
    operations=(
        Operation("danse", "venue-000", town.FIRST, town.FIRST + dt.timedelta(days=60), ("venue-001", "venue-002")),
        Operation("dehors", "ailleurs", town.FIRST, town.FIRST + dt.timedelta(days=60), ("venue-001",)),
    ),
)  # fmt: skip
DAY = (town.FIRST - town.EPOCH).days
RHO = 20_000
EVERYTHING = {"noise": True, "chance": True}


def visit(person: int, venue: int, day: int) -> Row:
    return Row(person, venue, 4, DAY + day, 3, 0, 0, "69", person)


def chosen(person: int, venue: int, day: int, *, arm: int = 0, operation: int = 0, priority: int = 1):  # fmt: skip
    return replace(visit(person, venue, day), arm=arm, operation=operation, priority=priority)


def exact(measure: str, *rows: Row) -> dict[tuple[str, ...], int]:
    """The exact vectors of a measure, by key, without the empty cells."""
    spec = MeasureSpec(measure=measure, rho_micro=RHO)
    module = {"cooperation": cooperation, "reciprocity": reciprocity}[measure]
    plan = module.plan(spec, FRAME)
    found = {}
    with town.opened(town.table_of(list(rows))) as connection:
        for vector, query in zip(plan, module.queries(plan, FRAME), strict=True):
            values = measuring.value(connection, query, vector).tolist()
            found |= {k: v for k, v in zip(vector.keys, values, strict=True) if v}
    return found


def test_a_visit_after_the_letter_and_before_the_end_is_a_conversion() -> None:
    came, stayed = ("danse", "contacted", "came"), ("danse", "contacted", "stayed")
    letter = chosen(1, 1, 10)
    for day, key in ((9, stayed), (10, came), (60, came), (61, stayed)):
        assert exact("cooperation", letter, visit(1, 0, day)) == {
            key: 1000,
            ("danse", "venue-001"): 1000,
        }
    assert stayed in exact("cooperation", letter, visit(1, 2, 20))  # another house is no conversion


def test_whoever_is_held_out_is_compared_over_the_same_days() -> None:
    alone = chosen(1, 1, 10, arm=1)
    assert exact("cooperation", alone, visit(1, 0, 30)) == {("danse", "held-out", "came"): 1000}
    assert exact("cooperation", alone, visit(1, 0, 5)) == {("danse", "held-out", "stayed"): 1000}


def test_two_houses_that_know_her_apart_make_one_person_of_one_arm() -> None:
    rows = chosen(1, 1, 10, priority=5), chosen(1, 2, 20, arm=1, priority=4)
    found = exact("cooperation", *rows, visit(1, 0, 15))
    assert found == {("danse", "held-out", "came"): 1000, ("danse", "venue-001"): 1000}


def test_a_partner_outside_the_network_has_contacts_alone() -> None:
    assert exact("cooperation", chosen(1, 1, 3, operation=1)) == {("dehors", "venue-001"): 1000}
    only = replace(FRAME, operations=FRAME.operations[1:])
    (vector,) = cooperation.plan(MeasureSpec(measure="cooperation", rho_micro=RHO), only)
    assert (vector.name, vector.rho_micro) == ("cooperation-contact", RHO)
    assert reciprocity.plan(MeasureSpec(measure="reciprocity", rho_micro=RHO), only) == ()


def test_without_operations_there_is_nothing_to_pay() -> None:
    none = replace(FRAME, operations=())
    for module in (cooperation, reciprocity):
        assert module.plan(MeasureSpec(measure="cooperation", rho_micro=RHO), none) == ()


def test_a_visit_is_sent_by_the_house_that_wrote_last() -> None:
    rows = chosen(1, 1, 10), chosen(1, 2, 20), visit(1, 0, 15), visit(1, 0, 30), visit(1, 0, 5)
    assert exact("reciprocity", *rows) == {
        ("venue-001", "venue-000"): 1000,
        ("venue-002", "venue-000"): 1000,
    }
    assert exact("reciprocity", chosen(1, 1, 10, arm=1), visit(1, 0, 15)) == {}


def told(counts: list[float], *, rho: int = RHO, seed: int | None = None, draw=None):
    """The tables read from these whole numbers (came, stayed; written to, then held out), with noise."""
    plan = cooperation.plan(MeasureSpec(measure="cooperation", rho_micro=rho), FRAME)
    draw = draw or np.random.default_rng(seed)
    noised = {}
    for vector in plan:
        spread = sigma_micro(vector.l2_sensitivity_squared, vector.rho_micro)
        whole = counts if vector.name == "cooperation-arm" else [0.0] * len(vector.keys)
        noise = draw.normal(0, spread / 1e6, len(whole))
        noised[vector.name] = Noised(vector, spread, np.rint(np.array(whole) * 1000 + noise).astype(np.int64))  # fmt: skip
    return {table.table: table.rows for table in cooperation.read(noised, FRAME)}


def worlds(count: int, *, seed: int, lift_points: float, rho: int = RHO, people: int = 22_222):
    """Lifts read in that many worlds where a tenth is held out and 3 in 100 come of themselves."""
    draw = np.random.default_rng(seed)
    held = people // 10
    rows = []
    for _ in range(count):
        one = draw.binomial(people - held, 0.03 + lift_points / 100)
        other = draw.binomial(held, 0.03)
        counts = [one, people - held - one, other, held - other]
        rows += told([float(c) for c in counts], rho=rho, draw=draw)["cooperation-lift"]
    return rows


def test_a_planted_lift_of_two_points_on_twenty_thousand_contacts_is_found() -> None:
    rows = worlds(150, seed=11, lift_points=2.0)
    found = [row.wording == "presque-sur" and row.low_milli > 0 for row in rows]
    assert np.mean(found) > 0.88
    assert np.mean([row.low_milli <= 2000 <= row.high_milli for row in rows]) > 0.90


def test_worlds_without_effect_do_not_alarm() -> None:
    rows = worlds(300, seed=12, lift_points=0.0)
    assert np.mean([row.low_milli > 0 or row.high_milli < 0 for row in rows]) <= 0.06


@pytest.mark.long
@pytest.mark.parametrize("people", [1_000, 5_000, 22_222])
@pytest.mark.parametrize("rho", [5_000, 20_000, 50_000])
def test_worlds_without_effect_alarm_in_less_than_one_of_twenty(people, rho) -> None:
    rows = worlds(6_000, seed=people + rho, lift_points=0.0, rho=rho, people=people)
    assert np.mean([row.wording == "presque-sur" for row in rows]) <= 0.05


def test_the_two_doubts_are_told_apart() -> None:
    dear, cheap = (
        {tuple(row.keys): row.value_milli for row in told(counts, rho=rho, seed=1)["cooperation-doubt"]}
        for counts, rho in (([1000.0, 19_000.0, 66.0, 2156.0], 400_000), ([1000.0, 19_000.0, 66.0, 2156.0], 4_000))
    )  # fmt: skip
    assert dear["danse", "noise"] < cheap["danse", "noise"] / 5
    assert dear["danse", "chance"] == pytest.approx(cheap["danse", "chance"], rel=0.2)
    assert dear["danse", "chance"] > 5 * dear["danse", "noise"]


def test_what_happened_needs_no_chance_and_what_it_means_does() -> None:
    group = Group(500.0, 9500.0, 5.0)
    narrow, wide = rate(group, chance=False), rate(group)
    assert narrow.value == wide.value == pytest.approx(5.0)
    assert wide.low < narrow.low < 5 < narrow.high < wide.high
    assert narrow.high - narrow.low == pytest.approx(2 * 1.96 * 5 / 100, rel=0.1)


@pytest.mark.parametrize("group", [Group(0, 0, 5), Group(-3, 1, 5), Group(4, 6, 9), Group(-9, 4, 0)])  # fmt: skip
def test_a_group_lost_in_the_noise_may_be_anything(group) -> None:
    found = rate(group)
    assert (found.low, found.high) == (0.0, 100.0)
    assert wording(lift(Group(500.0, 9500.0, 5.0), group), "points") == "trop-peu"


def test_without_any_doubt_a_share_is_a_figure() -> None:
    found = rate(Group(1.0, 3.0, 0.0), noise=False, chance=False)
    assert (found.low, found.value, found.high) == pytest.approx((25.0, 25.0, 25.0))


def test_a_difference_is_sure_when_nought_is_out() -> None:
    assert wording(Interval(2.0, 0.1, 3.9), "points") == "presque-sur"
    assert wording(Interval(-2.0, -3.9, -0.1), "points") == "presque-sur"
    assert wording(Interval(0.4, -1.0, 1.8), "points") == "indicatif"
    assert wording(Interval(2.0, -3.0, 7.0), "points") == "trop-peu"


def test_balances_cancel_out() -> None:
    frame = replace(
        FRAME,
        operations=(
            *FRAME.operations[:1],
            Operation("retour", "venue-001", town.FIRST, town.LAST, ("venue-000", "venue-003")),
        ),
    )
    (vector,) = reciprocity.plan(MeasureSpec(measure="reciprocity", rho_micro=RHO), frame)
    values = np.array([120_400, -3_000, 44_100, 7_000])[: len(vector.keys)]
    noised = {"reciprocity-visit": Noised(vector, 9_000_000_000, values)}
    sent, balance = reciprocity.read(noised, frame)
    assert [row.keys for row in sent.rows] == [list(key) for key in vector.keys]
    assert abs(sum(row.value_milli for row in balance.rows)) <= 1000 * len(balance.rows)
    assert all(row.low_milli < 0 < row.high_milli or row.value_milli for row in balance.rows)
