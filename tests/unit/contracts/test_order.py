"""An order is believed only as the hub signed it, by the house it is addressed to, in its dates."""

from typing import Any

import pytest

from contracts.audience import AudienceSpec
from contracts.base import canonical
from contracts.charter import Charter
from contracts.order import Order, SignedOrder
from contracts.order_check import OrderError, check_order, is_measured
from tests.support.control_world import VENUES, charter
from tests.support.orders import (  # fmt: skip
    EXPIRES,
    HOUSE,
    SUBMITTED,
    WITHIN,
    order_of,
    request_plain,
    signed_order,
)


def asked(*include: dict[str, Any]) -> AudienceSpec:
    return AudienceSpec.model_validate_json(canonical({"include": list(include), "exclude": []}))


def with_dpo() -> Charter:
    return charter().model_copy(update={"dpo_approves_audiences": True})


def test_a_sound_order_is_read() -> None:
    assert check_order(signed_order(), charter(), HOUSE, WITHIN) == order_of()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"venue": VENUES[1]}, "another house"),
        ({"network": "autre"}, "another house"),
        ({"charter_sha256": "00" * 32}, "another charter"),
        ({"issued_at": "2025-10-01T00:00:00Z"}, "not issued yet"),
        ({"expires": WITHIN}, "expired"),
        ({"request": request_plain(expires="2025-09-19T00:00:00Z")}, "expired"),
        ({"request": request_plain(last_day="2025-09-01")}, "dates"),
        ({"request": request_plain(last_day="2026-01-01")}, "dates"),
        ({"submitted_at": EXPIRES}, "dates"),
        ({"request": request_plain(sources=[HOUSE, VENUES[1]])}, "other houses"),
        ({"request": request_plain(sources=[])}, "other houses"),
        ({"request": request_plain(codes={VENUES[1]: "QUAI-1"})}, "other houses"),
        ({"request": request_plain(partner=HOUSE)}, "other houses"),
        ({"measured": True}, "does not let travel"),
    ],
)
def test_an_order_that_the_hub_signed_wrongly_is_refused(
    changes: dict[str, Any], word: str
) -> None:
    with pytest.raises(OrderError, match=word):
        check_order(signed_order(**changes), charter(), HOUSE, WITHIN)


@pytest.mark.parametrize(
    "changes",
    [{"holdout_key": "00" * 32}, {"submitted_at": "2024-09-03T10:00:00Z"}, {"request": request_plain(cap=900_000)}],
)  # fmt: skip
def test_an_altered_order_is_refused(changes: dict[str, Any]) -> None:
    altered = SignedOrder(order=order_of(**changes), signature=signed_order().signature)
    with pytest.raises(OrderError, match="did not sign"):
        check_order(altered, charter(), HOUSE, WITHIN)


def test_the_word_of_the_dpo_is_asked_where_the_charter_asks_it() -> None:
    with pytest.raises(OrderError, match="DPO"):
        check_order(signed_order(with_dpo()), with_dpo(), HOUSE, WITHIN)
    heard = signed_order(with_dpo(), approved_by_dpo=True)
    assert check_order(heard, with_dpo(), HOUSE, WITHIN).approved_by_dpo


def test_a_charter_that_does_not_ask_it_keeps_its_bytes() -> None:
    assert b"dpo_approves" not in canonical(charter())
    assert b"dpo_approves" in canonical(with_dpo())


@pytest.mark.parametrize(
    ("predicate", "fields", "measured"),
    [
        ({"trait": "age", "values": ["18-25"]}, {"age_band"}, True),
        ({"trait": "age", "values": ["18-25"]}, {"discipline"}, False),
        ({"trait": "loyalty", "values": ["1"]}, set(), True),
        ({"trait": "house", "values": ["x"], "level": "once"}, set(), True),
        ({"trait": "contacted", "days": 30}, {"age_band", "event_id", "discipline"}, False),
        ({"trait": "incident", "days": 30}, {"age_band", "event_id", "discipline"}, False),
        ({"trait": "bought", "values": ["e"]}, {"event_id"}, True),
        ({"trait": "distance", "values": ["0-5"]}, {"distance_band", "departement"}, False),
        ({"trait": "distance", "values": ["0-5"]}, {"partner_distance_band"}, True),
    ],
)
def test_arms_return_only_for_what_the_charter_sends(
    predicate: dict[str, Any], fields: set[str], measured: bool
) -> None:
    request = order_of().request
    excluded = AudienceSpec(include=[], exclude=asked(predicate).include)
    for spec, expected in ((asked(predicate), measured), (excluded, measured), (asked(), True)):
        assert is_measured(request.model_copy(update={"spec": spec}), fields) is expected


@pytest.mark.parametrize("cap", [1, 499, 1_000_001])
def test_nobody_asks_for_fewer_than_a_house_would_send(cap: int) -> None:
    with pytest.raises(ValueError, match="cap"):
        order_of(request=request_plain(cap=cap))


@pytest.mark.parametrize("code", ["=1+1", "QUAI 1", "quai-1", "-QUAI", "ABC", "A" * 25])
def test_a_code_is_one_that_no_spreadsheet_computes(code: str) -> None:
    with pytest.raises(ValueError, match="codes"):
        order_of(request=request_plain(codes={HOUSE: code}))


def test_the_bytes_of_an_order_say_that_it_is_one() -> None:
    assert b'"kind":"audience-order"' in canonical(order_of())
    assert SUBMITTED.encode() in canonical(order_of())
    assert Order.model_validate_json(canonical(order_of())) == order_of()
