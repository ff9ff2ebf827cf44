"""Each column accepts its vocabulary and nothing else; a reason never echoes what was sent."""

import pytest

from contracts.visit import PERSON_COLUMNS, VISIT_COLUMNS
from hub.errors import BatchRefused
from hub.vault.fields import ABSENT, Rules
from hub.vault.rows import Reader, Rows
from tests.support.vault_world import (
    FIELDS,
    batch_files,
    csv_bytes,
    erasure,
    handle,
    keys_of,
    person,
    tokens,
    visit,
)
from tests.support.wire import network

NET = network(fields=FIELDS, purposes=["statistics", "partner_offers"], partners=["ballet-net"])
KEYS = keys_of(NET)
SENSITIVE = frozenset({"groupe-de-parole"})


def read(persons: list[dict[str, str]], visits: list[dict[str, str]], **charter: object) -> Rows:
    net = network(**{"fields": FIELDS, **charter}) if charter else NET
    rules = Rules(net.charter, "2025-10", SENSITIVE)
    return Reader("theatre-du-quai", rules, KEYS).read(batch_files(persons, visits))


def test_a_good_batch_is_read_whole() -> None:
    rows = read(
        [person("ana", "email:a@x.fr", "phone:+336"), person("bob", "email:b@x.fr")],
        [visit("ana"), visit("ana", event=""), visit("bob", lead_days="-1")],
    )
    assert rows.refusals == {}
    assert rows.counts == {"persons.csv": 2, "visits.csv": 3}
    assert (rows.persons.num_rows, rows.tokens.num_rows, rows.visits.num_rows) == (2, 3, 3)
    assert rows.tokens["kind"].to_pylist() == [0, 1, 0]
    assert rows.visits["event_day"].to_pylist() == [20368] * 3
    assert "contribution_id" not in rows.persons.column_names + rows.visits.column_names


def test_the_vault_multiplies_what_it_was_sent() -> None:
    rows = read([person("ana", "email:a@x.fr")], [])
    sent = bytes.fromhex(tokens("email:a@x.fr").removeprefix("email:"))
    (kept,) = rows.tokens["point"].to_pylist()
    assert kept != sent
    again = read([person("other", "email:a@x.fr")], [])
    assert again.tokens["point"].to_pylist() == [kept]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("event_date", "2025-02-30"),
        ("event_date", "2025-11-01"),
        ("event_date", "2025-09-30"),
        ("event_date", "0000-00-00"),
        ("event_date", "9999-12-31"),
        ("event_date", "07/10/2025"),
        ("event_date", ""),
        ("lead_days", "731"),
        ("lead_days", "-2"),
        ("lead_days", "NaN"),
        ("lead_days", "1e308"),
        ("lead_days", ""),
        ("lead_days", "٣"),
        ("discipline", "Jean Dupont"),
        ("channel", "a@b.fr"),
        ("party_band", "3"),
        ("price_band", "42.00"),
        ("distance_band", "12 km"),
        ("first_time_here", "maybe"),
        ("satisfaction", "11"),
        ("satisfaction", "-1"),
        ("event_id", "../../etc/passwd"),
        ("event_id", "groupe-de-parole"),
        ("event_id", "x" * 81),
    ],
)
def test_a_visit_outside_its_vocabulary_is_refused_with_its_column(column: str, value: str) -> None:
    rows = read([person("ana", "email:a@x.fr")], [{**visit("ana"), column: value}])
    assert rows.refusals == {f"bad-{column.replace('_', '-')}": 1}
    assert rows.visits.num_rows == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("contribution_id", "1234"),
        ("contribution_id", "G" * 32),
        ("tokens", "email:a@x.fr"),
        ("tokens", "email:" + "00" * 32),  # the identity
        ("tokens", "email:" + "ff" * 32),  # not canonical
        ("tokens", "name:" + "11" * 32),
        ("tokens", " ".join(tokens(f"email:{i}") for i in range(9))),
        ("statistics", "oui"),
        ("recommendation", "yes"),  # this charter has no such purpose
        ("partner_offers", "somebody-else"),
        ("age_band", "37"),
        ("departement", "1"),
        ("departement", "20"),
        ("departement", "69001"),
        ("country", "france"),
        ("subscriber", "1"),
        ("qpv", "?"),
    ],
)
def test_a_person_outside_the_vocabulary_is_refused_with_her_visits(
    column: str, value: str
) -> None:
    row = person("ana", "email:a@x.fr", **{column: value})
    rows = read([row], [visit("ana")])
    assert rows.refusals == {f"bad-{column.replace('_', '-')}": 1, "person-not-in-batch": 1}
    assert rows.persons.num_rows == rows.tokens.num_rows == rows.visits.num_rows == 0


def test_no_consent_to_statistics_means_no_row() -> None:
    rows = read([person("ana", "email:a@x.fr", statistics="no")], [visit("ana")])
    assert rows.refusals == {"no-statistics-consent": 1, "person-not-in-batch": 1}
    assert rows.tokens.num_rows == 0


def test_a_named_partner_of_the_charter_is_accepted() -> None:
    rows = read([person("ana", "email:a@x.fr", partner_offers="ballet-net")], [])
    assert rows.refusals == {}


def test_the_same_contribution_twice_counts_once() -> None:
    rows = read([person("ana", "email:a@x.fr"), person("ana", "email:b@x.fr")], [visit("ana")])
    assert rows.refusals == {"duplicate-contribution": 1}
    assert rows.tokens.num_rows == 1


def test_a_visit_of_nobody_is_refused() -> None:
    assert read([], [visit("ghost")]).refusals == {"person-not-in-batch": 1}


def test_a_field_outside_the_charter_must_be_silent() -> None:
    few = ["discipline", "event_id"]
    silent_person = {"age_band": "", "departement": "", "subscriber": "unknown", "qpv": ""}
    silent = {"lead_days": "-1", "channel": "", "party_band": "", "price_band": "unknown",
              "distance_band": "unknown", "first_time_here": ""}  # fmt: skip
    ana = person("ana", "email:a@x.fr", **silent_person)
    rows = read([ana], [visit("ana", **silent)], fields=few)
    assert rows.refusals == {}
    assert rows.visits["channel"].to_pylist() == [ABSENT]
    spoken = read([ana], [visit("ana", **{**silent, "lead_days": "12"})], fields=few)
    assert spoken.refusals == {"bad-lead-days": 1}
    older = read([{**ana, "age_band": "65+"}], [], fields=few)
    assert older.refusals == {"bad-age-band": 1}


def test_by_week_only_mondays_that_touch_the_month_are_dates() -> None:
    days = ["2025-09-29", "2025-10-06", "2025-10-27", "2025-10-07", "2025-09-22", "2025-11-03"]
    ana = person("ana", "email:a@x.fr")
    rows = read([ana], [visit("ana", day) for day in days], date_granularity="week")
    assert rows.visits.num_rows == 3
    assert rows.refusals == {"bad-event-date": 3}


def raw(name: str, data: bytes) -> Rows:
    return Reader("theatre-du-quai", Rules(NET.charter, "2025-10", SENSITIVE), KEYS).read(
        {name: data}
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a,b,c\n1,2,3\n",
        csv_bytes(PERSON_COLUMNS, []).replace(b"tokens", b"email"),
        csv_bytes(PERSON_COLUMNS, []) + b"\xe9\xff\n",
        csv_bytes(PERSON_COLUMNS, []).decode().encode("utf-16"),
        csv_bytes(PERSON_COLUMNS, []) + b'"never closed',
        csv_bytes(PERSON_COLUMNS, []) + b"x" * 200_000 + b"\n",
    ],
)
def test_what_is_not_the_contracts_csv_is_refused_whole(data: bytes) -> None:
    with pytest.raises(BatchRefused) as caught:
        raw("persons.csv", data)
    assert caught.value.problem in {"manifest", "malformed"}
    assert caught.value.__cause__ is None


def test_rows_of_another_width_are_refused_one_by_one() -> None:
    data = csv_bytes(VISIT_COLUMNS, []) + b"a,b\n" + b"," * 200 + b"\n"
    assert raw("visits.csv", data).refusals == {"bad-width": 2}


def test_erasures_are_read_and_bad_ones_counted() -> None:
    files = batch_files(
        [],
        [],
        [
            erasure("venue", "ana"),
            erasure("network", "", "email:a@x.fr"),
            erasure("world", "ana"),
            erasure("venue"),
            {**erasure("venue", "ana"), "contribution_id": "x"},
        ],
    )
    rows = Reader("theatre-du-quai", Rules(NET.charter, "2025-10", SENSITIVE), KEYS).read(files)
    assert rows.refusals == {"bad-erasure": 3}
    first, second = rows.erasures
    assert first.contribution_key == KEYS.contribution_key("theatre-du-quai", handle("ana"))
    assert second.network
    assert len(second.points) == 1


def test_a_partner_without_its_purpose_in_the_charter_is_refused() -> None:
    row = person("ana", "email:a@x.fr", partner_offers="ballet-net")
    rows = read([row], [], purposes=["statistics"], partners=["ballet-net"])
    assert rows.refusals == {"bad-partner-offers": 1}


def test_more_visits_than_one_chunk_are_all_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.vault.rows.CHUNK", 3)
    rows = read([person("ana", "email:a@x.fr")], [visit("ana")] * 8)
    assert rows.visits.num_rows == 8
