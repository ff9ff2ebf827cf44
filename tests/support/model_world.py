"""A published edition with the pairs and reach that one chooses, its charter, and the slow plain EASE."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from contracts.base import canonical, digest
from contracts.charter import Charter, SignedCharter
from contracts.charter_check import charter_hash
from contracts.edition import (
    Checkpoint,
    Edition,
    PublishedEdition,
    Release,
    SignedCheckpoint,
    Vector,
)
from contracts.model import Model, SignedModel
from contracts.seal import sign
from hub.recommend.observed import Floats, Observed
from tests.support.control_world import EDITION, SEASON, VENUES, keys, signature_of
from tests.support.control_world import charter as three_venues

KINDS = ("theatre", "dance", "museum", "opera")


def charter_of(kinds: Sequence[str], *, bound: int = 4) -> Charter:
    """A charter of as many venues, named v00, v01…; the keys of three known venues go round."""
    plain = three_venues().model_dump(mode="json")
    plain["bounds"]["venues"] = bound
    plain["members"] = [
        plain["members"][0]
        | {
            "venue": f"v{n:02}",
            "name": f"Maison {n}",
            "discipline": kind,
            "latitude_microdeg": 45_000_000 + 10_000 * n,
            "signing_key": keys().public[VENUES[n % 3]],
        }
        for n, kind in enumerate(kinds)
    ]
    return Charter.model_validate_json(canonical(plain))


def signed(charter: Charter) -> SignedCharter:
    return SignedCharter(
        charter=charter,
        signatures=[
            signature_of(VENUES[n % 3], charter).model_copy(update={"venue": m.venue})
            for n, m in enumerate(charter.members)
        ],
    )


def published(charter: Charter, observed: Observed, persons: int = 40_000) -> PublishedEdition:
    """An edition whose vectors hold *observed*, in thousandths of a person."""
    places = sorted(member.venue for member in charter.members)
    above = np.triu_indices(len(places), 1)
    pairs = [[places[a], places[b]] for a, b in zip(*above, strict=True)]
    sigma = max(1, round(observed.sigma * 1000 * 1e6))
    edition = Edition(
        edition=EDITION, title="Saison", network=charter.network,
        charter_sha256=charter_hash(charter), season=SEASON, first_day="2024-09-01",
        last_day="2025-08-31", prepared="2025-09-01T08:00:00Z", demonstration=False,
        releases=[
            _release("reach", _vector("reach-venue", [[p] for p in places], observed.popularity * 1000),
                     _vector("reach-spread", [["1"], ["2"], ["3-4"], ["5+"]], np.array([persons, 0, 0, 0]), 1)),
            _release("pairs", _vector("pairs-cell", pairs, observed.pairs[above] * 1000, sigma=sigma)),
        ],
    )  # fmt: skip
    checkpoint = Checkpoint(network=charter.network, sequence=1, head_sha256="22" * 32, at="2025-09-01T08:00:00Z")  # fmt: skip
    return PublishedEdition(
        edition=edition,
        edition_sha256=digest(canonical(edition)),
        charges=[],
        chain=[],
        checkpoint=SignedCheckpoint(checkpoint=checkpoint, hub_signature="44" * 64),
    )


def sign_model(model: Model, name: str = "hub") -> SignedModel:
    return SignedModel(model=model, signature=sign(keys().private[name], canonical(model)))


@dataclass(frozen=True)
class Tastes:
    """Two publics that keep to themselves, items in turn of one and of the other."""

    items: int = 40
    persons: int = 20_000

    def observed(self, sigma: float, seed: int = 0) -> Observed:
        source = np.random.default_rng(seed)
        side = np.arange(self.items) % 2
        popularity = self.persons * 2.0 / (2.0 + np.arange(self.items))
        pairs = np.outer(popularity, popularity) / popularity.sum()
        pairs *= np.where(side[:, None] == side[None, :], 1.6, 0.4)
        noise = np.triu(source.normal(scale=sigma, size=pairs.shape), 1) if sigma else 0.0 * pairs
        pairs = pairs + noise + noise.T
        np.fill_diagonal(pairs, 0.0)
        return Observed((pairs + pairs.T) / 2, popularity, sigma, side)


def only_noise(items: int, sigma: float, popularity: float, seed: int) -> Observed:
    source = np.random.default_rng(seed)
    noise = np.triu(source.normal(scale=sigma, size=(items, items)), 1)
    return Observed(noise + noise.T, np.full(items, popularity), sigma, np.arange(items) % 2)


def kinds_of(count: int) -> list[str]:
    return [KINDS[n % 2] for n in range(count)]


def scores_of(model: Model, seen: Sequence[int]) -> Floats:
    """The scores of a person who has seen these items, word for word as the contract says them."""
    n = len(model.items)
    if model.method == "popularity":
        return np.array(model.popularity_milli, dtype=float)
    factors, scale = np.array(model.factors_micro) / 1e6, np.array(model.scale_micro) / 1e6
    link = factors if model.method == "full-rank" else factors @ factors.T
    return np.array([sum(link[i, j] * scale[j] / scale[i] for i in seen) for j in range(n)])


def slow_ease(gram: Floats) -> Floats:
    """EASE by its definition: weights -P_ij/P_jj of P = G⁻¹, nothing on the diagonal."""
    inverse = np.linalg.inv(gram)
    weights = -inverse / inverse.diagonal()[None, :]
    np.fill_diagonal(weights, 0.0)
    return weights


def clear(items: int = 40, seed: int = 3) -> Observed:
    """A matrix of many tastes and no noise: Σ over people of their pairs."""
    source = np.random.default_rng(seed)
    went = (source.random((3000, items)) < source.random(items) * 0.3 + 0.02).astype(float)
    gram = went.T @ went
    popularity = gram.diagonal().copy()
    np.fill_diagonal(gram, 0.0)
    return Observed(gram, popularity, 0.0, np.zeros(items, dtype=int))


def slow_low_rank(observed: Observed, *, every: bool = False) -> Floats:
    """Low-rank EASE of a matrix without noise, densely: its components, popularity, the ridge.

    The positive components, their diagonal put back, and the wide networks' ridge; or *every* component, for none of
    them is noise, and the least ridge.
    """
    matrix = observed.pairs.copy()
    for _ in range(3):
        values, vectors = np.linalg.eigh(matrix)
        kept = (vectors * (values if every else np.maximum(values, 0.0))) @ vectors.T
        if not every:
            np.fill_diagonal(matrix, kept.diagonal())
    ridge = (0.01 if every else 0.5) * observed.popularity.mean()
    rest = np.maximum(observed.popularity - kept.diagonal(), 0.0) + ridge
    return slow_ease(kept + np.diag(rest))


def _vector(name: str, named: list[list[str]], values: Floats, unit: int = 1000, *, sigma: int = 1) -> Vector:  # fmt: skip
    return Vector(
        name=name, mechanism="discrete-gaussian", unit_milli=unit, l2_sensitivity_squared=6_000_000,
        sigma_micro=sigma, rho_micro=20_000, delta_pico=0, threshold=None, keys=named,
        values=[round(float(value)) for value in values],
    )  # fmt: skip


def _release(measure: str, *vectors: Vector) -> Release:
    return Release(release=f"{EDITION}-{measure}", measure=measure, rho_micro=20_000, delta_pico=0,
                   seasons=[SEASON], charge="33" * 32, vectors=list(vectors), tables=[])  # fmt: skip
