"""Makes the small file of an edition's cube, and checks one: a pure function of what was published."""

from typing import Final

import numpy as np

from contracts.base import canonical
from contracts.cube import MICRO, MILLI, Crossing, Cube, Doubt, Trait
from contracts.edition import PublishedEdition, Table, Vector, sigma_of
from hub.cube.design import Design, Floats, design_of
from hub.cube.fit import Fit, agreement
from hub.cube.found import tables, vectors
from hub.errors import NoCube

CELLS: Final = "cube-cell"
PAIRS: Final = "cube-pairs"
LAST_PLACE: Final = 1  # units by which another machine's floating point may round a figure
_PAIR: Final = 2


def cube_of(published: PublishedEdition) -> Cube:
    """Return the cube of an edition; nothing is read but its public file, and nothing is charged.

    Raises:
        NoCube: the edition has no measure ``cube``, or its tables are not what the measure writes.
    """
    vector, table = _vector(published), _table(published)
    design = _design(vector)
    fitted = agreement(design, _persons(vector), sigma_of(vector))
    counts = _counts(design, table)
    edition = published.edition
    return Cube(
        network=edition.network,
        edition=edition.edition,
        edition_sha256=published.edition_sha256,
        charter_sha256=edition.charter_sha256,
        rho_micro=vector.rho_micro,
        people=sum(counts[0]),
        traits=[Trait(trait=axis.name, values=list(axis.values)) for axis in design.axes],
        crossings=[
            Crossing(
                traits=list(crossing),
                counts=counts[place] if len(crossing) == _PAIR else [],
                found_milli=_rounded(fitted.table(crossing) * MILLI),
            )
            for place, crossing in enumerate(design.crossings)
        ],
        doubts=_doubts(fitted),
    )


def problems(cube: Cube, published: PublishedEdition) -> list[str]:
    """Return what in a cube does not follow from the edition; nothing when all of it does.

    A figure of the estimate may differ by one in its last place, where another machine rounds a
    half to the other side.
    """
    try:
        again = cube_of(published)
    except NoCube as error:
        return [str(error)]
    if canonical(cube) == canonical(again):
        return []
    plain, whole = cube.model_dump(mode="json"), again.model_dump(mode="json")
    return [
        f"{name} is not what the edition gives"
        for name in plain
        if not _near(plain[name], whole[name])
    ]


def _vector(published: PublishedEdition) -> Vector:
    for vector in vectors(published.edition, CELLS):
        return vector
    raise NoCube(
        "Edition {edition} holds no cube. Plan the measure cube in the charter's next edition.",
        edition=published.edition.edition,
    )


def _table(published: PublishedEdition) -> Table:
    for table in tables(published.edition, PAIRS):
        return table
    raise NoCube(
        "Edition {edition} has no table {pairs}. Check it with hub verify.",
        edition=published.edition.edition,
        pairs=PAIRS,
    )


def _design(vector: Vector) -> Design:
    try:
        design = design_of(vector.keys)
    except ValueError as error:
        raise NoCube(
            "The vector {cells} is no cube: {error}. Check the edition.", cells=CELLS, error=error
        ) from error
    if design.l2_squared > vector.l2_sensitivity_squared:
        raise NoCube(
            "The vector {cells} claims less than its cells weigh. Check the edition.", cells=CELLS
        )
    return design


def _counts(design: Design, table: Table) -> list[list[int]]:
    """Return the whole people of each pair, as they are published."""
    told = {tuple(row.keys): row.value_milli // MILLI for row in table.rows}
    keys = list(design.keys())
    found = []
    for crossing, start in zip(design.crossings, design.offsets, strict=True):
        if len(crossing) == _PAIR:
            own = keys[start : start + int(np.prod(design.shape(crossing)))]
            if not told.keys() >= set(own):
                raise NoCube(
                    "The table {pairs} lacks cells of the cube. Check the edition.", pairs=PAIRS
                )
            found.append([told[key] for key in own])
    return found


def _doubts(fitted: Fit) -> list[Doubt]:
    return [
        Doubt(traits=list(subset), variance_micro=round(part.variance * MICRO))
        for subset, part in sorted(fitted.parts.items(), key=lambda item: (len(item[0]), item[0]))
    ]


def _persons(vector: Vector) -> Floats:
    return np.asarray(vector.values, dtype=np.float64) / vector.unit_milli


def _rounded(values: Floats) -> list[int]:
    return [int(value) for value in np.rint(values).ravel()]


def _near(found: object, again: object) -> bool:
    if isinstance(found, list) and isinstance(again, list):
        return len(found) == len(again) and all(map(_near, found, again))
    if isinstance(found, dict) and isinstance(again, dict):
        return found.keys() == again.keys() and all(_near(found[k], again[k]) for k in found)
    if isinstance(found, int) and isinstance(again, int):
        return abs(found - again) <= LAST_PLACE
    return found == again
