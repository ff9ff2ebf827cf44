"""The card of an edition's recommendation model, for « Goûts »: what it is made of, what it costs and what to expect."""

from contracts.api import PATH_MODEL
from contracts.model import MICRO, Model
from contracts.model_rules import retained_with_tags
from hub.web.allies import model_in
from hub.web.pages import Visit
from hub.web.words import said
from hub.web.words.tastes import WORDS

CIRCULATION = "pairs-cell"
"""The vector that the circulation has paid for already; another is a model's own, paid for apart."""


def advised(visit: Visit) -> dict[str, object] | None:
    """Return the card's lines, each a head and a text, and where the model's file is; None where the edition has none."""
    published = visit.published
    body = visit.shelf.model(published.edition.edition) if published else None
    if body is None:
        return None
    model = model_in(body)
    return {"lines": lines(model, visit), "path": PATH_MODEL.format(edition=model.edition)}


def lines(model: Model, visit: Visit) -> list[tuple[str, str]]:
    """Return what the card says, line by line, in the reader's language."""
    say, card, tongue = said(WORDS, visit.tongue), model.card, visit.tongue
    price = tongue.decimal(model.rho_micro / MICRO, 4)
    paid = say["paid_already"] if model.matrix == CIRCULATION else say["paid_apart"].format(rho=price)  # fmt: skip
    kept = say["kept_text"].format(percent=card.retained_percent) if card.retained_percent else say["kept_unknown"]  # fmt: skip
    dial = say["dial_least" if model.dial.least else "dial_text"]
    found = [
        (say["made"], say[f"made_{model.method}"]),
        (say["advised"], str(len(model.items))),
        (say["kept"], kept),
        (say["better"], say["better_yes"] if card.better_than_popularity else say["better_no"]),
        (say["paid"], paid),
        (say["dial"], dial.format(at=model.dial.openness, least=model.dial.least)),
    ]
    with_tags = retained_with_tags(model)
    if with_tags is not None:
        told = say["tagged_text"].format(percent=with_tags[0], share=with_tags[1])
        found.insert(3, (say["tagged"], told))
    return found
