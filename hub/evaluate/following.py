"""Where somebody who bought once goes next: what her house's own data can say, and what the network's model adds.

A house that has its own data alone knows one place, its own: all it can say of her next purchase is « here again ».
With the network's model it says so too, and two other places. Both are judged by the next purchase, wherever it was.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from hub.errors import ConfigError
from hub.evaluate.methods import with_privacy
from hub.evaluate.protocol import Terms, published
from hub.evaluate.sums import sums_of
from hub.evaluate.visits import ordered
from hub.evaluate.world import Floats, Integers, World

TESTED: Final = 0.3
NAMED: Final = 3
_TWO: Final = 2


@dataclass(frozen=True)
class NextLine:
    """Recall@3 of a method, mean over draws: of the next purchase anywhere, and of the next in another house."""

    method: str  # "alone", "popularity", "ours"
    anywhere: float
    elsewhere: float


def compare_next(path: Path, terms: Terms) -> tuple[int, int, list[NextLine]]:
    """Return how many people train and are tested, and each method's recall.

    Args:
        path: visits of a made-up world or a public set, columns person_id and venue_id, in the order of visiting.
        terms: the price, k and the draws.

    Raises:
        ConfigError: the file stands in a hub's folder, has not those columns, or nobody in it came twice.
    """
    names, histories = ordered(path)
    source = np.random.default_rng(terms.seed)
    away = source.random(len(histories)) < TESTED
    known = [list(dict.fromkeys(h)) for h, out in zip(histories, away, strict=True) if not out]
    asked = np.array(
        [h[:2] for h, out in zip(histories, away, strict=True) if out and len(h) >= _TWO]
    )
    if not len(asked):
        raise ConfigError(
            "Nobody in {path} came twice; there is no next purchase to find.", path=path
        )
    world = World(
        np.zeros(len(names), dtype=np.int64), np.arange(len(names)), _padded(known), asked
    )
    sums = sums_of(world, terms.places)
    found: dict[str, list[NextLine]] = {}
    for draw in range(terms.draws):
        observed, kappa = published(sums, len(known), terms, draw)
        weights = dict(with_privacy(observed, kappa))
        for name in ("popularity", "ours"):
            found.setdefault(name, []).append(_judged(name, weights[name], asked))
    here = float((asked[:, 0] == asked[:, 1]).mean())
    chance = min(NAMED / max(len(names) - 1, 1), 1.0)
    lines = [
        NextLine("alone", here, 0.0),
        NextLine("chance", here + (1 - here) * chance * 2 / 3, chance),
    ]
    lines += [
        NextLine(
            name,
            *(float(np.mean([getattr(x, of) for x in each])) for of in ("anywhere", "elsewhere")),
        )
        for name, each in found.items()
    ]
    return len(known), len(asked), lines


def _judged(name: str, weights: Floats, asked: Integers) -> NextLine:
    scores = weights[asked[:, 0]].copy()
    scores[np.arange(len(asked)), asked[:, 0]] = -np.inf
    order = np.argsort(-scores, axis=1, kind="stable")
    again = asked[:, 0] == asked[:, 1]
    two = (order[:, : NAMED - 1] == asked[:, 1:]).any(axis=1)
    three = (order[:, :NAMED] == asked[:, 1:]).any(axis=1)
    return NextLine(
        name, float((again | two).mean()), float(three[~again].mean()) if (~again).any() else 0.0
    )


def _padded(histories: list[list[int]]) -> Integers:
    table = np.full((len(histories), max(map(len, histories))), -1, dtype=np.int64)
    for row, history in zip(table, histories, strict=True):
        row[: len(history)] = history
    return table
