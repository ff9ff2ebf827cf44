"""Every page of the office in a real Chromium, as whoever may open it: it fits, it can be read by everyone, nothing is refused."""

import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from contracts.clock import stamp
from hub.people.roles import Role
from tests.support.audience_world import opened
from tests.support.browser import looking, the_browser
from tests.support.control_world import VENUES
from tests.support.office import CLOCK, Somebody, open_office
from tests.support.orders import PARTNER

Reader = tuple[int, str, str]
"""How wide the window is, its scheme and the language asked for."""
READERS: list[Reader] = [(390, "light", "fr"), (1280, "dark", "en")]
EVERYONE = [(w, s, c) for w in (390, 1280) for s in ("light", "dark") for c in ("fr", "en")]
PAGES = {
    "nobody": ("connexion", "connexion/cle", "invitation/nulle-part"),
    "partner": ("accueil", "demandes/", "demandes/ecrire", "demandes/{request}", "partenaire/programmes/"),
    "house": ("demandes-recues/", f"demandes-recues/{VENUES[0]}/{{request}}"),
    "administrator": ("compte", "cles", "codes-de-secours", "mot-de-passe", "administration/", "administration/personnes", "administration/propositions", "administration/journal"),
    "coordinator": ("administration/travaux/",),
}  # fmt: skip
OPENED = [(who, path) for who, paths in PAGES.items() for path in paths]
NEWEST = [("partner", "demandes/ecrire"), ("house", f"demandes-recues/{VENUES[0]}/{{request}}"), ("partner", "demandes/{request}"), ("coordinator", "administration/travaux/")]  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """The office at work: where it is, who is signed in, and the request that waits for answers."""

    url: str
    people: dict[str, Somebody]
    request: str


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with the_browser() as found:
        yield found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    office = open_office(tmp_path_factory.mktemp("office"))
    opened(office.control, valid_from="2020-01-01T00:00:00Z", expires="2099-01-01T00:00:00Z")
    people = {
        "partner": office.somebody("quai@exemple.fr", Role.PARTNER, PARTNER),
        "house": office.somebody("maison@exemple.fr", Role.MARKETING, VENUES[0]),
        "administrator": office.somebody("anna@exemple.fr", Role.ADMINISTRATOR),
        "coordinator": office.somebody("lea@exemple.fr", Role.COORDINATOR),
    }
    request = asked(people["partner"])

    def app(environ: dict[str, Any], start: Any) -> Any:
        return office.app(environ, start)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Desk(f"http://127.0.0.1:{server.server_port}", people, request)
    server.shutdown()
    thread.join()


def asked(partner: Somebody) -> str:
    """Write a request that houses have still to answer, and return its name."""
    day = {name: stamp(CLOCK.now() + dt.timedelta(days=days))[:10] for name, days in (("first_day", 20), ("last_day", 60))}  # fmt: skip
    written = partner.post(
        "/bureau/demandes/ecrire",
        {"partner": PARTNER, "partner_name": "Théâtre du Quai", "aim": "discovery", "channel": "email", "taste": ["dance"], "level": "once",
         "contacted": "30", "cap": "1000", "holdout_percent": "10", "offer": "Deux places pour une.", **day},
    )  # fmt: skip
    name = str(written.location.rsplit("/", 1)[1])
    partner.post(f"/bureau/demandes/{name}/soumettre")
    return name


def read(browser: Browser, desk: Desk, who: str, path: str, reader: Reader) -> None:
    """Look at one page as one reader: it fits, axe finds nothing, nothing is refused or complains."""
    width, scheme, language = reader
    url = f"{desk.url}/bureau/connexion"
    with looking(browser, url, width=width, scheme=scheme) as look:
        page = look.page
        if who in desk.people:
            cookie = desk.people[who].cookie
            page.context.add_cookies([{"name": "farandole-bureau", "value": cookie, "domain": "127.0.0.1", "path": "/bureau"}])  # fmt: skip
        at = f"/bureau/{path.format(request=desk.request)}"
        page.goto(f"{desk.url}{at}?lang={language}")
        assert page.url.startswith(desk.url + at), page.url
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").count() == 1
        assert look.wider <= 0, path
        assert look.violations() == [], path
        assert look.wider <= 0, path
        assert look.refused == [], path


@pytest.mark.parametrize(("who", "path"), NEWEST)
def test_a_page_of_the_office_can_be_read_by_everyone(browser: Browser, desk: Desk, who: str, path: str) -> None:  # fmt: skip
    # One reader each, in turn: all of them look at all of it in make test-long.
    read(browser, desk, who, path, READERS[NEWEST.index((who, path)) % 2])


@pytest.mark.long
@pytest.mark.parametrize("reader", EVERYONE)
@pytest.mark.parametrize(("who", "path"), OPENED)
def test_every_page_of_the_office_can_be_read_by_everyone(browser: Browser, desk: Desk, who: str, path: str, reader: Reader) -> None:  # fmt: skip
    read(browser, desk, who, path, reader)
