"""Our private model beside implicit's ALS and BM25 without privacy, and beside DPALS, on the same people in one run."""

import itertools
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from contracts.model import Card, Dial, Model, ModelItem
from contracts.visit import Discipline
from hub.evaluate.metrics import Held, hold_out, one_house, quality
from hub.evaluate.protocol import Terms, compare
from hub.evaluate.sums import observe, presence, rho_of, sums_of
from hub.evaluate.world import Size, World, draw_world
from hub.recommend.ease import Weights
from hub.recommend.fit import fit
from tests.bench.dpals import dpals, scores
from venue_agent.recommend.dial import choose
from venue_agent.recommend.gauges import most_relevant
from venue_agent.recommend.people import People
from venue_agent.recommend.scores import Scorer
from venue_agent.recommend.tops import can_compile, tops_by_blocks, tops_compiled

PROGRAM = Path(__file__).with_name("recommend_peers.py")
PYTHON = Path(__file__).parents[2] / "var/build/recommend/bin/python"
FILMS = sorted(PYTHON.parents[1].glob("lib/*/site-packages/recbole/dataset_example/ml-100k/ml-100k.inter"))  # fmt: skip
GRID = [
    (4, 1, 10.0),
    (8, 1, 30.0),
    (8, 2, 30.0),
    (16, 2, 100.0),
    (4, 3, 300.0),
    (4, 4, 300.0),
    (8, 3, 300.0),
]
"""Factors, steps and ridge tried for DPALS; the best on the people held out is kept, which favours it."""
ALONE = 2_000
PEERS = ("als64", "bm25", "cosine")
ROUNDS = 7
DIFFERENT = "extra fast, people all different"
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1"
}  # as implicit itself asks; else idle threads' time counts too
MOST = 50_000  # people on whom the peers are fitted for their speed, and at least as many of ours a turn
TOGETHER = 1 << 28  # flags held at once
DRAWN = 50_000  # people made at once
Row = tuple[str, str, str, str]
Found = dict[tuple[str, str], float]
"""By method and what is known: NDCG@10."""


def films(seed: int = 1) -> World:
    """MovieLens 100k, ratings of 4 and more, in the order of rating; a fifth of the people held out."""
    lines = FILMS[0].read_text().splitlines()[1:]
    rows = sorted(((int(u), int(i), float(r), float(t)) for u, i, r, t in map(str.split, lines)), key=lambda row: row[3])  # fmt: skip
    liked: dict[int, list[int]] = {}
    for user, item, rating, _at in rows:
        if rating >= 4:
            liked.setdefault(user, []).append(item)
    kept = sorted({item for items in liked.values() for item in items})
    code = {item: n for n, item in enumerate(kept)}
    source = np.random.default_rng(seed)
    whole = [source.permutation([code[i] for i in items]) for items in liked.values() if len(items) > 5]  # fmt: skip
    out = source.random(len(whole)) < 0.2
    width = max(map(len, whole))
    padded = np.full((len(whole), width), -1, dtype=np.int64)
    for n, items in enumerate(whole):
        padded[n, : len(items)] = items
    kinds = np.zeros(len(kept), dtype=np.int64)
    return World(kinds, np.arange(len(kept)), padded[~out], padded[out])


def quality_rows(name: str, world: World, terms: Terms) -> Iterator[Row]:
    """Yield NDCG@10 of every method at three visits and in one house, in percent of the best without privacy."""
    yield from told(name, ours(world, terms) | by_dpals(world, terms.epsilon) | by_implicit(world))


def levels(world: World) -> dict[str, Held]:
    return {"3": hold_out(world.tested, 3), "house": one_house(world.tested, world.house)}


def ours(world: World, terms: Terms) -> Found:
    """NDCG@10 of what ``hub evaluate`` compares."""
    return {
        (f"{'private ' if line.private else ''}{line.method}", line.level): line.quality.ndcg
        for line in compare(world, terms)
        if line.level in levels(world)
    }


def by_dpals(world: World, epsilon: float) -> Found:
    found: Found = {}
    for factors, steps, ridge in GRID:
        items = dpals(world, factors, steps, ridge, epsilon)
        for level, each in levels(world).items():
            judged = quality(scores(each.shown, items, ridge), each).ndcg
            key = ("private DPALS", level)
            found[key] = max(found.get(key, 0.0), judged)
    return found


def told(name: str, found: Found) -> Iterator[Row]:
    labels, held = (list(dict.fromkeys(each)) for each in zip(*found, strict=True))
    best = {level: max(v for (label, at), v in found.items() if at == level and not label.startswith("private")) for level in held}  # fmt: skip
    for label in labels:
        kept = " ; ".join(f"{100 * found[label, level] / best[level]:.1f} %" for level in held)
        figures = " ; ".join(f"{found[label, level]:.4f}" for level in held)
        yield f"{name}: {label}, three visits ; one house", figures, kept, ""


def by_implicit(world: World) -> Found:
    """NDCG@10 of implicit's methods; nothing where its environment is not made. Keeps their speeds."""
    if not PYTHON.exists():
        return {}
    held = levels(world)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "world.npz"
        shown = {f"shown_{level}": each.shown for level, each in held.items()}
        np.savez(path, items=world.items, known=world.known, **shown)
        subprocess.run([PYTHON, PROGRAM, path], check=True, capture_output=True)
        out = dict(np.load(f"{path}.out.npz"))
    found: Found = {}
    for name in ("als16", "als32", "als64", "bm25"):
        for level, each in held.items():
            family = "implicit ALS" if name.startswith("als") else "implicit BM25"
            first = (out[f"{name}_shown_{level}_{what}"] for what in ("ids", "scores"))
            judged = quality(listed(*first, world.items), each).ndcg
            found[family, level] = max(found.get((family, level), 0.0), judged)
    return found


def listed(ids: np.ndarray, first: np.ndarray, items: int) -> np.ndarray:
    """Return persons × items: the scores of the items that are listed, everything else below them."""
    found = np.full((len(ids), items), -np.inf)
    rows, columns = np.nonzero(ids >= 0)
    found[rows, ids[rows, columns]] = first[rows, columns]
    return found


@contextmanager
def beside(world: World) -> Iterator[Callable[[str], float]]:
    """Yield what asks implicit, fitted on some of the world in a process of its own, how many people it serves a second."""
    if not PYTHON.exists():
        yield lambda _name: np.nan
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "world.npz"
        np.savez(path, items=world.items, known=world.known[:MOST])
        with subprocess.Popen([PYTHON, PROGRAM, "speeds", path], stdin=-1, stdout=-1, stderr=subprocess.DEVNULL, text=True, env=os.environ | ONE_THREAD) as peer:  # fmt: skip
            said, heard = peer.stdin, peer.stdout
            assert said is not None
            assert heard is not None

            def ask(name: str) -> float:
                print(name, file=said, flush=True)
                return float(heard.readline())

            ask(PEERS[0])  # fitted by now
            yield ask
            said.close()


def speed_rows(world: World, weights: Weights) -> Iterator[Row]:
    """Yield people a second of CPU, lists of ten, what they know left out.

    Ours and theirs take turns, and each ratio is of one turn. Everybody's places are listed before, as theirs are
    given in sparse rows. People alike are scored once, as the agent does, and the compiled loop gives each her list;
    also people of whom no two are alike. What they know is what they saw everywhere, as the others are given it: a house knows its own visits
    alone, and its people are of far fewer kinds.
    """
    scorer = Scorer(model_by_kinds(world, weights))
    ways: dict[str, Callable[[People], object]] = {
        "numpy alone": lambda some: tops_by_blocks(scorer, alike(some), 10)
    }
    if can_compile():
        ways["extra fast"] = lambda some: tops_compiled(scorer, some, 10)
        ways[DIFFERENT] = lambda some: tops_compiled(scorer, some, 10)
        tops_compiled(scorer, crowd(world, slice(0, 10), scorer), 10)  # compiled once a process
    took: dict[str, list[float]] = {way: [] for way in ways}
    theirs: dict[str, list[float]] = {name: [] for name in PEERS}
    step = min(TOGETHER // world.items, max(len(world.known) // ROUNDS, MOST))
    with beside(world) as ask:
        for turn in range(ROUNDS):
            at = turn * step % len(world.known)
            people = crowds(world, slice(at, at + step), scorer).listed()
            for way, top in ways.items():
                some = alike(people) if way == DIFFERENT else people
                start = time.process_time()
                top(some)
                took[way].append(len(some) / (time.process_time() - start))
            for name, speeds in theirs.items():
                speeds.append(ask(name))
    for (way, ours), (name, speeds) in itertools.product(took.items(), theirs.items()):
        ratio = np.divide(ours, speeds)
        yield f"top 10, {world.items} items, {len(world.known)} people, {way}, beside {name}", f"{np.median(ours):,.0f} people/s, median of {ROUNDS}", f"{np.median(ratio):.1f} × {np.median(speeds):,.0f} ({ratio.min():.1f} to {ratio.max():.1f})", "40 × at 200, 15 × at 2,000"  # fmt: skip
    yield from alone_rows(scorer, crowd(world, slice(0, ALONE), scorer))


def alike(people: People) -> People:
    """Return one of each kind of people."""
    return people.part(people.distinct()[0])


def alone_rows(scorer: Scorer, people: People) -> Iterator[Row]:
    """Yield how long one person takes, without the dial and with it."""
    each = [people.part(np.array([n])) for n in range(len(people))]
    ways: dict[str, Callable[[People], object]] = {
        "one person": lambda one: most_relevant(scorer.scores(one), 10),
        "one person with the dial": lambda one: choose(scorer, one, 20, 10),
    }
    for name, way in ways.items():
        took = []
        for one in each:
            start = time.thread_time()
            way(one)
            took.append(time.thread_time() - start)
        half, most = 1000 * np.quantile(took, [0.5, 0.99])
        yield f"{name}, {len(scorer.popularity)} items", f"{most:.2f} ms of CPU, 99th centile; {half:.2f} the median", "", "less than 1 ms"  # fmt: skip


def crowd(world: World, some: slice, scorer: Scorer) -> People:
    """Return people as the agent holds them."""
    seen = presence(world.known[some], world.items) > 0
    mix = seen @ np.eye(len(scorer.shelves))[scorer.discipline]
    return People(mix / mix.sum(axis=1, keepdims=True), seen, np.full(len(seen), 3))


def crowds(world: World, some: slice, scorer: Scorer) -> People:
    """Return what ``crowd`` does of many people, whose tables of numbers would not all fit."""
    last = min(some.stop, len(world.known))
    parts = [crowd(world, slice(at, min(at + DRAWN, last)), scorer) for at in range(some.start, last, DRAWN)]  # fmt: skip
    mix, seen, visits = (np.concatenate([getattr(part, name) for part in parts]) for name in ("mix", "seen", "visits"))  # fmt: skip
    return People(mix, seen, visits)


def model_by_kinds(world: World, weights: Weights) -> Model:
    """Return a model whose items have the world's disciplines, each drawing more to itself."""
    kinds = [list(Discipline)[kind] for kind in world.discipline]
    present = [kind for kind in Discipline if kind in kinds]
    lifts = 1000 + 500 * np.eye(len(present), dtype=np.int64)
    items = [ModelItem(item=f"v{n}", discipline=kind) for n, kind in enumerate(kinds)]
    return plain_model(world, weights).model_copy(update={"items": items, "disciplines": present, "lifts_milli": lifts.tolist()})  # fmt: skip


def wide_rows() -> Iterator[Row]:
    """Yield the speeds at 2,000 items; the factors are drawn, for only their number matters here."""
    world = draw_world(Size(2000, 50_000, 60), 1)
    factors = np.random.default_rng(1).normal(size=(2000, 128)) / 10
    yield from speed_rows(world, Weights(factors, np.ones(2000), full=False))


def speeds_of_a_million() -> Iterator[Row]:
    """Yield the speeds for a million people and 200 items; the factors are drawn."""
    world = draw_world(Size(200, 1_000_000, 20), 1)
    factors = np.random.default_rng(1).normal(size=(200, 64)) / 10
    yield from speed_rows(world, Weights(factors, np.ones(200), full=False))


def plain_model(world: World, weights: Weights) -> Model:
    count = world.items
    return Model(
        network="bench", edition="bench", edition_sha256="00" * 32, charter_sha256="00" * 32, matrix="pairs-cell",
        places=2, rho_micro=1, sigma_micro=1, unit_milli=1000,
        items=[ModelItem(item=f"v{n}", discipline=Discipline.OTHER) for n in range(count)],
        popularity_milli=[1000] * count, disciplines=[Discipline.OTHER], lifts_milli=[[1000]],
        method="full-rank" if weights.full else "spectral",
        factors_micro=[[round(float(v) * 1e6) for v in row] for row in weights.factors],
        scale_micro=[max(1, round(float(v) * 1e6)) for v in weights.scale], allies=[[]] * count, dial=Dial(),
        card=Card(persons_milli=0, kappa_milli=0, eta_micro=0, rank=0, retained_percent=0, better_than_popularity=False),
    )  # fmt: skip


def rows(*, quick: bool = False) -> Iterator[Row]:
    cells = [(50, 10_000, 12)] if quick else [(50, 10_000, 12), (200, 30_000, 20), (200, 100_000, 20)]  # fmt: skip
    for items, persons, houses in cells:
        world = draw_world(Size(items, persons, houses), 1)
        yield from quality_rows(f"{items} × {persons}", world, Terms(draws=1 if quick else 3))
        sums = sums_of(world, 2)
        start = time.process_time()
        weights = fit(observe(sums, rho_of(1.0), 0.05, 1)).weights
        yield f"fit, {items} items", f"{time.process_time() - start:.2f} s of CPU", "", "less than 1 s"  # fmt: skip
        if weights is not None:
            yield from speed_rows(world, weights)
    if not quick:
        yield from speeds_of_a_million()
    if FILMS:
        yield from quality_rows("MovieLens 100k", films(), Terms(draws=1))
    if not quick:
        yield from wide_rows()
