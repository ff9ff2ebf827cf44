"""The chain's rule: what links extends, everything else is refused; names of scopes and charges are fixed."""

import pytest
from pydantic import ValidationError

from contracts.chain import GENESIS, ChainError, Head, entry_sha256, extend, next_entry
from contracts.edition import AuditEntry, ChargeRecord
from contracts.scopes import caps_of, charge_sha256, scope_of
from hub.store.scopes import ChargeRequest
from tests.support.control_world import SEASON, charter

AT = "2025-09-01T08:00:00Z"


def chain_of(length: int) -> list[AuditEntry]:
    head, chain = GENESIS, list[AuditEntry]()
    for n in range(length):
        entry = next_entry(head, at=AT, kind="test", body={"n": n})
        head = Head(entry.sequence, entry.sha256)
        chain.append(entry)
    return chain


def test_a_chain_extends_each_of_its_own_heads() -> None:
    chain = chain_of(4)
    end = Head(4, chain[-1].sha256)
    assert extend(GENESIS, chain) == end
    for n, entry in enumerate(chain, start=1):
        assert extend(Head(entry.sequence, entry.sha256), chain[n:]) == end
    assert extend(end, []) == end


def test_the_hash_covers_everything_but_itself() -> None:
    (entry,) = chain_of(1)
    assert entry_sha256(entry) == entry.sha256
    for field in ("at", "kind", "body", "body_sha256", "previous_sha256"):
        other = {"at": "2025-09-01T08:00:01Z", "kind": "other", "body": "{}"}.get(field, "1" * 64)
        assert entry_sha256(entry.model_copy(update={field: other})) != entry.sha256


def test_gaps_forks_and_changes_are_refused() -> None:
    chain = chain_of(3)
    changed = chain[1].model_copy(update={"body": '{"n":9}'})
    rehashed = changed.model_copy(update={"sha256": entry_sha256(changed)})
    for broken in (
        chain[1:],
        [chain[0], chain[2]],
        [chain[0], chain[0]],
        [chain[0], changed, chain[2]],
        [chain[0], rehashed, chain[2]],
        [chain[0], chain[1].model_copy(update={"sha256": "0" * 64})],
    ):
        with pytest.raises(ChainError):
            extend(GENESIS, broken)
    with pytest.raises(ChainError, match="forked"):
        extend(Head(1, "0" * 64), chain[1:])


def test_bodies_are_integers_and_words_and_short() -> None:
    with pytest.raises(TypeError):
        next_entry(GENESIS, at=AT, kind="test", body={"rho": 0.1})
    with pytest.raises(ValidationError):
        next_entry(GENESIS, at=AT, kind="test", body={"n": "x" * 2000})
    with pytest.raises(ValidationError):
        next_entry(GENESIS, at=AT, kind="No Slug", body={})


def test_scopes_have_fixed_names() -> None:
    assert scope_of("2024-2025") == "season:2024-2025"
    assert scope_of("2024-2025", "observatory") == "season:2024-2025/observatory"
    (budget,) = charter().budgets
    assert caps_of(budget) == {
        f"season:{SEASON}": (150_000, 1_000),
        f"season:{SEASON}/observatory": (150_000, 1_000),
        f"season:{SEASON}/recommendation": (50_000, 1_000),
        f"season:{SEASON}/audiences": (50_000, 1_000),
    }


def request(**changes: object) -> ChargeRequest:
    plain: dict[str, object] = {
        "key": "k",
        "edition": "e",
        "measure": "reach",
        "use": "observatory",
        "seasons": ("2024-2025",),
        "rho_micro": 1,
        "delta_pico": 0,
        "request_sha256": "0" * 64,
    }
    return ChargeRequest(**{**plain, **changes})  # type: ignore[arg-type]


def test_the_id_of_a_charge_is_what_it_says() -> None:
    record: ChargeRecord = request().record()
    assert record.charge == charge_sha256(record)
    assert record.scopes == ["season:2024-2025", "season:2024-2025/observatory"]
    for change in ({"key": "l"}, {"rho_micro": 2}, {"delta_pico": 1}, {"use": "audiences"}):
        assert request(**change).record().charge != record.charge


@pytest.mark.parametrize(
    "change",
    [
        {"rho_micro": 0},
        {"rho_micro": -1},
        {"rho_micro": 10_000_001},
        {"rho_micro": 1.0},
        {"rho_micro": float("nan")},
        {"rho_micro": True},
        {"rho_micro": "1"},
        {"delta_pico": -1},
        {"delta_pico": 1e-320},
        {"delta_pico": 1_000_001},
        {"use": "test"},
        {"key": ""},
        {"key": "k" * 201},
        {"seasons": ()},
        {"seasons": ("2024-2025", "2024-2025")},
        {"seasons": tuple(f"{y}-{y + 1}" for y in range(2020, 2025))},
        {"seasons": ("2024-2025 ",)},
        {"seasons": ("2024",)},
    ],
)
def test_a_price_that_no_ledger_should_see_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"must|written"):
        request(**change)


@pytest.mark.parametrize("change", [{"edition": "No Slug"}, {"request_sha256": "short"}])
def test_a_record_follows_the_wire(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        request(**change).record()
