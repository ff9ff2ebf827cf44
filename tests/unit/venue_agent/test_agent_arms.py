"""Activations leave with the month of their day, for people who leave anyway, where the charter lets them."""

import pytest

from contracts.payload import Limits, open_parts, unpack
from contracts.visit import ACTIVATION_COLUMNS, PERSON_COLUMNS, VISIT_COLUMNS
from tests.support.sending import handle, rows, sealing
from tests.support.wire import NOW, Network, network
from venue_agent.frames import Activation, Pseudonymised
from venue_agent.outbox.batches import Batch, Sent
from venue_agent.pack import pack
from venue_agent.rights.purge import Gone, without
from venue_agent.screen import fields
from venue_agent.screen.shown import terms
from venue_agent.words import speak

FIELDS = sorted({*PERSON_COLUMNS, *VISIT_COLUMNS} - {"contribution_id", "tokens"})
PEOPLE = {1: ["2025-10-03", "2025-11-01"], 2: ["2025-10-04"], 3: ["2025-11-02"]}


@pytest.fixture(scope="module")
def net() -> Network:
    return network(fields=[*FIELDS, "arm"])


def chosen(number: int, day: str, arm: str = "contacted", order: str = "o-1") -> Activation:
    return Activation(handle(number), order, arm, day)


def packed(net: Network, *activations: Activation, **how) -> dict[str, Batch]:
    return {b.month: b for b in pack(rows(PEOPLE), sealing(net, **how), activations=activations)}


def lines(batch: Batch) -> list[str]:
    return batch.files["activations.csv"].decode().splitlines()


def test_months_without_activations_keep_their_bytes(net: Network) -> None:
    before, after = packed(net), packed(net, chosen(3, "2025-11-08"))
    assert before["2025-10"].files == after["2025-10"].files
    assert sorted(before["2025-11"].files) == ["persons.csv", "visits.csv"]
    assert sorted(after["2025-11"].files) == ["activations.csv", "persons.csv", "visits.csv"]
    assert after["2025-11"].files["visits.csv"] == before["2025-11"].files["visits.csv"]


def test_whoever_did_not_come_that_month_is_in_it_with_her_activation(net: Network) -> None:
    november = packed(net, chosen(2, "2025-11-08", "held-out"))["2025-11"]
    assert lines(november) == [",".join(ACTIVATION_COLUMNS), f"{handle(2)},o-1,held-out,2025-11-08"]
    assert handle(2).encode() in november.files["persons.csv"]
    assert handle(2).encode() not in november.files["visits.csv"]


def test_a_month_of_activations_alone_is_sent(net: Network) -> None:
    december = packed(net, chosen(1, "2025-12-02"))["2025-12"]
    assert december.files["visits.csv"].count(b"\n") == 1
    assert len(lines(december)) == 2


def test_what_is_previewed_is_what_is_sealed(net: Network) -> None:
    batch = packed(net, chosen(1, "2025-10-08"))["2025-10"]
    payload = open_parts(batch.parts, batch.commit, net.vault_private)
    signed, files = unpack(payload, Limits())
    assert files == batch.files
    assert ("activations.csv", 1) in [(e.name, e.rows) for e in signed.manifest.files]


def test_strangers_and_second_selections_stay(net: Network) -> None:
    batches = packed(
        net,
        chosen(9, "2025-10-08"),
        chosen(1, "2025-10-09"),
        chosen(1, "2025-10-05"),
        chosen(1, "2025-11-05"),
    )
    assert lines(batches["2025-10"])[1:] == [f"{handle(1)},o-1,contacted,2025-10-05"]
    assert "activations.csv" not in batches["2025-11"].files


def test_without_consent_to_statistics_no_arm_leaves(net: Network) -> None:
    plain = rows(PEOPLE)
    persons = plain.persons.assign(statistics="no")
    silent = Pseudonymised(persons, plain.visits, plain.erasures, plain.tally, plain.read_at)
    for batch in pack(silent, sealing(net), activations=[chosen(1, "2025-10-08")]):
        assert "activations.csv" not in batch.files


def test_a_charter_that_does_not_name_the_field_keeps_them_at_home() -> None:
    old = network(fields=FIELDS)
    assert "activations.csv" not in packed(old, chosen(1, "2025-10-08"))["2025-10"].files
    assert "arm" not in list(fields.leaving(old.charter))


def test_where_the_charter_keeps_weeks_the_monday_is_told() -> None:
    weekly = network(fields=[*FIELDS, "arm"], date_granularity="week")
    batch = packed(weekly, chosen(1, "2025-11-01"))["2025-11"]
    assert lines(batch)[1].endswith("2025-10-27")


def test_a_month_that_was_confirmed_is_sent_again_when_an_activation_comes(net: Network) -> None:
    first = packed(net)
    sent = {m: Sent(net.sha256, tuple(b.manifest.manifest.files)) for m, b in first.items()}
    assert packed(net, sent=sent) == {}
    assert set(packed(net, chosen(1, "2025-10-08"), sent=sent)) == {"2025-10"}


def test_the_preview_says_why_each_column_of_it_leaves(net: Network) -> None:
    named = list(fields.leaving(net.charter))
    assert named[-3:] == ["order", "arm", "day"]
    assert all(fields.WHY[name] for name in named)


def test_who_signs_reads_that_a_distance_to_the_partner_leaves(net: Network) -> None:
    speak("fr")
    wider = network(fields=[*FIELDS, "arm", "partner_distance_band"])
    told = [
        " ".join(text for _, text in terms(one.charter, one.charter.members[0].venue, NOW))
        for one in (net, wider)
    ]
    assert ["aussi près du partenaire" in text for text in told] == [False, True]


def test_whoever_is_purged_from_the_spool_leaves_the_activations_too(net: Network) -> None:
    files = packed(net, chosen(1, "2025-10-08"), chosen(2, "2025-10-08"))["2025-10"].files
    kept = without(files, Gone({handle(1)}))
    assert handle(1).encode() not in b"".join(kept.values())
    assert kept["activations.csv"].count(b"\n") == 2
