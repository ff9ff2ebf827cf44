"""Who is who at one venue: normalise() and merge()."""

from pathlib import Path

import pytest

from tests.support.agent_world import (
    front,
    write_csv,
    write_export,
    write_oppositions,
)
from venue_agent.frames import Normalised
from venue_agent.settings.mapping import load_preset, parse_mapping

FR = load_preset("fr23plus")
NOBODY = {"Nom": "", "Prenom": "", "Email": "", "Telephone": "", "Adresse": "", "Code postal": ""}


def go(folder: Path, *changes: dict[str, str]) -> Normalised:
    write_export(folder, *changes)
    return front(folder, FR)[1]


def people(folder: Path, *changes: dict[str, str]) -> int:
    return len(go(folder, *changes).persons)


@pytest.mark.parametrize(
    "again",
    [
        {"Email": " ZOE.Durand+billets@Mail.Example ", "Adresse": "7 quai des Brumes"},
        {"Nom": "ZOE", "Prenom": "DURAND", "Adresse": ""},  # exchanged, without accent
        {"Email": "", "Code postal": ""},  # same names, same street
        {"Email": "autre@mail.example", "Adresse": "3, RUE VOLTAIRE"},
        {"Nom": "Durand-Roy", "Adresse": ""},  # a married name, same first name and e-mail
        NOBODY | {"Email": "zoe.durand@mail.example"},  # a nameless record
    ],
)
def test_one_person_however_she_is_written(tmp_path: Path, again: dict[str, str]) -> None:
    found = go(tmp_path, {}, again)
    assert len(found.persons) == 1
    assert found.tickets["person"].tolist() == [0, 0]
    assert found.tally.notes["records_merged"] == 1


@pytest.mark.parametrize(
    "other",
    [
        {"Prenom": "Hugo"},  # a household: one e-mail, two first names
        {"Email": "autre@mail.example", "Adresse": "9 rue Voltaire"},  # a namesake
        {"Email": "autre@mail.example", "Code postal": "42000"},  # same street name elsewhere
        {"Email": "", "Adresse": ""},  # nothing but the names
    ],
)
def test_two_people_however_alike(tmp_path: Path, other: dict[str, str]) -> None:
    assert people(tmp_path, {}, other) == 2


def test_a_customer_number_joins(tmp_path: Path) -> None:
    mapping = FR.model_copy(update={"columns": FR.columns | {"customer": "Cle spectacle"}})
    change = {"Email": "autre@mail.example", "Adresse": ""}
    write_export(tmp_path, {"Cle spectacle": "C1"}, change | {"Cle spectacle": "C1"})
    assert len(front(tmp_path, mapping)[1].persons) == 1


def test_a_chain_of_records_is_one_person(tmp_path: Path) -> None:
    none = {"Adresse": ""}
    assert (
        people(
            tmp_path,
            none,
            none | {"Telephone": "06 00 00 00 42"},
            none | {"Email": "", "Telephone": "+33600000042"},
            none | {"Email": "b@mail.example", "Telephone": "0033600000042"},
        )
        == 1
    )


def test_a_nameless_record_of_a_household_stands_alone(tmp_path: Path) -> None:
    nameless = NOBODY | {"Email": "zoe.durand@mail.example"}
    assert people(tmp_path, {}, {"Prenom": "Hugo"}, nameless, nameless) == 3


def test_what_identifies_nobody_is_dropped_and_counted(tmp_path: Path) -> None:
    found = go(
        tmp_path,
        {"Email": "guichet@example.com", "Telephone": "0600000000"},
        {"Email": "pas d'adresse@", "Telephone": "0102030405", "Nom": "Roy", "Adresse": ""},
    )
    assert len(found.persons) == 2
    assert found.persons["identifiers"].tolist() == [(), ()]
    assert found.tally.notes["email_unreadable"] == 1
    assert found.tally.notes["phone_placeholder"] == 2


def test_an_identifier_of_a_crowd_is_nobodys(tmp_path: Path) -> None:
    names = ["Zoé", "Hugo", "Inès", "Loïc", "Karim"]
    rows = [{"Prenom": name, "Adresse": f"{n} rue"} for n, name in enumerate(names)]
    found = go(tmp_path, *rows)
    assert found.tally.notes["identifier_of_a_crowd"] == 5
    assert not any(found.persons["identifiers"])
    assert any(go(tmp_path, *rows[:4]).persons["identifiers"])


def test_a_desk_address_joins_nobody(tmp_path: Path) -> None:
    rows = [{"Email": f"p{n}@mail.example"} for n in range(5)]
    assert people(tmp_path, *rows) == 5
    assert people(tmp_path, *rows[:4]) == 1


def test_lines_without_anybody_are_counted(tmp_path: Path) -> None:
    found = go(tmp_path, {}, NOBODY)
    assert dict(found.tally.dropped) == {"nobody_named": 1}
    assert "record" not in found.tickets


def test_facts_of_a_person(tmp_path: Path) -> None:
    found = go(
        tmp_path,
        {"Age": "41", "Code postal": "1000", "Type de produit": "Abonnement"},
        {"Age": "40", "Code postal": ""},
        {"Age": "", "Code postal": "", "Nom": "Roy", "Email": "r@mail.example", "Pays": ""},
    )
    facts = found.persons[["age", "postcode", "country", "subscriber", "qpv"]]
    assert facts.to_dict("split")["data"] == [
        [40, "01000", "FR", "yes", "unknown"],
        [-1, "", "", "no", "unknown"],
    ]


@pytest.mark.parametrize(("born", "age"), [("15/09/2007", 18), ("16/09/2007", 17), ("", -1)])
def test_age_comes_from_the_birth_date(tmp_path: Path, born: str, age: int) -> None:
    mapping = FR.model_copy(update={"columns": FR.columns | {"birth_date": "Cle spectacle"}})
    write_export(tmp_path, {"Age": "", "Cle spectacle": born})
    assert front(tmp_path, mapping)[1].persons["age"].tolist() == [age]  # read on 15/09/2025


def test_an_opposition_names_everybody_who_carries_it(tmp_path: Path) -> None:
    write_oppositions(tmp_path, {"email": "ZOE.DURAND@mail.example"}, {"telephone": "600000042"})
    found = go(
        tmp_path,
        {},
        {"Prenom": "Hugo"},
        {"Nom": "Roy", "Email": "r@mail.example", "Telephone": "06 00 00 00 42"},
        {"Nom": "Petit", "Email": "p@mail.example", "Adresse": "1 rue"},
    )
    assert found.opposed == {0, 1, 2}


def test_a_contact_gives_its_phone_to_the_person(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "x_brevo.csv",
        [
            {
                "EMAIL": "zoe.durand@mail.example",
                "SMS": "33600000042",
                "LASTNAME": "",
                "FIRSTNAME": "",
                "EMAIL_BLACKLISTED": "Non",
                "OPTIN_PARTENAIRES": "Oui",
                "MODIFIED_TIME": "05-01-2025 10:00:00",
            }
        ],
    )
    write_export(tmp_path, {})
    found = front(tmp_path, load_preset("fr23+brevo"))[1]
    assert found.persons["identifiers"].tolist() == [
        (("email", "zoe.durand@mail.example"), ("phone", "+33600000042"))
    ]


def test_qpv_is_the_venues_own_word(tmp_path: Path) -> None:
    text = """
name = "qpv"
event_formats = ["%Y-%m-%d"]
[tickets]
pattern = "q.csv"
[columns]
ticket = "T"
order = "T"
event_date = "D"
title = "S"
email = "E"
qpv = "Q"
[[consent]]
column = "C"
text = "J'accepte"
grants = ["statistics"]
"""
    rows = [
        {"T": str(n), "D": "2025-03-15", "S": "x", "E": f"a{n}@b.example", "Q": q, "C": "1"}
        for n, q in enumerate(["oui", "non", ""])
    ]
    write_csv(tmp_path / "q.csv", rows)
    found = front(tmp_path, parse_mapping(text, "q.toml"))[1]
    assert found.persons["qpv"].tolist() == ["yes", "no", "unknown"]
