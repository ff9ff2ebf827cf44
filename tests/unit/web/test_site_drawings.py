"""Drawings and sentences of the site: they say what the intervals allow, and draw no one whom chance covers."""

import re

import pytest

from contracts.edition import Estimate, Table
from hub.web.choropleth import map_of
from hub.web.english import ENGLISH
from hub.web.labels import Labels
from hub.web.matrix import directed_of
from hub.web.outlines import OUTLINES
from hub.web.pages import Visit, part
from hub.web.plain import plain
from hub.web.rings import chord, flow_map
from hub.web.site.venues import double
from tests.support import sample_edition as sample

CHARTER = sample.charter().charter
FRENCH_LABELS = Labels(CHARTER)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def row(*keys: str, value: int, wide: int = 10, wording: str = "presque-sur") -> Estimate:
    low, high = value - wide, value + wide
    return Estimate(keys=list(keys), value_milli=value * 1000, low_milli=low * 1000, high_milli=high * 1000, wording=wording)  # fmt: skip


def table(columns: list[str], *rows: Estimate) -> Table:
    found = sample.reach().tables[0]
    return found.model_copy(update={"columns": columns, "rows": list(rows)})


PAIRS = [
    row("la-cale", "le-remous", value=300),
    row("la-cale", "petites-scenes", value=90, wording="indicatif"),
    row("le-remous", "petites-scenes", value=20, wording="trop-peu"),
]


def test_the_ring_draws_a_ribbon_for_each_pair_that_can_be_told() -> None:
    ring = chord(PAIRS, FRENCH_LABELS)
    assert ring is not None
    ribbons = [shape for shape in ring.shapes if shape.kind != "arc"]
    assert [shape.kind for shape in ribbons] == ["presque-sur", "indicatif"]
    assert "300" in ribbons[0].sentence
    assert len(ring.spots) == 3
    for shape in ring.shapes:
        assert all(abs(float(n)) <= 181 for n in NUMBER.findall(shape.path))


def test_a_place_without_a_ribbon_is_named_beside_the_ring() -> None:
    ring = chord([PAIRS[0], PAIRS[2]], FRENCH_LABELS)
    assert ring is not None
    assert [spot.number for spot in ring.spots] == [
        1,
        2,
    ]  # as in the table, where the third stands too
    assert ring.quiet == ("Petites scènes de la métropole",)


def test_the_ring_is_not_drawn_beyond_twelve_places_nor_empty() -> None:
    many = [row("a0", f"a{i}", value=100) for i in range(1, 13)]
    assert chord(many, FRENCH_LABELS) is None
    assert chord(PAIRS[2:], FRENCH_LABELS) is None
    assert chord([], FRENCH_LABELS) is None


def test_the_map_keeps_every_place_within_it_and_apart() -> None:
    passages = [row(a, b, value=200) for a in sample.PLACES for b in sample.PLACES if a != b]
    picture = flow_map(passages, CHARTER, FRENCH_LABELS)
    assert picture is not None
    assert len(picture.spots) == len(sample.PLACES)
    for spot in picture.spots:
        assert 20 <= spot.x <= 620
        assert 20 <= spot.y <= 400
    gaps = [(a.x - b.x) ** 2 + (a.y - b.y) ** 2 for a in picture.spots for b in picture.spots if a.number < b.number]  # fmt: skip
    assert min(gaps) > 22**2
    assert len(picture.shapes) == 24


def test_two_places_at_one_spot_are_set_apart() -> None:
    members = [m.model_copy(update={"latitude_microdeg": 47_000_000, "longitude_microdeg": 0}) for m in CHARTER.members]  # fmt: skip
    together = CHARTER.model_copy(update={"members": members})
    picture = flow_map(PAIRS[:2], together, FRENCH_LABELS)
    assert picture is not None
    assert len({(spot.x, spot.y) for spot in picture.spots}) == 3


def test_passages_are_read_from_the_line_to_the_column() -> None:
    flows = table(["from", "to", "persons"], row("la-cale", "le-remous", value=80), row("le-remous", "la-cale", value=5, wording="trop-peu"))  # fmt: skip
    square = directed_of(flows, FRENCH_LABELS)
    assert square is not None
    assert [[cell.text if cell else None for cell in line] for line in square.rows] == [[None, "80"], ["·", None]]  # fmt: skip
    assert directed_of(table(["from", "to", "persons"], row("x", "y", value=1)), FRENCH_LABELS) is None  # fmt: skip


def test_a_departement_is_shaded_hatched_or_blank() -> None:
    home = table(["departement", "percent"], row("44", value=60), row("85", value=8, wide=53, wording="trop-peu"), row("rest", value=9))  # fmt: skip
    found = map_of(home, FRENCH_LABELS)
    assert found is not None
    kinds = {area.code: area.kind for area in found.areas}
    assert (kinds["44"], kinds["85"], kinds["75"]) == ("s6", "s0", "none")
    few = next(area.sentence for area in found.areas if area.code == "85")
    assert "trop peu de monde" in few
    assert "8,0" not in few  # the covered value itself
    assert map_of(table(["departement", "percent"], row("rest", value=9)), FRENCH_LABELS) is None
    assert len(OUTLINES) == 96


@pytest.mark.parametrize(
    ("rows", "french", "english"),
    [
        ([row("la-cale", value=300), row("le-remous", value=90)], "Le plus haut, La Cale, musée d’art contemporain\u202f: 300 personnes (290 à 310).", "The highest, La Cale, musée d’art contemporain: 300 people (290 to 310)."),
        ([row("rest", value=300), row("le-remous", value=90)], "Le plus haut, Le Remous\u202f: 90 personnes (80 à 100).", "The highest, Le Remous: 90 people (80 to 100)."),
        ([row("le-remous", value=95), row("la-cale", value=90)], "En tête, à égalité\u202f: Le Remous et La Cale, musée d’art contemporain\u202f; 80 à 105 personnes pour chacun.", "At the top, tied: Le Remous and La Cale, musée d’art contemporain; 80 to 105 people for each."),
        ([row("la-cale", value=9, wording="trop-peu"), row("le-remous", value=0)], "Trop peu de monde\u202f: aucun chiffre de ce tableau n’est assez précis pour être dit.", "Too few people: no figure of this table is precise enough to be told."),
    ],
)  # fmt: skip
def test_a_chart_is_told_in_one_sentence(rows: list[Estimate], french: str, english: str) -> None:
    places = table(["place", "persons"], *rows)
    assert plain(places, FRENCH_LABELS) == french
    assert plain(places, Labels(CHARTER, ENGLISH)) == english


def test_a_part_of_a_table_keeps_its_rows_and_drops_what_they_share() -> None:
    flows = sample.flows().tables[0]
    cut = part(flows, {"from": "la-cale", "lag": "0-90"})
    assert cut.columns == ["to", "persons"]
    assert len(cut.rows) == len(sample.PLACES) - 1
    assert part(flows, {"nowhere": "x"}) is flows


def test_double_counting_is_told_only_when_it_is_certain() -> None:
    shelf = sample.Shelf(sample.published(), charter=sample.charter())
    visit = Visit(shelf, FRENCH_LABELS.tongue, CHARTER, sample.published())
    text = double(visit)
    numbers = [int(n.replace("\u202f", "")) for n in re.findall(r"[\d\u202f]+", text) if n.strip("\u202f")]  # fmt: skip
    total = sum(sample.REACH)
    assert numbers[:2] == [total, 11_685]
    assert numbers[2] < total - 11_685 < numbers[3]
    one = [row("la-cale", value=11_700, wide=60)]
    reach = sample.reach()
    few = reach.model_copy(update={"tables": [reach.tables[0], reach.tables[1].model_copy(update={"rows": one})]})  # fmt: skip
    thin = Visit(shelf, FRENCH_LABELS.tongue, CHARTER, sample.published(releases=[few]))
    assert double(thin) == ""
