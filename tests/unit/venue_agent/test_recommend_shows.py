"""Shows have a place before their first visitor: by tags, in the houses' own words, and never one that she saw."""

import datetime as dt

import numpy as np
import pytest

from contracts.catalogue import Catalogue, Event
from contracts.model import Model
from contracts.model_check import check_shape
from contracts.tags import MOST_LIFT, NEAREST, AxisTastes, Cell, TagTastes
from contracts.visit import Discipline
from hub.recommend.bundle import model_of
from tests.support.model_world import Tastes, charter_of, kinds_of, published
from venue_agent.recommend.advise import Asked, lists_for, report
from venue_agent.recommend.kept import Kept
from venue_agent.recommend.people import People
from venue_agent.recommend.places import places_of
from venue_agent.recommend.programs import Seen, to_come
from venue_agent.recommend.public import Public
from venue_agent.recommend.scores import Scorer
from venue_agent.recommend.shows import GONE, ShowScorer, scorer_of
from venue_agent.words import speak

COUNT, OWN, TODAY = 12, "v00", dt.date(2025, 9, 15)
CHARTER = charter_of(kinds_of(COUNT))
PLAIN = model_of(published(CHARTER, Tastes(items=COUNT).observed(sigma=30.0)), CHARTER)
AUTHORS = ["Molière", "Feydeau", "Beckett"]
LIFTS = [[4000, 2500, 200], [2500, 4000, 300], [200, 300, 5000]]


def event(name: str, day: str = "2025-11-02", kind: str = "theatre", **said: object) -> Event:
    title, slug = name[:1].upper() + name[1:], name.lower().replace(" ", "-").replace(",", "")
    return Event(event=slug, title=title, discipline=Discipline(kind), first_day=day, **said)


def tagged(model: Model = PLAIN, axes: tuple[str, ...] = ("author",), lifts: list[list[int]] = LIFTS) -> Model:  # fmt: skip
    count = len(AUTHORS)
    tastes = [
        AxisTastes(
            axis=axis, values=AUTHORS, persons_milli=[1_000_000] * count, events=[COUNT] * count,
            shown=[[1] * count] * len(model.items), affinity_milli=lifts,
        )
        for axis in axes
    ]  # fmt: skip
    tags = TagTastes(catalogue_sha256="00" * 32, rho_micro=1, events=[3] * len(model.items), axes=tastes)  # fmt: skip
    found = model.model_copy(update={"tags": tags})
    check_shape(found)
    return found


def programs(**events: list[Event]) -> list[Catalogue]:
    return [Catalogue(venue=venue, events=each) for venue, each in events.items()]


def public(*saw: tuple[Seen, ...], mix: tuple[float, float] = (1.0, 0.0)) -> Public:
    things = tuple(dict.fromkeys(thing for each in saw for thing in each))
    width = max(map(len, saw))
    table = np.array([[things.index(t) for t in each] + [-1] * (width - len(each)) for each in saw], dtype=int)  # fmt: skip
    seen = np.zeros((len(saw), COUNT), dtype=bool)
    seen[:, 0] = True
    visits = np.array([len(each) for each in saw])
    people = People(np.array([mix] * len(saw)) * (visits > 0)[:, None], seen, visits)
    keys = tuple((f"customer:C{n}",) for n in range(len(saw)))
    regular = np.zeros((len(saw), len(Discipline)), dtype=int)
    return Public(keys, people, np.minimum(visits, 2), regular, table.reshape(len(saw), width), things)  # fmt: skip


def saw(author: str | None, title: str = "Ici", **said: object) -> Seen:
    return Seen(Discipline.THEATRE, event(title, "2024-11-02", author=author, **said))


def rows(model: Model, shown: list[Catalogue], who: Public, openness: int = 0) -> list[dict[str, object]]:  # fmt: skip
    have = Kept(model, CHARTER, to_come(shown, model, CHARTER, TODAY))
    places = places_of(model, CHARTER, OWN)
    advice = lists_for(have, who, places, Asked(openness=openness, length=4), lambda *_: None)
    return [dict(zip(advice.header, row, strict=True)) for row in advice.rows()]


@pytest.fixture(autouse=True)
def french() -> None:
    speak("fr")


def test_what_is_over_sensitive_or_elsewhere_is_never_proposed() -> None:
    shown = programs(
        v02=[event("hier", "2025-09-14"), event("ce-soir", "2025-09-15"), event("demain", "2025-09-16")],
        v04=[event("expo", "2025-01-01", last_day="2026-01-31"), event("soin", sensitive=True)],
        v06=[Event(event="sans-jour", title="Sans jour", discipline=Discipline.THEATRE)],
        nobody=[event("ailleurs")],
    )  # fmt: skip
    found = to_come(shown, PLAIN, CHARTER, TODAY)
    assert [show.event.event for show in found] == ["demain", "expo"]
    assert [(show.place, show.house) for show in found] == [(2, "Maison 2"), (4, "Maison 4")]


def test_a_new_show_lifts_its_place_for_who_likes_what_it_says() -> None:
    shown = programs(v08=[event("neuf", author="Feydeau")], v10=[event("autre", author="Beckett")])
    model = tagged()
    moliere, beckett = public((saw("Molière"),), (saw("Beckett"),)), [8, 10]
    scorer, who = scorer_of(model, to_come(shown, model, CHARTER, TODAY), moliere)
    before, after = Scorer(model).scores(who.people), scorer.scores(who.people)
    factor = (after / before)[:, beckett]
    assert np.allclose(
        factor, [[2.5, 1 / 3], [1 / 3, 3.0]], rtol=1e-5
    )  # 0.2 and 5, held within bounds
    others = [n for n in range(1, COUNT) if n not in beckett]
    assert np.allclose(after[:, others], before[:, others])


def test_several_things_weigh_as_their_contract_says() -> None:
    shown = programs(v08=[event("neuf", author="Feydeau")])
    model = tagged(lifts=[[1900, 1500, 200], [1500, 1900, 300], [200, 300, 5000]])
    twice = public((saw("Molière", "Un"), saw("Molière", "Deux"), saw(None, "Trois")))
    scorer, who = scorer_of(model, to_come(shown, model, CHARTER, TODAY), twice)
    factor = (scorer.scores(who.people) / Scorer(model).scores(who.people))[0, 8]
    assert factor == pytest.approx(np.exp(2 * np.log(1.5) / np.sqrt(2)), rel=1e-5)


def test_a_place_is_worth_the_mean_of_its_nearest_different_shows() -> None:
    shown = programs(
        v08=[event("m", "2025-10-01", author="Molière"), event("f", "2025-10-02", author="Feydeau"),
             event("f2", "2025-10-03", author="Feydeau"), event("b", "2025-10-04", author="Beckett")],
    )  # fmt: skip
    model = tagged(lifts=[[2000, 1400, 800], [1400, 2000, 300], [800, 300, 5000]])
    everything = to_come(shown, model, CHARTER, TODAY)
    scorer, who = scorer_of(model, everything, public((saw("Molière"),)))
    factor = (scorer.scores(who.people) / Scorer(model).scores(who.people))[0, 8]
    assert factor == pytest.approx((2.0 + 1.4 + 0.8) / 3, rel=1e-5)  # what says the same is one
    many = programs(v08=[event(f"n{n}", f"2025-10-{n + 1:02}", author="Molière", period=AUTHORS[n % 3], work=AUTHORS[n // 3]) for n in range(NEAREST)] + [event("b", author="Beckett")])  # fmt: skip
    model = tagged(axes=("author", "period", "work"), lifts=[[2000, 1400, 800], [1400, 2000, 300], [800, 300, 5000]])  # fmt: skip
    scorer, who = scorer_of(model, to_come(many, model, CHARTER, TODAY), public((saw("Molière"),)))
    factor = (scorer.scores(who.people) / Scorer(model).scores(who.people))[0, 8]
    assert factor == pytest.approx(2.0, rel=1e-5)  # the ninth, months later, weighs nothing


def test_a_house_gains_no_first_rank_by_inventing_a_show_for_every_taste() -> None:
    source = np.random.default_rng(3)
    axes = ("period", "work", "author", "company")
    model = tagged(axes=axes)
    likes = source.integers(0, 3, (200, len(axes)))
    who = public(*[(Seen(Discipline.THEATRE, event("Ici", "2024-11-02", **{a: AUTHORS[n] for a, n in zip(axes, each, strict=True)})),) for each in likes])  # fmt: skip
    real = {f"v{n:02}": [event(f"e{n}", **{axes[n % 4]: AUTHORS[n % 3]})] for n in range(1, COUNT)}
    least = f"v{1 + int(np.argmin(PLAIN.popularity_milli[1:])):02}"
    invented = [
        event(f"faux {n}", **{axis: AUTHORS[n // 3**at % 3] for at, axis in enumerate(axes)})
        for n in range(81)
    ]
    scorer, people = scorer_of(model, to_come(programs(**real | {least: invented}), model, CHARTER, TODAY), who)  # fmt: skip
    first = scorer.scores(people.people).argmax(axis=1)
    assert (first == int(least[1:])).sum() <= 6


def test_a_catalogue_moves_its_place_by_no_more_than_its_bounds() -> None:
    source = np.random.default_rng(4)
    axes = ("period", "work", "author", "company")
    model = tagged(axes=axes)
    who = public(*[tuple(Seen(Discipline.THEATRE, event(f"T{n} {k}", **{a: AUTHORS[source.integers(3)] for a in axes})) for k in range(4)) for n in range(30)])  # fmt: skip
    shown = programs(v05=[event(f"e{n}", **{a: AUTHORS[source.integers(3)] for a in axes}) for n in range(20)])  # fmt: skip
    scorer, people = scorer_of(model, to_come(shown, model, CHARTER, TODAY), who)
    factor = (scorer.scores(people.people) / Scorer(model).scores(people.people))[:, 5]
    assert (factor <= MOST_LIFT + 1e-9).all()
    assert (factor >= 1 / MOST_LIFT - 1e-9).all()
    assert isinstance(scorer, ShowScorer)
    worths = scorer.worths(people.people)
    assert (abs(worths - GONE) > 5).all()  # however far tastes go, what was seen stays apart


def test_the_best_show_of_a_place_is_named_and_the_tag_is_the_reason() -> None:
    shown = programs(v02=[event("a", author="Beckett"), event("b", "2025-12-01", author="Feydeau"), event("c", "2025-12-24")])  # fmt: skip
    told = rows(tagged(), shown, public((saw("Molière"),)))
    line = next(row for row in told if row["place"] == "v02")
    assert (line["title"], line["house"], line["first_day"]) == ("B", "Maison 2", "2025-12-01")
    assert line["why"] == "Parce que ceux qui voient Molière voient aussi Feydeau (auteur ou compositeur)."  # fmt: skip
    elsewhere = [row for row in told if row["place"] != "v02"]
    assert elsewhere
    assert all(row["title"] == "" for row in elsewhere)  # a place without a show stays a place
    again = rows(tagged(), shown, public((saw("feydeau "),)))
    assert next(row for row in again if row["place"] == "v02")["why"] == "Parce que vous avez vu Feydeau ici (auteur ou compositeur)."  # fmt: skip


def test_without_tags_the_first_show_to_come_is_named() -> None:
    shown = programs(v02=[event("tard", "2026-03-01"), event("bientot", "2025-10-01")])
    told = rows(PLAIN, shown, public((saw("Molière"),)))
    assert [row["title"] for row in told if row["place"] == "v02"] == ["Bientot"]
    plain = rows(PLAIN, [], public((saw("Molière"),)))
    assert "title" not in plain[0]
    assert [row["place"] for row in plain] == [row["place"] for row in told]


def test_a_show_that_she_saw_is_not_proposed_again() -> None:
    giselle = {"work": "Giselle", "company": "Ballet du Nord"}
    shown = programs(
        v02=[event("tournee", "2025-10-01")],
        v04=[event("autrement", "2025-10-01", **giselle), event("autre", "2025-12-01")],
    )
    who = public((saw(None, "Tournee"), saw(None, "Giselle, reprise", **giselle)))
    told = {row["place"]: row["title"] for row in rows(PLAIN, shown, who, openness=0)}
    everything = to_come(shown, PLAIN, CHARTER, TODAY)
    scorer, people = scorer_of(PLAIN, everything, who)
    assert isinstance(scorer, ShowScorer)
    assert (scorer.worths(people.people)[0] < -20).tolist() == [True, True, False]
    assert told.get("v02", "") == ""
    assert told["v04"] == "Autre"


def test_a_discipline_shown_elsewhere_counts_beside_the_places_own() -> None:
    shown = programs(v02=[event("danse", kind="dance"), event("theatre", "2025-12-01")])
    who = public((Seen(Discipline.DANCE),), mix=(0.0, 1.0))
    line = next(r for r in rows(PLAIN, shown, who, openness=100) if r["place"] == "v02")
    assert (line["title"], line["discipline"]) == ("Danse", "dance")
    assert line["why"] == "Parce que vous aimez la danse."


def test_cells_and_what_a_show_may_expect_order_the_shows_of_a_place() -> None:
    cells = [
        Cell(place="v02", discipline=Discipline.THEATRE, popularity_milli=9_000_000),
        Cell(place="v02", discipline=Discipline.DANCE, popularity_milli=1_000_000),
    ]
    shown = programs(v02=[event("danse", kind="dance"), event("theatre", "2025-12-01")])
    model = PLAIN.model_copy(update={"cells": cells})
    nobody = public(())
    line = next(r for r in rows(model, shown, nobody) if r["place"] == "v02")
    assert line["title"] == "Theatre"
    tastes = tagged().tags
    assert tastes is not None
    known = tastes.axes[0].model_copy(update={"persons_milli": [9_000_000, 1_000_000, 1_000_000]})
    model = PLAIN.model_copy(update={"tags": tastes.model_copy(update={"axes": [known]})})
    shown = programs(v02=[event("b", author="Beckett"), event("m", "2025-12-01", author="Molière")])
    assert next(r for r in rows(model, shown, nobody) if r["place"] == "v02")["title"] == "M"


def test_people_who_saw_the_same_are_of_one_kind_and_the_report_counts_shows() -> None:
    who = public(*[(saw("Molière", f"Titre {n}"),) for n in range(20)])
    shown = programs(v02=[event("b", author="Feydeau")], v04=[event("c")])
    everything = to_come(shown, PLAIN, CHARTER, TODAY)
    _scorer, people = scorer_of(PLAIN, everything, who)
    assert len(people.people.distinct()[0]) == 1
    have = Kept(tagged(), CHARTER, everything)
    advice = lists_for(have, who, places_of(PLAIN, CHARTER, OWN), Asked(openness=0), lambda *_: None)  # fmt: skip
    desk = type("Desk", (), {"clock": type("C", (), {"now": staticmethod(lambda: dt.datetime(2025, 9, 15, tzinfo=dt.UTC))})})  # fmt: skip
    told = report(desk, advice)  # type: ignore[arg-type]
    assert told["shows"] == 2
    assert 1 <= told["shows_told"] <= 2


def test_moving_the_dial_up_takes_no_discovery_away_with_shows_either() -> None:
    source = np.random.default_rng(1)
    who = public(*[tuple(saw(AUTHORS[a], f"T{a}") for a in source.choice(3, 2, replace=False)) for _ in range(40)])  # fmt: skip
    shown = programs(**{f"v{n:02}": [event(f"e{n}", author=AUTHORS[n % 3])] for n in range(1, COUNT)})  # fmt: skip
    shares = []
    for openness in (0, 20, 50, 80, 100):
        told = rows(tagged(), shown, who, openness)
        shares.append(sum(row["discovery"] == "yes" for row in told))
    assert shares == sorted(shares)


def test_a_planted_taste_brings_a_new_show_among_the_first_three() -> None:
    """Cold start: nobody saw any of these shows; each person saw one author here."""
    source = np.random.default_rng(5)
    likes = source.integers(0, 3, 60)
    shown = programs(**{f"v{n:02}": [event(f"e{n}", author=AUTHORS[(n // 2) % 3])] for n in range(1, COUNT)})  # fmt: skip
    told = rows(tagged(), shown, public(*[(saw(AUTHORS[a]),) for a in likes]))
    authors = {f"E{n}": (n // 2) % 3 for n in range(1, COUNT)}
    first = {(row["customer"], authors[str(row["title"])]) for row in told if int(str(row["rank"])) <= 3}  # fmt: skip
    assert all((f"C{n}", int(liked)) in first for n, liked in enumerate(likes))
