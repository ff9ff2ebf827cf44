"""Made-up people have the cube's crossings, their visits say their traits, and every line says what it is."""

import csv
import io
from collections import Counter
from functools import cache

import numpy as np
import pytest
from typer.testing import CliRunner

from contracts.base import canonical
from hub.cli import app
from hub.cube import synthetic as module
from hub.cube.book import cube_of
from hub.cube.estimate import Book
from hub.cube.outings import MARK, PEOPLE, VISITS, sheets
from hub.cube.synthetic import crowd
from tests.support.cubes import World
from tests.support.planting import planted
from tests.support.sample_edition import pairs


@cache
def world() -> World:
    return World(8000, seed=3, rho_micro=20_000)


@cache
def edition():
    return world().edition()


@cache
def book() -> Book:
    return Book(cube_of(edition()))


def crossing(people: np.ndarray, a: int, b: int) -> np.ndarray:
    sizes = world().design.sizes
    table = np.zeros((sizes[a], sizes[b]))
    np.add.at(table, (people[:, a], people[:, b]), 1)
    return table / len(people)


def gaps(people: np.ndarray) -> list[float]:
    """Return, for every two traits, how far people are from the published cube."""
    pairs = [axes for axes in book().counts if len(axes) == 2]
    return [
        float(np.abs(crossing(people, *axes) - book().counts[axes] / book().cube.people).sum()) / 2
        for axes in pairs
    ]


def test_every_two_traits_cross_as_the_edition_says() -> None:
    made = crowd(book(), 3000, 1)
    found = gaps(made.people)
    assert len(found) == 28
    assert max(found) < 0.08
    assert np.mean(found) < 0.016
    assert made.worst_gap == pytest.approx(max(found), abs=0.005)


def test_a_planted_mistake_in_the_search_is_caught() -> None:
    """Without the search, traits go with one other trait each and no more."""
    with planted(module, "for _round in range(ROUNDS):", "for _round in range(0):"):
        made = crowd(book(), 3000, 1)
    assert max(gaps(made.people)) > 0.09
    assert made.worst_gap > 0.09


def test_the_same_call_makes_the_same_people_and_another_seed_others() -> None:
    first, again, other = (crowd(book(), 400, seed).people for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()
    with pytest.raises(ValueError, match="two"):
        crowd(book(), 1, 1)


def lines(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))


def test_visits_say_what_the_traits_say_and_every_line_is_marked() -> None:
    people = crowd(book(), 600, 1).people
    made = sheets(book(), people, edition().edition, 1)
    persons, visits = lines(made[PEOPLE]), lines(made[VISITS])
    assert len(persons) == 600
    assert {line["mark"] for line in (*persons, *visits)} == {MARK}
    assert len({line["month"] for line in visits}) == 12
    order = list(book().cube.traits[7].values)
    for person in persons:
        hers = [visit for visit in visits if visit["person"] == person["person"]]
        rung = (
            "1" if len(hers) == 1 else "2" if len(hers) == 2 else "3-5" if len(hers) < 6 else "6+"
        )
        assert rung == person["loyalty"]
        houses = Counter(visit["house"] for visit in hers)
        assert min(houses, key=lambda h: (-houses[h], order.index(h))) == person["house"]
        kinds = Counter(visit["discipline"] for visit in hers if visit["discipline"])
        often = [kind for kind, count in kinds.items() if 2 * count >= len(hers)]
        assert person["taste"] in often if person["taste"] != "several" else not often
        assert {(v["channel"], v["lead"]) for v in hers} == {(person["channel"], person["lead"])}
    assert any(len({v["house"] for v in visits if v["person"] == p["person"]}) > 1 for p in persons)


def test_places_follow_the_published_pairs() -> None:
    table = pairs().tables[0]
    houses = book().cube.traits[7].values
    rows = [
        row.model_copy(update={"keys": [houses[0], other], "value_milli": 900_000 * (other == houses[5])})
        for row, other in zip(table.rows, houses[1:], strict=False)
    ]  # fmt: skip
    told = pairs().model_copy(update={"tables": [table.model_copy(update={"rows": rows})]})
    plain = edition().edition.model_copy(update={"releases": [*edition().edition.releases, told]})
    people = crowd(book(), 800, 1).people
    visits = lines(sheets(book(), people, plain, 1)[VISITS])
    usual = {
        line["person"]: line["house"] for line in lines(sheets(book(), people, plain, 1)[PEOPLE])
    }
    away = Counter(v["house"] for v in visits if usual[v["person"]] == houses[0] != v["house"])
    assert away.most_common(1)[0][0] == houses[5]


def test_the_commands_speak(tmp_path) -> None:
    file, cube = tmp_path / "edition.json", tmp_path / "cube.json"
    file.write_bytes(canonical(edition()))
    run = CliRunner().invoke
    made = run(app, ["synthetic", str(file), "--people", "300", "--out", str(tmp_path / "out")])
    assert made.exit_code == 0, made.output
    assert "300 personnes inventées" in made.output
    assert str(book().cube.people) in made.output
    assert (tmp_path / "out" / PEOPLE).read_bytes().startswith(b"\xef\xbb\xbfperson;age;")
    assert run(app, ["cube", "make", str(file), "--out", str(cube)]).exit_code == 0
    assert cube.read_bytes() == canonical(book().cube)
    asked = run(app, ["cube", "estimate", str(cube), "taste=dance", "distance=0-5,5-20,20-50"])
    assert "personnes, entre" in asked.output
    modelled = run(app, ["cube", "estimate", str(cube), "channel=online,counter,phone", "age=18-25,26-34,35-49", "lead=0,1-3,4-14,15-60"])  # fmt: skip
    assert "d'après un modèle" in modelled.output
    few = run(
        app, ["cube", "estimate", str(cube), "taste=dance", "home=63", "loyalty=6+", "lead=0"]
    )
    assert "À demander plutôt" in few.output
