"""The card of the recommendation model on « Goûts »: what it is made of, what it costs, and when there is none."""

import re

import pytest
from flask import Flask

from contracts.base import canonical
from contracts.model import Card, Model, SignedModel
from hub.web import observatory
from tests.support import sample_edition as sample
from tests.support.sample_model import model

EDITION = "saison-2025-2026"
CARD = Card(
    persons_milli=10**7, kappa_milli=40_000, eta_micro=50_000, rank=3, retained_percent=97, better_than_popularity=True
)  # fmt: skip


def tastes(body: bytes | None, language: str = "fr") -> str:
    """Return the page over one edition, and that model of it."""
    shelf = sample.Shelf(sample.published(), charter=sample.charter())
    if body is not None:
        shelf.models[EDITION] = body
    app = Flask("test")
    observatory.install(app, shelf)
    return app.test_client().get(f"/gouts?lang={language}").get_data(as_text=True)


def changed(**changes: object) -> bytes:
    signed = SignedModel.model_validate_json(model({}))
    made = Model.model_validate(signed.model.model_dump() | changes)
    return canonical(SignedModel(model=made, signature=signed.signature))


def test_a_model_that_is_popularity_says_so() -> None:
    page = tastes(model({}))
    assert "en vue dans le réseau" in page
    assert "non, et les listes le disent" in page
    assert "inconnue" in page
    assert f'href="/v1/editions/{EDITION}/model"' in page


@pytest.mark.parametrize("method", ["spectral", "full-rank"])
def test_a_model_that_knows_more_says_what_it_keeps(method: str) -> None:
    size = len(sample.PLACES)
    columns = size if method == "full-rank" else 2
    factors = [[0] * columns] * size
    body = changed(method=method, factors_micro=factors, scale_micro=[10**6] * size, card=CARD)
    page = tastes(body, "en")
    assert "97% of the best model without privacy" in page
    assert "nothing more: the matrix of flows is paid for already" in page
    assert "20 of 100; each house moves it<" in page


def test_a_matrix_of_its_own_has_a_price() -> None:
    page = tastes(changed(matrix="model-pairs-cell"))
    assert re.search(r"une matrice à part\s: ρ = 0,02", page)


def test_an_edition_without_a_model_says_so() -> None:
    page = tastes(None)
    assert "pas de modèle de recommandation" in page
    assert "/model" not in page
