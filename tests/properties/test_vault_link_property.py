"""With its guards wide open, the fast linkage is plain union-find; guards only take links away."""

import dataclasses
import hashlib

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.vault.link import Guards, hold, link
from hub.vault.rows import TOKENS_SCHEMA

OPEN = Guards(10**6, 10**6, 1.0, 10**6, 10**6, 10**6)
WORLDS = st.integers(1, 25).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 4), min_size=n, max_size=n),
        st.lists(
            st.tuples(st.integers(0, n - 1), st.integers(0, 1), st.integers(0, 12)), max_size=50
        ),
    )
)
World = tuple[list[int], list[tuple[int, int, int]]]


def fast(world: World, guards: Guards) -> list[int]:
    venues, rows = world
    tokens = pa.table(
        {
            "contribution_key": [c for c, _, _ in rows],
            "kind": [kind for _, kind, _ in rows],
            "point": [hashlib.sha256(f"{kind}{i}".encode()).digest() for _, kind, i in rows],
        },
        schema=TOKENS_SCHEMA,
    )
    held = hold(np.arange(len(venues), dtype=np.uint64), tokens)
    return link(np.array(venues, np.int64), held, guards).persons.tolist()


def slow(world: World) -> list[int]:
    """Join whatever shares an identifier until nothing changes."""
    venues, rows = world
    label = list(range(len(venues)))
    changed = True
    while changed:
        changed = False
        for c, kind, i in rows:
            for d, other, j in rows:
                if (kind, i) == (other, j) and label[c] != label[d]:
                    label[c] = label[d] = min(label[c], label[d])
                    changed = True
    return label


def pairs(labels: list[int]) -> set[tuple[int, int]]:
    n = range(len(labels))
    return {(a, b) for a in n for b in n if a < b and labels[a] == labels[b]}


@given(WORLDS)
@settings(max_examples=150, deadline=None)
def test_open_guards_make_plain_union_find(world: World) -> None:
    assert pairs(fast(world, OPEN)) == pairs(slow(world))


@given(WORLDS, st.integers(1, 3), st.integers(1, 3), st.integers(1, 6))
@settings(max_examples=150, deadline=None)
def test_guards_only_take_links_away(
    world: World, per_identifier: int, per_phone: int, size: int
) -> None:
    guards = dataclasses.replace(
        Guards(),
        contributions_per_identifier=per_identifier,
        persons_per_phone=per_phone,
        contributions=size,
        lone_joins_floor=0,
    )
    found = fast(world, guards)
    assert pairs(found) <= pairs(slow(world))
    assert max(found.count(one) for one in found) <= size
