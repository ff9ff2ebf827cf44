"""What people come to do, in one real Chromium: a coordinator on Monday, a partner with seats, a venue's site, a spectator."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from hub.people.roles import Role
from hub.store import clients, work
from tests.support.browser import Look, looking, the_browser
from tests.support.control_world import EDITION, settle
from tests.support.office import CLOCK, Office, Somebody, open_office
from tests.support.programs import new_key, thumbprint
from tests.support.widget_world import ALONE, model, served

PARTNER = "festival-du-nord"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with the_browser() as found:
        yield found


@contextmanager
def listening(make: Callable[[str], Any]) -> Iterator[str]:
    """Serve what *make* returns for its own address, as ``localhost``."""
    made = list[Any]()

    def app(environ: Any, start: Any) -> Any:
        return made[0](environ, start)  # made once the address is known

    server = make_server("127.0.0.1", 0, app, threaded=True)
    url = f"http://localhost:{server.server_port}"
    made.append(make(url))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield url
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with listening(lambda _url: served(kept=model())) as url:
        yield url


def well(look: Look) -> None:
    assert look.wider <= 0, look.page.url
    assert (look.refused, look.complaints) == ([], []), look.page.url


def test_a_coordinator_answers_a_question_and_takes_its_table(browser: Browser, site: str) -> None:
    """P2, J2 and J4: choose, fill the blanks, read a sentence with its interval, take the file."""
    with looking(browser, f"{site}/questions", width=1280) as look:
        page = look.page
        page.click("a[href^='/questions/Q01']")
        page.select_option("select[name=age]", "26-34")
        page.click("form.fill button")
        page.wait_for_url("**age=26-34**")
        assert "26" in page.inner_text(".answer .sentence")
        assert page.is_visible(".answer .interval")
        page.locator("summary", has_text="Voir les données").first.click()
        with page.expect_download() as file:
            page.locator("a[href*='.csv']").first.click()
        assert file.value.path().read_bytes().startswith("\ufeff".encode())
        well(look)


def test_a_venue_puts_the_fragment_on_its_own_site(browser: Browser, site: str) -> None:
    """P3, J6: framed by another origin, readable, and nothing else of the hub is."""
    house = Flask("house")
    page_ = f"<title>x</title><iframe src='{site}/vous-aimerez-aussi/lieu/{ALONE}.html'></iframe><iframe src='{site}/'></iframe>"  # fmt: skip
    house.add_url_rule("/", "home", lambda: page_)
    with listening(lambda _url: house) as url, looking(browser, url, width=1280) as look:
        fragment, hub = look.page.frames[1:]
        fragment.locator("li").nth(2).wait_for()
        assert fragment.locator("li").count() == 3
        assert fragment.locator("h1").inner_text() == "Vous aimerez aussi"
        assert hub.locator(".masthead").count() == 0  # refused: the browser shows its own words
        assert look.page.context.cookies() == []


def test_a_spectator_finds_what_is_kept_and_how_to_leave(browser: Browser, site: str) -> None:
    """P4: from the first page, in one step, without an account."""
    with looking(browser, site, width=390) as look:
        look.page.locator("footer a", has_text="Et moi").first.click()
        look.page.wait_for_url("**/notice**")
        assert look.page.locator("h1").count() == 1
        well(look)


@dataclass(frozen=True)
class Bureau:
    """An office that is served, and its address."""

    office: Office
    url: str


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    made = list[Office]()

    def make(url: str) -> Any:
        made.append(open_office(tmp_path_factory.mktemp("bureau"), public_url=url))
        settle(made[0].control)
        return made[0].app

    with listening(make) as url:
        yield Bureau(made[0], url)


@contextmanager
def at_work(browser: Browser, bureau: Bureau, who: Somebody, path: str) -> Iterator[Look]:
    """Open a page of the office as somebody who is signed in."""
    with looking(browser, "about:blank", width=1280) as look:
        cookie = {"name": "farandole-bureau", "value": who.cookie, "url": f"{bureau.url}/bureau"}
        look.page.context.add_cookies([cookie])  # type: ignore[list-item]
        look.page.goto(f"{bureau.url}/bureau/{path}")
        yield look


def signed_in(bureau: Bureau, email: str, role: Role, venue: str = "") -> Somebody:
    """Sign somebody in by the test's own browser, at the address that is served."""
    person = bureau.office.somebody(email, role, venue)
    assert person.cookie
    return person


@pytest.mark.long
def test_a_coordinator_asks_for_an_edition_watches_it_and_calls_it_off(
    browser: Browser, bureau: Bureau
) -> None:
    """P2, J3: asked, seen again after a reload, live without one, called off before the charge."""
    anna = signed_in(bureau, "anna@exemple.fr", Role.COORDINATOR)
    with at_work(browser, bureau, anna, "administration/travaux/") as look:
        page = look.page
        page.select_option("#edition", EDITION)
        page.click("#publier ~ p button, form.door button")
        page.wait_for_selector("#travaux [data-state=asked]")
        page.reload()
        assert "attend le coffre" in page.inner_text("#travaux")
        with bureau.office.control.transaction(CLOCK) as tx:
            work.take(tx, EDITION, "open", 6)
            tx.commit()
        page.wait_for_selector("#travaux progress", timeout=60_000)
        page.click("#travaux form button")
        page.wait_for_selector("#travaux [data-state=cancelled]", timeout=60_000)
        well(look)
        assert look.violations() == []


@pytest.mark.long
def test_a_partner_lets_a_program_in(browser: Browser, bureau: Bureau) -> None:
    """P3: deposit a public key, confirm it, see that it has access."""
    bob = signed_in(bureau, "bob@exemple.fr", Role.PARTNER, PARTNER)
    key = new_key()
    with at_work(browser, bureau, bob, "partenaire/programmes/") as look:
        page = look.page
        page.fill(f"#n-{PARTNER}", "Billetterie")
        page.fill(f"#k-{PARTNER}", key.as_pem(private=False).decode())
        page.click(f"form:has(#n-{PARTNER}) button")
        page.get_by_text("La clé est déposée").wait_for()
        with bureau.office.control.reading() as reading:
            (program,) = clients.of_partner(reading, PARTNER)
        page.fill(f"#s-{program.client}", thumbprint(key)[:8])
        page.click(f"form:has(#s-{program.client}) button")
        page.get_by_text("Le programme a accès").wait_for()
        well(look)
        assert look.violations() == []
