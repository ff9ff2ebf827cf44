"""« Questions »: every question of the catalogue has a page, answered with its interval or refused with a way on."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contracts.questions import QUESTIONS
from hub.web import observatory
from hub.web.answers import answered
from hub.web.english import ENGLISH
from hub.web.french import FRENCH
from hub.web.labels import Labels
from tests.support import sample_edition as sample
from tests.support.sample_measures import tables_of_the_catalogue


@pytest.fixture(scope="module")
def web() -> FlaskClient:
    app = Flask("test")
    app.config["TESTING"] = True
    observatory.install(app, sample.Shelf(sample.published(), charter=sample.charter()))
    return app.test_client()


def text(web: FlaskClient, address: str) -> str:
    answer = web.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.get_data(as_text=True))


def sentence(page: str) -> str:
    found = re.search(r'<p class="sentence[^"]*">(.*?)</p>', page, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_list_holds_every_question_once_and_says_which_are_answered(
    web: FlaskClient, lang: str
) -> None:
    page = text(web, f"/questions?lang={lang}")
    links = re.findall(r'href="/questions/([QN]\d\d)\?lang=', page)
    assert sorted(links) == sorted(QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_answered_with_its_interval_or_refused_with_a_way_on(
    web: FlaskClient, question: str
) -> None:
    page = text(web, f"/questions/{question}?lang=fr")
    assert len(sentence(page)) > 20
    if (
        'class="interval"'
        in sentence(page) + page.split('class="answer"')[1].split("</section>")[0]
    ):
        assert "ρ = 0,0" in page
    else:
        assert "Demandez plutôt" in page
        assert re.search(r'href="/questions/[QN]\d\d\?lang=fr', page)


def test_the_blanks_are_filled_from_the_address(web: FlaskClient) -> None:
    page = text(web, "/questions/Q15?lang=fr&table=reach-venues&place=musee-des-vagues")
    assert "à « Musée des Vagues » (97 à 219)" in sentence(page).replace("\u202f", " ")
    assert '<option value="musee-des-vagues" selected>' in page


def test_a_pair_is_found_whichever_of_its_two_places_is_named_first(web: FlaskClient) -> None:
    both = [
        sentence(text(web, f"/questions/Q15?lang=en&table=pairs&place_a={a}&place_b={b}"))
        for a, b in (("auditorium-des-tilleuls", "le-remous"), ("le-remous", "auditorium-des-tilleuls"))
    ]  # fmt: skip
    assert both[0] == both[1]
    same = text(web, "/questions/Q15?lang=en&table=pairs&place_a=le-remous&place_b=le-remous")
    assert "Choose two different venues." in sentence(same)


def test_a_covered_figure_is_not_said(web: FlaskClient) -> None:
    page = text(web, "/questions/Q16?lang=fr&table=reach-spread&places=5%2B")
    assert "Trop peu de monde" in sentence(page)
    assert "13 personnes" not in sentence(page)


def test_what_may_be_added_tells_its_price_and_its_error_before(web: FlaskClient) -> None:
    page = text(web, "/questions/Q08?lang=fr").replace("\u202f", " ")
    assert "d’après des constantes publiques" in page
    assert re.search(r"± [\d,]+ points de pourcentage, au prix ρ = 0,\d+ \(", page)


def test_what_is_asked_instead_is_about_the_same_things_first(web: FlaskClient) -> None:
    page = text(web, "/questions/Q08?lang=fr").split("Demandez plutôt")[1]
    assert re.findall(r'href="/questions/(Q\d\d)', page)[0] == "Q07"


def test_a_strange_choice_is_not_repeated(web: FlaskClient) -> None:
    strange = web.get("/questions/Q15?lang=fr&place=%3Cscript%3Ealert(1)%3C/script%3E")
    assert strange.status_code == 200
    assert b"alert(1)" not in strange.data
    assert b"<script>alert" not in strange.data
    assert web.get("/questions/Q99").status_code == 404


@pytest.mark.parametrize("tongue", [FRENCH, ENGLISH], ids=["fr", "en"])
def test_every_table_of_the_catalogue_can_be_said_aloud(tongue) -> None:
    labels = Labels(sample.charter().charter, tongue)
    for table in tables_of_the_catalogue():
        for row in table.rows[:40]:
            choices = dict(zip(table.columns[:-1], row.keys, strict=True))
            said = answered(table, choices, labels)
            assert said.row is not None
            assert said.row.keys == row.keys
            assert "{" not in said.sentence
            assert "…" not in said.sentence, table.table
