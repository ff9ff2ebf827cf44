"""A partner's request read in the published cube: one answer for one meaning, a most where houses alone know."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from contracts.audience import Ages, AudienceSpec, Level, Loyalties, Rung, Subscribers, Tastes
from contracts.base import canonical
from contracts.visit import AgeBand, Discipline
from hub.cli import app
from hub.cube.book import cube_of
from hub.cube.estimate import Book
from hub.cube.sought import FEWEST, ceiling, sought, step
from tests.support.cubes import World


@cache
def world() -> World:
    return World(20_000, seed=11, rho_micro=50_000)


@cache
def book() -> Book:
    return Book(cube_of(world().edition()))


def tastes() -> list[Discipline]:
    known = next(t for t in book().cube.traits if t.trait == "taste").values
    return [Discipline(value) for value in known if value != "several"]


YOUNG = Ages(trait="age", values=[AgeBand.A18, AgeBand.A26])


def test_the_answer_is_near_the_truth_on_the_public_scale() -> None:
    found = sought(book(), AudienceSpec(include=[YOUNG], exclude=[]))
    values = next(t for t in book().cube.traits if t.trait == "age").values
    truth = world().truth({0: tuple(values.index(v.value) for v in YOUNG.values)})
    assert found.left == ()
    assert found.people is not None
    assert found.people in {step(n) for n in range(round(0.9 * truth), round(1.1 * truth))}
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.people <= found.high


def test_all_ways_to_say_one_thing_have_one_answer() -> None:
    rest = [band for band in AgeBand if band not in YOUNG.values]
    ways = [
        AudienceSpec(include=[YOUNG], exclude=[]),
        AudienceSpec(
            include=[Ages(trait="age", values=[*reversed(YOUNG.values), AgeBand.A18])], exclude=[]
        ),
        AudienceSpec(
            include=[],
            exclude=[Ages(trait="age", values=rest[:1]), Ages(trait="age", values=rest[1:])],
        ),
        AudienceSpec(include=[YOUNG, Loyalties(trait="loyalty", values=list(Rung))], exclude=[]),
    ]
    assert len({repr(sought(book(), way)) for way in ways}) == 1


def test_what_the_houses_alone_know_makes_the_answer_a_most() -> None:
    whole = sought(book(), AudienceSpec(include=[YOUNG], exclude=[]))
    once = Tastes(trait="taste", values=tastes()[:1], level=Level.ONCE)
    found = sought(
        book(), AudienceSpec(include=[YOUNG, once], exclude=[Subscribers(trait="subscriber")])
    )
    assert set(map(canonical, found.left)) == {
        canonical(once),
        canonical(Subscribers(trait="subscriber")),
    }
    assert (found.low, found.high) == (0, whole.high)
    assert found.read == whole.read


def test_one_house_has_fewer_people_than_the_network() -> None:
    house = next(t for t in book().cube.traits if t.trait == "house").values[0]
    whole, one = (
        sought(book(), AudienceSpec(include=[], exclude=[]), name) for name in ("", house)
    )
    assert whole.people is not None
    assert one.people is not None
    assert 0 < one.people < whole.people


@given(ages=st.sets(st.sampled_from(list(AgeBand)), min_size=1), main=st.booleans())
@settings(max_examples=25, deadline=None)
def test_few_nobody_and_one_look_alike(ages: set[AgeBand], main: bool) -> None:
    include: list[Any] = [
        Ages(trait="age", values=sorted(ages)),
        Loyalties(trait="loyalty", values=[Rung.MANY]),
    ]
    if main:
        include.append(Tastes(trait="taste", values=tastes()[-1:], level=Level.MAIN))
    found = sought(book(), AudienceSpec(include=include, exclude=[]))
    if found.people == 0:
        assert found.low == 0
    else:
        assert found.people is None or found.people >= FEWEST


@pytest.mark.parametrize(("people", "told"), [(0, 0), (1, 0), (499, 0), (500, 500), (699, 500), (1499, 1000), (123_456, 100_000)])  # fmt: skip
def test_the_scale_is_coarse(people: int, told: int) -> None:
    assert step(people) == told


def test_the_terminal_says_the_request_back_and_answers(tmp_path: Any) -> None:
    cube, request = tmp_path / "cube.json", tmp_path / "demande.json"
    cube.write_bytes(canonical(book().cube))
    request.write_bytes(
        canonical(AudienceSpec(include=[YOUNG], exclude=[Subscribers(trait="subscriber")]))
    )
    said = CliRunner().invoke(app, ["audience", "say", str(request)])
    assert "mais pas celles qui sont abonnées" in said.output
    told = CliRunner().invoke(app, ["audience", "estimate", str(request), "--cube", str(cube)])
    assert told.exit_code == 0
    assert "Au plus" in told.output
    assert "Les lieux seuls le savent\u00a0: elles sont abonnées." in told.output
    request.write_text('{"include": [{"trait": "name", "values": ["Durand"]}], "exclude": []}')
    refused = CliRunner().invoke(app, ["audience", "say", str(request)])
    assert refused.exit_code != 0
    assert "Durand" not in refused.output


@pytest.mark.parametrize(
    ("people", "told"), [(0, FEWEST), (500, 500), (501, 700), (7001, 10_000), (10_001, 15_000)]
)
def test_an_interval_never_shrinks_by_rounding(people: int, told: int) -> None:
    assert ceiling(people) == told
    assert step(told) == told
