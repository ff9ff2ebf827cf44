"""What the pages say of intercommunalités: names, a refusal where too few came, and why there is no table."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contracts.edition import Release
from hub.web import observatory
from tests.support import sample_edition as sample

PLACE, OTHER = sample.PLACES[:2]
ROWS = [
    ((PLACE, "244400404"), 61.0),
    ((PLACE, "244400644"), 20.0),
    ((PLACE, "elsewhere"), 9.0),
    ((PLACE, "rest"), 10.0),
]


def client(*more: Release) -> FlaskClient:
    app = Flask("test")
    releases = [sample.reach(), sample.provenance(), *more]
    observatory.install(app, sample.Shelf(sample.published(releases=releases), charter=sample.charter()))  # fmt: skip
    return app.test_client()


@pytest.fixture(scope="module")
def web() -> FlaskClient:
    columns = ["place", "epci", "percent"]
    table = sample._table("provenance-epci", "Q10", "De quelles intercommunalités ?", columns, ROWS, sigma=0.5)  # fmt: skip
    return client(sample._release("provenance-epci", 9_000, table))


def text(web: FlaskClient, path: str) -> str:
    """Return the words of the section of a page that tells intercommunalités."""
    page = web.get(path).get_data(as_text=True)
    start = page.index('<h2 id="epci">')
    return " ".join(re.sub(r"<[^>]+>", " ", page[start : page.index("</section>", start)]).split())


def test_each_is_called_by_its_name_with_its_share(web: FlaskClient) -> None:
    told = text(web, f"/provenance?place={PLACE}&lang=fr")
    for name in ("Nantes Métropole (44)", "plus loin", "toutes les autres", "61"):
        assert name in told
    assert "la charte de ce réseau laisse partir" in told.replace("\xa0", " ")
    english = text(web, f"/provenance?place={PLACE}&lang=en")
    assert "Which groups of communes" in english
    assert "farther away" in english


def test_a_place_of_too_few_is_refused_and_sent_to_its_departements(web: FlaskClient) -> None:
    told = text(web, f"/provenance?place={OTHER}&lang=fr")
    assert "Trop peu de monde" in told
    assert "départements" in told
    assert "Nantes Métropole" not in told


def test_an_edition_that_did_not_measure_it_says_so() -> None:
    told = text(client(), "/provenance?lang=fr")
    assert "charte" in told
    assert "Trop peu de monde" not in told


def test_the_page_of_a_venue_tells_them_too(web: FlaskClient) -> None:
    assert "Nantes Métropole (44)" in web.get(f"/lieux/{PLACE}?lang=fr").get_data(as_text=True)
    assert "Nantes Métropole (44)" not in web.get(f"/lieux/{OTHER}?lang=fr").get_data(as_text=True)


def test_its_table_can_be_taken_away(web: FlaskClient) -> None:
    page = web.get("/provenance?lang=fr").get_data(as_text=True)
    link = next(m for m in re.findall(r'href="([^"]+)"', page) if "provenance-epci.csv" in m)
    answer = web.get(link.replace("&amp;", "&"))
    assert answer.status_code == 200
    assert "Nantes Métropole (44)" in answer.data.decode("utf-8-sig").replace("’", "'")


def test_the_charters_page_says_that_it_is_finer() -> None:
    signed = sample.charter()
    named = signed.charter.model_copy(update={"fields": ["age_band", "epci"]})
    app = Flask("test")
    shelf = sample.Shelf(sample.published(), charter=signed.model_copy(update={"charter": named}))
    observatory.install(app, shelf)
    page = app.test_client().get("/charte?lang=fr").get_data(as_text=True)
    assert "intercommunalité, bien plus fine que le département" in page
