"""Words and numbers of the public page, in French and in English."""

import re
from pathlib import Path

import pytest

from contracts.edition import Table
from hub import verify
from hub.web.desk import SO
from hub.web.english import ENGLISH
from hub.web.french import FRENCH
from hub.web.labels import Labels, unit_of
from hub.web.navigation import NAVIGATION
from hub.web.tongue import Tongue, about
from hub.web.words import Words
from hub.web.words.common import WORDS as COMMON
from hub.web.words.editions import CHECKS, VERIFY
from hub.web.words.glossary import MEANINGS, TERMS
from hub.web.words.making import WORDS as MAKING
from tests.support.sample_edition import charter, reach

TEMPLATES = Path(__file__).parents[3] / "hub" / "web" / "templates" / "site"


def test_whole_people_are_grouped_by_thousands() -> None:
    assert FRENCH.figure(11_685_000, "persons") == "11\u202f685"
    assert FRENCH.figure(1_234_567_000, "visits") == "1\u202f234\u202f567"
    assert FRENCH.figure(-48_400, "persons") == "−48"
    assert FRENCH.grouped(0) == "0"


def test_days_and_shares_have_one_decimal() -> None:
    assert FRENCH.figure(3_000, "days") == "3"
    assert FRENCH.figure(3_460, "days") == "3,5"
    assert FRENCH.figure(15_000, "percent") == "15,0\u202f%"
    assert FRENCH.figure(-500, "percent") == "−0,5\u202f%"


def test_a_decimal_has_a_comma_and_no_idle_zero() -> None:
    assert [FRENCH.decimal(*pair) for pair in ((0.05, 4), (40.0, 0), (2.1449, 2), (100.0, 0))] == [
        "0,05",
        "40",
        "2,14",
        "100",
    ]


def test_days_are_spoken() -> None:
    assert FRENCH.day("2025-09-01") == "1er septembre 2025"
    assert FRENCH.day("2026-08-31T10:00:00Z") == "31 août 2026"


def test_places_bear_the_names_of_the_charter() -> None:
    labels = Labels(charter().charter)
    assert labels.key("la-cale", "place") == "La Cale, musée d’art contemporain"
    assert labels.key("petites-scenes", "from") == "Petites scènes de la métropole"
    assert Labels(None).key("la-cale", "place") == "la-cale"


@pytest.mark.parametrize(
    ("column", "key", "label"),
    [
        ("visits", "6+", "6 fois et plus"),
        ("places", "1", "un seul lieu"),
        ("lag", "0-30", "dans les 30 jours"),
        ("departement", "2A", "Corse-du-Sud (2A)"),
        ("departement", "44", "Loire-Atlantique (44)"),
        ("age", "18-25", "18-25 ans"),
        ("anything", "unheard-of", "unheard-of"),
    ],
)
def test_a_key_is_read_in_its_column(column: str, key: str, label: str) -> None:
    assert Labels(None).key(key, column) == label


def test_the_last_column_names_the_unit() -> None:
    tables = {t.table: t for t in reach().tables}
    assert unit_of(tables["reach-shares"]) == "percent"
    odd: Table = tables["reach-network"].model_copy(update={"columns": ["scope", "sheep"]})
    assert unit_of(odd) == "persons"


@pytest.mark.parametrize(
    ("low", "high", "unit", "french", "english"),
    [
        (9_800, 10_600, "percent", "9,8 à 10,6\u202f%", "9.8 to 10.6%"),
        (0, 300, "percent", "au plus 0,3\u202f%", "at most 0.3%"),
        (86_100, 100_000, "percent", "au moins 86,1\u202f%", "at least 86.1%"),
        (0, 100_000, "percent", "0,0 à 100,0\u202f%", "0.0 to 100.0%"),
        (0, 30_000, "persons", "au plus 30", "at most 30"),
        (-157_000, 181_000, "persons", "−157 à 181", "−157 to 181"),
        (11_577_000, 11_691_000, "persons", "11\u202f577 à 11\u202f691", "11,577 to 11,691"),
        (3_000, 7_000, "days", "3 à 7 jours", "3 to 7 days"),
        (3_000, 3_000, "days", "au jour près", "to the day"),
        (0, 1_500, "days", "au plus 1,5 jour", "at most 1.5 days"),
    ],
)
def test_an_interval_is_said(low: int, high: int, unit: str, french: str, english: str) -> None:
    assert (FRENCH.span(low, high, unit), ENGLISH.span(low, high, unit)) == (french, english)


@pytest.mark.parametrize(
    ("value", "low", "high", "near"),
    [
        (11_634, 11_577, 11_691, 11_600),
        (606, 590, 634, 600),
        (332, 308, 371, 330),
        (25, 24, 26, 25),
        (98, 60, 130, 100),
        (-203, -372, -34, -200),
        (0, 0, 3, 0),
    ],
)
def test_what_one_says_aloud_stays_within_the_interval(
    value: int, low: int, high: int, near: int
) -> None:
    assert about(value, low, high) == near
    assert low <= near <= high


def test_english_has_all_the_words_of_french() -> None:
    tables = ("measures", "wordings", "units", "columns", "vocabulary", "by_column", "phrases", "sentences")  # fmt: skip
    for name in tables:
        assert getattr(FRENCH, name).keys() == getattr(ENGLISH, name).keys(), name
    for column, words in FRENCH.by_column.items():
        assert words.keys() | {"99"} == ENGLISH.by_column[column].keys() | {"99"}, column


BLANK = re.compile(r"{(\w+)}")


@pytest.mark.parametrize("name", ["phrases", "sentences"])
def test_both_languages_fill_the_same_blanks(name: str) -> None:
    french, english = getattr(FRENCH, name), getattr(ENGLISH, name)
    for key in french:
        assert sorted(BLANK.findall(french[key])) == sorted(BLANK.findall(english[key])), key
        assert french[key] != english[key] or key in {"discipline", "sheet_code"}, key


def test_templates_say_only_what_both_languages_know() -> None:
    words = {line.page.name: line.page.words for line in NAVIGATION}
    words |= dict.fromkeys(("report", "report_state"), MAKING)
    for page in TEMPLATES.glob("*.html"):
        said_here = set(re.findall(r"\bsay\.(\w+)", page.read_text()))
        own = words.get(page.stem, {})
        every = {key for one in words.values() for key in one} if page.stem == "layout" else set()
        assert said_here <= FRENCH.phrases.keys() | COMMON.keys() | own.keys() | every, page.name


CATALOGUES = [COMMON, TERMS, MEANINGS, *(line.page.words for line in NAVIGATION)]
SAME = {
    "Questions",
    "Passage",
    "Budget",
    "Administration",
    "Menu",
    "Question",
    "Source",
    "Erratum",
    "Indicatif",
}


@pytest.mark.parametrize("words", CATALOGUES)
def test_every_phrase_of_the_site_is_said_in_both_languages(words: Words) -> None:
    for key, (french, english) in words.items():
        assert french.strip(), key
        assert english.strip(), key
        assert sorted(BLANK.findall(french)) == sorted(BLANK.findall(english)), key
        assert french != english or french in SAME, key
        assert "{{" not in french + english


def test_every_page_has_its_name_its_lead_and_an_answer_to_so_what() -> None:
    for line in NAVIGATION:
        page = line.page
        if page.read is None:
            assert "nav" in page.words, page.name
            continue
        assert {"nav", "title", "lead"} <= page.words.keys(), page.name
        assert any(f"so_{who}" in page.words for who in SO), page.name
        assert (TEMPLATES / f"{page.name}.html").exists(), page.name


def test_method_pages_of_both_languages_have_the_same_parts() -> None:
    pages = [(TEMPLATES / f"method_{code}.html").read_text() for code in ("fr", "en")]
    shapes = [re.findall(r"<(h3|p|ol|li|pre|a)\b|{{ ([\w.]+)", page) for page in pages]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize(
    ("tongue", "text", "printed"),
    [
        (FRENCH, "L'un ; l'autre : « 2+ » ?", "L’un\u202f; l’autre\u202f: «\u202f2+\u202f»\u202f?"),
        (ENGLISH, "'2+': the charter's", "‘2+’: the charter’s"),
    ],
)
def test_print_has_its_own_marks(tongue: Tongue, text: str, printed: str) -> None:
    assert tongue.polished(text) == printed


def test_every_check_of_hub_verify_has_its_words_on_the_page() -> None:
    """One that is added without them would be told in English to a French reader."""
    assert len(CHECKS) == len(verify._CHECKS)
    assert set(CHECKS) <= VERIFY.keys()
