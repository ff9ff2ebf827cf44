"""What a house may change in a request: fewer people, never more and never others."""

from collections.abc import Sequence

from pydantic import ValidationError

from contracts.audience import AudienceSpec, Predicate
from contracts.audience_form import NobodyMeant, canonical_spec
from contracts.order import FEWEST, Request


class NotNarrower(ValueError):
    """The change would reach more people, or nobody at all."""


def narrowed(request: Request, excluded: Sequence[Predicate], cap: int) -> Request:
    """Return *request* with more exclusions and a lower cap; all else stands as the partner wrote it.

    Whoever the new spec means, the old one means: it has every predicate of the old one, and more to exclude.

    Raises:
        NotNarrower: the cap is higher, under what a house sends at all, or nobody would be left.
    """
    if not FEWEST <= cap <= request.cap:
        raise NotNarrower(f"The cap goes from {FEWEST} to {request.cap}.")
    try:
        spec = AudienceSpec(
            include=request.spec.include, exclude=[*request.spec.exclude, *excluded]
        )
        form = canonical_spec(spec)
    except (NobodyMeant, ValidationError):
        raise NotNarrower("The exclusions are too many, or leave nobody.") from None
    return request.model_copy(update={"spec": form, "cap": cap})


def for_house(request: Request, venue: str) -> Request:
    """Return *request* as one house may know it: with nothing of the others."""
    codes = {house: code for house, code in request.codes.items() if house == venue}
    return request.model_copy(update={"sources": [venue], "codes": codes})
