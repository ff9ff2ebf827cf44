"""What may leave, in which bands: minimise()."""

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

from contracts.charter import Charter
from contracts.visit import PERSON_COLUMNS, VISIT_COLUMNS, Discipline, Purpose
from tests.support.agent_world import (
    CLOCK,
    EVERYTHING,
    ForgetfulBook,
    front,
    member,
    rules,
    write_export,
)
from tests.support.wire import network
from venue_agent.catalogue import LocalCatalogue, read_catalogue
from venue_agent.errors import FieldRefused
from venue_agent.frames import Minimised
from venue_agent.minimise import NEUTRAL, minimise, rules_of
from venue_agent.settings.mapping import load_preset

FR = load_preset("fr23plus")
ROY = {"Nom": "Roy", "Prenom": "Ugo", "Email": "ugo@mail.example", "Adresse": "1 rue"}


def go(
    folder: Path, *changes: dict[str, str], book: ForgetfulBook | None = None, **settings: object
) -> Minimised:
    write_export(folder, *changes)
    return minimise(front(folder, FR)[2], rules(FR, **settings), book or ForgetfulBook())


def visit(folder: Path, *changes: dict[str, str], **settings: object) -> pd.Series:
    found = go(folder, *changes, **settings).visits
    assert len(found) == 1
    return found.iloc[0]


def test_a_row_in_full(tmp_path: Path) -> None:
    found = go(tmp_path, {})
    assert list(found.persons.columns) == [
        *[c for c in PERSON_COLUMNS if c != "tokens"],
        "identifiers",
    ]
    assert list(found.visits.columns) == [*VISIT_COLUMNS, "month"]
    assert found.persons.iloc[0].to_dict() == {
        "contribution_id": f"{1:032x}",
        "statistics": "yes",
        "recommendation": "no",
        "partner_offers": "",
        "age_band": "35-49",
        "departement": "69",
        "country": "",
        "subscriber": "no",
        "qpv": "unknown",
        "identifiers": (("email", "zoe.durand@mail.example"),),
    }
    assert found.visits.iloc[0].to_dict() == {
        "contribution_id": f"{1:032x}",
        "event_id": "",
        "discipline": "museum",
        "event_date": "2025-03-15",
        "lead_days": "14",
        "channel": "online",
        "party_band": "1",
        "price_band": "10-25",
        "distance_band": "0-5",
        "first_time_here": "unknown",
        "satisfaction": "",
        "month": "2025-03",
    }
    assert found.read_at == CLOCK.now()


def test_nothing_that_the_charter_does_not_allow_survives(tmp_path: Path) -> None:
    found = go(tmp_path, {}, fields=frozenset({"discipline", "event_date"}))
    for frame in (found.persons, found.visits):
        for name in set(frame.columns) & set(NEUTRAL):
            assert set(frame[name]) == {NEUTRAL[name]}, name


@pytest.mark.parametrize("name", sorted(NEUTRAL))
def test_one_field_out_and_the_others_stay(tmp_path: Path, name: str) -> None:
    whole = go(tmp_path, {})
    less = go(tmp_path, {}, fields=EVERYTHING - {name})
    for one, other in ((whole.persons, less.persons), (whole.visits, less.visits)):
        for column in one.columns:
            expected = [NEUTRAL[name]] if column == name else one[column].tolist()
            assert other[column].tolist() == expected


def test_the_week_hides_the_day_and_carries_its_month(tmp_path: Path) -> None:
    row = visit(tmp_path, {"Date representation": "01/06/25"}, granularity="week")
    assert (row["event_date"], row["month"]) == ("2025-05-26", "2025-05")
    assert row["lead_days"] == "92"  # from the day itself


@pytest.mark.parametrize(
    ("day", "booked", "lead"),
    [
        ("15/03/25", "15/03/25 00:00", "0"),
        ("15/03/25", "01/03/25 00:00", "14"),
        ("15/03/25", "01/03/20 00:00", "730"),
        ("15/03/25", "16/03/25 00:00", "0"),  # sold at the door past midnight
        ("15/03/25", "", "-1"),
        ("15/03/27", "15/08/25 00:00", "577"),
    ],
)
def test_lead_days(tmp_path: Path, day: str, booked: str, lead: str) -> None:
    change = {"Date representation": day, "Date reservation": booked}
    assert visit(tmp_path, change)["lead_days"] == lead


@pytest.mark.parametrize(
    ("price", "band"),
    [
        ("0", "free"),
        ("9,99", "0-10"),
        ("10", "10-25"),
        ("24.99", "10-25"),
        ("25", "25-50"),
        ("50 €", "50+"),
        ("", "unknown"),
    ],
)
def test_price_band(tmp_path: Path, price: str, band: str) -> None:
    assert visit(tmp_path, {"Prix": price})["price_band"] == band


@pytest.mark.parametrize(
    ("seats", "band", "channel"),
    [
        (1, "1", "online"),
        (2, "2", "online"),
        (5, "3-5", "online"),
        (6, "6+", "online"),
        (10, "6+", "group"),
    ],
)
def test_seats_of_one_order_are_one_visit(
    tmp_path: Path, seats: int, band: str, channel: str
) -> None:
    row = visit(tmp_path, *[{"Reservation": "7"}] * seats)
    assert (row["party_band"], row["channel"]) == (band, channel)


def test_two_orders_for_one_evening_are_one_visit_of_the_first_purchase(tmp_path: Path) -> None:
    late = {"Date reservation": "10/03/25 00:00", "Filiere de vente": "GUICHET", "Prix": "35"}
    row = visit(tmp_path, late, {})
    assert (row["party_band"], row["channel"], row["lead_days"]) == ("1", "online", "14")
    assert row["price_band"] == "25-50"


@pytest.mark.parametrize(
    ("word", "channel"), [("GUICHET", "counter"), ("fnac", "reseller"), ("Borne", "other")]
)
def test_channel(tmp_path: Path, word: str, channel: str) -> None:
    assert visit(tmp_path, {"Filiere de vente": word})["channel"] == channel


def test_first_time_is_said_only_with_a_year_behind(tmp_path: Path) -> None:
    old = {"Date representation": "10/03/24", "Date reservation": "01/03/24 00:00"}
    found = go(tmp_path, {}, {"Date representation": "20/03/25"}, ROY | old).visits
    words = dict(zip(found["event_date"], found["first_time_here"], strict=True))
    assert words == {"2024-03-10": "unknown", "2025-03-15": "yes", "2025-03-20": "no"}


def test_rows_that_may_not_leave_do_not_make_history(tmp_path: Path) -> None:
    old = {"Date representation": "10/03/24", "Date reservation": "01/03/24 00:00"}
    minor = ROY | old | {"Age": "15"}
    assert visit(tmp_path, {}, minor)["first_time_here"] == "unknown"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Age": "17"}, "under_18"),
        ({"Email": "guichet@example.com"}, "no_identifier"),
        ({"Date representation": "14/09/23", "Date reservation": ""}, "older_than_retention"),
        ({"Date representation": "16/09/27"}, "too_far_ahead"),
    ],
)
def test_who_and_what_stays_home(tmp_path: Path, change: dict[str, str], reason: str) -> None:
    found = go(tmp_path, {}, ROY | change, retention_months=24)
    assert dict(found.tally.dropped) == {reason: 1}
    assert len(found.persons) == len(found.visits) == 1


def test_another_consent_is_not_statistics(tmp_path: Path) -> None:
    rule = FR.consent[0].model_copy(update={"grants": (Purpose.RECOMMENDATION,)})
    mapping = FR.model_copy(update={"consent": (rule,)})
    write_export(tmp_path, {})
    found = minimise(front(tmp_path, mapping)[2], rules(mapping), ForgetfulBook())
    assert dict(found.tally.dropped) == {"no_statistics_consent": 1}
    assert len(found.persons) == 0


def test_abroad_is_a_country_and_no_departement(tmp_path: Path) -> None:
    found = go(tmp_path, {"Pays": "Belgique", "Code postal": "1000"})
    assert found.persons[["departement", "country"]].to_numpy().tolist() == [["99", "BE"]]
    assert found.visits["distance_band"].tolist() == ["unknown"]


def catalogue(folder: Path) -> LocalCatalogue:
    path = folder / "catalogue.csv"
    path.write_text(
        "match;event;title;discipline;first_day;last_day;sensitive\n"
        "la danse;danse-2025;La Danse;dance;2025-03-01;2025-03-31;no\n"
        "100;messe;Une messe;other;;;oui\n",
        encoding="utf-8",
    )
    return read_catalogue(path, "venue-a")


def test_an_event_of_the_catalogue(tmp_path: Path) -> None:
    row = visit(
        tmp_path, {"Spectacle": "LA DANSE", "Cle spectacle": "9"}, catalogue=catalogue(tmp_path)
    )
    assert (row["event_id"], row["discipline"]) == ("danse-2025", "dance")


def test_a_sensitive_event_is_its_discipline(tmp_path: Path) -> None:
    row = visit(tmp_path, {}, catalogue=catalogue(tmp_path))  # the key 100 comes before the title
    assert (row["event_id"], row["discipline"]) == ("", "other")


def test_an_unknown_event_takes_the_venues_discipline(tmp_path: Path) -> None:
    row = visit(
        tmp_path, {"Spectacle": "Autre", "Cle spectacle": "9"}, catalogue=catalogue(tmp_path)
    )
    assert (row["event_id"], row["discipline"]) == ("", Discipline.MUSEUM.value)


def test_a_change_of_mind_is_announced_and_a_new_yes_is_a_new_handle(tmp_path: Path) -> None:
    book = ForgetfulBook()
    first = go(tmp_path, {}, ROY, book=book).persons["contribution_id"].tolist()
    out = go(tmp_path, {"Optin partenaires": "Non"}, ROY, book=book)
    assert out.erasures.to_dict("records") == [
        {"scope": "venue", "contribution_id": first[0], "identifiers": ()}
    ]
    assert out.persons["contribution_id"].tolist() == [first[1]]
    again = go(tmp_path, {}, ROY, book=book)
    assert first[0] not in again.persons["contribution_id"].tolist()
    assert again.erasures["contribution_id"].tolist() == [first[0]]


def test_an_empty_house_sends_empty_tables(tmp_path: Path) -> None:
    found = go(tmp_path, {"Optin partenaires": "Non"})
    assert len(found.persons) == len(found.visits) == len(found.erasures) == 0
    assert list(found.visits.columns) == [*VISIT_COLUMNS, "month"]


def charter(fields: list[str]) -> Charter:
    return network(fields=fields).charter


def test_rules_come_from_the_charter() -> None:
    whole = charter(["discipline", "event_date", "age_band"])
    venue = whole.members[0].venue
    made = rules_of(whole, venue, rules(FR).catalogue, FR.values)
    assert made.fields == {"discipline", "event_date", "age_band"}
    assert (made.granularity, made.retention_months) == ("day", 25)
    assert dataclasses.replace(made, member=member()).member.venue == "venue-a"
    with pytest.raises(FieldRefused, match="members"):
        rules_of(whole, "elsewhere", rules(FR).catalogue, FR.values)
    with pytest.raises(FieldRefused, match="event_date"):
        rules_of(charter(["discipline"]), venue, rules(FR).catalogue, FR.values)
