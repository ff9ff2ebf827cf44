"""Two networks one person apart, with what the mechanisms draw injected equal: outside the vault not one bit differs.

What could tell of her beside the noised values would show here: an exact number in a page, a log, a length, an order
of rows, a status. How long the sums take is left aside, as the promise does.
"""

import logging
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pytest
from sqlalchemy import create_engine, text

import hub.publish as publishing
from contracts.base import canonical
from contracts.charter import Charter
from hub.app import create_app
from hub.config import WebConfig
from hub.errors import WitnessUnreachable
from hub.model_desk import publish_model
from hub.plan import EditionPlan, plan_edition
from hub.privacy.budget import sigma_micro
from hub.privacy.charge import Charge
from hub.privacy.values import Exact, Noised, VectorPlan
from hub.progress import Told, steps_of
from hub.publish import publish
from hub.store.database import Control, open_control
from hub.web.navigation import NAVIGATION
from tests.support import town
from tests.support.control_world import CLOCK, EDITION, charter, settle
from tests.support.publishing import TownFacts, desk

MEASURES = ("reach", "pairs", "ladder", "flows", "lead-time", "provenance", "firsts", "channels", "young", "season-spread")  # fmt: skip
QUICK = ("csv", "json")
FORMS = (*QUICK, "csv-metadata.json", "xlsx", "parquet", "svg", "png", "pdf")
ORIGIN = "http://127.0.0.1:8600"


def wide() -> Charter:
    """The charter of the control world, with one edition of many measures and room to pay for them."""
    plain = charter(cap_rho=1_000_000).model_dump(mode="json")
    plain["budgets"][0]["delta_pico"] = 1_000_000
    plain["editions"][0]["measures"] = [
        {"measure": name, "rho_micro": 20_000, "delta_pico": 0} for name in MEASURES
    ]
    return Charter.model_validate_json(canonical(plain))


@dataclass
class OneFewer(TownFacts):
    """The town, or the town without one person: whoever comes to most places."""

    gone: bool = False
    rows: int = 0

    @contextmanager
    def frozen(self, plan: EditionPlan) -> Iterator["TownFacts"]:
        visits = town.town(self.people, plan.frame, seed=1)
        if self.gone:
            known = visits.filter(
                pc.and_(pc.less(visits["age"], 5), pc.less(visits["distance"], 5))
            )
            counts = pc.value_counts(known["person_key"])
            most = max(counts.to_pylist(), key=lambda one: one["counts"])["values"]
            visits = visits.filter(pc.not_equal(visits["person_key"], most))
        self.rows = visits.num_rows
        self.connection = town.opened(visits)
        yield self
        self.connection.close()


@dataclass
class World:
    """One of the two networks: everything that it stored, said and logged outside the vault."""

    control: Control
    url: str
    home: Path
    rows: int = 0
    exact: dict[str, list[int]] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        engine = create_engine(self.url)
        with engine.connect() as connection:
            names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
            return {
                name: [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))]
                for name in sorted(names.scalars())
            }

    def answers(
        self, forms: tuple[str, ...]
    ) -> dict[str, tuple[int, list[tuple[str, str]], bytes]]:
        config = WebConfig(home=self.home, network="reseau", signing_key="ab" * 32)
        browser = create_app(config, CLOCK, self.control).test_client()
        seen = {}
        for path in addresses(self.control, forms):
            answer = browser.get(path, base_url=ORIGIN)
            headers = sorted((n, v) for n, v in answer.headers.items() if n != "Date")
            seen[path] = (answer.status_code, headers, answer.data)
        return seen


def addresses(control: Control, forms: tuple[str, ...]) -> list[str]:
    """Every page, file and message of the site, the API and the intake's public side."""
    file = control.published().edition(EDITION)
    tables = sorted(set(re.findall(rb'"table":"([a-z0-9-]+)"', file or b"")))
    tables = tables if forms == FORMS else tables[::5]
    pages = [p.page.path for p in NAVIGATION if p.page.read and "<" not in p.page.path]
    fixed = [f"/editions/{EDITION}", f"/editions/{EDITION}.json", f"/editions/{EDITION}.xlsx", "/v1/charter", "/v1/chain", "/v1/checkpoint", "/v1/editions", f"/v1/editions/{EDITION}", f"/v1/editions/{EDITION}/model", "/lieux/danse-nord", "/questions/Q15", "/questions/Q01", "/api/v1/questions", "/api/v1/venues", "/api/v1/editions", f"/api/v1/editions/{EDITION}/tables", f"/api/v1/editions/{EDITION}/allies", "/nulle-part"]  # fmt: skip
    files = [f"/editions/{EDITION}/{t.decode()}.{form}" for t in tables for form in forms]
    api = [f"/api/v1/editions/{EDITION}/tables/{t.decode()}" for t in tables]
    return [*pages, *(f"{page}?lang=en" for page in pages if forms == FORMS), *fixed, *files, *api]


def injected(world: World) -> Any:
    """Return a mechanism whose output depends on the public plan alone, and that keeps what it was handed."""

    def drawn(exact: Exact, charge: Charge, plan: VectorPlan) -> Noised:
        world.exact[plan.name] = exact.values.tolist()
        seeded = np.random.default_rng(sum(plan.name.encode()))
        kept = plan if plan.threshold is None else replace(plan, keys=plan.keys[::2])
        values = seeded.integers(0, 400, len(kept.keys)) * plan.unit_milli
        sigma = sigma_micro(plan.l2_sensitivity_squared, plan.rho_micro)
        return Noised(plan=kept, sigma_micro=sigma, values=values.astype(np.int64))

    return drawn


def made(world: World, monkeypatch: pytest.MonkeyPatch, *, gone: bool) -> None:
    """Publish in one world, the custodian out of reach at first, and make the model."""
    monkeypatch.setattr(publishing, "noise", injected(world))
    facts = OneFewer(gone=gone)

    def away(*_: object) -> Any:
        raise WitnessUnreachable("The custodian does not answer.")

    told = Told(world.control, CLOCK, EDITION, steps_of(wide(), EDITION), also=world.steps.append)
    ready = replace(desk(world.control, facts), progress=told)
    for witness in (away, ready.witness):
        try:
            with told.under_way(asked=False):
                publish(replace(ready, witness=witness), EDITION)
        except WitnessUnreachable as error:
            world.refused.append(str(error))
    world.rows = facts.rows
    publish_model(world.control, EDITION, ready.sign, CLOCK)


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, World]]:
    home = tmp_path_factory.mktemp("twins")
    first = home / "first.sqlite"
    control = open_control(f"sqlite:///{first}")
    control.migrate()
    settle(control, wide())
    control.close()
    shutil.copy(first, home / "second.sqlite")
    urls = [f"sqlite:///{home / name}.sqlite" for name in ("first", "second")]
    with pytest.MonkeyPatch.context() as monkeypatch:
        worlds = [World(open_control(url), url, home) for url in urls]
        logs = [_logged(made, world, monkeypatch, gone=i == 1) for i, world in enumerate(worlds)]
    assert logs[0] == logs[1]
    yield worlds[0], worlds[1]
    for world in worlds:
        world.control.close()


def _logged(act: Any, *args: Any, **more: Any) -> list[str]:
    lines = list[str]()

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.name} {record.levelname} {record.getMessage()}")

    handler, root = Keep(level=logging.DEBUG), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        act(*args, **more)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    return lines


def test_the_two_worlds_differ_where_nobody_outside_looks(twins: tuple[World, World]) -> None:
    """Otherwise nothing below would mean anything: her rows are gone, and the exact sums with them."""
    whole, fewer = twins
    assert fewer.rows < whole.rows
    planned = plan_edition(wide(), EDITION).measures
    for one in planned:
        names = [vector.name for vector in one.vectors]
        assert any(whole.exact[name] != fewer.exact[name] for name in names), one.spec.measure


def test_the_control_database_is_the_same_to_the_last_row(twins: tuple[World, World]) -> None:
    whole, fewer = twins
    tables = whole.tables()
    assert tables == fewer.tables()
    assert {"audit", "charge", "release", "work", "edition", "model"} <= {
        name for name, rows in tables.items() if rows
    }


def test_steps_and_refusals_are_the_same(twins: tuple[World, World]) -> None:
    whole, fewer = twins
    assert (whole.steps, whole.refused) == (fewer.steps, fewer.refused)
    assert whole.refused


@pytest.mark.parametrize("forms", [QUICK, pytest.param(FORMS, marks=pytest.mark.long)])
def test_every_answer_is_the_same_in_status_headers_and_bytes(
    twins: tuple[World, World], forms: tuple[str, ...]
) -> None:
    if (
        forms == FORMS
    ):  # a library sets its own logging up at its first use, whichever world that is
        pytest.importorskip("weasyprint").HTML(string="<p>x</p>").write_pdf()
    seen = list[dict[str, Any]]()
    logs = [_logged(lambda one=one: seen.append(one.answers(forms))) for one in twins]
    assert list(seen[0]) == list(seen[1])
    differing = [path for path in seen[0] if seen[0][path] != seen[1][path]]
    assert differing == []
    assert logs[0] == logs[1]
    refused = [path for path, (status, _, _) in seen[0].items() if status != 200]
    assert refused == ["/nulle-part"]
