"""Reads the allies of each place in the published model: public bytes, kept as they were signed."""

from functools import lru_cache

from contracts.model import SignedModel


@lru_cache(maxsize=8)
def allies_in(body: bytes) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each place of a signed model with its allies, the most alike first, in the model's order."""
    model = SignedModel.model_validate_json(body).model
    names = [item.item for item in model.items]
    return tuple(
        (name, tuple(names[at] for at in near))
        for name, near in zip(names, model.allies, strict=True)
    )
