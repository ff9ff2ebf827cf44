"""« Vous aimerez aussi » : the same for everybody, for any site to frame or to read, with nothing of a visitor."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from contracts.model import Dial, Model
from hub.recommend.suggest import Suggestions
from tests.support import widget_world
from tests.support.sample_edition import PLACES
from tests.support.widget_world import ALONE, GROUP, INSIDE, KINDS, ORIGIN, model


def served(*, kept: Model | None) -> FlaskClient:
    return widget_world.served(kept=kept).test_client()


@pytest.fixture(scope="module")
def browser() -> Iterator[FlaskClient]:
    with served(kept=model()) as browser:
        yield browser


def of(path: str) -> str:
    return f"/vous-aimerez-aussi/{path}"


def test_a_venue_leads_to_others_and_never_to_itself(browser: FlaskClient) -> None:
    said = browser.get(of(f"lieu/{ALONE}.json")).json
    assert (said["edition"], said["openness"], said["basis"]) == ("saison-2025-2026", 20, "model")
    places = [one["place"] for one in said["suggestions"]]
    assert len(places) == 3
    assert ALONE not in places
    first = said["suggestions"][0]
    assert first["name"] != first["place"]
    assert first["url"] in {"", f"{ORIGIN}/lieux/{first['place']}?lang=fr"}


def test_a_small_venue_is_told_as_the_group_in_which_it_appears(browser: FlaskClient) -> None:
    said = browser.get(of(f"lieu/{INSIDE}.json?length=8")).json
    assert GROUP not in [one["place"] for one in said["suggestions"]]
    other = browser.get(of(f"lieu/{ALONE}.json?length=8")).json["suggestions"]
    for one in other:
        assert (one["url"] == "") == (len(one["venues"]) > 1)


def test_a_discipline_leads_to_places_of_it_and_of_others(browser: FlaskClient) -> None:
    said = browser.get(of("discipline/dance.json?length=8&openness=100")).json["suggestions"]
    assert {"dance"} < {one["discipline"] for one in said}


def test_the_dial_never_takes_a_discovery_away(browser: FlaskClient) -> None:
    for kind, name in (("lieu", ALONE), ("discipline", "dance")):
        home = {"lieu": KINDS[PLACES.index(ALONE) % 3].value, "discipline": "dance"}[kind]
        found = []
        for openness in range(0, 101, 10):
            said = browser.get(of(f"{kind}/{name}.json?openness={openness}&length=4")).json
            found.append(sum(one["discipline"] != home for one in said["suggestions"]))
        assert found == sorted(found)


def test_the_dial_moves_something() -> None:
    ends = [[Suggestions(model(s)).from_place(ALONE, o, 4) for o in (0, 100)] for s in range(12)]
    assert any(low != high for low, high in ends)


@pytest.mark.parametrize("seed", range(12))
def test_a_list_is_as_long_as_asked_and_holds_nothing_twice(seed: int) -> None:
    made = Suggestions(model(seed))
    for openness in (0, 50, 100):
        for length in (1, 3, 8):
            found = made.from_place(ALONE, openness, length)
            assert len(found) == len(set(found)) == min(length, len(PLACES) - 1)


def test_a_network_sets_how_low_the_dial_goes() -> None:
    said = served(kept=model(dial=Dial(openness=40, least=30))).get(of(f"lieu/{ALONE}.json")).json
    assert said["openness"] == 40
    low = served(kept=model(dial=Dial(openness=40, least=30))).get(of(f"lieu/{ALONE}.json?openness=0"))  # fmt: skip
    assert low.json["openness"] == 30


def test_a_model_that_is_no_better_says_that_it_is_popularity() -> None:
    browser = served(kept=model(better=False))
    assert browser.get(of(f"lieu/{ALONE}.json")).json["basis"] == "popularity"
    assert "plus fréquentés" in browser.get(of(f"lieu/{ALONE}.html")).text


def test_before_a_model_it_says_so_and_breaks_nobodys_page() -> None:
    browser = served(kept=None)
    said = browser.get(of(f"lieu/{ALONE}.json"))
    assert (said.status_code, said.json["suggestions"]) == (200, [])
    assert "Pas encore de suggestion" in browser.get(of(f"lieu/{ALONE}.html")).text


def test_it_may_be_framed_and_read_anywhere_and_it_alone(browser: FlaskClient) -> None:
    page = browser.get(of(f"lieu/{ALONE}.html"))
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script" not in policy
    assert "<script" not in page.text
    message = browser.get(of(f"lieu/{ALONE}.json"))
    assert message.headers["Access-Control-Allow-Origin"] == "*"
    for path in ("/", f"/lieux/{ALONE}", "/editions/saison-2025-2026", of(f"lieu/{ALONE}.json")):
        assert "frame-ancestors 'none'" in browser.get(path).headers["Content-Security-Policy"]


def test_it_knows_no_visitor(browser: FlaskClient) -> None:
    plain = browser.get(of(f"lieu/{ALONE}.html"))
    marked = browser.get(
        of(f"lieu/{ALONE}.html"),
        headers={"Cookie": "who=me", "Accept-Language": "en", "Referer": "https://x.fr/", "User-Agent": "z"},
    )  # fmt: skip
    assert plain.data == marked.data
    for answer in (plain, marked):
        assert "Set-Cookie" not in answer.headers
        assert "Vary" not in answer.headers
        assert answer.headers["Cache-Control"].startswith("public, max-age=3600")
    again = browser.get(of(f"lieu/{ALONE}.html"), headers={"If-None-Match": plain.headers["ETag"]})
    assert again.status_code == 304
    assert "You may also like" in browser.get(of(f"lieu/{ALONE}.html?lang=en")).text


@pytest.mark.parametrize("path", ["lieu/nulle-part.json", "discipline/magie.json", "lieu/../x.json", f"lieu/{ALONE}.json?openness=101", f"lieu/{ALONE}.json?openness=-1", f"lieu/{ALONE}.json?length=0", f"lieu/{ALONE}.json?length=99", f"lieu/{ALONE}.json?openness=<b>"])  # fmt: skip
def test_what_is_not_there_is_not_found(browser: FlaskClient, path: str) -> None:
    answer = browser.get(of(path))
    assert answer.status_code == 404
    assert "<b>" not in answer.text
