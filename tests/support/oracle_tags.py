"""What the measures of the model mean, in plain Python: tags that go together, and pairs with k = 2."""

from collections import Counter
from collections.abc import Iterable
from itertools import combinations

from contracts.tags import BITS, TAGS, UNSAID
from hub.measures.frame import Frame
from tests.support.oracle import DISCIPLINES, Term, once, place_name, places_read, weight_of
from tests.support.town import Row


def model_terms(visits: list[Row], frame: Frame) -> dict[str, Term]:
    """Return one person's term in every vector of the tags and of the model's own pairs."""
    read, _ = places_read(visits, frame)
    few = weight_of(len(read), 2)
    pairs = list(combinations(sorted(read, key=frame.places.index), 2))
    terms: dict[str, Term] = {
        "model-pairs-place": {(place,): few for place in read},
        "model-pairs-cell": {pair: weight_of(len(pairs), 1) for pair in pairs},
    }
    for axis, values in (("discipline", frame.disciplines), *frame.tags):
        items = set(_items(visits, axis, values, frame))
        terms[f"tags-{axis}-value"] = once({(value,) for _, value in items}, 2)
        terms[f"tags-{axis}-pair"] = _together(items, values)
    return terms


def _items(
    visits: list[Row], axis: str, values: tuple[str, ...], frame: Frame
) -> Iterable[tuple[str, str]]:
    for visit in visits:
        place = place_name(frame.venues[visit.venue].slug, frame)
        if axis == "discipline":
            if DISCIPLINES[visit.discipline] in values:
                yield place, DISCIPLINES[visit.discipline]
            continue
        code = visit.tags // 2 ** (BITS * TAGS.index(axis)) % 2**BITS  # type: ignore[arg-type]
        if code != UNSAID and code < len(values):
            yield place, values[code]


def _together(items: set[tuple[str, str]], values: tuple[str, ...]) -> Term:
    """Return the pairs of her items by their values, as parts of one thousand, each rounded down."""
    ordered = sorted(items, key=lambda item: values.index(item[1]))
    met = Counter((a, b) for (_, a), (_, b) in combinations(ordered, 2))
    return {pair: 1000 * count // met.total() for pair, count in met.items()}
