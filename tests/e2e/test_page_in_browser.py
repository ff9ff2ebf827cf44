"""The public page in a real Chromium: it fits, it can be read by everyone, and nothing is refused or complains."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from hub.web.navigation import NAVIGATION
from tests.support import sample_edition as sample
from tests.support.browser import looking, serving, the_browser
from tests.support.sample_measures import tables_of_the_catalogue
from tests.support.sample_model import model

WITHDRAWN = "printemps-2025"
WHOLE = "/editions/saison-2025-2026"
PATHS = [
    *(line.page.path for line in NAVIGATION if line.page.read and "<" not in line.page.path),
    "/lieux/la-cale",
    "/circulation?view=chord&a=la-cale&b=le-remous",
    "/circulation?view=map&lag=0-365",
    "/questions/Q15?table=pairs",
    "/questions/N03",
    "/editions/toutes-les-mesures/rapport",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with the_browser() as found:
        yield found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sample edition, and an edition with every table that a measure can write and a model with allies."""
    whole = sample.reach().model_copy(update={"tables": tables_of_the_catalogue()})
    shelf = sample.Shelf(
        sample.published("toutes-les-mesures", releases=[whole]),
        sample.published(),
        charter=sample.charter(),
        gone=(WITHDRAWN,),
    )
    shelf.models["toutes-les-mesures"] = model({"la-cale": ["le-remous"]})
    with serving(shelf, tmp_path_factory.mktemp("reports")) as url:
        yield url


Reader = tuple[int, str, str]
"""How wide the window is, its scheme and the language asked for."""
READERS: list[Reader] = [(390, "light", "fr"), (1280, "dark", "en")]
EVERYONE = [(w, s, c) for w in (390, 1280) for s in ("light", "dark") for c in ("fr", "en")]


def read_by_everyone(browser: Browser, url: str, reader: Reader) -> None:
    """Look at one page as one reader: it fits, axe finds nothing, nothing is refused or complains."""
    width, scheme, language = reader
    mark = "&" if "?" in url else "?"
    with looking(browser, f"{url}{mark}lang={language}", width=width, scheme=scheme) as look:
        assert look.page.locator("html").get_attribute("lang") == language
        assert look.wider <= 0
        look.open()
        assert look.wider <= 0
        assert look.violations() == []
        assert (look.complaints, look.refused) == ([], [])


def measured(path: str) -> str:
    """Return the address of a page over the edition that holds every measure."""
    return f"{path}{'&' if '?' in path else '?'}edition=toutes-les-mesures"


@pytest.mark.parametrize("path", PATHS)
def test_a_page_fits_and_can_be_read_by_everyone(browser: Browser, site: str, path: str) -> None:
    # One reader each, in turn: all of them look at all of it in make test-long.
    read_by_everyone(browser, site + measured(path), READERS[PATHS.index(path) % 2])


@pytest.mark.long
@pytest.mark.parametrize("reader", EVERYONE)
@pytest.mark.parametrize("path", [*PATHS, WHOLE])
def test_every_page_can_be_read_by_everyone_everywhere(
    browser: Browser, site: str, path: str, reader: Reader
) -> None:
    read_by_everyone(browser, site + measured(path), reader)


@pytest.mark.long
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_every_table_of_the_catalogue_fits_too(
    browser: Browser, site: str, width: int, scheme: str
) -> None:
    url = f"{site}/editions/toutes-les-mesures?lang=en"
    with looking(browser, url, width=width, scheme=scheme) as look:
        look.open()
        assert look.wider <= 0
        assert look.violations() == []
        assert (look.complaints, look.refused) == ([], [])


@pytest.mark.parametrize("path", ["/editions/nulle-part", f"/editions/{WITHDRAWN}"])
def test_a_page_that_is_not_there_can_be_read_too(browser: Browser, site: str, path: str) -> None:
    with looking(browser, site + path, width=390) as look:
        assert look.violations() == []
        assert look.wider <= 0
        assert look.refused == []


def test_before_the_first_edition_the_page_can_be_read_too(browser: Browser) -> None:
    with serving(sample.Shelf()) as url, looking(browser, url, width=390) as look:
        assert look.violations() == []
        assert (look.complaints, look.refused) == ([], [])


def test_the_language_is_changed_without_a_script(browser: Browser, site: str) -> None:
    with looking(browser, f"{site}/delais", width=390) as look:
        page = look.page
        assert page.locator("h1").inner_text() == "Délais d’achat"
        page.get_by_role("link", name="English").click()
        assert page.locator("h1").inner_text() == "Lead times"
        page.locator(".menu summary").click()
        page.locator(".menu").get_by_role("link", name="Loyalty").click()
        assert page.locator("html").get_attribute("lang") == "en"
        page.get_by_role("link", name="Français").click()
        assert page.locator("html").get_attribute("lang") == "fr"


def test_a_sentence_leads_to_its_table_by_keyboard(browser: Browser, site: str) -> None:
    with looking(browser, site, width=1280) as look:
        page = look.page
        link = page.locator(".says a").first
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/editions/**")
        top = page.locator("article:target").evaluate("e => e.getBoundingClientRect().top")
        assert abs(top) < 5


def test_the_question_is_answered_with_menus_alone(browser: Browser, site: str) -> None:
    """A coordinator, on Monday: choose an age and a distance, read the answer, and send its address."""
    with looking(browser, f"{site}/delais?edition=toutes-les-mesures", width=1280) as look:
        page = look.page
        page.get_by_label("Âge", exact=True).select_option("26-34")
        page.get_by_label("Distance au lieu", exact=True).select_option("5-20")
        page.get_by_role("button", name="Répondre").click()
        assert "age=26-34" in page.url
        assert "edition=toutes-les-mesures" in page.url
        assert page.get_by_label("Âge", exact=True).input_value() == "26-34"
        assert page.locator(".reply").inner_text()


def test_light_and_dark_are_chosen_and_kept(browser: Browser, site: str) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    with looking(browser, f"{site}/glossaire", width=1280) as look:
        page = look.page
        assert page.evaluate(ground) == "rgb(251, 250, 247)"
        page.get_by_role("button", name="Couleurs de la page").click()
        assert page.evaluate(ground) == "rgb(20, 24, 27)"
        page.goto(f"{site}/fidelite")
        assert page.evaluate(ground) == "rgb(20, 24, 27)"
        assert (look.complaints, look.refused) == ([], [])


def test_paper_is_light_whatever_the_screen(browser: Browser, site: str) -> None:
    with looking(browser, site + WHOLE, width=768, scheme="dark") as look:
        look.page.emulate_media(media="print", color_scheme="dark")
        paper = look.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == "rgb(255, 255, 255)"
        ink = look.page.evaluate("getComputedStyle(document.querySelector('.bar .span')).stroke")
        assert sum(int(part) for part in ink.strip("rgb()").split(",")) < 200
        assert not look.page.locator("details.data").first.is_visible()
        assert not look.page.locator("nav.strip").first.is_visible()


SPOIL = """
const bad = document.createElement('p');
bad.textContent = 'pale words'; bad.style.width = '2000px'; bad.style.color = '#ddd'; bad.style.background = '#fff';
document.body.append(bad, new Image());
document.body.insertAdjacentHTML('beforeend', '<p style="color:red">x</p>');
"""


def test_these_eyes_see_what_they_look_for(browser: Browser, site: str) -> None:
    with looking(browser, f"{site}/?lang=fr", width=390) as look:
        look.page.evaluate("() => {" + SPOIL + "}")
        assert look.wider > 0
        assert {one.split(":")[0] for one in look.violations()} == {"color-contrast", "image-alt"}
        assert any("style" in refused for refused in look.refused)
        assert look.complaints
