"""Who buys for others: group_buyers(), the merge report, and what the tally says of them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from contracts.visit import Channel
from tests.support.agent_world import front, write_export
from venue_agent.errors import ConfigError
from venue_agent.frames import Consented, Normalised
from venue_agent.people import merge_report
from venue_agent.people.groups import Words, group_buyers, plain_words
from venue_agent.people.merge_report import MergeReport
from venue_agent.settings.group_rules import Groups
from venue_agent.settings.mapping import Mapping, Values, load_preset, parse_mapping

FR = load_preset("fr23plus")
HUGO = {"Nom": "Roy", "Prenom": "Hugo", "Email": "hugo.roy@mail.example", "Adresse": "1 rue"}
FAR = {"Adresse": "9 quai des Brumes", "Code postal": "69009"}


def mapping(**groups: object) -> Mapping:
    columns = FR.columns | {"category": "Cle spectacle"}
    settings = FR.model_dump() | {"columns": columns, "groups": groups}
    return Mapping.model_validate(settings)


def go(
    folder: Path, *rows: dict[str, str], layout: Mapping | None = None
) -> tuple[Normalised, Consented]:
    write_export(folder, HUGO, *rows)
    return front(folder, layout or mapping())[1:]


def told(record: dict[str, str], **groups: object) -> dict[str, int]:
    """What gives away the person of one record, with one ticket."""
    rows = [
        {"last_name": "Durand", "first_name": "Zoé", "email": "z@a.example", "category": ""}
        | record
    ]
    return known(pd.DataFrame(rows), [("1", "2025-03-15")], **groups)


def bought(tickets: list[tuple[str, str]], **groups: object) -> bool:
    """Whether somebody's tickets, (order, day) each, are a group buyer's."""
    nobody = pd.DataFrame([{"last_name": "Roy", "first_name": "", "email": "", "category": ""}])
    return known(nobody, tickets, **groups) == {"group_volume": 1}


def known(
    records: pd.DataFrame, tickets: list[tuple[str, str]], **groups: object
) -> dict[str, int]:
    sold = pd.DataFrame(tickets, columns=["order", "event_at"]).assign(person=0, channel="WEB")
    sold["event_at"] = pd.to_datetime(sold["event_at"]).astype("datetime64[s]")
    sold = sold.astype({"order": "category", "channel": "category"})
    words = Words(Groups.model_validate(groups), Values())
    found = group_buyers(records, np.zeros(len(records), dtype="int64"), sold, words)
    notes = {what: count for what, count in found.notes.items() if count}
    assert bool(notes) is bool(found.persons)
    return notes


def seats(count: int, orders: int = 1, days: int = 1) -> list[tuple[str, str]]:
    """*count* tickets in each of *orders* on each of *days*."""
    dates = pd.date_range("2025-01-01", periods=days).strftime("%Y-%m-%d")
    return [
        (f"{day}-{order}", day) for day in dates for order in range(orders) for _ in range(count)
    ]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"last_name": "CSE Michelin"}, "group_named"),
        ({"last_name": "CE Airbus", "first_name": ""}, "group_named"),
        ({"last_name": "Lycée Jean-Macé"}, "group_named"),
        ({"first_name": "École Zoé"}, "group_named"),
        ({"category": "Collectivités"}, "group_named"),
        ({"category": "CE / Associations"}, "group_named"),
        ({"category": "Revendeur"}, "group_named"),
        ({"email": "ce.0690001A@ac-lyon.fr"}, "group_mailbox"),
        ({"email": "cse@usine.example"}, "group_mailbox"),
        ({"email": "Scolaires-2@mairie.example"}, "group_mailbox"),
        ({"email": "jeanne@cse-usine.example"}, "group_mailbox"),
        ({"email": "commandes@pro.ticketmaster.example"}, "group_mailbox"),
    ],
)
def test_a_group_is_known_by_its_words(change: dict[str, str], what: str) -> None:
    assert told(change) == {what: 1}


def test_a_group_buyer_is_out_counted_and_withdrawn(tmp_path: Path) -> None:
    normalised, consented = go(tmp_path, FAR | {"Nom": "CSE Michelin"})
    assert normalised.merging.groups == {"group_named": 1}
    assert consented.tally.dropped == {"group_buyer": 1}
    assert consented.tally.notes["group_named"] == 1
    assert len(consented.persons) == 1  # Hugo
    assert len(consented.refused) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"last_name": "Mairieux"},
        {"last_name": "Ce", "first_name": "Thi"},
        {"last_name": "Lecollège", "first_name": "Ecolette"},
        {"last_name": "Maire", "first_name": "Groupama"},
        {"email": "ceciles@mail.example"},
        {"email": "jeanne@ac-lyon.fr"},  # a teacher writes for herself
        {"email": "jeanne@mairie-lyon.example"},
        {"category": "Particulier"},
    ],
)
def test_a_person_is_no_group(change: dict[str, str]) -> None:
    assert told(change) == {}


@pytest.mark.parametrize(
    ("rows", "group"),
    [
        (seats(19), False),
        (seats(20), True),  # a class at one event
        (seats(10, orders=1, days=2), False),
        (seats(10, orders=1, days=3), True),  # three groups a season
        (seats(1, orders=5), False),
        (seats(1, orders=6), True),  # a reseller orders seat by seat
        (seats(1, days=149), False),
        (seats(1, days=150), True),
    ],
)
def test_a_group_is_known_by_what_it_buys(rows: list[tuple[str, str]], group: bool) -> None:
    assert bought(rows) is group


def test_a_group_is_known_by_the_venues_own_channel(tmp_path: Path) -> None:
    channels = {"SCOLAIRES": Channel.GROUP, "INTERNET": Channel.ONLINE}
    layout = FR.model_copy(update={"values": Values(channel=channels)})
    half = [{"Filiere de vente": "SCOLAIRES"}, {"Filiere de vente": "INTERNET"}]
    assert not go(tmp_path, *half, layout=layout)[0].groups
    assert go(tmp_path, *half, half[0], layout=layout)[0].groups


def test_the_thresholds_and_the_words_are_the_venues() -> None:
    assert bought(seats(4), seats_per_event=4)
    assert not bought(seats(20), seats_per_event=21)
    mine: dict[str, object] = {"words": ["Kolectif"], "not_words": ["lycée"]}
    assert told({"last_name": "Le Kolectif"}, **mine)
    assert not told({"last_name": "Lycée"}, **mine)
    with pytest.raises(ConfigError):
        parse_mapping('name = "x"\n[groups]\nseats_per_event = 1\n', "m.toml")


def test_guests_behind_one_payers_contact_are_a_group(tmp_path: Path) -> None:
    names = ["Zoé", "Inès", "Loïc", "Karim", "Ugo"]
    rows = [{"Prenom": name, "Adresse": f"{n} rue"} for n, name in enumerate(names)]
    normalised, consented = go(tmp_path, *rows)
    assert normalised.merging.groups == {"group_contact": 5}
    assert consented.tally.dropped == {"group_buyer": 5}
    assert go(tmp_path, *rows, layout=mapping(people_per_contact=5))[0].groups == frozenset()
    own = [row | {"Telephone": f"06000001{n:02}"} for n, row in enumerate(rows)]
    assert not go(tmp_path, *own)[0].groups  # a phone of one's own is enough to be somebody


def test_the_report_counts_and_names_nobody(tmp_path: Path) -> None:
    normalised, _ = go(
        tmp_path,
        {},
        {"Email": "autre@mail.example"},  # by names and address
        {"Adresse": "", "Email": "autre@mail.example", "Telephone": "0600000042"},  # by e-mail
        {"Adresse": "", "Email": "", "Telephone": "0600000042"},  # by phone
        {"Nom": "", "Prenom": "", "Adresse": "", "Telephone": "0600000042", "Email": ""},
        {"Prenom": "Inès", "Telephone": "0102030405", "Email": "contact@a.example"},
        {"Prenom": "Loïc", "Telephone": "12", "Email": "autre@mail.example"},
    )
    report = normalised.merging
    assert (report.records, report.persons) == (8, 4)
    assert report.records - sum(report.joined.values()) == report.persons
    assert report.joined == {"customer": 0, "email": 1, "phone": 1, "place": 1, "nameless": 1}
    assert report.sizes == {"1": 3, "2": 0, "3-4": 0, "5-9": 1, "10+": 0}
    assert report.dropped == {
        "email_role_address": 1,
        "phone_placeholder": 1,
        "phone_unreadable": 1,
        "email_household": 1,
    }
    told = dict(merge_report.lines(report))
    assert told["customer records and newsletter contacts"] == 8
    assert told["= persons"] == 4
    assert told["e-mail addresses, shared by a household (kept)"] == 1


def test_the_report_goes_to_disk_and_back(tmp_path: Path) -> None:
    normalised, _ = go(tmp_path, {})
    path = merge_report.write_report(tmp_path, normalised.merging)
    assert merge_report.read_report(tmp_path) == normalised.merging
    assert "durand" not in path.read_text().casefold()
    assert merge_report.lines(MergeReport()) == []


@pytest.mark.parametrize(
    ("text", "plain"), [("CÉ/A.", "ce a"), ("  École-Zoé ", "ecole zoe"), ("", "")]
)
def test_words_are_compared_plainly(text: str, plain: str) -> None:
    assert plain_words(text) == plain
