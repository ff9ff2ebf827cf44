"""The public pages over HTTP: what a reader, a spreadsheet and a verifier get."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contracts.base import canonical
from contracts.edition import PublishedEdition, Release, Table
from hub.app import create_app
from hub.config import WebConfig
from hub.store.database import open_control
from hub.web import observatory
from hub.web.french import FRENCH
from hub.web.labels import Labels
from hub.web.tables import table_view
from tests.support import sample_edition as sample
from tests.support.page_reader import Reader
from tests.support.sample_measures import tables_of_the_catalogue

EDITION = "saison-2025-2026"
WHOLE = f"/editions/{EDITION}"


def client(shelf: sample.Shelf) -> FlaskClient:
    app = Flask("test")
    app.config["TESTING"] = True
    observatory.install(app, shelf)
    return app.test_client()


@pytest.fixture(scope="module")
def web() -> FlaskClient:
    return client(
        sample.Shelf(sample.published(), charter=sample.charter(), gone=("printemps-2025",))
    )


def test_the_page_shows_every_table_with_its_interval_and_how_to_read_it(web: FlaskClient) -> None:
    text = web.get(WHOLE).get_data(as_text=True)
    assert "11\u202f685" in text
    assert "Démonstration." in text
    for release in sample.published().edition.releases:
        for table in release.tables:
            assert f'id="{table.table}"' in text
            assert f"/editions/{EDITION}/{table.table}.csv" in text
    assert text.count("Comment lire ce chiffre.") == sum(
        len(r.tables) for r in sample.published().edition.releases
    )


def test_nothing_on_the_page_needs_an_inline_style_or_a_script(web: FlaskClient) -> None:
    response = web.get(WHOLE)
    page = Reader(response.get_data(as_text=True))
    assert all((one["src"] or "").startswith("/static/") for one in page.all("script"))
    assert not page.all("style")
    assert not [
        tag
        for tag, attrs in page.tags
        if "style" in attrs or any(a.startswith("on") for a in attrs)
    ]
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for path in [*(a["href"] for a in page.all("link"))]:
        assert web.get(path).status_code == 200


def test_the_page_can_be_read_without_seeing_it(web: FlaskClient) -> None:
    text = web.get(WHOLE).get_data(as_text=True)
    page = Reader(text)
    assert page.all("html") == [{"lang": "fr"}]
    assert len(page.all("h1")) == 1
    assert all("scope" in th for th in page.all("th"))
    assert all(svg.get("aria-hidden") == "true" for svg in page.all("svg"))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for a in page.all("a") if (a["href"] or "").startswith("#")}
    assert targets <= set(ids)


def test_a_number_that_says_nothing_is_not_shown_as_a_figure(web: FlaskClient) -> None:
    text = web.get(WHOLE).get_data(as_text=True)
    rows = re.findall(r'<li class="trop-peu">.*?</li>', text, flags=re.DOTALL)
    assert rows
    assert not any("<strong>" in row for row in rows)


def test_the_public_file_is_the_very_bytes_that_were_published(web: FlaskClient) -> None:
    response = web.get(f"/editions/{EDITION}.json")
    assert response.data == canonical(sample.published())
    assert PublishedEdition.model_validate_json(response.data) == sample.published()
    assert "immutable" in response.headers["Cache-Control"]


def test_a_table_is_a_spreadsheet(web: FlaskClient) -> None:
    response = web.get(f"/editions/{EDITION}/reach-venues.csv")
    assert response.data.startswith(b"\xef\xbb\xbf")
    assert response.mimetype == "text/csv"
    assert f"{EDITION}-reach-venues.csv" in response.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/editions/nulle-part", 404),
        ("/editions/nulle-part.json", 404),
        ("/editions/UPPER%20case", 404),
        (f"/editions/{EDITION}/no-table.csv", 404),
        ("/editions/printemps-2025", 410),
    ],
)
def test_what_is_not_there_is_said_in_french(web: FlaskClient, path: str, status: int) -> None:
    response = web.get(path)
    assert response.status_code == status
    assert "Revenir à l’accueil" in response.get_data(as_text=True)
    assert "nulle-part" not in response.get_data(as_text=True)


def test_before_the_first_edition_the_page_says_so() -> None:
    text = client(sample.Shelf()).get("/").get_data(as_text=True)
    assert "Aucune édition n’est encore parue." in text


def test_the_newest_edition_comes_first_and_the_others_are_listed() -> None:
    shelf = sample.Shelf(
        sample.published("printemps"), sample.published("saison"), charter=sample.charter()
    )
    text = client(shelf).get("/editions/saison").get_data(as_text=True)
    assert "hub verify saison.json" in text
    assert 'href="/editions/printemps"' in text


def test_what_a_charter_says_is_never_markup() -> None:
    evil = sample.published().model_copy(
        update={
            "edition": sample.published().edition.model_copy(update={"title": "<script>x</script>"})
        }
    )
    text = client(sample.Shelf(evil)).get(WHOLE).get_data(as_text=True)
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


@pytest.fixture(scope="module")
def measured() -> list[Table]:
    return tables_of_the_catalogue()


def test_every_table_of_the_catalogue_can_be_shown(measured: list[Table]) -> None:
    labels = Labels(sample.charter().charter)
    assert len(measured) >= 6
    for table in measured:
        view = table_view(table, labels)
        assert len(view.rows) == len(table.rows)
        assert set(table.columns[:-1]) <= set(FRENCH.columns), table.table
        assert all(len(row.labels) == len(view.columns) for row in view.rows)


def test_the_page_holds_all_tables_of_the_catalogue(measured: list[Table]) -> None:
    release: Release = sample.reach().model_copy(update={"tables": measured})
    shelf = sample.Shelf(sample.published(releases=[release]), charter=sample.charter())
    text = client(shelf).get(WHOLE).get_data(as_text=True)
    for table in measured:
        assert f'id="{table.table}"' in text


def test_the_hub_serves_the_page_beside_its_intake(tmp_path: Path) -> None:
    control = open_control(f"sqlite:///{tmp_path / 'control.sqlite'}")
    control.migrate()
    config = WebConfig(home=tmp_path, network="essai", signing_key="ab" * 32)
    app = create_app(config, control=control)
    response = app.test_client().get("/")
    assert "Aucune édition n’est encore parue." in response.get_data(as_text=True)
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert app.test_client().get("/static/observatory/observatory.css").status_code == 200
    assert app.test_client().get("/v1/nowhere").mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "accept", "code"),
    [
        ("/", "", "fr"),
        ("/", "en-GB,en;q=0.9,fr;q=0.3", "en"),
        ("/", "de,fr;q=0.5,en;q=0.4", "fr"),
        ("/", "de", "fr"),
        ("/?lang=en", "fr", "en"),
        ("/?lang=fr", "en", "fr"),
        ("/?lang=xx", "en", "en"),
        ("/?lang=%22%3E", "", "fr"),
    ],
)
def test_the_language_is_the_address_s_then_the_reader_s(
    web: FlaskClient, path: str, accept: str, code: str
) -> None:
    response = web.get(path, headers={"Accept-Language": accept})
    text = response.get_data(as_text=True)
    assert Reader(text).all("html") == [{"lang": code}]
    assert response.headers["Content-Language"] == code
    assert "Accept-Language" in response.headers["Vary"]
    assert ("What this edition says" in text) == (code == "en")
    assert ("Ce que dit cette édition" in text) == (code == "fr")


def test_both_languages_point_at_each_other(web: FlaskClient) -> None:
    page = Reader(web.get(f"{WHOLE}?lang=en").get_data(as_text=True))
    alternates = {a["hreflang"]: a["href"] for a in page.all("link") if a.get("rel") == "alternate"}
    assert alternates == {"fr": f"{WHOLE}?lang=fr", "en": f"{WHOLE}?lang=en", "x-default": WHOLE}
    switch = [a for a in page.all("a") if a.get("hreflang")]
    assert [(a["href"], a["lang"]) for a in switch] == [(f"{WHOLE}?lang=fr", "fr")]
    sheets = [a["href"] or "" for a in page.all("a") if ".csv" in (a["href"] or "")]
    assert sheets
    assert all(href.endswith("?lang=en") for href in sheets)
    assert web.get(sheets[0]).data.startswith(b"\xef\xbb\xbfScope,Value (people)")


def test_an_english_page_holds_no_french_but_names_and_what_is_marked(web: FlaskClient) -> None:
    text = web.get(f"{WHOLE}?lang=en").get_data(as_text=True)
    text = re.sub(r'<(span|h1) lang="fr">.*?</\1>', "", text, flags=re.DOTALL)
    text = re.sub(r"<head>.*?</head>|<a [^>]*hreflang.*?</a>", "", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", " ", text)
    for word in ("personnes", "presque", "Comment", "lieux", " jours", "Voir", "Tous", "la charte"):
        assert word not in text, word


@pytest.mark.parametrize("path", ["/editions/nulle-part?lang=en", "/editions/printemps-2025?lang=en"])  # fmt: skip
def test_what_is_not_there_is_said_in_english_too(web: FlaskClient, path: str) -> None:
    text = web.get(path).get_data(as_text=True)
    assert "Back to the home page" in text
    assert "nulle-part" not in text


def test_before_the_first_edition_the_page_says_so_in_english() -> None:
    text = client(sample.Shelf()).get("/?lang=en").get_data(as_text=True)
    assert "No edition has been published yet." in text


def test_the_page_tells_prices_by_measure_and_how_to_verify(web: FlaskClient) -> None:
    text = web.get(WHOLE).get_data(as_text=True)
    assert text.count("Prix de ces tableaux") == len(sample.published().edition.releases)
    assert "hub verify saison-2025-2026.json --charter charter.json" in text
    assert sample.published().edition_sha256 in text
    assert "Déléguée" in text or "Délégué à la protection des données" in text
    assert "tiers@example.org" in text


def test_the_fingerprint_can_be_made_again_without_us(web: FlaskClient) -> None:
    plain = json.loads(web.get(f"/editions/{EDITION}.json").data)["edition"]
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)  # jq -cSj
    assert hashlib.sha256(text.encode()).hexdigest() == sample.published().edition_sha256
