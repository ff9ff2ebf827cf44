"""What catalogue tags are worth: a small network's model from them alone, and shows that nobody has seen yet."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from hub.evaluate.metrics import Held, hold_out, one_house, quality
from hub.evaluate.protocol import Terms, exact
from hub.evaluate.sums import presence, rho_of, sums_of
from hub.evaluate.world import Floats, Integers, World
from hub.recommend.attributes import Tagged, popularity_by_tags, scored, together

POPULARITY_SHARE: Final = 0.3  # of the price, the tags having the rest (κ below 12)
HIDDEN: Final = 0.2  # of the items, that nobody has seen yet
_CHUNK: Final = 20_000
_EVERYTHING: Final = 64


@dataclass(frozen=True)
class TagLine:
    """NDCG@10 of the model by tags, with the noise of *epsilon* and without; means over draws."""

    level: str  # "3", "house", or "new": hidden shows alone, three visits known
    exact: float
    private: float
    popularity: float  # exact, of the same items; for "new", what the tags expect of each
    best: float  # of the methods without privacy; for "new", the model by tags itself


@dataclass(frozen=True)
class _Asked:
    """Which items were ever seen (1 or 0), and what must be found of whom."""

    seen: Floats
    held: Held


def compare_tags(world: World, terms: Terms) -> list[TagLine]:
    """Return what the tags of a world say at two levels of evidence, and of hidden shows.

    Raises:
        ValueError: the world has no tags.
    """
    if not world.tags:
        raise ValueError("this world has no catalogue tags")
    three, house = hold_out(world.tested, 3), one_house(world.tested, world.house)
    best: dict[str, float] = {}
    for _method, level, found in exact(world, {"3": three, "house": house}):
        best[level] = max(best.get(level, 0.0), found.ndcg)
    shown = np.ones(world.items)
    hidden = np.random.default_rng(terms.seed).random(world.items) < HIDDEN
    new = Held(_only(three.shown, ~hidden), _only(three.wanted, hidden))
    return [
        replace(_line("3", world, terms, _Asked(shown, three)), best=best["3"]),
        replace(_line("house", world, terms, _Asked(shown, house)), best=best["house"]),
        _line("new", world, terms, _Asked((~hidden).astype(np.float64), new)),
    ]


def _only(rows: Integers, kept: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Integers:
    return np.where((rows >= 0) & kept[rows], rows, -1)


def _line(level: str, world: World, terms: Terms, asked: _Asked) -> TagLine:
    known = _seen_only(world, asked.seen)
    tables = [_table(known, groups) for groups in world.tags]
    counted = sums_of(known, _EVERYTHING).popularity
    clipped = sums_of(known, terms.places)
    rho = rho_of(terms.epsilon)
    own = clipped.place_bound / np.sqrt(2 * rho * POPULARITY_SHARE)
    sigma = 1.0 / np.sqrt(2 * rho * (1 - POPULARITY_SHARE) / len(tables))
    found = []
    for draw in range(terms.draws):
        source = np.random.default_rng(terms.seed * 1000 + draw)
        noisy = clipped.popularity + source.normal(scale=own, size=world.items)
        drawn = [table + _noise(len(table), float(sigma), source) for table in tables]
        found.append(_judged(world, _tags(world, drawn, float(sigma)), noisy, asked))
    clear = _judged(world, _tags(world, tables, 0.0), counted, asked)
    return TagLine(
        level=level,
        exact=clear,
        private=float(np.mean(found)),
        popularity=_judged(world, [], counted, asked),
        best=clear,
    )


def _seen_only(world: World, seen: Floats) -> World:
    kept = _only(world.known, seen > 0)
    return World(world.discipline, world.house, kept, world.tested, world.tags)


def _table(world: World, groups: Integers) -> Floats:
    """Return the groups' table: each person spreads one unit over the pairs of items that she makes."""
    count = int(groups.max()) + 1
    member, table = np.eye(count)[groups], np.zeros((count, count))
    for at in range(0, len(world.known), _CHUNK):
        went = presence(world.known[at : at + _CHUNK], world.items).astype(np.float64)
        each = went.sum(axis=1)
        went = went[each > 1]
        each = each[each > 1]
        pairs = each * (each - 1) / 2
        inside = went @ member
        table += (inside / pairs[:, None]).T @ inside - np.diag((inside / pairs[:, None]).sum(axis=0))  # fmt: skip
    return table / 2


def _noise(count: int, sigma: float, source: np.random.Generator) -> Floats:
    above = np.triu(source.normal(scale=sigma, size=(count, count)), 1) / 2
    return above + above.T + np.diag(source.normal(scale=sigma, size=count))


def _judged(world: World, tags: list[Tagged], popularity: Floats, asked: _Asked) -> float:
    floored, seen = np.maximum(popularity, 1.0), asked.seen
    plain = [Tagged(g, np.zeros((int(g.max()) + 1,) * 2), 0.0) for g in world.tags]
    expected = popularity_by_tags(tags or plain, floored, seen)
    lifts = together(tags, np.where(seen > 0, floored, 0.0))
    scores = scored(asked.held.looked_at(world.items), lifts, expected)
    if not seen.all():
        scores[:, seen > 0] = -np.inf  # the hidden shows among themselves
    return quality(scores, asked.held).ndcg


def _tags(world: World, tables: list[Floats], sigma: float) -> list[Tagged]:
    return [Tagged(g, table, sigma) for g, table in zip(world.tags, tables, strict=True)]
