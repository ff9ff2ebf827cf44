"""Check a signed model from public files alone: the edition, the charter and the arithmetic between them."""

from collections.abc import Iterable
from typing import Final

from contracts.base import canonical
from contracts.catalogue import Catalogue
from contracts.charter import SignedCharter
from contracts.charter_check import CharterError, check_signatures
from contracts.edition import PublishedEdition
from contracts.model import Model, SignedModel
from contracts.model_check import ModelError, check_signed
from contracts.tags_shown import catalogues_read
from hub.errors import NoModel
from hub.recommend.bundle import RULES, model_of
from hub.recommend.tastes import shows_in

LAST_PLACE: Final = 1  # units by which another machine's linear algebra may round a figure
_OTHER_RULES: Final = "the model follows rules {found} and this program knows rules {known}: check it with the version that made it"
_FIGURES: Final = ("popularity_milli", "lifts_milli", "factors_micro", "scale_micro")


def problems(
    signed: SignedModel,
    published: PublishedEdition,
    charter: SignedCharter,
    catalogues: Iterable[Catalogue] | None = None,
) -> list[str]:
    """Return what is wrong with a model; nothing when its bytes follow from the edition's.

    The model is made again. Each word and number must be the same; a figure of the fit may differ
    by one in its last place, where another machine's floating point falls on the other side of a
    half. That the noise was drawn is not proved here, nor by ``hub verify``. What it says of the public
    catalogues is believed where *catalogues* are not given, and counted again where they are.
    """
    try:
        check_signatures(charter)
        check_signed(signed, charter.charter)
        if signed.model.rules != RULES:  # otherwise every figure would look forged
            return [_OTHER_RULES.format(found=signed.model.rules, known=RULES)]
        own = shows_in(signed.model.tags) if signed.model.tags and catalogues is None else None
        again = model_of(published, charter.charter, catalogues or (), shows=own)
    except (CharterError, ModelError, NoModel) as error:
        return [str(error)]
    told, said = catalogues_read(published), signed.model.tags
    if said is not None and told not in {None, said.catalogue_sha256}:
        return ["the model was made from other catalogues than the edition read"]
    found = _rounded_alike(signed.model, again)
    if canonical(found) == canonical(again):
        return []
    figures = set(_FIGURES)
    wrong = [
        f"{name} is not what the edition gives"
        for name in Model.model_fields
        if name not in figures and getattr(found, name) != getattr(again, name)
    ]
    return wrong + [
        f"{name} is not what the edition gives"
        for name in _FIGURES
        if not _near(getattr(found, name), getattr(again, name))
    ]


def _rounded_alike(found: Model, again: Model) -> Model:
    """Return *found* with the other's affinities, where they differ by rounding alone."""
    if found.tags is None or again.tags is None or len(found.tags.axes) != len(again.tags.axes):
        return found
    axes = [
        one.model_copy(update={"affinity_milli": two.affinity_milli})
        if _near(one.affinity_milli, two.affinity_milli)
        else one
        for one, two in zip(found.tags.axes, again.tags.axes, strict=True)
    ]
    return found.model_copy(update={"tags": found.tags.model_copy(update={"axes": axes})})


def _near(found: object, again: object) -> bool:
    if isinstance(found, list) and isinstance(again, list):
        return len(found) == len(again) and all(map(_near, found, again))
    return isinstance(found, int) and isinstance(again, int) and abs(found - again) <= LAST_PLACE
