"""Contact pressure inside a house: enough is enough, no place twice in a row, and forgetting takes it away."""

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.advice_world import CLOCK, LoneDesk, make_desk, ticket
from venue_agent.config import Home
from venue_agent.errors import NobodyToAdvise
from venue_agent.hearing import silent
from venue_agent.people.handles import Handles
from venue_agent.people.tellings import Tellings
from venue_agent.recommend import advise, kept
from venue_agent.recommend.advise import Asked
from venue_agent.recommend.courtesy import Courtesy, tellings
from venue_agent.rights import erasure
from venue_agent.rights.named import named

EMAIL = "email:canari1@exemple.fr"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[LoneDesk, Any]:
    """Two people who came once, read once."""
    made = make_desk(tmp_path_factory.mktemp("template") / "home", ticket(1), ticket(2))
    kept.pull(made)
    return made, advise.open_public(made, Asked(), silent)


@pytest.fixture
def desk(tmp_path: Path, template: tuple[LoneDesk, Any], monkeypatch: pytest.MonkeyPatch) -> LoneDesk:  # fmt: skip
    """A folder of its own for the same two people."""
    made, opened = template
    shutil.copytree(made.home.path, tmp_path / "home")
    monkeypatch.setattr(advise, "open_public", lambda *_: opened)
    return replace(made, home=Home(tmp_path / "home"))


def after(desk: LoneDesk, days: int) -> LoneDesk:
    return replace(desk, clock=type(CLOCK)(CLOCK.now() + dt.timedelta(days=days)))


def told(desk: LoneDesk, **courtesy: object) -> tuple[set[str], int]:
    """Write everybody's list; return the places on them, and how many people were left in peace."""
    advice = advise.advise(desk, Asked(courtesy=Courtesy(**courtesy)), silent)
    advise.write_lists(desk, advice, "csv")
    return {str(row[4]) for row in advice.rows()}, advice.rested


def test_nobody_gets_more_lists_than_the_house_allows(desk: LoneDesk) -> None:
    told(desk)
    told(after(desk, 7))
    with pytest.raises(NobodyToAdvise, match=r"30 (jours|days)"):
        told(after(desk, 14))
    assert told(after(desk, 14), lists=3)[1] == 0
    told(after(desk, 60), lists=2)


def test_the_same_day_again_is_the_same_list(desk: LoneDesk) -> None:
    first = told(desk, lists=1)
    assert told(desk, lists=1) == first
    assert len(tellings(desk).past([(EMAIL,)], "2000-01-01", "2100-01-01")[0]) == 1


def test_places_told_lately_come_back_when_asked_or_when_nothing_else_is_left(desk: LoneDesk) -> None:  # fmt: skip
    first, _ = told(desk, lists=0)
    second, _ = told(after(desk, 7), lists=0)
    assert not first & second
    assert told(after(desk, 8), lists=0, again=True)[0] == first
    for day in range(9, 13):  # twelve places, three at a time: all have been told by now
        found, _ = told(after(desk, day), lists=0)
        assert len(found) == 3
    assert told(after(desk, 200), lists=0)[0] == first


def test_the_counter_is_not_a_letter(desk: LoneDesk) -> None:
    advice = advise.advise(desk, Asked(courtesy=None), silent)
    advise.write_lists(desk, advice, "sheet")
    assert tellings(desk).past([(EMAIL,)], "2000-01-01", "2100-01-01") == [{}]


def test_some_may_have_had_enough_and_others_not(desk: LoneDesk) -> None:
    people = [(EMAIL,)]
    tellings(desk).write("2025-09-10", [(people[0], ["v01"])], "2000-01-01")
    advice = advise.advise(desk, Asked(courtesy=Courtesy(lists=1)), silent)
    assert advice.rested == 1
    assert {row[0] for row in advice.rows()} == {"C0002"}
    path, count = advise.rank_for(desk, Asked(courtesy=Courtesy(lists=1)), "v01", silent)
    assert count == 1
    assert "C0001" not in path.read_text("utf-8-sig")
    assert advise.report(desk, advice)["rested"] == 1


def test_forgetting_her_by_one_name_forgets_what_she_was_told_under_all(desk: LoneDesk) -> None:
    told(desk)
    mine = (EMAIL, "customer:C0001")
    assert tellings(desk).past([mine], "2000-01-01", "2100-01-01") != [{}]
    erasure.erase_here(desk, named(email="canari1@exemple.fr"), "venue")
    left = tellings(desk).past([mine, ("customer:C0002",)], "2000-01-01", "2100-01-01")
    assert left[0] == {}
    assert left[1] != {}
    tellings(desk).forget_all()
    assert tellings(desk).past([("customer:C0002",)], "2000-01-01", "2100-01-01") == [{}]


def test_two_records_that_turn_out_to_be_one_person_add_up(tmp_path: Path) -> None:
    book = Tellings(Handles(tmp_path / "state.sqlite", "v00"))
    book.write("2025-01-01", [(("email:a",), ["v01"]), (("phone:b",), ["v02"])], "2000-01-01")
    both = ("email:a", "phone:b")
    assert list(book.past([both], "2025-01-01", "2025-02-01")[0]) == ["2025-01-01"]
    book.write("2025-01-02", [(both, ["v03"])], "2000-01-01")
    assert set(book.past([both], "2025-01-01", "2025-02-01")[0]) == {"2025-01-01", "2025-01-02"}
    book.write("2026-06-01", [], "2026-01-01")
    assert book.past([both], "2000-01-01", "2100-01-01") == [{}]


def test_the_memory_names_nobody(desk: LoneDesk) -> None:
    told(desk)
    assert b"canari" not in desk.home.state.read_bytes()
