"""Charts to explore: their data say what the page says and no more, and the vendored library is the one that was fetched."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contracts.base import canonical
from contracts.charter import Charter, SignedCharter
from contracts.edition import Table
from hub.web import headers, observatory
from hub.web.explore import DRAWINGS
from tests.support import sample_edition as sample
from tests.support.sample_measures import tables_of_the_catalogue

ROOT = Path(__file__).parents[2]
CHARTS = ROOT / "hub" / "web" / "static" / "charts"
EDITION = "/explorer/saison-2025-2026"
ASKED = {
    "provenance": "?place=la-cale&lang=fr",
    "shop": "?month=2026-05&lang=fr",
    "lead-detail": "?discipline=contemporary-art&lang=fr",
}


@pytest.fixture(scope="module")
def web() -> FlaskClient:
    whole = [sample.reach().model_copy(update={"tables": tables_of_the_catalogue()})]
    shelf = sample.Shelf(sample.published(releases=whole), charter=sample.charter(), gone=("hiver",))  # fmt: skip
    return client(shelf)


def client(shelf: sample.Shelf) -> FlaskClient:
    app = Flask("pages")
    headers.install(app)
    observatory.install(app, shelf)
    return app.test_client()


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_says_what_its_table_says(web: FlaskClient, name: str) -> None:
    answer = web.get(f"{EDITION}/{name}.json{ASKED.get(name, '?lang=fr')}")
    assert answer.status_code == 200, name
    data = json.loads(answer.data)
    assert data["kind"] in ("heat", "ring", "flows", "areas", "spans")
    assert data["about"].endswith(data["title"])
    figures = list(_figures(data))
    assert figures
    for one in figures:
        assert one["said"]
        if one.get("wording") == "trop-peu":  # what chance covers has no value anywhere
            assert one.get("value") is None
            assert one.get("text", "·") == "·"
            assert "trop peu de monde" in one["said"]


def covered(table: Table, *, every: int) -> Table:
    """Return *table* where chance covers one row of *every*."""
    rows = [
        row.model_copy(update={"wording": "trop-peu"}) if at % every == 0 else row
        for at, row in enumerate(table.rows)
    ]
    return table.model_copy(update={"rows": rows})


def drawn_of(every: int) -> dict[str, list[dict[str, object]]]:
    """Return the figures of each drawing that there is, where chance covers one row of *every*."""
    tables = [covered(table, every=every) for table in tables_of_the_catalogue()]
    whole = [sample.reach().model_copy(update={"tables": tables})]
    web = client(sample.Shelf(sample.published(releases=whole), charter=sample.charter()))
    answers = {name: web.get(f"{EDITION}/{name}.json{ASKED.get(name, '?lang=fr')}") for name in DRAWINGS}  # fmt: skip
    assert {answer.status_code for answer in answers.values()} <= {200, 404}
    return {name: list(_figures(a.get_json())) for name, a in answers.items() if a.status_code == 200}  # fmt: skip


def test_a_figure_that_chance_covers_has_no_value_in_any_drawing() -> None:
    few = {
        name: [one for one in figures if one["wording"] == "trop-peu"]
        for name, figures in drawn_of(2).items()
    }
    assert {name for name, figures in few.items() if figures} >= {"pairs", "passages", "provenance", "lead-detail"}  # fmt: skip
    for one in (one for figures in few.values() for one in figures):
        assert (one.get("value"), one.get("text", "·")) == (None, "·")
        assert one.get("shade", 0) in (0, -1), one
        assert "trop peu de monde" in str(one["said"])


def test_where_chance_covers_everything_nothing_is_told() -> None:
    wordings = {one["wording"] for figures in drawn_of(1).values() for one in figures}
    assert wordings <= {"trop-peu", ""}  # "" is an area that the table does not name


def _figures(data: object):
    if isinstance(data, list):
        for each in data:
            yield from _figures(each)
    elif isinstance(data, dict):
        if "said" in data:
            yield data
        for each in data.values():
            yield from _figures(each)


def test_a_drawing_is_kept_and_the_words_are_of_its_language(web: FlaskClient) -> None:
    first = web.get(f"{EDITION}/pairs.json?lang=en")
    assert "max-age=60" in first.headers["Cache-Control"]
    again = web.get(f"{EDITION}/pairs.json?lang=en", headers={"If-None-Match": first.headers["ETag"]})  # fmt: skip
    assert (again.status_code, again.data) == (304, b"")
    assert json.loads(first.data)["say"]["sure_only"] == "Keep the almost sure only"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{EDITION}/nothing.json", 404),
        ("/explorer/nowhere/pairs.json", 404),
        ("/explorer/hiver/pairs.json", 410),
        (f"{EDITION}/provenance.json?place=canari", 404),
    ],
)
def test_what_cannot_be_drawn_is_not_there_and_echoes_nothing(web: FlaskClient, path: str, status: int) -> None:  # fmt: skip
    answer = web.get(path)
    assert answer.status_code == status
    assert b"canari" not in answer.data


def test_a_page_that_explores_lets_itself_be_asked_and_no_other_does(web: FlaskClient) -> None:
    assert "connect-src 'self'" in web.get("/circulation").headers["Content-Security-Policy"]
    assert "connect-src" not in web.get("/glossaire").headers["Content-Security-Policy"]
    page = web.get("/circulation?lang=fr").get_data(as_text=True)
    addresses = re.findall(r'data-explore="([^"]+)"', page)
    assert len(addresses) == 2
    for address in addresses:
        assert web.get(address.replace("&amp;", "&")).status_code == 200


def test_no_ring_is_drawn_beyond_twelve_places_or_without_a_charter() -> None:
    bare = client(sample.Shelf(sample.published()))
    assert bare.get(f"{EDITION}/map.json").status_code == 404
    charter = sample.charter()
    plain = json.loads(canonical(charter.charter))
    named = SignedCharter(charter=Charter.model_validate_json(canonical(plain)), signatures=charter.signatures)  # fmt: skip
    assert client(sample.Shelf(sample.published(), charter=named)).get(f"{EDITION}/ring.json").status_code == 200  # fmt: skip


def test_the_vendored_library_is_the_one_whose_fingerprint_is_kept() -> None:
    for line in (CHARTS / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256((CHARTS / name).read_bytes()).hexdigest() == digest
    licences = (CHARTS / "LICENCES.txt").read_text()
    for owed in ("Apache License", "The Apache Software Foundation", "Baidu Inc.", "Mike Bostock", "Microsoft Corporation"):  # fmt: skip
        assert owed in licences
    pins = json.loads((ROOT / "deploy" / "charts" / "package.json").read_text())["devDependencies"]
    assert f"ECharts {pins['echarts']}," in (CHARTS / "echarts.min.js").read_text()[:200]
    assert (CHARTS / "echarts.min.js").stat().st_size < 640_000


def test_our_scripts_write_no_markup_and_run_no_text() -> None:
    for script in (*CHARTS.glob("*.js"), CHARTS.parent / "site.js"):
        if script.name == "echarts.min.js":
            continue
        text = script.read_text()
        for word in ("innerHTML", "insertAdjacentHTML", "outerHTML", "document.write", "eval(", "Function("):  # fmt: skip
            assert word not in text, (script.name, word)
    assert 'renderMode: "richText"' in (CHARTS / "explore.js").read_text()
