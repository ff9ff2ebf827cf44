"""The intercommunalité on its way through the vault: taken of the public list alone, hers alone, read only where asked."""

from dataclasses import replace
from pathlib import Path

import pytest

from contracts import epci
from contracts.visit import EPCI
from hub.errors import BatchRefused
from hub.measures.base import Query
from hub.privacy.values import VectorPlan
from hub.vault.fields import Rules
from hub.vault.rows import Reader, Rows
from hub.vault.scan import scan
from hub.vault.snapshot import freeze
from tests.support.vault_frozen import frozen_visits, window
from tests.support.vault_world import (
    FIELDS,
    LIMITS,
    A,
    B,
    VaultWorld,
    batch_files,
    keys_of,
    person,
    vault_world,
    visit,
)
from tests.support.wire import network

LYON, NANTES = "200046977", "244400404"
STRADDLING = next(code for code, each in epci.every().items() if len(each.departements) > 1)
OCTOBER = 20368  # the day of Bob's visit
HOMES = Query("homes", "SELECT person_key, 0 AS cell, 1 AS weight FROM visit WHERE epci <> ''")
NAMED = network(fields=[*FIELDS, EPCI])
PLAIN = network(fields=FIELDS)


def read(net: object, row: dict[str, str]) -> Rows:
    rules = Rules(net.charter, "2025-10", frozenset())  # type: ignore[attr-defined]
    return Reader("theatre-du-quai", rules, keys_of(net)).read(batch_files([row], [visit("ana")]))  # type: ignore[arg-type]


@pytest.mark.parametrize("code", [NANTES, ""])
def test_a_code_of_the_public_list_or_none_is_kept(code: str) -> None:
    rows = read(NAMED, person("ana", "email:a@x.fr", epci=code, departement="44"))
    assert rows.refusals == {}
    assert rows.persons[EPCI].to_pylist() == [code]


@pytest.mark.parametrize("told", ["612345678", "69123", "nantes", NANTES + " ", "244400000"])
def test_nine_digits_that_the_list_does_not_hold_are_refused_with_her_visits(told: str) -> None:
    """A telephone number without its nought has nine digits too."""
    rows = read(NAMED, person("ana", "email:a@x.fr", epci=told))
    assert rows.refusals == {"bad-epci": 1, "person-not-in-batch": 1}


@pytest.mark.parametrize("departement", ["75", "99", "69"])
def test_a_code_outside_the_departement_beside_it_is_refused_with_her_visits(
    departement: str,
) -> None:
    """Else a row could carry two addresses, and what is in no one's département would be one person's alone."""
    rows = read(NAMED, person("ana", "email:a@x.fr", epci=NANTES, departement=departement))
    assert rows.refusals == {"bad-epci": 1, "person-not-in-batch": 1}


@pytest.mark.parametrize(
    ("code", "departements"),
    [(STRADDLING, (*epci.every()[STRADDLING].departements, "")), (NANTES, ("44", ""))],
)
def test_each_departement_where_the_list_tells_it_is_kept_and_a_blank_too(
    code: str, departements: tuple[str, ...]
) -> None:
    for departement in departements:
        row = person("ana", "email:a@x.fr", epci=code, departement=departement)
        assert read(NAMED, row).refusals == {}
    silent = network(fields=[field for field in (*FIELDS, EPCI) if field != "departement"])
    assert read(silent, person("ana", "email:a@x.fr", epci=code, departement="")).refusals == {}


@pytest.mark.parametrize(
    ("net", "row"),
    [(PLAIN, {EPCI: ""}), (PLAIN, {EPCI: NANTES}), (NAMED, {})],
    ids=["a column too many", "a value too many", "a column too few"],
)
def test_columns_that_the_charter_does_not_say_refuse_the_batch(net: object, row: dict[str, str]) -> None:  # fmt: skip
    with pytest.raises(BatchRefused):
        read(net, person("ana", "email:a@x.fr", **row))


@pytest.fixture
def world(tmp_path: Path) -> VaultWorld:
    """Ana says two of them, at two venues; Bob came under a charter that did not name the field."""
    made = vault_world(f"sqlite:///{tmp_path / 'vault.sqlite'}", tmp_path / "facts")
    made.send(batch_files([person("bob", "email:b@x.fr")], [visit("bob")]))
    charter = made.net.charter.model_copy(update={"fields": [*FIELDS, EPCI], "revision": 2})
    made.net = replace(made.net, charter=charter)
    for venue, code in ((A, NANTES), (B, LYON)):
        row = person(f"ana-{venue}", "email:a@x.fr", epci=code, departement="")
        lines = [visit(f"ana-{venue}", "2025-11-02")]
        made.send(batch_files([row], lines), venue=venue, month="2025-11", sequence=2)
    return made


def test_she_lives_in_one_place_and_who_said_nothing_in_none(world: VaultWorld) -> None:
    rows = frozen_visits(world, freeze(world.vault, window(world, epci=True), LIMITS))
    assert sorted((row["venue"], row[EPCI]) for row in rows if row[EPCI]) == [(0, LYON), (2, LYON)]
    assert [row[EPCI] for row in rows if row["event_day"] == OCTOBER] == [""]


def test_a_view_that_no_measure_asks_it_of_does_not_hold_it(world: VaultWorld) -> None:
    plain = window(world)
    snapshot = freeze(world.vault, plain, LIMITS)
    assert all(EPCI not in row for row in frozen_visits(world, snapshot))
    assert plain.request_sha256() != replace(plain, epci=True).request_sha256()
    with scan(world.vault, snapshot, LIMITS) as relations:  # the relation says nothing of anybody
        exact = relations.run(HOMES, VectorPlan("homes", (("said",),), 1, 1, 1))
    assert exact.values.tolist() == [0]
