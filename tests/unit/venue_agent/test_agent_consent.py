"""Who may be sent: consent()."""

from pathlib import Path

import pytest

from contracts.visit import Purpose
from tests.support.agent_world import ALL, front, write_csv, write_export, write_oppositions
from venue_agent.consent import Allowed, consent
from venue_agent.frames import Consented
from venue_agent.settings.mapping import Mapping, load_preset

FR = load_preset("fr23plus")
HELLO = load_preset("helloasso")
NO = {"Optin partenaires": "Non"}


def go(folder: Path, *changes: dict[str, str], mapping: Mapping = FR) -> Consented:
    write_export(folder, *changes)
    return front(folder, mapping)[2]


def dated(answer: str, day: str, **more: str) -> dict[str, str]:
    return {"Optin partenaires": answer, "Date optin": day} | more


@pytest.mark.parametrize(
    ("answers", "sent"),
    [
        ([("Oui", "01/01/2025")], True),
        ([("Non", "01/01/2025")], False),
        ([("Non", "01/01/2025"), ("Oui", "02/01/2025")], True),
        ([("Oui", "01/01/2025"), ("Non", "02/01/2025")], False),
        ([("Oui", "01/01/2025"), ("Non", "01/01/2025")], False),  # same instant
        ([("Oui", "01/01/2025"), ("", "02/01/2025"), ("Non", "01/06/2024")], True),
        ([("Oui", ""), ("Non", "01/01/2025")], False),  # an undated yes is older than all
        ([("Oui", "01/01/2025"), ("Non", "")], False),  # an undated no is newer than all
        ([("Oui", "")], True),
    ],
)
def test_the_latest_answer_wins(tmp_path: Path, answers: list[tuple[str, str]], sent: bool) -> None:
    stranger = dated("Non", "01/01/2025", Nom="Roy", Prenom="Ugo", Email="u@mail.example")
    found = go(tmp_path, *[dated(word, day) for word, day in answers], stranger)
    assert len(found.persons) == int(sent)
    assert found.tally.kept == len(found.tickets) == len(answers) * sent


def test_no_answer_is_no(tmp_path: Path) -> None:
    found = go(tmp_path, {"Optin partenaires": ""}, NO | {"Nom": "Roy", "Email": "r@mail.example"})
    assert len(found.persons) == 0
    assert dict(found.tally.dropped) == {"never_answered": 1, "said_no": 1}
    assert len(found.refused) == 2


def test_an_opposition_is_no_whatever_was_said_since(tmp_path: Path) -> None:
    write_oppositions(tmp_path, {"email": "zoe.durand@mail.example"})
    found = go(tmp_path, dated("Oui", "01/09/2025"))
    assert dict(found.tally.dropped) == {"opposed": 1}


def test_people_of_a_household_answer_for_themselves(tmp_path: Path) -> None:
    hugo = {"Prenom": "Hugo", "Telephone": "0600000042"}
    found = go(tmp_path, dated("Oui", "01/01/2025"), dated("Non", "01/06/2024", **hugo))
    assert len(found.persons) == 1
    # what Hugo refused is also his address: it is not sent as hers
    assert found.persons["identifiers"].tolist() == [()]
    found = go(tmp_path, dated("Non", "01/01/2025"), dated("Oui", "01/06/2024", **hugo))
    assert found.persons["identifiers"].tolist() == [(("phone", "+33600000042"),)]


HEAD = dict.fromkeys(
    [
        "Référence commande",
        "Date de la commande",
        "Statut de la commande",
        "Nom payeur",
        "Prénom payeur",
        "Email payeur",
        "Numéro de billet",
        "Montant tarif",
        "Événement",
        "Date de l'événement",
        "Téléphone",
        "Code postal",
        "Ville",
        "J'accepte le partage avec les lieux partenaires",
    ],
    "",
)


def hello(number: int, day: int, answer: str, **changes: str) -> dict[str, str]:
    return (
        HEAD
        | {
            "Référence commande": str(number),
            "Numéro de billet": str(number),
            "Date de la commande": f"{day:02d}/03/2025 10:00",
            "Statut de la commande": "Validé",
            "Nom payeur": "Durand",
            "Prénom payeur": "Zoé",
            "Email payeur": "zoe@mail.example",
            "Événement": "La Danse",
            "Date de l'événement": "30/03/2025 20:00",
            "Code postal": "69003",
            "Ville": "Lyon",
            "J'accepte le partage avec les lieux partenaires": answer,
        }
        | changes
    )


@pytest.mark.parametrize(
    ("twin", "sent"),
    [
        ({}, 0),
        ({"Code postal": ""}, 0),
        ({"Code postal": "69001"}, 1),  # a namesake in another district
        ({"Ville": "Vienne"}, 1),
        ({"Prénom payeur": "Hugo"}, 1),
    ],
)
def test_who_may_be_somebody_that_refused_later_is_not_sent(
    tmp_path: Path, twin: dict[str, str], sent: int
) -> None:
    other = {"Email payeur": "z.durand@travail.example"} | twin
    rows = [hello(1, 1, "oui"), hello(2, 2, "non", **other)]
    write_csv(tmp_path / "h_billetterie.csv", rows)
    assert len(front(tmp_path, HELLO)[2].persons) == sent


def test_a_doubt_that_is_older_than_the_yes_is_no_doubt(tmp_path: Path) -> None:
    rows = [hello(1, 5, "oui"), hello(2, 2, "non", **{"Email payeur": "z@travail.example"})]
    write_csv(tmp_path / "h_billetterie.csv", rows)
    assert len(front(tmp_path, HELLO)[2].persons) == 1


def rich(**changes: object) -> Mapping:
    rule = FR.consent[0].model_copy(update=changes)
    news = FR.consent[0].model_copy(
        update={
            "column": "Optin newsletter",
            "grants": (),
            "denies": (Purpose.PARTNER_OFFERS,),
            "blank": "none",
        }
    )
    return FR.model_copy(update={"consent": (rule, news)})


OFFERS = rich(
    grants=(Purpose.PARTNER_OFFERS, Purpose.RECOMMENDATION), partners=("friends", "other")
)


def test_an_opt_in_grants_what_its_text_says_and_nothing_else(tmp_path: Path) -> None:
    person = go(tmp_path, {}, mapping=OFFERS).persons.iloc[0]
    assert not person["statistics"]
    assert person["recommendation"]
    assert person["partner_offers"] == ("friends",)  # the charter does not know "other"


def test_a_denial_takes_away_and_never_gives(tmp_path: Path) -> None:
    go(tmp_path, {"Optin newsletter": "Oui", "Optin partenaires": "Non"})
    assert len(front(tmp_path, OFFERS)[2].persons) == 0
    found = go(tmp_path, {"Optin newsletter": "Non"}, mapping=OFFERS)
    assert found.persons["partner_offers"].tolist() == [()]
    assert found.persons["recommendation"].tolist() == [True]


def test_an_inverse_flag_is_read_backwards(tmp_path: Path) -> None:
    mapping = rich(inverse=True)
    assert len(go(tmp_path, {}, mapping=mapping).persons) == 0
    assert len(go(tmp_path, NO, mapping=mapping).persons) == 1


def test_a_purpose_that_the_charter_does_not_know_is_not_granted(tmp_path: Path) -> None:
    write_export(tmp_path, {})
    normalised = front(tmp_path, OFFERS)[1]
    none = Allowed(frozenset({Purpose.STATISTICS}), ALL.partners)
    assert len(consent(normalised, OFFERS.rules, none).persons) == 0
