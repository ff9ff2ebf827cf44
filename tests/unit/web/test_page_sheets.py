"""CSV of a table: what a French spreadsheet opens, and nothing that it would run."""

import csv
import io

from contracts.cells import guarded
from contracts.edition import Table
from hub.web.english import ENGLISH
from hub.web.french import FRENCH
from hub.web.labels import Labels
from hub.web.sheets import number, sheet
from tests.support import sample_edition as sample


def cells(table: Table) -> list[list[str]]:
    text = sheet(table, Labels(sample.charter().charter))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))


def test_every_row_has_its_interval_its_words_and_its_codes() -> None:
    table = sample.reach().tables[1]
    header, *rows = cells(table)
    assert header == ["Lieu", "Valeur (personnes)", "Bas de l’intervalle à 95\u202f%", "Haut de l’intervalle à 95\u202f%", "Lecture", "Lieu (code)"]  # fmt: skip
    assert len(rows) == len(table.rows)
    assert rows[1][0] == "La Cale, musée d’art contemporain"
    assert rows[1][-1] == "la-cale"
    assert all(len(row) == len(header) for row in rows)


def test_a_negative_number_stays_a_number() -> None:
    figures = (-48_000, -500, 1_500, 0)
    assert [number(m, FRENCH) for m in figures] == ["-48", "-0,5", "1,5", "0"]
    assert [number(m, ENGLISH) for m in figures] == ["-48", "-0.5", "1.5", "0"]
    spread = {row[-1]: row for row in cells(sample.reach().tables[2])[1:]}
    assert spread["5+"][2].startswith("-")


def test_a_formula_is_disarmed() -> None:
    for text in ("=1+1", "+33", "-x", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1+1"):
        assert guarded(text) == f"'{text}"
    assert guarded("Théâtre = scène") == "Théâtre = scène"


def test_a_key_that_is_a_formula_is_disarmed_wherever_it_stands() -> None:
    table = sample.reach().tables[1]
    row = table.rows[0].model_copy(update={"keys": ['=HYPERLINK("x")']})
    (_, line) = cells(table.model_copy(update={"rows": [row]}))
    assert line[0] == line[-1] == '\'=HYPERLINK("x")'


def test_an_english_sheet_has_english_marks_and_heads() -> None:
    table = sample.reach().tables[3]
    text = sheet(table, Labels(sample.charter().charter, ENGLISH))
    header, first, *_ = csv.reader(io.StringIO(text[1:]))
    assert header == ["Different places", "Value (%)", "Low end of the 95% interval", "High end of the 95% interval", "Reading", "Different places (code)"]  # fmt: skip
    assert first[:2] == ["2 places or more", "10.9"]
