"""Is this model one to score with: whole, of this network, and signed by the hub of the charter."""

from typing import Final

from contracts.base import canonical
from contracts.charter import Charter
from contracts.model import Model, SignedModel
from contracts.phrase import Phrase
from contracts.seal import SealError, verify
from contracts.tags import AxisTastes, Cell, spoken


class ModelError(Exception):
    """This model must not be used."""


def check_shape(model: Model) -> None:
    """Check that the lists of a model belong together.

    Raises:
        ModelError: names the first one that does not.
    """
    count, kinds = len(model.items), len(model.disciplines)
    names = [item.item for item in model.items]
    wrong: Final = (
        ("items", len(set(names)) != count),
        ("popularity_milli", len(model.popularity_milli) != count),
        ("disciplines", {item.discipline for item in model.items} != set(model.disciplines)),
        ("lifts_milli", not _is_table(model.lifts_milli, kinds, kinds)),
        ("factors_micro", not _has_factors(model)),
        (
            "allies",
            len(model.allies) != count or any(a >= count for row in model.allies for a in row),
        ),
        ("tags", not _has_tags(model)),
        ("cells", not _are_cells(model.cells, set(names))),
    )
    for name, is_wrong in wrong:
        if is_wrong:
            raise ModelError(
                Phrase("The model's {name} does not fit its items; fetch it again.", name=name)
            )


def check_signed(signed: SignedModel, charter: Charter) -> Model:
    """Return the model, whole, of the charter's network and signed by the charter's hub.

    Raises:
        ModelError: it is not.
    """
    model = signed.model
    if model.network != charter.network:
        raise ModelError(Phrase("The model is of another network; expected the charter's own."))
    try:
        verify(charter.hub.signing_key, canonical(model), signed.signature)
    except SealError:
        raise ModelError(
            Phrase("The charter's hub did not sign this model; fetch it again from the hub.")
        ) from None
    check_shape(model)
    return model


def _has_factors(model: Model) -> bool:
    count = len(model.items)
    if model.method == "popularity":
        return not model.factors_micro and not model.scale_micro
    columns = (
        count
        if model.method == "full-rank"
        else len(model.factors_micro[:1] and model.factors_micro[0])
    )
    whole = columns > 0 and _is_table(model.factors_micro, count, columns)
    return whole and len(model.scale_micro) == count and min(model.scale_micro) > 0


def _has_tags(model: Model) -> bool:
    if model.tags is None:
        return True
    count = len(model.items)
    known = {axis.axis for axis in model.tags.axes}
    whole = len(model.tags.events) == count and len(known) == len(model.tags.axes)
    return whole and all(_is_axis(axis, count) for axis in model.tags.axes)


def _is_axis(said: AxisTastes, items: int) -> bool:
    count, table = len(said.values), said.affinity_milli
    alone = len({spoken(value) for value in said.values}) == count
    whole = len(said.persons_milli) == count and _is_table(table, count, count)
    return (
        alone
        and whole
        and _is_table(said.shown, items, count)
        and said.events == [sum(row[n] for row in said.shown) for n in range(count)]
        and all(table[a][b] == table[b][a] for a in range(count) for b in range(a))
    )


def _are_cells(cells: list[Cell], places: set[str]) -> bool:
    named = {(cell.place, cell.discipline) for cell in cells}
    return len(named) == len(cells) and {place for place, _ in named} <= places


def _is_table(table: list[list[int]], rows: int, columns: int) -> bool:
    return len(table) == rows and all(len(row) == columns for row in table)
