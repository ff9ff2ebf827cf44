"""What the agent never reads: special categories, bought files, contacts from elsewhere."""

from pathlib import Path

import pytest

from tests.support.agent_world import front, write_csv, write_export
from tests.support.consent_rules import MAPPING
from venue_agent.errors import BoughtFile, SpecialCategory
from venue_agent.settings.headers import is_sensitive
from venue_agent.settings.mapping import load_preset, parse_mapping

TOOL = load_preset("fr23+brevo")
CONTACT = {
    "EMAIL": "zoe.durand@mail.example",
    "SMS": "",
    "LASTNAME": "Durand",
    "FIRSTNAME": "Zoé",
    "EMAIL_BLACKLISTED": "Non",
    "OPTIN_PARTENAIRES": "Oui",
    "MODIFIED_TIME": "05-01-2025 10:00:00",
    "SOURCE": "",
}


@pytest.mark.parametrize(
    "column",
    ["Handicap", "PMR (oui/non)", "Mobilité réduite", "Situation de santé", "Religion",
     "Opinion politique", "Régime alimentaire", "Syndicat", "wheelchair user", "Dietary"],
)  # fmt: skip
def test_a_special_category_is_refused_wherever_it_is_mapped(column: str) -> None:
    places = (
        ('title = "S"', f'title = "{column}"'),
        ('title = "S"', f'title = "S"\ncategory = "{column}"'),
        ('columns = { email = "E" }', f'columns = {{ email = "E", origin = "{column}" }}'),
        ('column = "C"', f'column = "{column}"'),
    )
    for old, new in places:
        with pytest.raises(SpecialCategory, match="9"):
            parse_mapping(MAPPING.replace(old, new), "m.toml")


@pytest.mark.parametrize(
    "column",
    ["J'accepte la politique de confidentialité", "Orientation scolaire", "Nom", "Ouverture",
     "Politique de protection des données"],
)  # fmt: skip
def test_a_harmless_column_is_not_refused(column: str) -> None:
    assert not is_sensitive(column)
    parse_mapping(MAPPING.replace('column = "C"', f'column = "{column}"'), "m.toml")


def test_a_priority_neighbourhood_is_no_opinion() -> None:
    column = 'title = "S"\nqpv = "Quartier prioritaire politique de la ville"'
    parse_mapping(MAPPING.replace('title = "S"', column), "m.toml")


def test_a_file_called_bought_is_refused(tmp_path: Path) -> None:
    write_export(tmp_path, {})
    write_csv(tmp_path / "adresses_louees_brevo.csv", [CONTACT])
    with pytest.raises(BoughtFile, match="adresses_louees_brevo"):
        front(tmp_path, TOOL)


@pytest.mark.parametrize(
    ("origin", "answer", "sent"),
    [
        ("Formulaire du site", "Oui", 1),
        ("", "Oui", 1),
        ("Achat fichier 2023", "Oui", 0),
        ("Location d'adresses", "Oui", 0),
        ("rented list", "Oui", 0),
        ("Achat fichier 2023", "Non", 0),
    ],
)
def test_the_yes_of_a_bought_contact_is_void_and_her_no_is_not(
    tmp_path: Path, origin: str, answer: str, sent: int
) -> None:
    file = TOOL.consent_files[0]
    columns = file.columns | {"origin": "SOURCE"}
    layout = TOOL.model_copy(
        update={"consent_files": (file.model_copy(update={"columns": columns}),)}
    )
    other = {"EMAIL": "r@mail.example", "LASTNAME": "Roy", "OPTIN_PARTENAIRES": "Non"}
    contact = CONTACT | {"SOURCE": origin, "OPTIN_PARTENAIRES": answer}
    write_csv(tmp_path / "x_brevo.csv", [contact, CONTACT | other])
    write_export(tmp_path, {})
    raw, _, consented = front(tmp_path, layout)
    assert len(consented.persons) == sent
    bought = bool(origin) and "Formulaire" not in origin
    assert raw.tally.notes.get("bought_contacts", 0) == bought
    assert raw.answers["yes"].tolist().count(False) >= 1


def test_a_click_is_a_contact_of_the_person(tmp_path: Path) -> None:
    file = TOOL.consent_files[0]
    active = file.model_copy(
        update={"active": ("MODIFIED_TIME",), "active_formats": ("%d-%m-%Y %H:%M:%S",)}
    )
    old = {"Date representation": "15/03/20", "Date reservation": "01/03/20 00:00"}
    write_export(tmp_path, old)
    other = {"EMAIL": "r@mail.example", "LASTNAME": "Roy", "OPTIN_PARTENAIRES": "Non"}
    write_csv(tmp_path / "x_brevo.csv", [CONTACT, CONTACT | other])
    assert len(front(tmp_path, TOOL)[2].persons) == 0
    layout = TOOL.model_copy(update={"consent_files": (active,)})
    assert len(front(tmp_path, layout)[2].persons) == 1
