"""Allies on the venue's page and in the API: what the published model says, and nothing before there is one."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.web import observatory
from tests.support import sample_edition as sample
from tests.support.sample_model import model

EDITION = "saison-2025-2026"
ALONE = [place for place in sample.PLACES if place not in sample.CLUSTERS]
GROUP = next(iter(sample.CLUSTERS))
ONE, OTHER, QUIET = ALONE[:3]


def client(shelf: sample.Shelf) -> FlaskClient:
    app = Flask("test")
    app.config["TESTING"] = True
    observatory.install(app, shelf)
    return app.test_client()


@pytest.fixture(scope="module")
def shelf() -> sample.Shelf:
    made = sample.Shelf(sample.published(), charter=sample.charter())
    made.models[EDITION] = model({ONE: [OTHER, GROUP], GROUP: [ONE]})
    return made


def part(web: FlaskClient, venue: str, lang: str = "fr") -> str:
    text = web.get(f"/lieux/{venue}?lang={lang}").get_data(as_text=True)
    return text.split('id="allies"')[1].split("</section>")[0] if 'id="allies"' in text else ""


def test_a_venue_reads_its_allies_on_its_page(shelf: sample.Shelf) -> None:
    web = client(shelf)
    said = part(web, ONE)
    assert said.count("<li>") == 2
    assert f'href="/lieux/{OTHER}' in said
    assert f"/lieux/{GROUP}" not in said  # a group has no page of its own
    assert "se détache du bruit" in part(web, QUIET)
    assert "stands out from the noise" in part(web, QUIET, "en")


def test_a_small_venue_reads_those_of_its_group(shelf: sample.Shelf) -> None:
    inside = next(iter(sample.CLUSTERS[GROUP][1]))
    assert f'href="/lieux/{ONE}' in part(client(shelf), inside)


def test_without_a_model_nothing_is_said_of_allies() -> None:
    web = client(sample.Shelf(sample.published(), charter=sample.charter()))
    assert part(web, ONE) == ""
    told = json.loads(web.get(f"/api/v1/editions/{EDITION}/allies").data)
    assert told == {"edition": EDITION, "model": False, "places": []}


def test_the_api_says_the_same_as_the_page(shelf: sample.Shelf) -> None:
    told = json.loads(client(shelf).get("/api/v1/editions/latest/allies?lang=en").data)
    assert told["model"]
    near = {each["place"]: each["allies"] for each in told["places"]}
    assert near == {place: [] for place in sample.PLACES} | {ONE: [OTHER, GROUP], GROUP: [ONE]}
    assert all(each["name"] for each in told["places"])
