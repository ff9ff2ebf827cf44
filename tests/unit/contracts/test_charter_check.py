"""The charter: signed by all, in force, consistent; any change stops everything."""

import datetime as dt
from typing import Any

import pytest

from contracts.base import canonical
from contracts.charter import Charter, SignedCharter
from contracts.charter_check import (
    CharterError,
    Expired,
    NotYetValid,
    RulesBroken,
    SignatureMissing,
    SignatureWrong,
    charter_hash,
    check_rules,
    seasons_read,
    verify_signed,
)
from tests.support.wire import NOW, VENUES, Network, network


@pytest.fixture(scope="module")
def net() -> Network:
    return network()


def test_a_charter_signed_by_all_is_returned(net: Network) -> None:
    assert verify_signed(net.signed, NOW) == net.charter


def test_every_missing_signature_is_named(net: Network) -> None:
    for index, venue in enumerate(VENUES):
        rest = [s for i, s in enumerate(net.signed.signatures) if i != index]
        with pytest.raises(SignatureMissing) as caught:
            verify_signed(SignedCharter(charter=net.charter, signatures=rest), NOW)
        assert caught.value.venue == venue


def test_a_stranger_or_double_signature_is_refused(net: Network) -> None:
    signatures = net.signed.signatures
    stranger = signatures[0].model_copy(update={"venue": "inconnu"})
    for added in (stranger, signatures[0]):
        with pytest.raises(RulesBroken):
            verify_signed(SignedCharter(charter=net.charter, signatures=[*signatures, added]), NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"revision": 2},
        {"name": "Autre réseau"},
        {"fields": ["age_band", "departement"]},
        {"retention_months": 26},
        {"expires": "2026-10-01T00:00:00Z"},
        {"date_granularity": "week"},
    ],
)
def test_any_change_after_signing_is_refused(net: Network, change: dict[str, Any]) -> None:
    changed = net.charter.model_copy(update=change)
    with pytest.raises(SignatureWrong):
        verify_signed(SignedCharter(charter=changed, signatures=net.signed.signatures), NOW)
    assert charter_hash(changed) != charter_hash(net.charter)


def test_every_flipped_byte_is_refused(net: Network) -> None:
    """Either it is no longer a charter, or a signature no longer matches."""
    text = canonical(net.signed)
    refused = 0
    for position in range(0, len(text), 97):
        flipped = text[:position] + bytes([text[position] ^ 1]) + text[position + 1 :]
        with pytest.raises((CharterError, ValueError)):
            verify_signed(SignedCharter.model_validate_json(flipped), NOW)
        refused += 1
    assert refused > 50


def test_before_and_after(net: Network) -> None:
    start = dt.datetime(2025, 9, 1, tzinfo=dt.UTC)
    end = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    second = dt.timedelta(seconds=1)
    assert verify_signed(net.signed, start)
    assert verify_signed(net.signed, end - second)
    with pytest.raises(NotYetValid):
        verify_signed(net.signed, start - second)
    with pytest.raises(Expired):
        verify_signed(net.signed, end)


EDITION = {
    "edition": "e",
    "title": "E",
    "season": "2025-2026",
    "first_day": "2025-09-01",
    "last_day": "2025-12-31",
    "measures": [{"measure": "reach", "rho_micro": 1000, "delta_pico": 0}],
}
BUDGET = {
    "season": "2025-2026",
    "total_rho_micro": 1_000_000,
    "observatory_rho_micro": 600_000,
    "recommendation_rho_micro": 300_000,
    "audiences_rho_micro": 300_000,
    "delta_pico": 1_000_000,
}
CLUSTER = {"cluster": "c", "name": "C", "venues": list(VENUES)}


def edition(**changes: Any) -> dict[str, Any]:
    return {"editions": [{**EDITION, **changes}]}


def budget(**changes: Any) -> dict[str, Any]:
    return {"budgets": [{**BUDGET, **changes}]}


def measure(**changes: Any) -> dict[str, Any]:
    return {"measure": "reach", "rho_micro": 1000, "delta_pico": 0, **changes}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"expires": "2025-09-01T00:00:00Z"}, "expires"),
        ({"expires": "2026-02-30T00:00:00Z"}, "calendar"),
        (edition(first_day="2026-01-01"), "ends before"),
        (edition(first_day="2025-09-31"), "calendar"),
        ({"pseudonym_season": "2026-2027"}, "no key"),
        ({"pseudonym_season": "2025-2027"}, "following years"),
        (edition(season="2024-2025"), "does not read"),
        (edition(attendance={"nowhere": 100}), "not a member"),
        (edition(attendance={VENUES[0]: 12_345}), "two significant digits"),
        (edition(first_day="2025-08-31"), "no budget"),
        ({"editions": [EDITION, EDITION]}, "named twice"),
        (edition(measures=[measure(), measure()]), "named twice"),
        (edition(measures=[measure(rho_micro=600_001)]), "more rho"),
        (
            edition(
                measures=[measure(delta_pico=600_000), measure(measure="x", delta_pico=600_000)]
            ),
            "more delta",
        ),
        ({"partners": ["a", "a"]}, "partner"),
        ({"fields": ["age_band", "age_band"]}, "field"),
        ({"fields": ["age_band", "email"]}, "not a column"),
        ({"purposes": ["statistics", "statistics"]}, "purpose"),
        ({"purposes": ["recommendation"]}, "statistics"),
        ({"budgets": [BUDGET, BUDGET]}, "budget"),
        (budget(observatory_rho_micro=1_000_001), "share"),
        (budget(audiences_rho_micro=1_000_001), "share"),
        ({"persons_bound": 100_001}, "delta"),
        ({"clusters": [CLUSTER, {**CLUSTER, "cluster": "d"}]}, "venue in the clusters"),
        ({"clusters": [{**CLUSTER, "venues": [*VENUES[:2], "inconnu"]}]}, "not a member"),
        ({"clusters": [{**CLUSTER, "venues": [VENUES[0]] * 3}]}, "named twice"),
    ],
)
def test_each_rule(net: Network, change: dict[str, Any], word: str) -> None:
    plain = {**net.charter.model_dump(mode="json"), **change}
    with pytest.raises(RulesBroken, match=word):
        check_rules(Charter.model_validate_json(canonical(plain)))


def test_one_operator_for_both_must_be_a_demonstration(net: Network) -> None:
    plain = net.charter.model_dump(mode="json")
    plain["custodian"]["operator"] = plain["hub"]["operator"]
    with pytest.raises(RulesBroken, match="demonstration"):
        check_rules(Charter.model_validate_json(canonical(plain)))
    check_rules(Charter.model_validate_json(canonical({**plain, "demonstration": True})))


def test_two_members_with_one_key_are_refused(net: Network) -> None:
    plain = net.charter.model_dump(mode="json")
    plain["members"][1]["signing_key"] = plain["members"][0]["signing_key"]
    with pytest.raises(RulesBroken, match="signing key"):
        check_rules(Charter.model_validate_json(canonical(plain)))


def test_a_charter_that_declares_no_tickets_keeps_its_fingerprint(net: Network) -> None:
    """The field came later: charters from before are the same bytes, and so are their signatures."""
    assert b"attendance" not in canonical(net.charter)
    first = net.charter.editions[0]
    said = first.model_copy(update={"attendance": {VENUES[0]: 12_000}})
    told = net.charter.model_copy(update={"editions": [said, *net.charter.editions[1:]]})
    check_rules(told)
    assert canonical(Charter.model_validate_json(canonical(told))) == canonical(told)
    assert charter_hash(told) != charter_hash(net.charter)


def test_the_seasons_that_an_edition_reads(net: Network) -> None:
    one = net.charter.editions[0]
    assert seasons_read(one) == ("2025-2026",)
    wide = one.model_copy(update={"first_day": "2024-08-31", "last_day": "2025-09-01"})
    assert seasons_read(wide) == ("2023-2024", "2024-2025", "2025-2026")
