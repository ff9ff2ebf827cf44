"""The plan says how the public rule on κ would split what the model costs, where the charter splits it otherwise."""

import io

import pytest
from rich.console import Console

from contracts.base import canonical
from contracts.charter import Charter
from contracts.model_rules import popularity_percent, tags_percent
from hub import cli_plan
from tests.support.model_world import charter_of, kinds_of


def told(tags: int, pairs: int, persons: int) -> str:
    plain = charter_of(kinds_of(8)).model_dump(mode="json")
    plain["editions"][0] |= {
        "model": {"persons": persons, "tags": [{"axis": "period", "values": ["Baroque", "Moderne"]}]},
        "measures": [{"measure": "tags", "rho_micro": tags}, {"measure": "model-pairs", "rho_micro": pairs}],
    }  # fmt: skip
    charter = Charter.model_validate_json(canonical(plain))
    console = Console(file=io.StringIO(), width=400)
    cli_plan.show(charter, charter.editions[0].edition, console, people=persons)
    return console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("persons", "said"),
    [
        (300, "κ = 8,3 : la règle publique donnerait 0,01708 à tags et 0,00732 à model-pairs"),
        (800, "κ = 22,1 : la règle publique donnerait 0,00732 à tags et 0,01708 à model-pairs"),
        (3000, "la règle publique ne paierait tags que pour placer les spectacles neufs"),
    ],
)
def test_the_plan_says_the_rule(persons: int, said: str) -> None:
    assert said in " ".join(told(12_200, 12_200, persons).split())


def test_a_charter_that_follows_the_rule_hears_nothing() -> None:
    assert "règle publique" not in told(17_000, 7_400, 300)


def test_the_rule_is_what_its_page_says() -> None:
    assert [tags_percent(k) for k in (3, 12, 29, 30)] == [70, 30, 30, 0]
    assert [popularity_percent(k) for k in (3, 8, 12, 30)] == [95, 30, 15, 5]
