"""Charts to explore in a real Chromium: everyone can read them, the keyboard reaches each figure, names stay text."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from contracts.base import canonical
from contracts.charter import Charter, SignedCharter
from tests.support import sample_edition as sample
from tests.support.browser import Look, looking, serving, the_browser
from tests.support.sample_measures import tables_of_the_catalogue

PAGES = ("/circulation", "/circulation?view=chord", "/circulation?view=map", "/delais", "/provenance", "/fidelite")  # fmt: skip
EVERYONE = [(w, s, c) for w in (390, 1280) for s in ("light", "dark") for c in ("fr", "en")]
CORPUS = ("<img src=x onerror=alert(1)>", "{a|<script>alert(1)</script>}", "{b}{{ 7919 * 7919 }}", '"><svg onload=alert(1)>')  # fmt: skip
STRANGE = "document.querySelectorAll('.canvas img, .canvas script, .canvas svg, .canvas a').length"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with the_browser() as found:
        yield found


def shelf(charter: SignedCharter) -> sample.Shelf:
    whole = sample.reach().model_copy(update={"tables": tables_of_the_catalogue()})
    return sample.Shelf(sample.published(releases=[whole]), charter=charter)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serving(shelf(sample.charter())) as url:
        yield url


def explored(page: Page) -> int:
    """Open every chart of a page, and return how many there are."""
    buttons = page.locator("[data-explore]")
    for i in range(buttons.count()):
        buttons.nth(i).click()
        page.locator(".explore").nth(i).locator(".stage canvas").first.wait_for()
    return buttons.count()


def fine(look: Look) -> None:
    assert look.wider <= 0
    assert look.violations() == []
    assert (look.complaints, look.refused) == ([], [])


def test_every_figure_is_reached_by_keyboard_and_read(browser: Browser, site: str) -> None:
    with looking(browser, f"{site}/fidelite?lang=fr", width=390) as look:
        page = look.page
        assert explored(page) == 1
        page.locator(".stage").focus()
        reading = page.locator(".reading")
        said = set()
        for _ in range(3):
            page.keyboard.press("ArrowRight")
            said.add(reading.inner_text())
        assert len(said) == 3
        page.keyboard.press("Home")
        assert reading.inner_text().startswith(("Une seule fois", "2 fois", "3 à 5 fois", "6 fois"))
        assert ", entre " in reading.inner_text()
        page.get_by_label("Ne garder que le presque sûr").check()
        fine(look)
        page.get_by_role("button", name="Fermer l’exploration").click()
        assert page.locator(".canvas canvas").count() == 0


def test_a_map_is_drawn_anew_when_the_colours_change(browser: Browser, site: str) -> None:
    with looking(browser, f"{site}/circulation?view=map&lang=en", width=1280, scheme="dark") as look:  # fmt: skip
        page = look.page
        assert explored(page) == 2
        page.get_by_role("button", name="Zoom in").click()
        page.get_by_role("button", name="See all").click()
        page.get_by_role("button", name="Colours of the page").click()
        fine(look)


def renamed() -> SignedCharter:
    """The charter with a stranger's markup in the place of every name."""
    signed = sample.charter()
    plain = json.loads(canonical(signed.charter))
    for i, one in enumerate((*plain["members"], *plain["clusters"])):
        one["name"] = CORPUS[i % len(CORPUS)]
    return SignedCharter(charter=Charter.model_validate_json(canonical(plain)), signatures=signed.signatures)  # fmt: skip


def test_a_stranger_s_name_is_text_in_every_tooltip(browser: Browser) -> None:
    with serving(shelf(renamed())) as url, looking(browser, f"{url}/circulation?view=map&lang=fr", width=1280) as look:  # fmt: skip
        page, asked = look.page, []
        page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
        explored(page)
        for stage in page.locator(".stage").all():
            box = stage.bounding_box()
            assert box
            for across in (0.3, 0.5, 0.62, 0.7, 0.85):
                stage.hover(position={"x": box["width"] * across, "y": box["height"] * 0.55})
            stage.focus()
            for _ in range(6):
                page.keyboard.press("ArrowRight")
        read = " ".join(page.locator(".reading").all_inner_texts())
        assert any(name.replace("'", "’") in read for name in CORPUS)
        assert page.evaluate(STRANGE) == 0
        assert (asked, look.complaints, look.refused) == ([], [], [])


def test_a_chart_that_cannot_be_loaded_says_so_and_the_page_stands(browser: Browser, site: str) -> None:  # fmt: skip
    with looking(browser, f"{site}/fidelite?lang=en", width=1280) as look:
        page = look.page
        page.route("**/explorer/**", lambda route: route.abort())
        page.locator("[data-explore]").click()
        page.get_by_text("The chart could not be loaded").wait_for()
        assert page.locator("[data-explore]").get_attribute("aria-expanded") == "false"
        assert page.locator(".bars").first.is_visible()


def test_nothing_of_it_is_loaded_before_it_is_asked_for_or_printed(browser: Browser, site: str) -> None:  # fmt: skip
    with looking(browser, f"{site}/circulation", width=1280) as look:
        names = "performance.getEntriesByType('resource').map(one => one.name)"
        assert not [name for name in look.page.evaluate(names) if "/charts/" in name or "/explorer/" in name]  # fmt: skip
        look.page.emulate_media(media="print")
        assert not look.page.locator(".explore").first.is_visible()


@pytest.mark.long
@pytest.mark.parametrize("reader", EVERYONE)
@pytest.mark.parametrize("path", PAGES)
def test_every_chart_is_explored_by_everyone(browser: Browser, site: str, path: str, reader: tuple[int, str, str]) -> None:  # fmt: skip
    width, scheme, language = reader
    asked = f"{path}{'&' if '?' in path else '?'}lang={language}"
    with looking(browser, site + asked, width=width, scheme=scheme) as look:
        assert explored(look.page) >= 1
        fine(look)
