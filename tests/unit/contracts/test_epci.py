"""The public list of intercommunalités, and the column that a charter adds by naming it."""

import csv
import itertools
import re
from importlib import resources

import pytest

from contracts import epci
from contracts.charter_check import FIELDS
from contracts.visit import EPCI, PERSON_COLUMNS, person_columns
from hub.draft import NetworkDraft

LYON = (45.76, 4.84)


def test_the_list_is_of_siren_numbers_names_and_places() -> None:
    every = epci.every()
    assert len(every) > 1000
    for code, each in every.items():
        assert re.fullmatch(r"2\d{8}", code)
        assert each.code == code
        assert each.departements
        assert len(each.departements) == len(each.parts)
        assert min(each.parts) >= epci.LEAST_INHABITANTS
        assert sum(each.parts) <= each.inhabitants
        assert -22 < each.centre[0] < 52
    names = [(each.name, each.departements[0]) for each in every.values()]
    assert len(set(names)) == len(names)  # as the pages write them, no two look alike


def test_a_blank_beside_a_departement_stands_for_ten_thousand_people_or_more() -> None:
    """Or for none, or for the whole of a territory: else it would name the few whom the list leaves out."""
    text = (resources.files("contracts") / "epci_departements.csv").read_text(encoding="utf-8")
    every = {row["departement"]: int(row["habitants"]) for row in csv.DictReader(text.splitlines())}
    blank = dict(every)
    for each in epci.every().values():
        for departement, part in zip(each.departements, each.parts, strict=True):
            blank[departement] -= part
    few = {code for code, people in blank.items() if people and people < epci.LEAST_INHABITANTS}
    assert few == {"975"}
    assert blank["975"] == every["975"]
    assert blank["75"] == 0


def test_what_is_near_is_around_and_in_the_order_of_the_list() -> None:
    near = epci.near((LYON,), 100.0)
    assert "200046977" in near  # the city itself
    assert "244400404" not in near  # Nantes
    assert 50 < len(near) < 150
    assert list(near) == sorted(near)
    assert epci.near((), 100.0) == ()


@pytest.mark.parametrize("kilometres", [0.0, 30.0, 60.0])
def test_what_is_near_one_of_two_points_is_near_either(kilometres: float) -> None:
    nantes = (47.22, -1.55)
    both = epci.near((LYON, nantes), kilometres)
    apart = [epci.near((point,), kilometres) for point in (LYON, nantes)]
    assert set(both) == set(itertools.chain(*apart))


def test_the_column_is_there_only_where_it_is_named() -> None:
    assert person_columns(["departement"]) == PERSON_COLUMNS
    assert person_columns([EPCI]) == (*PERSON_COLUMNS, EPCI)
    assert EPCI in FIELDS
    assert EPCI not in NetworkDraft.model_fields["fields"].default  # asked for, never by default
