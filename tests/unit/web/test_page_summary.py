"""« Ce que dit cette édition »: sentences that one may quote, and none where chance covers the figure."""

import pytest

from contracts.edition import Estimate, PublishedEdition, Release, Table
from hub.web.english import ENGLISH
from hub.web.french import FRENCH
from hub.web.labels import Labels
from hub.web.plain import plain
from hub.web.ranks import ranks, tied
from hub.web.summary import Sentence, summary
from hub.web.tongue import Tongue
from tests.support import sample_edition as sample

CHARTER = sample.charter().charter


def row(keys: tuple[str, ...], value: int, low: int, high: int, wording: str) -> Estimate:
    return Estimate.model_validate({"keys": list(keys), "value_milli": value, "low_milli": low, "high_milli": high, "wording": wording})  # fmt: skip


def table(slug: str, columns: list[str], *rows: Estimate) -> Table:
    made = sample.reach().tables[0]
    return made.model_copy(update={"table": slug, "columns": columns, "rows": list(rows)})


def said(*tables: Table, tongue: Tongue = FRENCH) -> tuple[Sentence, ...]:
    release: Release = sample.reach().model_copy(update={"tables": list(tables)})
    published: PublishedEdition = sample.published(releases=[release])
    return summary(published, Labels(CHARTER, tongue))


def flow(start: str, end: str, value: int, half: int, wording: str = "indicatif") -> Estimate:
    return row((start, end, "0-90"), value, value - half, value + half, wording)


REACH = table("reach-network", ["scope", "persons"], row(("network",), 11_634_000, 11_577_000, 11_691_000, "presque-sur"))  # fmt: skip
FLOW = ["from", "to", "lag", "persons"]


def test_the_sample_edition_speaks_in_four_or_five_sentences() -> None:
    sentences = summary(sample.published(), Labels(CHARTER))
    assert 4 <= len(sentences) <= 5
    assert {s.wording for s in sentences} <= {"presque-sur", "indicatif"}
    tables = {t.table for r in sample.published().edition.releases for t in r.tables}
    assert {s.table for s in sentences} <= tables


def test_reach_is_rounded_and_bears_its_interval() -> None:
    (french,) = said(REACH)
    assert french.text == "Environ 11\u202f600 personnes différentes, identifiées et consentantes, sont venues dans au moins un lieu du réseau (11\u202f577 à 11\u202f691)."  # fmt: skip
    assert (french.wording, french.says, french.table) == ("presque-sur", "presque sûr", "reach-network")  # fmt: skip
    (english,) = said(REACH, tongue=ENGLISH)
    assert english.text == "About 11,600 different people, identified and consenting, came to at least one place of the network (11,577 to 11,691)."  # fmt: skip


def test_what_chance_covers_makes_no_sentence() -> None:
    covered = row(("network",), 12_000, 0, 60_000, "trop-peu")
    assert said(table("reach-network", ["scope", "persons"], covered)) == ()


def test_a_sentence_is_as_sure_as_its_least_sure_figure() -> None:
    people = table("ladder-persons", ["visits", "persons"], row(("6+",), 606_000, 500_000, 712_000, "indicatif"))  # fmt: skip
    visits = table("ladder-visits", ["visits", "percent"], row(("6+",), 24_700, 23_300, 26_200, "presque-sur"))  # fmt: skip
    (loyal,) = said(people, visits)
    assert "environ 600 (500 à 712)" in loyal.text
    assert "25\u202f% des visites (23,3 à 26,2\u202f%)" in loyal.text
    assert loyal.wording == "indicatif"
    assert said(people) == ()


def test_the_largest_flow_stands_alone_only_when_it_stands_apart() -> None:
    first = flow("la-cale", "le-remous", 287_000, 20_000)
    (alone,) = said(table("flows", FLOW, first, flow("le-remous", "la-cale", 90_000, 20_000)))
    assert "environ 300 personnes dans les 90 jours (267 à 307)" in alone.text
    tie = flow("theatre-des-ecluses", "studio-courant-d-air", 280_000, 45_000)
    (both,) = said(table("flows", FLOW, first, tie))
    assert "à égalité" in both.text
    assert "de 235 à 325 personnes" in both.text
    assert "« Studio Courant d’air »".replace("« ", "«\u202f").replace(" »", "\u202f»") in both.text  # fmt: skip


def test_many_equals_are_counted_rather_than_named() -> None:
    rows = [flow("la-cale", place, 200_000 + i, 50_000) for i, place in enumerate(sample.PLACES[2:7])]  # fmt: skip
    (many,) = said(table("flows", FLOW, *rows))
    assert "et 3 autres" in many.text


def test_a_long_window_is_not_mixed_with_the_ninety_days() -> None:
    year = row(("la-cale", "le-remous", "0-365"), 900_000, 850_000, 950_000, "presque-sur")
    assert said(table("flows", FLOW, year)) == ()


def test_the_delay_that_is_known_best_is_told() -> None:
    columns = ["age", "discipline", "statistic", "days"]
    wide = row(("26-34", "theatre", "median"), 21_000, 15_000, 30_000, "indicatif")
    narrow = row(("18-25", "contemporary-art", "median"), 3_000, 3_000, 3_000, "presque-sur")
    quartile = row(("18-25", "dance", "first-quartile"), 1_000, 1_000, 1_000, "presque-sur")
    (lead,) = said(table("lead-near", columns, wide, quartile, narrow))
    assert "chez les 18-25 ans" in lead.text
    assert "(art contemporain) se font 3 jours avant" in lead.text
    assert "(au jour près)" in lead.text


@pytest.mark.parametrize("overlap", [True, False])
def test_a_pair_is_named_only_when_none_ties_with_it(overlap: bool) -> None:
    first = row(("la-cale", "le-remous"), 332_000, 308_000, 371_000, "indicatif")
    high = 348_000 if overlap else 300_000
    other = row(("studio-courant-d-air", "theatre-des-ecluses"), 290_000, 285_000, high, "indicatif")  # fmt: skip
    found = said(table("pairs", ["place_a", "place_b", "persons"], first, other))
    assert len(found) == (0 if overlap else 1)


def test_ranks_are_bounds_that_hold_for_every_order_the_intervals_allow() -> None:
    rows = [row((str(i),), v, v - h, v + h, "indicatif") for i, (v, h) in enumerate([(10, 1), (9, 1), (5, 1), (4, 4)])]  # fmt: skip
    assert ranks(rows) == ((1, 2), (1, 3), (3, 4), (2, 4))
    assert tied(rows[0], rows) == rows[:2]


def test_a_loss_that_stands_out_alone_is_told_and_names_keep_apart() -> None:
    labels = Labels(sample.charter().charter, FRENCH)
    losses = table("flows-balance", ["place", "persons"], row(("la-cale",), -420_000, -630_000, -210_000, "indicatif"), row(("le-remous",), 30_000, -90_000, 150_000, "trop-peu"))  # fmt: skip
    assert plain(losses, labels).startswith("Le plus bas, La Cale")
    assert "−420" in plain(losses, labels)
    pairs = table("lead", ["age", "distance", "days"], row(("18-25", "0-5"), 9_000, 7_000, 12_000, "indicatif"), row(("26-34", "5-20"), 10_000, 7_000, 13_000, "indicatif"))  # fmt: skip
    assert "26-34 ans (5 à 20" in plain(pairs, labels)
