"""The figures of an edition agree with one another whatever the noise: `hub verify` finds no breach."""

import numpy as np
import pyarrow as pa
import pytest

from contracts.charter import MeasureSpec
from contracts.edition import Table
from hub.forecast import OPT_IN, SHARES
from hub.measures.catalogue import MEASURES, OVER_TWO_SEASONS
from hub.measures.frame import Frame
from hub.privacy.values import Noised
from hub.verify_figures import PARTITIONS, disagreements
from tests.support import measuring, town

PRICES = {name: 100 * weight for name, weight in (*SHARES, *OPT_IN)}
"""At ρ 0.10 for the usual measures, each of the others beside them."""
ORDER = tuple(MEASURES)


class Network:
    """The exact vectors of every measure over some visits, from which any number of editions are drawn."""

    def __init__(self, visits: pa.Table, frame: Frame, *, delta_pico: int = 0) -> None:
        self.frame, self.parts = frame, []
        with town.opened(visits) as connection:
            for name in ORDER:
                suited = measuring.suited(name, frame)
                delta = delta_pico if name == "provenance" else 0
                spec = MeasureSpec(
                    measure=name, rho_micro=PRICES.get(name, 5_000), delta_pico=delta
                )
                plan = MEASURES[name].plan(spec, suited)
                self.parts.append((spec, plan, measuring.exact(connection, name, frame, plan)))

    def edition(self, rng: np.random.Generator) -> dict[str, Table]:
        """Return every table of one edition; those over two seasons are read beside the others."""
        noised: dict[str, Noised] = {}
        found: dict[str, Table] = {}
        for spec, plan, exact in self.parts:
            noised |= measuring.drawn(exact, spec, plan, rng)
            wide = measuring.suited(spec.measure, self.frame)
            found |= {t.table: t for t in MEASURES[spec.measure].read(noised, wide)}
        return found


def breaches(network: Network, editions: int, *, seed: int) -> list[str]:
    """Return what `hub verify` would say of so many editions."""
    rng = np.random.default_rng(seed)
    return [
        problem
        for _ in range(editions)
        for problem in disagreements(tuple(network.edition(rng).values()))
    ]


def bounded(venues: int, *, clusters: int = 0) -> Frame:
    return town.frame(
        venues, clusters=clusters, bounds=town.BOUNDS.model_copy(update={"venues": 3})
    )


@pytest.mark.parametrize("persons", [0, 40, 1500])
def test_a_few_editions_of_a_small_network_agree(persons) -> None:
    frame = bounded(7, clusters=1)
    visits = town.town(max(persons, 1), frame, seed=persons)
    network = Network(visits.slice(0, 0) if not persons else visits, frame)
    assert breaches(network, 2, seed=persons) == []


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_a_thousand_editions_agree() -> None:
    found = []
    for number, (persons, venues, clusters) in enumerate(
        [(1, 6, 0), (30, 6, 1), (300, 12, 0), (1500, 9, 1), (4000, 12, 2)]
    ):
        frame = bounded(venues, clusters=clusters)
        visits = town.town(persons, frame, seed=number)
        network = Network(visits, frame, delta_pico=100_000 * (number % 2))
        found += breaches(network, 200, seed=number)
    assert found == []


def _moved(tables: dict[str, Table], table: str, row: int, **changes: int) -> tuple[Table, ...]:
    rows = list(tables[table].rows)
    rows[row] = rows[row].model_copy(update=changes)
    return tuple({**tables, table: tables[table].model_copy(update={"rows": rows})}.values())


@pytest.mark.parametrize(
    ("table", "changes", "word"),
    [
        ("reach-network", {"value_milli": 10**9, "high_milli": 10**9}, "reach-spread"),
        ("reach-venues", {"value_milli": 10**9, "high_milli": 10**9}, "more people than the network"),
        ("ladder-persons", {"value_milli": 0, "low_milli": 0}, "does not sum"),
        ("pairs", {"value_milli": 10**9, "high_milli": 10**9}, "than one of them has"),
        ("overlaps", {"value_milli": 0, "low_milli": 0}, "than to any"),
        ("flows", {"value_milli": 10**9, "high_milli": 10**9}, "hold fewer people"),
        ("flows-balance", {"value_milli": 10**9, "high_milli": 10**9}, "cancel out"),
        ("reach-shares", {"value_milli": 0, "low_milli": 0}, "more places"),
        ("cube-age", {"value_milli": 0, "low_milli": 0}, "does not sum"),
        ("firsts", {"low_milli": 10**6}, "outside its interval"),
        ("firsts", {"high_milli": 100_100}, "above what its unit can be"),
        ("young-places", {"low_milli": -1}, "below nought"),
        ("reach-spread", {"value_milli": 1}, "no whole number"),
        ("firsts", {"keys": ["a", "b"]}, "lacks a name"),
        *((name, {"value_milli": 50}, "sum to a hundred") for name in PARTITIONS),
    ],
)  # fmt: skip
def test_a_figure_changed_afterwards_is_noticed(told, table, changes, word) -> None:
    assert any(word in problem for problem in disagreements(_moved(told, table, 0, **changes)))


@pytest.fixture(scope="module")
def told() -> dict[str, Table]:
    frame = town.frame(6)
    network = Network(town.town(3000, frame, seed=5), frame)
    return network.edition(np.random.default_rng(5))


@pytest.mark.parametrize("table", ["flows", "pairs", "overlaps", "reach-shares", "reach-venues"])
def test_figures_without_names_stop_no_check(told, table) -> None:
    nameless = [row.model_copy(update={"keys": []}) for row in told[table].rows[:1]]
    changed = {**told, table: told[table].model_copy(update={"rows": nameless})}
    assert any("lacks a name" in each for each in disagreements(tuple(changed.values())))


def test_two_tables_of_one_name_are_noticed(told) -> None:
    assert list(disagreements((*told.values(), told["reach-network"])))
    assert set(OVER_TWO_SEASONS) <= set(ORDER)
    doubled = told["firsts"].model_copy(update={"rows": [told["firsts"].rows[0]] * 2})
    assert "one name" in " ".join(disagreements((doubled,)))
