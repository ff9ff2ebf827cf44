"""A bundle follows from public files: made again it is the same, and any change in it shows."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from contracts.base import canonical
from contracts.model import MICRO, Model, SignedModel
from contracts.model_check import ModelError, check_signed
from hub.errors import NoModel
from hub.recommend import ease
from hub.recommend.bundle import model_of
from hub.recommend.verify import problems
from tests.support.model_world import (
    Tastes,
    charter_of,
    clear,
    kinds_of,
    only_noise,
    published,
    sign_model,
    signed,
    slow_low_rank,
)

CHARTER = charter_of(kinds_of(40))
FILE = published(CHARTER, Tastes().observed(sigma=60.0))
MODEL = model_of(FILE, CHARTER)


def changed(**changes: Any) -> SignedModel:
    """The same model with something else in it, signed by the hub again."""
    plain = MODEL.model_dump(mode="json") | changes
    return sign_model(Model.model_validate_json(canonical(plain)))


def test_anybody_makes_the_same_bytes_again() -> None:
    assert canonical(model_of(FILE, CHARTER)) == canonical(MODEL)
    assert problems(sign_model(MODEL), FILE, signed(CHARTER)) == []


def test_the_card_can_be_computed_again_from_the_model() -> None:
    sigma = MODEL.sigma_micro / 1e6 / MODEL.unit_milli
    mean = sum(MODEL.popularity_milli) / 1000 / len(MODEL.items)
    assert MODEL.card.eta_micro == pytest.approx(2 * sigma * 40**0.5 / mean * 1e6, rel=1e-5)
    assert MODEL.card.rank >= 1
    assert MODEL.card.better_than_popularity
    assert MODEL.card.retained_percent == 95


@pytest.mark.parametrize("wide", [False, True])
def test_the_noiseless_bundle_is_the_reference_low_rank_ease(
    monkeypatch: pytest.MonkeyPatch, wide: bool
) -> None:
    """Of every component in a network of 256 places at most, of the positive ones in a wide one (ADR 0035)."""
    if wide:
        monkeypatch.setattr(ease, "WHOLE_MATRIX_ITEMS", 0)
    exact = clear()
    model = model_of(published(CHARTER, replace(exact, sigma=1e-3)), CHARTER)
    assert model.method == ("spectral" if wide else "full-rank")
    factors, scale = np.array(model.factors_micro) / MICRO, np.array(model.scale_micro) / MICRO
    link = factors @ factors.T if wide else factors
    found, expected = link * scale[None, :] / scale[:, None], slow_low_rank(exact, every=not wide)
    off = ~np.eye(len(found), dtype=bool)
    assert np.abs(found - expected)[off].max() < 2e-4 * np.abs(expected).max()


def test_a_model_of_noise_says_that_it_is_popularity() -> None:
    model = model_of(published(CHARTER, only_noise(40, 900.0, 50.0, 1), persons=300), CHARTER)
    assert model.method == "popularity"
    assert not model.factors_micro
    assert not model.card.better_than_popularity
    assert model.card.retained_percent == 66
    assert check_signed(sign_model(model), CHARTER) == model


LIES: dict[str, dict[str, Any]] = {
    "a figure": {"factors_micro": [[v + 5 * (n == 7) for v in row] for n, row in enumerate(MODEL.factors_micro)]},
    "a scale": {"scale_micro": [v + 2 for v in MODEL.scale_micro]},
    "an item pushed": {"popularity_milli": [MODEL.popularity_milli[0] * 9, *MODEL.popularity_milli[1:]]},
    "an ally": {"allies": [[1, 2, 3], *MODEL.allies[1:]]},
    "a lift": {"lifts_milli": [[v * 2 for v in row] for row in MODEL.lifts_milli]},
    "a card": {"card": MODEL.card.model_dump() | {"retained_percent": 100}},
    "the noise": {"sigma_micro": MODEL.sigma_micro // 2},
    "the dial": {"dial": {"openness": 90, "least": 0}},
    "another edition": {"edition": "saison-autre"},
}  # fmt: skip


@pytest.mark.parametrize("name", LIES)
def test_a_hub_that_changes_something_is_noticed(name: str) -> None:
    assert problems(changed(**LIES[name]), FILE, signed(CHARTER))


def test_one_unit_in_the_last_place_is_another_machines_rounding() -> None:
    near = [[v + (n == 7) for v in row] for n, row in enumerate(MODEL.factors_micro)]
    assert problems(changed(factors_micro=near), FILE, signed(CHARTER)) == []


def test_a_model_that_the_hub_did_not_sign_is_refused() -> None:
    other = sign_model(MODEL, "custodian")
    assert "did not sign" in problems(other, FILE, signed(CHARTER))[0]


def test_a_model_of_earlier_rules_is_said_to_be_so_and_not_forged() -> None:
    (said,) = problems(changed(rules=1), FILE, signed(CHARTER))
    assert "rules 1" in said
    assert "not what the edition gives" not in said
    with pytest.raises(ModelError, match="another network"):
        check_signed(sign_model(MODEL.model_copy(update={"network": "autre"})), CHARTER)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("popularity_milli", MODEL.popularity_milli[:-1]),
        ("scale_micro", MODEL.scale_micro[:-1]),
        ("scale_micro", [0] * 40),
        ("factors_micro", MODEL.factors_micro[:-1]),
        ("factors_micro", [row[: n % 2] for n, row in enumerate(MODEL.factors_micro)]),
        ("lifts_milli", MODEL.lifts_milli[:-1]),
        ("disciplines", MODEL.disciplines[:-1]),
        ("allies", MODEL.allies[:-1]),
        ("allies", [[40]] * 40),
        ("items", [MODEL.items[0].model_dump()] * 40),
        ("method", "popularity"),
        ("method", "full-rank"),
    ],
)
def test_lists_that_do_not_belong_together_are_refused(field: str, value: Any) -> None:
    with pytest.raises(ModelError):
        check_signed(changed(**{field: value}), CHARTER)


def test_an_edition_without_pairs_has_no_model() -> None:
    edition = FILE.edition.model_copy(update={"releases": FILE.edition.releases[:1]})
    with pytest.raises(NoModel, match="pairs-cell"):
        model_of(FILE.model_copy(update={"edition": edition}), CHARTER)


def test_another_charter_than_the_editions_is_refused() -> None:
    with pytest.raises(NoModel, match="another charter"):
        model_of(FILE, charter_of(kinds_of(40), bound=5))


def test_pairs_in_another_order_are_refused() -> None:
    plain = FILE.model_dump(mode="json")
    vector = plain["edition"]["releases"][1]["vectors"][0]
    vector["keys"][0], vector["keys"][1] = vector["keys"][1], vector["keys"][0]
    with pytest.raises(NoModel, match="order"):
        model_of(type(FILE).model_validate_json(canonical(plain)), CHARTER)


def test_a_small_network_leans_on_its_disciplines() -> None:
    observed = Tastes().observed(sigma=300.0)
    alone = model_of(published(CHARTER, observed, persons=200_000), CHARTER)
    leaning = model_of(published(CHARTER, observed, persons=20_000), CHARTER)
    assert alone.card.kappa_milli > 30_000 > leaning.card.kappa_milli
    assert alone.lifts_milli == leaning.lifts_milli
    assert alone.lifts_milli[0][0] > 1200
    assert alone.card.rank > leaning.card.rank == 0  # the disciplines say what the component said
    assert leaning.factors_micro != alone.factors_micro
    assert leaning.method == "spectral"
