"""The agent's own pages in a real Chromium: they fit, can be read by everyone, load nothing, and a click is a yes."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser import looking, the_browser
from tests.support.rights_world import (
    NOVEMBER,
    OCTOBER,
    RightsWorld,
    opened,
    template,
)
from venue_agent.commands import approve as cli_approve
from venue_agent.hearing import silent
from venue_agent.outbox.approval import approvals, unapproved
from venue_agent.pages.report import report_page
from venue_agent.screen import report
from venue_agent.tasks import preview
from venue_agent.tasks.review import Review, Server, wait_for_yes
from venue_agent.words import speak


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with the_browser() as found:
        yield found


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RightsWorld]:
    root = tmp_path_factory.mktemp("pages")
    with opened(root, template(tmp_path_factory.mktemp("template"))) as made:
        people = [
            {"Nom": f"Nom{chr(65 + n)}", "Prenom": "Ida", "Email": f"ida{n}@exemple.fr", "Age": str(20 + 2 * n)}
            for n in range(26)
        ]  # fmt: skip
        made.export(*(OCTOBER | one for one in people), *(NOVEMBER | one for one in people[:12]))
        yield made


def pages(world: RightsWorld, language: str) -> list[Path]:
    speak(language)
    desk = world.desk()
    first = preview.run(desk, full=False, progress=silent).page
    second = first.with_name("rapport.html")
    second.write_text(report_page(report.make(desk, silent)), encoding="utf-8")
    speak("fr")
    return [first, second]


@pytest.mark.parametrize(("width", "scheme", "language"), [(390, "light", "fr"), (1280, "dark", "en")])  # fmt: skip
def test_the_pages_fit_and_can_be_read_by_everyone(
    browser: Browser, world: RightsWorld, width: int, scheme: str, language: str
) -> None:
    for path in pages(world, language):
        with looking(browser, path.as_uri(), width=width, scheme=scheme) as look:
            assert look.page.locator("html").get_attribute("lang") == language
            assert look.wider <= 0
            assert look.violations() == []
            assert look.wider <= 0
            assert (look.complaints, look.refused) == ([], [])
            assert look.page.locator("svg rect").first.is_visible()


def test_a_click_in_a_browser_is_a_yes(browser: Browser, world: RightsWorld) -> None:
    """What Chromium really sends with the form is what the server asks for."""
    pages(world, "fr")
    desk = world.desk()
    months = unapproved(desk.home.path, desk.spool.unsent())
    assert months
    server = Server(Review(cli_approve._screen(desk, months)), 0)
    waiting = threading.Thread(target=wait_for_yes, args=(server, 60))
    waiting.start()
    with looking(browser, server.address, width=390) as look:
        assert look.wider <= 0
        assert look.violations() == []
        look.page.get_by_role("button", name="J'approuve").click()
        assert look.page.locator("#who").is_visible()  # nothing is sent without a name
        look.page.get_by_label("Votre nom").fill("Ada Lovelace")
        look.page.get_by_role("checkbox").check()
        look.page.get_by_role("button", name="J'approuve").click()
        look.page.get_by_role("heading", name="Approuvé").wait_for()
        assert look.violations() == []
        assert (look.complaints, look.refused) == ([], [])
    waiting.join(timeout=120)
    (given,) = approvals(desk.home.path)
    assert (given.who, given.how) == ("Ada Lovelace", "page")
    assert unapproved(desk.home.path, desk.spool.unsent()) == []
