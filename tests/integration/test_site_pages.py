"""Every page of the site over HTTP: whole, in two languages, kept by caches, and never a stranger's markup."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contracts.base import canonical
from contracts.charter import Charter, SignedCharter
from hub.store.database import StoreUnavailable
from hub.web import observatory, problems
from hub.web.english import ENGLISH
from hub.web.french import FRENCH
from hub.web.navigation import NAVIGATION
from hub.web.pages import Page, Visit
from hub.web.site.budget import half_width
from hub.web.tongue import Tongue
from tests.support import sample_edition as sample
from tests.support.page_reader import Reader
from tests.support.sample_measures import tables_of_the_catalogue

PAGES = [
    line.page for line in NAVIGATION if line.page.read is not None and "<" not in line.page.path
]
HOUSE = "la-cale"
MOST, LONG = 250, 60  # the longest tables are cut: their lines are made alike
HIDDEN = "cirque-des-grues"
CORPUS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "</title><svg onload=alert(1)>",
    "</select><a href=javascript:alert(1)>x</a>",
    "{{ 7919 * 7919 }}{% raw %}",
)


def client(shelf: sample.Shelf) -> FlaskClient:
    app = Flask("test")
    app.config["TESTING"] = True
    observatory.install(app, shelf)
    return app.test_client()


@pytest.fixture(scope="module")
def whole() -> list:
    tables = [
        table.model_copy(update={"rows": table.rows[:LONG]}) if len(table.rows) > MOST else table
        for table in tables_of_the_catalogue()
    ]
    return [sample.reach().model_copy(update={"tables": tables})]


@pytest.fixture(scope="module")
def web(whole: list) -> FlaskClient:
    return client(
        sample.Shelf(
            sample.published("hiver"), sample.published(releases=whole), charter=sample.charter()
        )
    )


@pytest.mark.parametrize("code", ["fr", "en"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_whole(web: FlaskClient, page: Page, code: str) -> None:
    response = web.get(f"{page.path}?lang={code}")
    assert response.status_code == 200
    text = response.get_data(as_text=True)
    reader = Reader(text)
    assert reader.all("html") == [{"lang": code}]
    assert len(reader.all("h1")) == 1
    assert ("Et alors" if code == "fr" else "So what?") in text
    ids = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert all("scope" in th for th in reader.all("th"))
    assert all((one["src"] or "").startswith("/static/") for one in reader.all("script"))
    assert not reader.all("style")
    assert not [1 for _, attrs in reader.tags if "style" in attrs or any(a.startswith("on") for a in attrs)]  # fmt: skip
    anchors = {a["href"][1:] for a in reader.all("a") if (a["href"] or "").startswith("#")}
    assert anchors <= set(ids)
    assert sample.published().edition_sha256[:8] not in text  # it is the other edition's
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/circulation?view=map", "/lieux/la-cale"])
def test_links_within_the_site_lead_somewhere_and_keep_the_language(web: FlaskClient, path: str) -> None:  # fmt: skip
    mark = "&" if "?" in path else "?"
    reader = Reader(web.get(f"{path}{mark}lang=en").get_data(as_text=True))
    served = {line.page.path for line in NAVIGATION if line.page.read is not None}
    links = {a["href"] or "" for a in reader.all("a")} | {a["href"] or "" for a in reader.all("link")}  # fmt: skip
    inner = [href for href in links if href.startswith("/") and not href.startswith("/v1/")]
    assert len(inner) > 12
    for href in inner:
        if href.partition("?")[0].partition("#")[0] in served and ".css" not in href:
            assert "lang=" in href or href == path, href
    pages = [href for href in inner if href.partition("?")[0].partition("#")[0] in served]
    for href in sorted(pages)[::3]:
        assert web.get(href).status_code == 200, href


def test_a_page_stays_the_same_bytes_until_the_shelf_changes(whole: list) -> None:
    shelf = sample.Shelf(sample.published("hiver"), charter=sample.charter())
    web = client(shelf)
    first = web.get("/fidelite")
    assert first.headers["ETag"]
    assert "max-age=60" in first.headers["Cache-Control"]
    again = web.get("/fidelite", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    shelf.add(sample.published("printemps", releases=whole))
    later = web.get("/fidelite", headers={"If-None-Match": first.headers["ETag"]})
    assert later.status_code == 200
    assert later.headers["ETag"] != first.headers["ETag"]


def test_parameters_that_a_page_does_not_ask_for_change_nothing(web: FlaskClient) -> None:
    plain = web.get("/circulation").headers["ETag"]
    assert web.get("/circulation?utm=canari&x=%3Cscript%3E").headers["ETag"] == plain
    odd = web.get("/circulation?lag=canari&view=canari&a=canari&edition=canari")
    assert odd.status_code == 200
    assert "script>alert" not in odd.get_data(as_text=True)
    assert odd.headers["ETag"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_before_the_first_edition_a_page_says_why_and_what_to_do(page: Page) -> None:
    for shelf in (sample.Shelf(), sample.Shelf(charter=sample.charter())):
        response = client(shelf).get(page.path)
        assert response.status_code == 200
        text = response.get_data(as_text=True)
        assert len(Reader(text).all("h1")) == 1
        if page.needs_edition:
            assert "Aucune édition n’est encore parue." in text


def test_what_an_edition_does_not_hold_is_said_with_what_to_ask(web: FlaskClient) -> None:
    lacking = web.get("/gouts?edition=hiver").get_data(as_text=True)
    assert lacking.count("Cette édition ne contient pas cette mesure.") >= 5
    assert "demander à la coordination" in lacking
    assert "Cette édition ne contient pas" not in web.get("/gouts").get_data(as_text=True)


def test_a_long_parameter_is_left_out_and_the_whole_edition_is_drawn_once(
    web: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = web.get("/delais")
    assert web.get(f"/delais?discipline={'z' * 2000}").data == plain.data
    edition = web.get("/editions/saison-2025-2026")
    monkeypatch.setattr(observatory, "page_of", None)
    again = web.get("/editions/saison-2025-2026?x=1")
    assert (again.status_code, again.data) == (200, edition.data)
    assert again.headers["ETag"] == edition.headers["ETag"]
    assert web.get("/editions/rien").status_code == 404


def test_an_edition_is_chosen_by_the_address_and_kept_by_links(web: FlaskClient) -> None:
    text = web.get("/fidelite?edition=hiver").get_data(as_text=True)
    assert 'href="/delais?edition=hiver"' in text
    assert "/editions/hiver.json" in text


def test_the_question_of_lead_time_is_answered_or_says_what_is_near(web: FlaskClient) -> None:
    told = web.get("/delais?age=18-25&discipline=contemporary-art").get_data(as_text=True)
    assert 'value="contemporary-art" selected' in told
    assert "La moitié de ces achats" in told or "trop peu de monde" in told.lower()
    empty = web.get("/delais?age=18-25&distance=100%2B&edition=hiver").get_data(as_text=True)
    assert "Trop peu de monde pour répondre" in empty or "ne contient pas" in empty


def test_two_venues_up_close(web: FlaskClient) -> None:
    text = web.get(f"/circulation?a={HOUSE}&b=le-remous").get_data(as_text=True)
    assert "Vues dans l’un et l’autre" in text
    assert text.count("dans les 30 jours") + text.count("Dans les 30 jours") >= 2
    assert "deux lieux différents" in web.get(f"/circulation?a={HOUSE}&b={HOUSE}").get_data(as_text=True)  # fmt: skip


def test_a_small_venue_shows_its_group_and_never_itself_alone(web: FlaskClient) -> None:
    text = web.get(f"/lieux/{HIDDEN}").get_data(as_text=True)
    assert "Petites scènes de la métropole" in text
    assert "pour qu’aucun ne soit exposé seul" in text
    assert web.get("/lieux/nulle-part").status_code == 404
    assert "nulle-part" not in web.get("/lieux/nulle-part").get_data(as_text=True)


def _renamed() -> SignedCharter:
    """The charter with a stranger's markup in the place of every name."""
    signed = sample.charter()
    plain = json.loads(canonical(signed.charter))
    for i, one in enumerate((*plain["members"], *plain["clusters"])):
        one["name"] = CORPUS[i % len(CORPUS)]
    plain["name"] = CORPUS[0]
    plain["controller"]["operator"] = plain["dpo"]["name"] = CORPUS[1]
    plain["hub"]["operator"] = plain["custodian"]["operator"] = CORPUS[3]
    charter = Charter.model_validate_json(canonical(plain))
    return SignedCharter(charter=charter, signatures=signed.signatures)


def test_a_stranger_s_name_is_text_on_every_page(whole: list) -> None:
    made = sample.published(releases=whole)
    title = "".join(CORPUS)
    titled = made.model_copy(update={"edition": made.edition.model_copy(update={"title": title})})
    web = client(sample.Shelf(titled, charter=_renamed()))
    paths = [page.path for page in PAGES] + [
        f"/lieux/{HOUSE}",
        "/circulation?view=chord",
        f"/circulation?view=map&a={HOUSE}&b=le-remous",
    ]
    for path in paths:
        text = web.get(path).get_data(as_text=True)
        reader = Reader(text)
        assert "62710561" not in text
        assert not [t for t, attrs in reader.tags if any(a.startswith("on") or a == "autofocus" for a in attrs)], path  # fmt: skip
        assert not [a for a in reader.all("a") if (a.get("href") or "").startswith("javascript")]
        assert all((one.get("src") or "").startswith("/static/") for one in reader.all("script")), path  # fmt: skip
        assert all((one.get("src") or "").startswith("/static/") for one in reader.all("img")), path


def test_an_english_page_holds_no_french_but_names(web: FlaskClient) -> None:
    names = [m.name for m in sample.charter().charter.members] + ["Petites scènes de la métropole", "Réseau de démonstration", "Association de démonstration", "Saison 2025-2026"]  # fmt: skip
    for path in [page.path for page in PAGES] + [f"/lieux/{HOUSE}"]:
        text = web.get(f"{path}?lang=en").get_data(as_text=True)
        text = re.sub(r"<(\w+)[^>]* lang=\"fr\">.*?</\1>", "", text, flags=re.DOTALL)
        text = re.sub(r"<head>.*?</head>|<a [^>]*hreflang.*?</a>", "", text, flags=re.DOTALL)
        for name in names:
            text = text.replace(name.replace("'", "’"), "")
        text = re.sub(r"<[^>]*>", " ", text)
        for word in ("personnes", "presque", "Comment", "lieux", " jours", "Voir", "trop peu", "édition"):  # fmt: skip
            assert word not in text, (path, word)


class Broken(sample.Shelf):
    """A shelf whose database has gone away."""

    def mark(self) -> tuple[object, ...]:
        raise StoreUnavailable("canari")


def test_a_refusal_is_a_page_for_a_reader_and_a_problem_for_a_program() -> None:
    app = Flask("test")
    problems.install(app)
    observatory.install(app, Broken())
    web = app.test_client()
    for path, status, words in (
        ("/nulle-part?x=canari", 404, "Il n’y a pas de page à cette adresse."),
        ("/fidelite", 503, "Le site ne peut pas répondre en ce moment."),
    ):
        response = web.get(path)
        assert (response.status_code, response.mimetype) == (status, "text/html")
        assert response.headers["Cache-Control"] == "no-store"
        text = response.get_data(as_text=True)
        assert words in text
        assert "canari" not in text
        assert "nulle-part" not in text
    assert web.get("/v1/nowhere").mimetype == "application/problem+json"


def test_a_long_table_shows_its_first_lines_and_leads_to_its_files() -> None:
    """A cube's pairs have well over a thousand lines: the page holds a hundred, the files all."""
    tables = tables_of_the_catalogue()
    longest = max(tables, key=lambda table: len(table.rows))
    whole = sample.reach().model_copy(update={"tables": [longest]})
    shelf = sample.Shelf(sample.published(releases=[whole]), charter=sample.charter())
    app = Flask("long")
    observatory.install(app, shelf)
    browser = app.test_client()
    page = browser.get("/editions/saison-2025-2026").text
    body = re.search(r'<details class="data">.*?</details>', page, re.DOTALL)
    assert body
    assert len(longest.rows) > 1000
    assert body[0].count("<tr>") == 1 + 100
    assert f"Les 100 premières lignes sur {len(longest.rows)}" in body[0]
    file = browser.get(f"/editions/saison-2025-2026/{longest.table}.csv").text
    assert len(file.splitlines()) == 1 + len(longest.rows)


def test_the_menus_of_two_places_open_on_two_places(web: FlaskClient) -> None:
    for path in ("/circulation", f"/circulation?a={HOUSE}"):
        text = web.get(path).get_data(as_text=True)
        one, other = (re.search(rf'<select name="{n}">.*?</select>', text, re.DOTALL) for n in "ab")
        assert one is not None
        assert other is not None
        chosen = [re.search(r'value="([^"]*)" selected', m[0]) for m in (one, other)]
        first = chosen[0][1] if chosen[0] else re.findall(r'value="([^"]*)"', one[0])[0]
        assert chosen[1] is not None
        assert chosen[1][1] != first


@pytest.mark.parametrize(
    ("tongue", "milli", "words"),
    [
        (FRENCH, 1_900, "1,9 point de pourcentage"),
        (FRENCH, 2_000, "2,0 points de pourcentage"),
        (ENGLISH, 1_900, "1.9 percentage points"),
        (ENGLISH, 1_000, "1.0 percentage point"),
    ],
)
def test_a_half_width_counts_its_points(tongue: Tongue, milli: int, words: str) -> None:
    visit = Visit(sample.Shelf(), tongue, None, None)
    assert half_width(visit, milli, "percent") == f"±\u202f{words}"


def test_a_page_says_that_nothing_was_published_only_when_it_is_so(web: FlaskClient) -> None:
    before = client(sample.Shelf(charter=sample.charter()))
    home = before.get("/").get_data(as_text=True)
    assert "Aucune édition n’est encore parue : cette page" in home.replace("\u202f", " ")
    assert "De quoi parlent ces chiffres" not in home
    assert "De quoi parlent ces chiffres" in web.get("/").get_data(as_text=True)
    refused = web.get("/editions/inconnue", headers={"Accept-Language": "fr"}).get_data(
        as_text=True
    )
    assert "Cette page ne montre aucun chiffre." in refused
    assert "encore parue" not in refused
