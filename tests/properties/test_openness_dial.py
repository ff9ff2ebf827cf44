"""Whatever the model and the people: moving the dial up never lowers the share outside people's habits."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.model import Card, Dial, Model, ModelItem
from contracts.visit import Discipline
from venue_agent.recommend.dial import choose
from venue_agent.recommend.scores import People, Scorer

KINDS = (Discipline.THEATRE, Discipline.DANCE, Discipline.OPERA, Discipline.CIRCUS)


def model(source: np.random.Generator, items: int, method: str) -> Model:
    kinds = [KINDS[n % len(KINDS)] for n in range(items)]
    present = [kind for kind in Discipline if kind in kinds]
    width = items if method == "full-rank" else 3
    factors = source.integers(-(10**6), 10**6, (items, width))
    if method == "full-rank":
        factors = factors + factors.T
    lifts = source.integers(0, 3000, (len(present), len(present)))
    return Model(
        network="reseau", edition="edition", edition_sha256="00" * 32, charter_sha256="00" * 32,
        matrix="pairs-cell", places=4, rho_micro=1, sigma_micro=1, unit_milli=1000,
        items=[ModelItem(item=f"v{n:02}", discipline=kind) for n, kind in enumerate(kinds)],
        popularity_milli=source.integers(1, 10**6, items).tolist(), disciplines=present,
        lifts_milli=(lifts + lifts.T).tolist(), method=method,
        factors_micro=[] if method == "popularity" else factors.tolist(),
        scale_micro=[] if method == "popularity" else source.integers(1, 10**6, items).tolist(),
        allies=[[] for _ in kinds], dial=Dial(),
        card=Card(persons_milli=0, kappa_milli=0, eta_micro=0, rank=0, retained_percent=0, better_than_popularity=False),
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    items=st.integers(2, 14),
    length=st.integers(1, 6),
    method=st.sampled_from(["spectral", "full-rank", "popularity"]),
    dial=st.lists(st.integers(0, 100), min_size=2, max_size=4),
)
def test_moving_the_dial_up_never_takes_a_discovery_away(
    seed: int, items: int, length: int, method: str, dial: list[int]
) -> None:
    source = np.random.default_rng(seed)
    made = model(source, items, method)
    visits = source.integers(0, 5, 12)
    mix = source.dirichlet(np.full(len(made.disciplines), 0.3), 12) * (visits > 0)[:, None]
    who = People(mix, source.random((12, items)) < 0.3, visits)
    scorer = Scorer(made)
    due = source.integers(-1, items, 12)
    due[who.seen[np.arange(12), due]] = -1  # what she knows is never due
    before = None
    for openness in sorted(dial):
        lists = choose(scorer, who, openness, length, due)
        counts = lists.discovery.sum(axis=1)
        told = lists.told.sum(axis=1)
        assert (told == np.minimum(length, (~who.seen).sum(axis=1))).all()
        held = due >= 0
        assert (lists.items[held] == due[held][:, None]).any(axis=1).all()
        assert all(len(set(row[row >= 0])) == (row >= 0).sum() for row in lists.items)
        if before is not None:
            assert (counts >= before).all()
        before = counts
