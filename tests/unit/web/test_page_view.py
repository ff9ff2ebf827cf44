"""What the page draws from a table: every figure once, bars that keep their proportions, a square for pairs."""

import pytest

from contracts.edition import Estimate, Table
from hub.web.english import ENGLISH
from hub.web.labels import Labels
from hub.web.tables import table_view
from hub.web.view import page_of
from tests.support import sample_edition as sample

LABELS = Labels(sample.charter().charter)


def table(rows: list[tuple[tuple[str, ...], int, int, int, str]], columns: list[str]) -> Table:
    made = [
        Estimate(keys=list(k), value_milli=v, low_milli=low, high_milli=high, wording=w)
        for k, v, low, high, w in rows
    ]
    return sample.reach().tables[0].model_copy(update={"columns": columns, "rows": made})


def test_a_bar_is_in_proportion_to_the_widest_interval() -> None:
    view = table_view(
        table(
            [
                (("1",), 50_000, 40_000, 60_000, "presque-sur"),
                (("2",), 75_000, 50_000, 100_000, "indicatif"),
            ],
            ["visits", "persons"],
        ),
        LABELS,
    )
    first, second = (row.bar for row in view.rows)
    assert (first.x, first.width, first.low, first.high) == (0, 50, 40, 60)
    assert (second.width, second.high) == (75, 100)


def test_a_negative_balance_runs_to_the_left_of_zero() -> None:
    view = table_view(
        table(
            [(("la-cale",), -50_000, -100_000, -10_000, "indicatif"), (("le-remous",), 60_000, 20_000, 100_000, "indicatif")],
            ["place", "persons"],
        ),
        LABELS,
    )  # fmt: skip
    left, right = (row.bar for row in view.rows)
    assert (left.x, left.width, left.low) == (25, 25, 0)
    assert (right.x, right.width, right.high) == (50, 30, 100)
    assert left.zero == right.zero == 50


def test_a_figure_without_meaning_does_not_squeeze_the_others() -> None:
    view = table_view(
        table(
            [
                (("1",), 50_000, 40_000, 100_000, "presque-sur"),
                (("2",), 10, -900_000, 900_000, "trop-peu"),
            ],
            ["visits", "persons"],
        ),
        LABELS,
    )
    assert view.rows[0].bar.width == 50
    assert (view.rows[1].bar.low, view.rows[1].bar.high) == (0, 100)


def test_a_bar_is_never_cut_short() -> None:
    rows = [
        (("1",), 38_000, 28_000, 51_000, "trop-peu"),
        (("2",), 15_000, 11_000, 21_000, "indicatif"),
    ]
    first, second = (row.bar for row in table_view(table(rows, ["visits", "percent"]), LABELS).rows)
    assert (first.width, first.high) == (100, 100)
    assert second.width == pytest.approx(100 * 15 / 38, abs=0.01)


def test_a_table_where_chance_outweighs_all_says_so() -> None:
    silent = [((f"{i}",), 10, -900, 900, "trop-peu") for i in range(40)]
    view = table_view(table(silent, ["visits", "persons"]), LABELS)
    assert (view.silent, view.drawn) == (True, 0)


def test_a_table_of_zeros_has_no_bar() -> None:
    view = table_view(table([(("1",), 0, 0, 0, "trop-peu")] * 2, ["visits", "persons"]), LABELS)
    assert {row.bar.width for row in view.rows} == {0}


def test_one_figure_stands_alone() -> None:
    assert table_view(sample.reach().tables[0], LABELS).kind == "single"


def test_pairs_make_a_square_that_reads_the_same_both_ways() -> None:
    view = table_view(sample.pairs().tables[0], LABELS)
    assert view.kind == "matrix"
    square = view.matrix
    size = len(square.names)
    assert size == len(sample.PLACES)
    for i in range(size):
        assert square.rows[i][i] is None
        for j in range(i):
            assert (square.rows[i][j].text, square.rows[i][j].shade) == (
                square.rows[j][i].text,
                square.rows[j][i].shade,
            )
    assert any(cell.text == "·" for row in square.rows for cell in row if cell)
    assert {cell.shade for row in square.rows for cell in row if cell} <= set(range(7))


def test_directed_rows_are_never_a_square() -> None:
    rows = [(("la-cale", "le-remous"), 5000, 4000, 6000, "presque-sur"), (("le-remous", "la-cale"), 1000, 500, 2000, "indicatif")]  # fmt: skip
    view = table_view(table(rows, ["from", "to", "persons"]), LABELS)
    assert (view.kind, view.directed) == ("bars", True)


def test_a_long_table_is_drawn_by_window_and_kept_whole_in_the_data() -> None:
    view = table_view(sample.flows().tables[0], LABELS)
    assert [group.title for group in view.chart] == [
        "dans les 30 jours",
        "dans les 90 jours",
        "dans l’année",
    ]
    assert len(view.rows) == 9 * 8 * 3
    assert view.hidden == len(view.rows) - view.drawn > 0
    for group in view.chart:
        assert all(row.wording != "trop-peu" and len(row.labels) == 2 for row in group.rows)
    assert view.chart[0].rows[0].labels == (
        LABELS.key(sample.PLACES[0], "from"),
        LABELS.key(sample.PLACES[2], "to"),
    )


def test_medians_are_drawn_in_their_order_and_quartiles_left_to_the_data() -> None:
    rows = [
        ((age, "theatre", statistic), (i + 1) * 1000, 500, 99_000, "indicatif")
        for i, age in enumerate(f"a{n:02d}" for n in range(20))
        for statistic in ("first-quartile", "median", "third-quartile")
    ]
    view = table_view(table(rows, ["age", "discipline", "statistic", "days"]), LABELS)
    (group,) = view.chart
    assert group.title == "théâtre"
    assert [row.labels for row in group.rows] == [(f"a{n:02d}",) for n in range(20)]
    assert {row.bar.high for row in group.rows} == {100}
    assert view.matrix is not None
    assert [cell.text for cell in view.matrix.rows[0] if cell] == [str(n + 1) for n in range(20)]
    assert view.hidden == 40


def test_too_many_medians_are_left_to_the_data() -> None:
    rows = [((f"a{i}", f"d{i % 9}", "median"), 1000, 500, 2000, "indicatif") for i in range(100)]
    view = table_view(table(rows, ["age", "discipline", "statistic", "days"]), LABELS)
    assert view.chart == ()
    assert view.hidden == 100


def test_the_page_says_what_the_edition_cost() -> None:
    page = page_of(sample.published(), sample.charter().charter)
    assert (page.price.rho, page.cap, page.price.share) == ("0,1", "0,25", "40")
    assert page.price.epsilon == "2,14"
    assert page.delta == "1/1\u202f000\u202f000"
    assert page.headline.row.value == "11\u202f685"
    assert [section.anchor for section in page.sections] == ["reach", "ladder", "pairs", "flows", "lead-time", "provenance"]  # fmt: skip


def test_epsilon_is_shown_at_the_delta_that_thresholds_leave() -> None:
    """As `hub plan` reckons it: nine tenths of the promise are spent on choosing keys."""
    priced = [
        page_of(sample.published(releases=[release]), sample.charter().charter).price.epsilon
        for release in (sample.reach(), sample.reach().model_copy(update={"delta_pico": 900_000}))
    ]
    assert priced[0] < priced[1]


def test_an_english_page_says_what_is_estimated_in_english_where_the_edition_does() -> None:
    table = sample.reach().tables[0]
    both = table.model_copy(update={"estimand_en": "Number of people."})
    labels = Labels(sample.charter().charter, ENGLISH)
    assert (table_view(both, labels).estimand, table_view(both, labels).foreign) == (
        "Number of people.",
        False,
    )
    assert table_view(table, labels).foreign
    assert not table_view(table, Labels(sample.charter().charter)).foreign


def test_a_page_without_charter_still_stands() -> None:
    page = page_of(sample.published(), None)
    assert (page.network, page.house, page.cap) == ("demonstration", None, "")


@pytest.mark.parametrize("measure", ["mystery"])
def test_a_measure_that_nobody_named_comes_last_under_its_own_name(measure: str) -> None:
    odd = sample.reach().model_copy(update={"measure": measure})
    page = page_of(sample.published(releases=[odd, sample.ladder()]), None)
    assert [s.title for s in page.sections] == ["Viennent-elles souvent\u202f?", "mystery"]


def test_nought_is_said_as_at_most() -> None:
    rows = [(("2+",), 10_200, 9_800, 10_600, "presque-sur"), (("5+",), 0, 0, 300, "indicatif")]
    first, last = table_view(table(rows, ["places", "percent"]), LABELS).rows
    assert (first.shown, first.span) == ("10,2\u202f%", "9,8 à 10,6\u202f%")
    assert (last.shown, last.span) == ("au plus 0,3\u202f%", "")


def test_a_covered_figure_is_not_shown_even_in_the_data() -> None:
    (row,) = table_view(table([(("5+",), 0, 0, 30_000, "trop-peu")], ["places", "persons"]), LABELS).rows  # fmt: skip
    assert (row.value, row.shown, row.span) == ("–", "", "au plus 30")


def test_places_stand_in_order_and_share_ranks_when_intervals_meet() -> None:
    rows = [
        (("maison-du-sel",), 158_000, 118_000, 215_000, "indicatif"),
        (("la-cale",), 2_397_000, 2_357_000, 2_454_000, "presque-sur"),
        (("le-remous",), 1_843_000, 1_803_000, 1_900_000, "presque-sur"),
        (("theatre-des-ecluses",), 2_494_000, 2_453_000, 2_551_000, "presque-sur"),
    ]
    view = table_view(table(rows, ["place", "persons"]), LABELS)
    (group,) = view.chart
    assert [row.rank for row in group.rows] == ["1–2", "1–2", "3", "4"]
    assert group.rows[0].labels == ("Théâtre des Écluses",)
    assert view.rows[0].labels[0] == "Maison des sciences du Sel"


def test_a_group_of_shares_is_drawn_whole_or_named_as_quiet() -> None:
    rows = []
    for i in range(6):
        covered = "trop-peu" if i % 2 else "indicatif"
        place = sample.PLACES[i]
        rows += [
            ((place, "44"), 90_000, 80_000, 100_000, covered),
            ((place, "unknown"), 5_000, 0, 9_000, covered),
            ((place, "rest"), 5_000, 0, 40_000, "trop-peu"),
        ]
    view = table_view(table(rows, ["place", "departement", "percent"]), LABELS)
    assert [len(group.rows) for group in view.chart] == [3, 3, 3]
    assert view.quiet == tuple(LABELS.key(sample.PLACES[i], "place") for i in (1, 3, 5))


def test_shares_by_two_short_keys_make_a_grid() -> None:
    rows = [
        ((age, channel), 10_000 * (i + 1), 5_000, 90_000, "trop-peu" if age == "65+" else "indicatif")
        for age in ("18-25", "65+")
        for i, channel in enumerate(("online", "counter"))
    ]  # fmt: skip
    view = table_view(table(rows, ["age", "channel", "percent"]), LABELS)
    assert view.matrix is not None
    assert view.matrix.names == ("18-25 ans",)
    assert view.matrix.columns == ("en ligne", "au guichet")
    assert [(c.text, c.span) for c in view.matrix.rows[0] if c] == [("10,0\u202f%", "5,0–90,0"), ("20,0\u202f%", "5,0–90,0")]  # fmt: skip
    assert view.quiet == ("65 ans et plus",)


def test_the_page_in_english_keeps_every_figure() -> None:
    published, charter = sample.published(), sample.charter().charter
    french, english = page_of(published, charter), page_of(published, charter, ENGLISH)
    assert english.period == "from 1 September 2025 to 31 August 2026"
    assert [s.anchor for s in english.sections] == [s.anchor for s in french.sections]
    assert english.sections[0].title == "How many people?"
    assert english.headline is not None
    assert english.headline.near == "11,700"
    for one, other in zip(french.sections, english.sections, strict=True):
        for a, b in zip(one.tables, other.tables, strict=True):
            assert [(r.bar, r.rank, r.wording) for r in a.rows] == [(r.bar, r.rank, r.wording) for r in b.rows]  # fmt: skip


def test_the_headline_is_rounded_within_its_interval() -> None:
    page = page_of(sample.published(), sample.charter().charter)
    assert page.headline is not None
    assert (page.headline.near, page.headline.rounded) == ("11\u202f700", True)
    assert page_of(sample.published(releases=[sample.ladder()]), None).headline is None


def test_the_network_names_its_members_and_who_answers() -> None:
    charter = sample.charter().charter
    house = page_of(sample.published(), charter).house
    assert house is not None
    assert len(house.houses) == len(charter.members)
    tillay = next(h for h in house.houses if h.name == "Scène du Tillay")
    assert (tillay.discipline, tillay.cluster) == ("danse", "Petites scènes de la métropole")
    assert [one.contact for one in house.people] == ["demo@example.org", "demo@example.org", "tiers@example.org", ""]  # fmt: skip
    assert not house.same  # the sample edition names another charter
    edition = sample.published().edition.model_copy(update={"charter_sha256": house.sha256})
    again = page_of(sample.published().model_copy(update={"edition": edition}), charter).house
    assert again is not None
    assert again.same


def test_nought_in_a_grid_is_said_as_at_most() -> None:
    rows = [
        (("18-25", "online"), 0, 0, 4_000, "indicatif"),
        (("18-25", "phone"), 30_000, 28_000, 32_000, "presque-sur"),
    ]
    matrix = table_view(table(rows, ["age", "channel", "percent"]), LABELS).matrix
    assert matrix is not None
    assert [(c.text, c.span) for c in matrix.rows[0] if c] == [("≤\u202f4,0\u202f%", ""), ("30,0\u202f%", "28,0–32,0")]  # fmt: skip


def test_what_is_long_or_only_about_coverage_is_folded() -> None:
    short = [((place,), 50_000, 48_000, 52_000, "presque-sur") for place in sample.PLACES]
    known = table(short, ["place", "percent"])
    assert not table_view(known, LABELS).folded
    assert table_view(known.model_copy(update={"table": "young-known"}), LABELS).folded
    long = [
        ((age, "0-5", d, "median"), 3_000, 3_000, 3_000, "presque-sur")
        for age in ("18-25", "26-34", "35-49", "50-64", "65+")
        for d in ("theatre", "dance", "opera", "circus", "museum")
    ]
    assert table_view(table(long, ["age", "distance", "discipline", "statistic", "days"]), LABELS).folded  # fmt: skip


def test_a_place_whose_figure_is_covered_comes_last() -> None:
    rows = [
        (("maison-du-sel",), 60_000, 34_000, 90_000, "trop-peu"),
        (("la-cale",), 50_000, 48_000, 52_000, "presque-sur"),
        (("le-remous",), 55_000, 53_000, 57_000, "presque-sur"),
    ]
    (group,) = table_view(table(rows, ["place", "percent"]), LABELS).chart
    assert [row.wording for row in group.rows] == ["presque-sur", "presque-sur", "trop-peu"]
    assert [row.rank for row in group.rows] == ["1–2", "2–3", "1–3"]


def test_a_square_of_disciplines_has_lines_and_columns_in_one_order() -> None:
    names = ("museum", "theatre", "dance")
    rows = [((a, b), 9_000, 7_000, 11_000, "presque-sur") for a in names for b in names if a != b]
    matrix = table_view(table(rows, ["discipline", "also", "percent"]), LABELS).matrix
    assert matrix is not None
    assert matrix.names == matrix.columns
    assert [row[i] for i, row in enumerate(matrix.rows)] == [None] * 3
