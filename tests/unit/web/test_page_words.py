"""French words and numbers of the public page."""

import pytest

from contracts.edition import Table
from hub.web.words import Labels, day, decimal, figure, grouped, unit_of
from tests.support.sample_edition import charter, reach


def test_whole_people_are_grouped_by_thousands() -> None:
    assert figure(11_685_000, "persons") == "11\u202f685"
    assert figure(1_234_567_000, "visits") == "1\u202f234\u202f567"
    assert figure(-48_400, "persons") == "−48"
    assert grouped(0) == "0"


def test_days_and_shares_have_one_decimal() -> None:
    assert figure(3_000, "days") == "3"
    assert figure(3_460, "days") == "3,5"
    assert figure(15_000, "percent") == "15,0\u202f%"
    assert figure(-500, "percent") == "−0,5\u202f%"


def test_a_decimal_has_a_comma_and_no_idle_zero() -> None:
    assert [decimal(0.05, 4), decimal(40.0, 0), decimal(2.1449, 2), decimal(100.0, 0)] == [
        "0,05",
        "40",
        "2,14",
        "100",
    ]


def test_days_are_spoken() -> None:
    assert day("2025-09-01") == "1er septembre 2025"
    assert day("2026-08-31T10:00:00Z") == "31 août 2026"


def test_places_bear_the_names_of_the_charter() -> None:
    labels = Labels(charter().charter)
    assert labels.key("la-cale", "place") == "La Cale, musée d'art contemporain"
    assert labels.key("petites-scenes", "from") == "Petites scènes de la métropole"
    assert Labels(None).key("la-cale", "place") == "la-cale"


@pytest.mark.parametrize(
    ("column", "key", "label"),
    [
        ("visits", "6+", "6 fois et plus"),
        ("places", "1", "un seul lieu"),
        ("lag", "0-30", "dans les 30 jours"),
        ("departement", "2A", "Corse-du-Sud"),
        ("departement", "44", "Loire-Atlantique"),
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
