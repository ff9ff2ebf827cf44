"""A partner's estimate: about how many people its request means, by place and in all, from one edition's cube.

A pure function of the published cube and of the one form of the request: free, the same for whoever asks it and
however it is said, and no house is asked anything. What a draw of the edition never told, no request can bring out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from contracts.audience import AudienceSpec, Level, Predicate
from contracts.base import Slug, canonical
from contracts.cube import Cube
from hub.cube.estimate import Book
from hub.cube.sought import FEWEST, Sought, sought

ANSWER_BYTES: Final = 65_536
"""Answers are padded to a multiple of it: a length tells how many figures there are, and how large."""
HOUSE: Final = "house"
_PREDICATE: Final[TypeAdapter[Predicate]] = TypeAdapter(Predicate)


@dataclass(frozen=True)
class Line:
    """The answer for one place; ``venues`` are its members where it is a group that appears together."""

    place: Slug
    venues: tuple[Slug, ...]
    found: Sought


@dataclass(frozen=True)
class Estimated:
    """The answer to one request: in all, then by place."""

    cube: Cube
    total: Sought
    lines: tuple[Line, ...]


def estimated(
    book: Book, spec: AudienceSpec, sources: Iterable[Slug], clusters: Mapping[Slug, Sequence[Slug]]
) -> Estimated:
    """Return about how many people *spec* means whose usual place is one of *sources*.

    Args:
        book: the cube of the newest edition.
        spec: the request, in whatever form.
        sources: the houses that are asked.
        clusters: by group that appears together, its members: a member is told with its group, never alone.

    Raises:
        NobodyMeant: the predicates contradict each other.
    """
    wanted = set(sources)
    known = next((t.values for t in book.cube.traits if t.trait == HOUSE), [])
    inside = {
        place: tuple(v for v in clusters.get(place, (place,)) if v in wanted) for place in known
    }
    places = [place for place in known if inside[place]]
    lines = tuple(Line(place, inside[place], sought(book, spec, place)) for place in places)
    return Estimated(book.cube, sought(book, spec, *places), lines)


def answer_bytes(found: Estimated | None) -> bytes:
    """Return the answer as JSON, padded with spaces: one, none or a hundred thousand people are as long to tell.

    None where no edition can be asked.
    """
    plain: dict[str, Any] = {"edition": None, "fewest": FEWEST, "total": None, "places": []}
    if found is not None:
        plain |= {
            "edition": found.cube.edition,
            "total": told(found.cube, found.total),
            "places": [
                {"place": line.place, "venues": list(line.venues), **told(found.cube, line.found)}
                for line in found.lines
            ],
        }
    body = canonical(plain)
    return body.ljust(-(-len(body) // ANSWER_BYTES) * ANSWER_BYTES)


def nearest_spec(cube: Cube, found: Sought) -> AudienceSpec | None:
    """Return the nearest request that the edition can answer, where it cannot answer this one; None otherwise.

    A value that only the cube knows (« several », « elsewhere ») is left out, which asks a little more.
    """
    if found.nearest is None:
        return None
    include = []
    for axis, places in found.nearest.chosen:
        trait = cube.traits[axis]
        plain = {"trait": trait.trait, "values": [trait.values[place] for place in places]}
        level = {"level": Level.MAIN.value} if trait.trait == "taste" else {}
        try:
            include.append(_PREDICATE.validate_json(canonical({**plain, **level})))
        except ValidationError:
            continue
    return AudienceSpec(include=include, exclude=[])


def told(cube: Cube, found: Sought) -> dict[str, Any]:
    """Return one answer as JSON tells it.

    ``state``: ``interval`` (people, low and high, on the public scale), ``at-most`` (the houses alone know the rest),
    ``few`` (fewer than FEWEST, one or none alike) or ``no-answer`` (too many traits for this edition).
    """
    if found.people is None:
        state = "no-answer"
    elif found.people == 0:
        state = "few"
    else:
        state = "at-most" if found.left else "interval"
    nearest = nearest_spec(cube, found)
    shown = state in ("interval", "at-most")
    return {
        "state": state,
        "people": found.people if state == "interval" else None,
        "low": found.low if shown else None,
        "high": found.high if shown else None,
        "local": [predicate.trait for predicate in found.left],
        "nearest": None if nearest is None else nearest.model_dump(mode="json"),
    }
