"""Partners, alone, together or allied with a house, try to learn more from requests than an edition told everybody."""

import itertools
import json
import math
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from contracts import api
from contracts.audience import AudienceSpec
from contracts.base import canonical
from contracts.clock import FixedClock, stamp
from contracts.cube import Crossing, Cube, Doubt, Trait
from contracts.order import SignedOrder
from contracts.seal import sign
from contracts.signing import Outgoing, sign_request
from hub import audience_answers, audience_issue
from hub.app import create_app
from hub.audience_answers import Change
from hub.config import WebConfig
from hub.cube.audience import answer_bytes, nearest_spec
from hub.cube.design import Axis, Design, crossed
from hub.cube.estimate import Book
from hub.cube.fit import agreement
from hub.cube.sought import step
from hub.cube.whole import margins, pairs
from hub.errors import AudienceRefused
from hub.people.roles import Grant, Role
from hub.store import audiences, audit
from hub.store.database import Control
from hub.web import audiences_api, estimator, problems
from hub.web.audience_told import seen
from hub.web.estimator import Estimator
from tests.support.audience_world import (
    EXPIRES,
    FIRST,
    LAST,
    PARTNERS,
    asked,
    fresh,  # fmt: skip
    kept_of,
    later,
    opened,
    somebody,
    submitted,
)
from tests.support.control_world import CLOCK, VENUES, keys

AGES = ("18-25", "26-34", "35-49", "50-64", "65+", "unknown")
TASTES = ("dance", "opera", "museum", "several")
RUNGS = ("1", "2", "3-5", "6+")
AXES = [Axis("age", AGES), Axis("taste", TASTES), Axis("loyalty", RUNGS), Axis("house", VENUES)]
DESIGN: Design = crossed(AXES, [("age", "taste", "loyalty")])
LONELY = (5, 1, 3, 2)
"""Traits that nobody has, or one person alone."""


@cache
def book(lonely: int = 0) -> Book:
    """Return the cube of 24,000 people, *lonely* of whom are like nobody else, with its noise drawn from a seed."""
    draw = np.random.default_rng(3)
    people = np.column_stack([draw.integers(0, n, 24_000) for n in (5, 1, 3, 2)])
    people = np.vstack([people, np.tile(LONELY, (lonely, 1))])
    cells = []
    for crossing, weight in zip(DESIGN.crossings, DESIGN.weights, strict=True):
        table = np.zeros(DESIGN.shape(crossing))
        np.add.at(table, tuple(people[:, axis] for axis in crossing), weight / 1000)
        cells.append(table.ravel())
    exact, spread = np.concatenate(cells), 20.0
    fitted = agreement(DESIGN, exact + draw.normal(0, spread, len(exact)), spread)
    total = max(2, round(float(fitted.table(()))))
    whole = pairs(fitted, margins(fitted, total, {}))
    cube = Cube(
        network="n", edition="saison", edition_sha256="0" * 64, charter_sha256="0" * 64, rho_micro=1, people=total,
        traits=[Trait(trait=a.name, values=list(a.values)) for a in DESIGN.axes],
        crossings=[
            Crossing(traits=list(c), counts=whole[c].ravel().tolist() if c in whole else [],
                     found_milli=[round(1000 * v) for v in fitted.table(c).ravel()])
            for c in DESIGN.crossings
        ],
        doubts=[Doubt(traits=list(s), variance_micro=round(1e6 * p.variance)) for s, p in fitted.parts.items()],
    )  # fmt: skip
    return Book(cube)


class Shelf:
    """One edition, whose bytes only stand for it."""

    def editions(self) -> list[str]:
        return ["saison"]

    def edition(self, _name: str) -> bytes:
        return b"an edition"


@pytest.fixture
def control(tmp_path: Path) -> Control:
    return fresh(tmp_path / "control.sqlite")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[Estimator]:
    monkeypatch.setattr(estimator, "_book", lambda _body: book())
    estimator._answer.cache_clear()
    yield Estimator(Shelf())  # type: ignore[arg-type]
    estimator._answer.cache_clear()


def spec(include: list[Any], exclude: list[Any] | None = None) -> AudienceSpec:
    return AudienceSpec.model_validate_json(canonical({"include": include, "exclude": exclude or []}))  # fmt: skip


REDUNDANT: tuple[dict[str, Any], ...] = (
    {"trait": "taste", "values": ["dance", "opera"], "level": "main"},
    {"trait": "age", "values": list(AGES)},
    {"trait": "loyalty", "values": list(RUNGS)},
)


def ways(count: int) -> Iterator[AudienceSpec]:
    """Yield as many ways to say « young people who mostly see dance, not the most assiduous »."""
    draw = np.random.default_rng(5)

    def times() -> int:
        return int(draw.integers(1, 4))

    young, dance, rare = ["18-25", "26-34"], ["dance"], ["1", "2", "3-5"]
    for _ in range(count):
        ages = young * times()
        draw.shuffle(ages)
        rest = [a for a in AGES if a not in young]
        draw.shuffle(rest)
        cut = int(draw.integers(1, len(rest)))
        include: list[Any] = [{"trait": "taste", "values": dance * times(), "level": "main"}]
        exclude: list[Any] = []
        if draw.random() < 0.5:
            include.append({"trait": "age", "values": ages})
        else:
            exclude += [{"trait": "age", "values": part} for part in (rest[:cut], rest[cut:])]
        if draw.random() < 0.5:
            include.append({"trait": "loyalty", "values": rare})
        else:
            exclude += [{"trait": "loyalty", "values": ["6+"]}] * times()
        include += [predicate for predicate in REDUNDANT if draw.random() < 0.5]
        draw.shuffle(include)
        draw.shuffle(exclude)
        yield spec(include, exclude)  # fmt: skip


def test_a_thousand_ways_to_ask_are_one_answer_read_once(read: Estimator, control: Control) -> None:
    terms = opened(control)
    houses = list(itertools.permutations(VENUES))
    told = [
        read.read(way, [*houses[n % len(houses)], VENUES[0]], terms)
        for n, way in enumerate(ways(1000))
    ]
    assert all(one is told[0] for one in told)
    assert estimator._answer.cache_info().misses == 1
    assert json.loads(answer_bytes(told[0]))["total"]["state"] == "interval"


def test_no_partner_sees_by_the_hour_that_another_asked_the_same(
    read: Estimator, control: Control
) -> None:
    terms, way = opened(control), next(ways(1))
    told = [read.read(way, VENUES, terms, partner) for partner in (*PARTNERS, *PARTNERS)]
    assert estimator._answer.cache_info().misses == len(PARTNERS)  # each is answered afresh once
    assert len({answer_bytes(one) for one in told}) == 1


def partners_app(control: Control, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Return the API; a header stands for the token that names the partner."""
    monkeypatch.setattr(audiences_api, "Estimator", lambda _shelf: Estimator(Shelf()))  # type: ignore[arg-type]
    app = Flask("partners")
    problems.install(app)
    who = lambda: (request.headers["Partner"], "a-program")  # noqa: E731
    app.register_blueprint(
        audiences_api.audiences_api(control, CLOCK, who), url_prefix="/v1/partner"
    )
    return app.test_client()


def draft(wanted: AudienceSpec) -> bytes:
    plain = asked().model_dump(mode="json", exclude={"request", "partner", "codes"})
    plain |= {"spec": wanted.model_dump(mode="json"), "first_day": FIRST, "last_day": LAST, "expires": EXPIRES}  # fmt: skip
    return canonical(plain)


def made(web: FlaskClient, partner: str, wanted: AudienceSpec) -> str:
    answer = web.post("/v1/partner/requests", data=draft(wanted), headers={"Partner": partner})
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["asked"]["request"])


def test_three_partners_get_the_same_bytes(
    read: Estimator, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read is not None
    opened(control)
    web = partners_app(control, monkeypatch)
    told = set()
    for partner, way in zip(itertools.cycle(PARTNERS), ways(9), strict=False):
        name = made(web, partner, way)
        answer = web.post(f"/v1/partner/requests/{name}/estimate", headers={"Partner": partner})
        told.add((answer.status_code, answer.data))
        other = web.get(f"/v1/partner/requests/{name}", headers={"Partner": "scene"})
        nothing = web.get("/v1/partner/requests/d00", headers={"Partner": partner})
        assert (other.status_code, other.data) == (404, nothing.data)
    assert len(told) == 1


def test_one_person_nobody_and_a_crowd_answer_alike(
    read: Estimator, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read is not None
    opened(control)
    web = partners_app(control, monkeypatch)
    lonely = spec([{"trait": "age", "values": ["unknown"]}, {"trait": "taste", "values": ["opera"], "level": "main"}, {"trait": "loyalty", "values": ["6+"]}])  # fmt: skip
    shapes, bodies = set(), []
    for alone in (0, 1):
        monkeypatch.setattr(estimator, "_book", lambda _body, alone=alone: book(alone))
        estimator._answer.cache_clear()
        for wanted in (lonely, spec([])):
            name = made(web, PARTNERS[0], wanted)
            answer = web.post(
                f"/v1/partner/requests/{name}/estimate", headers={"Partner": PARTNERS[0]}
            )
            shapes.add((answer.status_code, len(answer.data), tuple(answer.headers.items())))
            bodies.append(answer.data)
    assert len(shapes) == 1
    assert bodies[0] == bodies[2]  # nobody, or one person: the same bytes
    assert json.loads(bodies[0])["total"]["people"] is None
    assert json.loads(bodies[1])["total"]["people"] > 10_000


def test_a_difference_of_two_requests_is_never_finer_than_the_scale(
    read: Estimator, control: Control
) -> None:
    """S and S∖{x}: each answer is a step of the public scale, and reads the published cube alone."""
    terms = opened(control)
    whole = spec([{"trait": "loyalty", "values": ["1", "2"]}])
    found = [read.read(whole, VENUES, terms)]
    for age in AGES:
        less = spec([{"trait": "loyalty", "values": ["1", "2"]}], [{"trait": "age", "values": [age]}])  # fmt: skip
        found.append(read.read(less, VENUES, terms))
    told = [s for one in found if one for s in (one.total, *(line.found for line in one.lines))]
    figures = {n for s in told for n in (s.people, s.low, s.high) if n}
    assert figures
    assert {step(n) for n in figures} == figures
    ordered = sorted(figures)
    assert all(math.gcd(n, 500) >= 100 for n in ordered)


def test_where_the_edition_cannot_answer_the_nearest_request_can_be_asked(
    read: Estimator, control: Control
) -> None:
    terms = opened(control)
    found = read.read(spec([{"trait": "age", "values": ["18-25"]}, {"trait": "taste", "values": ["opera"], "level": "main"}]), VENUES, terms)  # fmt: skip
    assert found is not None
    nearest = nearest_spec(found.cube, found.total)
    assert nearest == spec([{"trait": "age", "values": ["18-25"]}])
    again = read.read(nearest, VENUES, terms)
    assert again is not None
    assert again.total.people


def answered(control: Control, *, busy: bool) -> None:
    """Submit one request; its houses are silent, or each answers in its own way."""
    terms = opened(control)
    kept = submitted(control, terms, asked())
    if not busy:
        return
    for day, (venue, act) in enumerate(zip(VENUES, ("approve", "modify", "refuse"), strict=True), 1):  # fmt: skip
        person = somebody(control, f"{venue}@exemple.fr", Grant(Role.MARKETING, venue))
        with control.transaction(later(day)) as tx:
            if act == "approve":
                audience_answers.approve(tx, kept.request, venue, by=person)
            elif act == "modify":
                audience_answers.modify(tx, kept.request, venue, Change((), 500), by=person)
            else:
                audience_answers.refuse(tx, kept.request, venue, "pressure", by=person)
            tx.commit()


def test_what_houses_do_shows_on_the_day_and_never_before(tmp_path: Path) -> None:
    """Not on the partner's page, not in the public chain, and afterwards no word of how a house narrowed."""
    views, chains = [], []
    for busy in (False, True):
        control = fresh(tmp_path / str(busy))
        answered(control, busy=busy)
        with control.reading() as reading:
            now = stamp(later(14).now())
            told = seen(reading, kept_of(control), control.published().charter().charter, now)  # type: ignore[union-attr]
            views.append(told.model_copy(update={"asked": None}))
            chains.append([(e.at, e.kind) for e in audit.entries(reading)])
        audience_issue.issue_due(control, later(15), partial(sign, keys().private["hub"]))
        with control.reading() as reading:
            views.append(seen(reading, kept_of(control), control.published().charter().charter, stamp(later(15).now())))  # type: ignore[union-attr]  # fmt: skip
            chains.append([(e.at, e.kind) for e in audit.entries(reading)])
    silent, _, busy_before, busy_after = views
    assert silent == busy_before
    assert (chains[0], chains[1]) == (chains[2], chains[3])
    assert [(h.state, h.reason) for h in busy_after.houses] == [("agreed", None), ("agreed", None), ("refused", "pressure")]  # fmt: skip
    assert (busy_after.state, views[1].state) == ("answered", "answered")


def test_nobody_answers_for_another_house_or_for_herself(control: Control) -> None:
    terms = opened(control)
    kept = submitted(control, terms, asked())
    people = {
        venue: somebody(control, f"{venue}@exemple.fr", Grant(Role.MARKETING, venue))
        for venue in VENUES
    }
    allied = somebody(control, "alliee@exemple.fr", Grant(Role.MARKETING, VENUES[0]), Grant(Role.PARTNER, kept.partner))  # fmt: skip
    boss = somebody(control, "chef@exemple.fr", Grant(Role.ADMINISTRATOR), Grant(Role.COORDINATOR))
    change = Change((), 600)
    for person, venue in itertools.product([*people.values(), allied, boss], VENUES):
        if person is people[venue]:
            continue
        for act in (
            lambda tx, p=person, v=venue: audience_answers.approve(tx, kept.request, v, by=p),
            lambda tx, p=person, v=venue: audience_answers.modify(tx, kept.request, v, change, by=p),
            lambda tx, p=person, v=venue: audience_answers.refuse(tx, kept.request, v, "offer", by=p),
        ):  # fmt: skip
            with control.transaction(later(1)) as tx, pytest.raises(AudienceRefused, match=r"own|unknown"):  # fmt: skip
                act(tx)
    with control.reading() as reading:
        assert {one.state.value for one in audiences.answers(reading, kept.request)} == {"waiting"}


def test_a_house_pulls_its_own_orders_once_for_each_signature(
    control: Control, tmp_path: Path
) -> None:
    answered(control, busy=True)
    audience_issue.issue_due(control, later(15), partial(sign, keys().private["hub"]))
    at = FixedClock(later(20).now())
    config = WebConfig(home=tmp_path, network="reseau", signing_key=keys().public["hub"], public_url="http://localhost")  # fmt: skip
    web = create_app(config, at, control).test_client()

    def pulled(venue: str, by: str) -> Any:
        path = api.PATH_ORDERS.format(venue=venue)
        headers = sign_request(Outgoing("GET", f"http://localhost{path}"), keys().private[by], by, at)  # fmt: skip
        return web.get(path, headers=headers), web.get(path, headers=headers)

    first, again = pulled(VENUES[0], VENUES[0])
    orders = [SignedOrder.model_validate_json(canonical(one)) for one in first.get_json()]
    assert [(o.order.venue, o.order.request.sources) for o in orders] == [(VENUES[0], [VENUES[0]])]
    assert VENUES[1] not in first.text
    assert again.status_code == 401
    for venue, by in itertools.permutations(VENUES, 2):
        assert pulled(venue, by)[0].status_code == 403
    assert pulled(VENUES[2], VENUES[2])[0].get_json() == []
    assert web.get(api.PATH_ORDERS.format(venue=VENUES[0])).status_code == 401
