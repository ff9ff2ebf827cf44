"""The tags block follows from the edition and from public catalogues; so do the cells, and what small models lean on."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from contracts.base import canonical
from contracts.catalogue import Catalogue, Event
from contracts.charter import Charter, MeasureSpec
from contracts.edition import PublishedEdition, Release
from contracts.model import Model
from contracts.model_check import ModelError, check_shape, check_signed
from contracts.model_rules import retained_with_tags
from contracts.visit import Discipline
from hub.measures import model_pairs, tags
from hub.measures.frame import frame_of
from hub.publish import _vector
from hub.recommend.bundle import model_of
from hub.recommend.tastes import shows_of
from hub.recommend.verify import problems
from tests.support import measuring
from tests.support.model_world import Tastes, charter_of, kinds_of, published, sign_model, signed
from tests.support.town import Row, opened, table_of, tags_of

KEYS = [{"axis": "period", "values": ["Baroque", "Moderne"]}]


def with_terms() -> Charter:
    plain = charter_of(kinds_of(8)).model_dump(mode="json")
    plain["editions"][0]["model"] = {"persons": 3000, "tags": KEYS}
    return Charter.model_validate_json(canonical(plain))


CHARTER = with_terms()
FRAME = frame_of(CHARTER, CHARTER.editions[0])
SIDES = np.array([0, 1] * 4)


def event(name: str, period: str | None, kind: str = "theatre") -> Event:
    return Event(event=name, title=name, discipline=Discipline(kind), period=period)


CATALOGUES = [
    Catalogue(
        venue=member.venue,
        events=[
            event("one", ("baroque", "MODERNE")[n % 2]),
            event("two", ("baroque", "moderne")[n % 2], "dance"),
            event("old", "moderne").model_copy(update={"last_day": "2020-01-01"}),
        ],
    )
    for n, member in enumerate(CHARTER.members)
]


def visits(people: int) -> list[Row]:
    """Return two publics: who likes one period goes nine times of ten to places of it."""
    draw = np.random.default_rng(3)
    rows = []
    for someone in range(people):
        own = someone % 2
        for venue in draw.choice(8, 3, replace=False, p=np.where(own == SIDES, 9, 1) / 40):
            said = tags_of(np.array([SIDES[venue]]), np.array([-1]))
            rows.append(
                Row(
                    someone,
                    int(venue),
                    4 + int(venue) % 2,
                    20_000,
                    1,
                    0,
                    0,
                    "69",
                    someone,
                    tags=int(said[0]),
                )
            )
    return rows


def release(measure: Any, name: str, rho_micro: int = 400_000) -> Release:
    spec = MeasureSpec(measure=name, rho_micro=rho_micro)
    plan = measure.plan(spec, FRAME)
    with opened(table_of(visits(4000))) as connection:
        exact = {
            p.name: measuring.value(connection, q, p)
            for q, p in zip(measure.queries(plan, FRAME), plan, strict=True)
        }
    noised = measuring.drawn(exact, spec, plan, np.random.default_rng(1))
    return Release(
        release=f"e-{name}", measure=name, rho_micro=rho_micro, delta_pico=0, seasons=[FRAME.season], charge="33" * 32,
        vectors=[_vector(each) for each in noised.values()], tables=[],
    )  # fmt: skip


def edition(*more: Release, sigma: float = 40.0) -> PublishedEdition:
    plain = published(CHARTER, Tastes(items=8).observed(sigma=sigma), persons=4000)
    inside = plain.edition.model_copy(update={"releases": [*plain.edition.releases, *more]})
    return plain.model_copy(update={"edition": inside})


TAGS = release(tags, "tags")
FILE = edition(TAGS)
MODEL = model_of(FILE, CHARTER, CATALOGUES)


def test_without_a_release_of_tags_catalogues_change_nothing() -> None:
    plain = model_of(edition(), CHARTER)
    assert canonical(plain) == canonical(model_of(edition(), CHARTER, CATALOGUES))
    assert not {"tags", "cells"} & plain.model_dump(mode="json").keys()


def test_what_is_liked_together_is_found() -> None:
    assert MODEL.tags is not None
    kinds, periods = MODEL.tags.axes
    assert (kinds.axis, periods.axis) == ("discipline", "period")
    assert periods.values == ["Baroque", "Moderne"]
    table = periods.affinity_milli
    assert min(table[0][0], table[1][1]) > 1100
    assert table[0][1] == table[1][0] < 850
    assert periods.events == [8, 8]  # those of the window, whatever their capitals
    assert MODEL.tags.events == [2] * 8
    assert periods.shown[:2] == [[2, 0], [0, 2]]
    assert MODEL.tags.rho_micro == 400_000


def test_a_place_of_two_disciplines_is_two_cells() -> None:
    assert len(MODEL.cells) == 16
    first = [cell for cell in MODEL.cells if cell.place == "v00"]
    assert {cell.discipline.value for cell in first} == {"theatre", "dance"}
    assert sum(c.popularity_milli for c in first) == pytest.approx(MODEL.popularity_milli[0], abs=1)


def test_anybody_makes_the_block_again_with_the_catalogues_or_without() -> None:
    found = sign_model(MODEL)
    assert check_signed(found, CHARTER) == MODEL
    assert problems(found, FILE, signed(CHARTER)) == []
    assert problems(found, FILE, signed(CHARTER), CATALOGUES) == []
    assert "tags" in problems(found, FILE, signed(CHARTER), CATALOGUES[:-1])[0]


def changed(**axis: Any) -> Model:
    plain = MODEL.model_dump(mode="json")
    plain["tags"]["axes"][1] |= axis
    return Model.model_validate_json(canonical(plain))


def test_a_lie_about_tags_is_noticed() -> None:
    assert MODEL.tags is not None
    people = MODEL.tags.axes[1].persons_milli
    for lie in (
        changed(affinity_milli=[[2000, 500], [500, 2000]]),
        changed(persons_milli=[people[0] + 1, people[1]]),
        changed(events=[16, 16], shown=[[2, 2]] * 8),
        MODEL.model_copy(update={"cells": MODEL.cells[1:]}),
    ):
        assert problems(sign_model(lie), FILE, signed(CHARTER)), lie.tags
    near = [[v + 1 for v in row] for row in MODEL.tags.axes[1].affinity_milli]
    assert problems(sign_model(changed(affinity_milli=near)), FILE, signed(CHARTER)) == []


def test_a_model_of_other_tags_than_the_editions_is_told_in_words() -> None:
    assert MODEL.tags is not None
    kinds, periods = MODEL.tags.axes
    fewer = MODEL.tags.model_copy(update={"axes": [kinds]})
    wide = {"values": ["Baroque", "Moderne", "Romantique"], "events": [8, 8, 0], "persons_milli": [1, 1, 1],
            "affinity_milli": [[1000] * 3] * 3, "shown": [[*row, 0] for row in periods.shown]}  # fmt: skip
    for lie in (MODEL.model_copy(update={"tags": fewer}), changed(**wide)):
        assert "not those that the edition counted" in problems(sign_model(lie), FILE, signed(CHARTER))[0]  # fmt: skip
    assert problems(sign_model(MODEL), edition(), signed(CHARTER))  # that counted none


def test_an_invented_programme_counts_for_two_hundred_events() -> None:
    """Else thousands of them would make no show of the value worth naming, in any house."""
    many = [event(f"e{n}", "baroque") for n in range(250)]
    crowded = Catalogue(venue=CATALOGUES[1].venue, events=many)
    said = model_of(FILE, CHARTER, [CATALOGUES[0], crowded, *CATALOGUES[2:]]).tags
    assert said is not None
    assert said.axes[1].shown[1] == [200, 0]
    assert said.events[1] == 250


def test_one_house_of_a_group_shows_no_value_of_its_own() -> None:
    place_of = {catalogue.venue: "group" for catalogue in CATALOGUES[:3]}
    alone = shows_of(CATALOGUES[:3], place_of, ["group"], FILE.edition)
    assert alone.counts["period"] == [[0, 0]]  # two houses of the group say one, and one the other
    assert sum(alone.counts["discipline"][0]) == 6
    four = {**place_of, CATALOGUES[4].venue: "group"}
    assert shows_of(CATALOGUES[:5], four, ["group"], FILE.edition).counts["period"] == [[6, 0]]


@pytest.mark.parametrize(
    "axis",
    [
        {"values": ["Baroque", " BAROQUE"]},
        {"affinity_milli": [[1000, 900], [901, 1000]]},
        {"affinity_milli": [[1000, 900]]},
        {"persons_milli": [1]},
        {"events": [8, 9]},
        {"shown": [[2, 0]] * 7},
        {"axis": "discipline"},
    ],
)
def test_lists_that_do_not_belong_together_are_refused(axis: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="tags"):
        check_shape(changed(**axis))


def test_cells_of_another_place_are_refused() -> None:
    with pytest.raises(ModelError, match="cells"):
        check_shape(MODEL.model_copy(update={"cells": [*MODEL.cells, MODEL.cells[0]]}))
    stranger = MODEL.cells[0].model_copy(update={"place": "ailleurs"})
    with pytest.raises(ModelError, match="cells"):
        check_shape(MODEL.model_copy(update={"cells": [stranger]}))


def test_a_small_network_leans_on_the_disciplines_of_its_tags() -> None:
    alone = model_of(edition(), CHARTER)
    assert MODEL.tags is not None
    said = {v: n for n, v in enumerate(MODEL.tags.axes[0].values)}
    at = [said[kind.value] for kind in MODEL.disciplines]
    table = MODEL.tags.axes[0].affinity_milli
    assert MODEL.lifts_milli == [[table[a][b] for b in at] for a in at] != alone.lifts_milli


def test_the_models_own_matrix_is_what_it_is_made_from() -> None:
    own = release(model_pairs, "model-pairs")
    model = model_of(edition(own, TAGS), CHARTER, CATALOGUES)
    assert (model.matrix, model.places) == ("model-pairs-cell", 2)
    assert MODEL.matrix == "pairs-cell"
    assert model.rho_micro == own.vectors[1].rho_micro
    assert model.popularity_milli != MODEL.popularity_milli
    assert problems(sign_model(model), edition(own, TAGS), signed(CHARTER)) == []


def test_the_split_of_the_price_follows_the_size_that_the_charter_says() -> None:
    def popular(people: int) -> float:
        plan = model_pairs.plan(
            MeasureSpec(measure="model-pairs", rho_micro=24_400), replace(FRAME, persons=people)
        )
        return plan[0].rho_micro / 24_400

    assert FRAME.persons == 3000
    assert [round(popular(n), 2) for n in (200, 300, 800, 3000)] == [0.95, 0.30, 0.15, 0.05]


def model_said(people: int, part: float) -> Model:
    """Return the model of so many people, of whose shows that part says a period; the matrix promises 70 %."""
    tags = MODEL.tags
    assert tags is not None
    axes = [axis if axis.axis == "discipline" else axis.model_copy(update={"shown": [[round(100 * part), 0]] * 8}) for axis in tags.axes]  # fmt: skip
    card = MODEL.card.model_copy(update={"retained_percent": 70, "persons_milli": people * 1000})
    more = tags.model_copy(update={"axes": axes, "events": [100] * 8, "rho_micro": 17_000})
    return MODEL.model_copy(update={"card": card, "tags": more})


def test_the_card_promises_of_tags_what_was_measured_as_far_as_shows_say_them() -> None:
    assert retained_with_tags(model_said(120, 1.0)) == (84, 100)  # κ 3.3
    assert retained_with_tags(model_said(1300, 1.0)) == (88, 100)
    assert retained_with_tags(model_said(120, 0.75)) == (79, 75)
    assert retained_with_tags(model_said(120, 0.5)) == (74, 50)  # a pair of shows needs both
    assert retained_with_tags(model_said(120, 0.0)) is None
    assert retained_with_tags(model_said(5, 1.0)) is None  # no more than the matrix promises
    assert retained_with_tags(MODEL.model_copy(update={"tags": None})) is None
