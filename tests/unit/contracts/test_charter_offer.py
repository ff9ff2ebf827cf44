"""What a charter may not say before anybody signs it, and what stands once it is signed."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from contracts.base import canonical
from contracts.charter import Charter, SignedCharter
from contracts.charter_check import RulesBroken, check_rules, verify_signed
from contracts.dominance import NotToBeSigned, check_offer
from contracts.scopes import CEILING_MICRO
from tests.support.wire import NOW, VENUES, Network, network
from venue_agent.errors import CharterRefused
from venue_agent.network import join

CLUSTER = {"cluster": "c", "name": "C", "venues": list(VENUES)}


@pytest.fixture(scope="module")
def net() -> Network:
    return network()


def terms(net: Network, *, largest: int = 10_000, rho: int = CEILING_MICRO, **more: Any) -> Charter:
    """Three members in one group, one of which declares *largest* identifiers beside twice 10,000."""
    plain = {**net.charter.model_dump(mode="json"), "clusters": [CLUSTER], **more}
    for number, member in enumerate(plain["members"]):
        member["declared_identifiers"] = 10_000 if number else largest
    shares = {
        "observatory_rho_micro": rho // 2,
        "recommendation_rho_micro": 1,
        "audiences_rho_micro": 1,
    }
    plain["budgets"] = [{**plain["budgets"][0], **shares, "total_rho_micro": rho}]
    return Charter.model_validate_json(canonical(plain))


def offered(net: Network, found: SignedCharter) -> SignedCharter | None:
    """What the agent of the first venue shows before it asks for a signature."""
    law = found.charter
    hub = SimpleNamespace(
        charter=lambda draft: found,
        identity=SimpleNamespace(is_named=lambda charter: charter == law),
        trusted=None,
    )
    config = SimpleNamespace(venue=VENUES[0], hub_fingerprint="", custodian_url=law.custodian.url)
    return join.offered(hub, config)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _right_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(join, "check_hub", lambda *_: None)


@pytest.mark.parametrize(
    ("change", "word"),
    [({"largest": 113_334}, "more than 85 %"), ({"rho": CEILING_MICRO + 1}, "rho of 0.25")],
)
def test_what_is_refused_before_signing_stands_once_signed(
    net: Network, change: dict[str, int], word: str
) -> None:
    """Else an upgrade would stop withdrawals under a charter that is in force."""
    law = terms(net, **change)
    with pytest.raises(NotToBeSigned, match=word):
        check_offer(law)
    check_rules(law)
    with pytest.raises(CharterRefused):
        offered(net, SignedCharter(charter=law, signatures=[]))
    whole = replace(net, charter=law).signed
    assert verify_signed(whole, NOW) == law
    assert offered(net, whole) == whole


def test_what_keeps_to_both_is_offered(net: Network) -> None:
    """85 % and no more: beside twice 10,000 identifiers, 113,333 are under it."""
    law = terms(net, largest=113_333)
    check_offer(law)
    bare = SignedCharter(charter=law, signatures=[])
    assert offered(net, bare) == bare


def test_a_charter_that_contradicts_itself_is_refused_by_the_same_call(net: Network) -> None:
    with pytest.raises(RulesBroken):
        check_offer(terms(net, partners=["a", "a"]))
