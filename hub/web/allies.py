"""Reads the published model, and the allies of each place in it: public bytes, kept as they were signed."""

from functools import lru_cache

from contracts.model import Model, SignedModel


@lru_cache(maxsize=8)
def model_in(body: bytes) -> Model:
    """Return the model in bytes that the hub keeps as they were signed."""
    return SignedModel.model_validate_json(body).model


@lru_cache(maxsize=8)
def allies_in(body: bytes) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each place of a signed model with its allies, the most alike first, in the model's order."""
    model = model_in(body)
    names = [item.item for item in model.items]
    return tuple(
        (name, tuple(names[at] for at in near))
        for name, near in zip(names, model.allies, strict=True)
    )
