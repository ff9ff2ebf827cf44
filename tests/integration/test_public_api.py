"""The public API: what it answers follows its own document, and a refusal repeats nothing of what was asked."""

import json
from pathlib import Path

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient

from contracts import public_api as api
from contracts.problems import PROBLEM_MEDIA_TYPE, Problem
from contracts.questions import QUESTIONS
from hub.web import observatory
from hub.web.api.document import document
from hub.web.api.routes import ROUTES
from tests.support import sample_edition as sample

EDITION = "saison-2025-2026"
CANARY = "zqcanary"
EXAMPLES = {"edition": EDITION, "table": "reach-venues", "measure": "lead-time", "question": "Q15"}


def client(shelf: sample.Shelf) -> FlaskClient:
    app = Flask("test")
    app.config["TESTING"] = True
    observatory.install(app, shelf)
    return app.test_client()


@pytest.fixture(scope="module")
def web() -> FlaskClient:
    return client(sample.Shelf(sample.published(), charter=sample.charter(), gone=("printemps-2025",)))  # fmt: skip


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_answer_follows_the_document(web: FlaskClient, route, lang: str) -> None:
    told = json.loads(web.get(api.API_DOCUMENT).data)
    answer = web.get(route.path.format(**EXAMPLES), query_string={"lang": lang})
    assert answer.status_code == 200
    ok = told["paths"][route.path]["get"]["responses"]["200"]
    schema = {**ok["content"]["application/json"]["schema"], "components": told["components"]}
    jsonschema.Draft202012Validator(schema).validate(json.loads(answer.data))
    route.answer.model_validate_json(answer.data)


def test_the_document_is_the_one_in_the_reference_and_every_reference_in_it_stands() -> None:
    kept = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"
    told = document()
    assert json.loads(kept.read_text()) == told, "run `python -m docs.build_reference`"
    assert told["openapi"].startswith("3.1.")
    named = {part.split('"')[0] for part in json.dumps(told).split('"#/components/schemas/')[1:]}
    assert named <= set(told["components"]["schemas"])
    for schema in told["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_the_same_figures_are_in_the_api_and_in_the_files(web: FlaskClient) -> None:
    told = json.loads(web.get(f"/api/v1/editions/{EDITION}/tables/reach-venues").data)
    kept = json.loads(web.get(f"/editions/{EDITION}/reach-venues.json?lang=fr").data)
    assert [row["value"] for row in told["rows"]] == [row["value"] for row in kept["rows"]]
    assert told["edition_sha256"] == kept["about"]["sha256"]
    assert told["rho_micro"] == 20_000


def test_latest_is_the_newest_edition_and_every_question_is_told(web: FlaskClient) -> None:
    assert web.get("/api/v1/editions/latest").data == web.get(f"/api/v1/editions/{EDITION}").data
    told = json.loads(web.get("/api/v1/questions").data)["questions"]
    assert [each["question"] for each in told] == list(QUESTIONS)
    for each in told:
        assert each["answered"] == (each["measure"] is not None) == (each["why"] is None)


def test_an_answer_is_made_once_until_something_is_published() -> None:
    shelf = sample.Shelf(sample.published("hiver"), charter=sample.charter())
    web = client(shelf)
    before = web.get("/api/v1/editions").get_data()
    shelf.edition = None  # type: ignore[assignment,method-assign]
    assert web.get("/api/v1/editions?x=1").get_data() == before
    assert web.get("/api/v1/editions?lang=fr").get_data() == before
    del shelf.edition
    shelf.add(sample.published("printemps"))
    assert web.get("/api/v1/editions").get_data() != before


def test_whoever_has_an_answer_is_not_sent_it_again(web: FlaskClient) -> None:
    tag = web.get("/api/v1/venues").headers["ETag"]
    assert web.get("/api/v1/venues", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        (f"/api/v1/editions/{CANARY}", 404, "not-found"),
        (f"/api/v1/editions/{CANARY}<script>", 404, "not-found"),
        (f"/api/v1/editions/{EDITION}/tables/{CANARY}", 404, "not-found"),
        (f"/api/v1/editions/{EDITION}/measures/{CANARY}", 404, "not-found"),
        ("/api/v1/questions/Q99", 404, "not-found"),
        (f"/api/v1/questions/{CANARY}", 404, "not-found"),
        ("/api/v1/editions/printemps-2025", 410, "withdrawn"),
        ("/api/v1/editions/printemps-2025/tables/reach-venues", 410, "withdrawn"),
        (f"/api/v1/venues?lang={CANARY}", 422, "malformed"),
        (f"/api/v1/questions?edition=..%2F{CANARY}", 422, "malformed"),
        (f"/api/v2/{CANARY}", 404, "not-found"),
        (f"/api/{CANARY}", 404, "not-found"),
    ],
)
def test_a_refusal_is_a_problem_that_repeats_nothing(
    web: FlaskClient, path: str, status: int, kind: str
) -> None:
    answer = web.get(path)
    assert answer.status_code == status
    assert answer.mimetype == PROBLEM_MEDIA_TYPE
    problem = Problem.model_validate_json(answer.data)
    assert problem.type.endswith(kind)
    assert problem.status == status
    assert CANARY.encode() not in answer.data
    assert CANARY not in str(answer.headers)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_written(web: FlaskClient, method: str) -> None:
    answer = getattr(web, method)("/api/v1/editions", json={"a": CANARY})
    assert answer.status_code == 404
    assert answer.mimetype == PROBLEM_MEDIA_TYPE
    assert CANARY.encode() not in answer.data


def test_before_the_first_edition_lists_are_empty_and_the_latest_is_not_found() -> None:
    empty = client(sample.Shelf())
    assert json.loads(empty.get("/api/v1/editions").data) == {"editions": [], "withdrawn": []}
    assert json.loads(empty.get("/api/v1/venues").data)["venues"] == []
    assert empty.get("/api/v1/editions/latest").status_code == 404
    told = json.loads(empty.get("/api/v1/questions").data)
    assert told["edition"] is None
    assert not any(each["answered"] for each in told["questions"])
