"""Somebody is invited, signs in, adds a passkey and signs in with it, in a real Chromium; every page can be read by everyone."""

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from hub.people.roles import Role
from tests.support.browser import Look, looking, the_browser
from tests.support.control_world import settle
from tests.support.office import PASSWORD, Office, open_office

ENOUGH_SECONDS = 20  # of a code's half minute
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PAGES = (
    "accueil",
    "compte",
    "cles",
    "codes-de-secours",
    "mot-de-passe",
    "administration/",
    "administration/personnes",
    "administration/propositions",
    "administration/journal",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with the_browser() as found:
        yield found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str]]:
    """Serve a hub as ``localhost``: a passkey is for a name, never for an address."""
    home, made = tmp_path_factory.mktemp("office"), list[Office]()

    def app(environ: Any, start: Any) -> Any:
        return made[0].app(
            environ, start
        )  # the address, and so the office, is known once the door is open

    server = make_server("127.0.0.1", 0, app, threaded=True)
    url = f"http://localhost:{server.server_port}"
    made.append(open_office(home, public_url=url))
    settle(made[0].control)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made[0], url
    server.shutdown()
    thread.join()


def well(look: Look) -> None:
    assert look.wider == 0, look.page.url
    assert look.refused == []
    assert look.violations() == [], look.page.url


def press(page: Page, selector: str = ".door button") -> None:
    """Press a button that leads elsewhere, and wait until that page is there: a click alone does not."""
    with page.expect_navigation():
        page.click(selector)


def code(page: Page, key: str) -> str:
    """Return the code of this half minute, or of the next when too little of it is left to type it in."""
    token = TOTP(key=key).generate()
    if token.remaining < ENOUGH_SECONDS:
        page.wait_for_timeout(1000 * (token.remaining + 1))
        token = TOTP(key=key).generate()
    return str(token.token)


def come_in(look: Look, email: str) -> None:
    """Take the invitation up, and set a second factor."""
    page = look.page
    for name in ("#password", "#again"):
        page.fill(name, PASSWORD)
    press(page)
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    well(look)
    press(page)
    press(page)
    well(look)
    key = re.sub("[^A-Z2-7]", "", page.inner_text("main .card > p code"))
    page.fill("#code", code(page, key))
    press(page)
    assert page.url.endswith("/bureau/accueil")


@pytest.mark.long
@pytest.mark.parametrize("width", [1280, 390])
def test_from_the_invitation_to_a_passkey(
    browser: Browser, served: tuple[Office, str], width: int
) -> None:
    office, url = served
    email = f"anna-{width}@exemple.fr"  # two people: a code is taken once, and both may come in one half minute
    link = office.link(email, Role.ADMINISTRATOR)
    scheme = "light" if width > 1000 else "dark"
    with looking(browser, url + link, width=width, scheme=scheme) as look:
        page = look.page
        devices = page.context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        well(look)
        come_in(look, email)
        page.goto(f"{url}/bureau/cles")
        page.fill("#name", "portable du bureau")
        page.click(".door button")
        page.wait_for_url("**/bureau/compte")
        for path in PAGES:
            page.goto(f"{url}/bureau/{path}")
            well(look)
        press(page, ".desk button")
        page.goto(f"{url}/bureau/connexion/cle")
        page.click(".door button")
        page.wait_for_url("**/bureau/accueil")
        assert look.complaints == []
