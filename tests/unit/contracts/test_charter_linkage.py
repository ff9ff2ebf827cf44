"""Where the linkage starts: what may stand beside it, and that charters without it keep their fingerprint."""

import pytest

from contracts.base import canonical
from contracts.charter import Charter
from contracts.charter_check import RulesBroken, check_rules
from tests.support.wire import network

NEXT = {
    "edition": "deux-saisons",
    "title": "Deux saisons",
    "season": "2025-2026",
    "first_day": "2024-09-01",
    "last_day": "2026-08-31",
    "measures": [{"measure": "reach", "rho_micro": 100_000, "delta_pico": 0}],
}


def charter(**changes: object) -> Charter:
    return network(**changes).charter


@pytest.mark.parametrize(
    ("since", "reason"),
    [("2026-2027", "after the pseudonym"), ("2025-2027", "two following years")],
)
def test_a_start_that_cannot_stand(since: str, reason: str) -> None:
    with pytest.raises(RulesBroken, match=reason):
        check_rules(charter(linkage_from=since))


def test_no_edition_reads_across_a_break() -> None:
    budgets = [
        b.model_copy(update={"season": season}).model_dump()
        for b in charter().budgets
        for season in ("2024-2025", "2025-2026")
    ]
    held = {"editions": [NEXT], "budgets": budgets}
    check_rules(charter(**held))
    check_rules(charter(**held, linkage_from="2024-2025"))
    with pytest.raises(RulesBroken, match="before and after"):
        check_rules(charter(**held, linkage_from="2025-2026"))


@pytest.mark.parametrize(
    ("since", "links"), [(None, True), ("2024-2025", True), ("2025-2026", False)]
)
def test_whether_it_reaches_back(since: str | None, links: bool) -> None:
    assert charter(linkage_from=since).links_back is links


def test_without_it_the_signed_bytes_are_those_of_before() -> None:
    assert b"linkage_from" not in canonical(charter())
    assert b'"linkage_from":"2025-2026"' in canonical(charter(linkage_from="2025-2026"))
