"""A conjunction of traits in its one canonical form: whoever means the same people asks the same thing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from contracts.cube import Cube
from hub.errors import NoCube

_SIGN: Final = "="
_OR: Final = ","


@dataclass(frozen=True)
class Asked:
    """Traits by position, ascending, and the positions of their wanted values, ascending.

    A trait of which every value is wanted is not there: it asks nothing.
    """

    chosen: tuple[tuple[int, tuple[int, ...]], ...]

    @property
    def axes(self) -> tuple[int, ...]:
        """The traits that it names."""
        return tuple(axis for axis, _ in self.chosen)

    def only(self, axes: Collection[int]) -> "Asked":
        """Return the same question about some of its traits."""
        return Asked(tuple(pair for pair in self.chosen if pair[0] in axes))

    def words(self, cube: Cube) -> str:
        """Return it as it may be typed again: ``age=18-25,26-34 taste=dance``; "" for everybody."""
        parts = []
        for axis, values in self.chosen:
            trait = cube.traits[axis]
            parts.append(f"{trait.trait}{_SIGN}{_OR.join(trait.values[v] for v in values)}")
        return " ".join(parts)


def asked(cube: Cube, wanted: Mapping[str, Iterable[str]]) -> Asked:
    """Return the canonical question: one of the named values for each named trait, all traits together.

    Args:
        cube: whose traits are meant.
        wanted: by trait, its values; order and repetition mean nothing.

    Raises:
        NoCube: a trait or a value does not exist, or a trait is named without a value.
    """
    places = {trait.trait: place for place, trait in enumerate(cube.traits)}
    chosen = []
    for name, values in wanted.items():
        if name not in places:
            raise NoCube(
                "Found the trait {name}; this cube tells {places}.",
                name=name,
                places=", ".join(places),
            )
        known, named = list(cube.traits[places[name]].values), set(values)
        unknown = sorted(named.difference(known))
        if unknown or not named:
            found = ", ".join(unknown) or "no value"
            raise NoCube(
                "Found {found} for {name}; its values are {known}.",
                found=found,
                name=name,
                known=", ".join(known),
            )
        if len(named) < len(known):
            chosen.append((places[name], tuple(sorted(known.index(value) for value in named))))
    return Asked(tuple(sorted(chosen)))


def parsed(words: Iterable[str]) -> dict[str, list[str]]:
    """Return what is typed as ``trait=value,value``; a trait named twice means values of both.

    That is how one widens a choice at a terminal; two different traits narrow it.

    Raises:
        NoCube: a word has no ``=``.
    """
    wanted: dict[str, list[str]] = {}
    for word in words:
        name, sign, values = word.partition(_SIGN)
        if not sign:
            raise NoCube("Found {word!r}; write trait=value,value: age=18-25,26-34.", word=word)
        told = [value.strip() for value in values.split(_OR) if value.strip()]
        wanted.setdefault(name.strip(), []).extend(told)
    return wanted
