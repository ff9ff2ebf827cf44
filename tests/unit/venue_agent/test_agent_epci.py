"""Which intercommunalité leaves: none without the charter's word, and never a guess."""

from dataclasses import replace
from pathlib import Path

import pytest

from contracts import epci
from contracts.visit import EPCI, PERSON_COLUMNS, person_columns
from tests.support.agent_world import EVERYTHING, ForgetfulBook, front, rules, write_export
from tests.support.sending import rows, sealing
from tests.support.vault_world import FIELDS
from tests.support.wire import NOW, network
from venue_agent import geo
from venue_agent.errors import FieldRefused
from venue_agent.frames import Minimised
from venue_agent.minimise import minimise
from venue_agent.pack import pack
from venue_agent.people.names import fold
from venue_agent.screen import fields, refusals, sheet, shown
from venue_agent.settings.mapping import load_preset
from venue_agent.words import speak

NANTES, REZE_OR_SO = "244400404", "200067635"


@pytest.mark.parametrize(
    ("postcode", "city", "found"),
    [
        ("44000", "", NANTES),  # one alone: no name is needed
        ("44000", "Paris", NANTES),
        ("44115", "Basse-Goulaine", NANTES),
        ("44115", "HAUTE GOULAINE CEDEX 2", REZE_OR_SO),
        ("44115", "", ""),  # two of them: never the likelier
        ("44115", "Nantes", ""),
        ("44160", "Ste Anne sur Brivet", "200000438"),
        ("75011", "", "200054781"),
        ("", "", ""),
        ("99999", "Nantes", ""),
        ("97500", "Saint-Pierre", ""),  # in none
        (
            "22110",
            "",
            "",
        ),  # left out with Bréhat, which would else be the only blank of its département
    ],
)
def test_an_address_tells_its_intercommunalite_or_nothing(
    postcode: str, city: str, found: str
) -> None:
    assert geo.epci_of(postcode, fold(city)) == found


def test_the_agents_table_names_codes_of_the_public_list_alone() -> None:
    alone, named = geo._epcis()
    assert {*alone.values(), *named.values()} <= epci.every().keys()
    assert alone.keys().isdisjoint(postcode for postcode, _ in named)
    assert all(fold(name) == name for _, name in named)
    text = (Path(geo.__file__).parent / "data" / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert "# epci.csv" in text
    assert "DGCL via Etalab (Licence Ouverte 2.0)" in text


def test_a_code_and_a_departement_never_contradict_each_other_nor_name_a_few() -> None:
    """The vault refuses the row whose département is not one of those where the list tells the code."""
    alone, named = geo._epcis()
    told = {*alone.items(), *((postcode, code) for (postcode, _), code in named.items())}
    every = epci.every()
    assert all(geo.departement_of(p, "") in every[code].departements for p, code in told)


def kept(folder: Path, named: frozenset[str], *rows: dict[str, str]) -> Minimised:
    """Return what a house whose export has a column of communes may send."""
    preset = load_preset("fr23plus")
    mapping = preset.model_copy(update={"columns": {**preset.columns, "city": "Ville"}})
    write_export(folder, *({"Ville": ""} | row for row in rows))
    return minimise(front(folder, mapping)[2], rules(mapping, fields=named), ForgetfulBook())


def test_without_the_charters_word_there_is_no_column_at_all(tmp_path: Path) -> None:
    found = kept(tmp_path, EVERYTHING, {"Code postal": "44000", "Ville": "Nantes"})
    assert EPCI not in found.persons.columns
    assert NANTES not in found.persons.to_csv()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"Code postal": "44000"}, NANTES),
        ({"Code postal": "44115"}, ""),
        ({"Code postal": "44115", "Ville": "Basse-Goulaine"}, NANTES),
        ({"Code postal": "44000", "Ville": "Nantes", "Pays": "Belgique"}, ""),
        ({"Code postal": "", "Ville": "Nantes"}, ""),
    ],
)
def test_with_it_the_code_stands_last(tmp_path: Path, row: dict[str, str], code: str) -> None:
    found = kept(tmp_path, EVERYTHING | {EPCI}, row)
    assert [c for c in found.persons.columns if c != "identifiers"][-1] == EPCI
    assert found.persons[EPCI].tolist() == [code]


def test_a_commune_is_not_read_beside_another_records_postcode(tmp_path: Path) -> None:
    """She moved: the newest postcode is of a record without a commune, the older commune says nothing of it."""
    old = {"Code postal": "44115", "Ville": "Basse-Goulaine"}
    found = kept(tmp_path, EVERYTHING | {EPCI}, old, {"Code postal": "44160"})
    assert found.persons[EPCI].tolist() == [""]
    assert kept(tmp_path, EVERYTHING | {EPCI}, {"Code postal": "44160"}, old).persons[EPCI].tolist() == [NANTES]  # fmt: skip


def test_the_file_of_another_charter_keeps_its_bytes() -> None:
    plain, named = (network(fields=[*FIELDS, *more]) for more in ((), (EPCI,)))
    packed = pack(rows({1: ["2025-10-05"]}), sealing(plain))[0].files["persons.csv"]
    assert packed.splitlines()[0] == ",".join(PERSON_COLUMNS).encode()
    found = rows({1: ["2025-10-05"]})
    found = replace(found, persons=found.persons.assign(epci=NANTES))
    longer = pack(found, sealing(named))[0].files["persons.csv"]
    assert longer == b"\n".join(
        line + more
        for line, more in zip(packed.split(b"\n"), (b",epci", b"," + NANTES.encode(), b""), strict=True)
    )  # fmt: skip
    with pytest.raises(FieldRefused):
        pack(found, sealing(plain))


def test_whoever_decides_is_told_that_it_is_finer() -> None:
    plain, named = (network(fields=[*FIELDS, *more]).charter for more in ((), (EPCI,)))
    speak("fr")
    venue = named.members[0].venue
    told, quiet = (shown.terms(c, venue, NOW) for c in (named, plain))
    assert dict(told)["Attention"].startswith("l'intercommunalité est plus fine")
    assert "intercommunalité" in dict(told)["Ce qui sort d'une personne"]
    assert "Attention" not in dict(quiet)
    assert EPCI in fields.leaving(named)
    assert EPCI in fields.staying(plain)
    assert fields.readers(EPCI, named) == []  # no edition of this one reads it
    assert "intercommunalité" in refusals.words("bad-epci")


def test_a_month_packed_under_an_earlier_charter_is_shown_with_a_blank(tmp_path: Path) -> None:
    plain = network(fields=FIELDS)
    path = tmp_path / "persons.csv"
    path.write_bytes(pack(rows({1: ["2025-10-05"]}), sealing(plain))[0].files["persons.csv"])
    read = sheet._read(path, person_columns([EPCI]))
    assert read[EPCI].tolist() == [""]
    assert len(read) == 1
