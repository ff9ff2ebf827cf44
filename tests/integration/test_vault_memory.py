"""An edition made part by part, from its freezing to its sums, is the one made of everybody at once."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from hub.measures.catalogue import MEASURES
from hub.measures.frame import frame_of
from hub.vault import scan as scanning
from hub.vault import snapshot as freezing
from hub.vault import view as viewing
from hub.vault.parts import Part
from tests.support.vault_frozen import frozen_visits, window
from tests.support.vault_world import (
    LIMITS,
    A,
    B,
    VaultWorld,
    batch_files,
    person,
    vault_world,
    visit,
)

USED = ("reach", "pairs", "flows", "lead-time")


def filled(folder: Path) -> VaultWorld:
    """Thirty people, every third of them in two places."""
    folder.mkdir()
    world = vault_world(f"sqlite:///{folder / 'vault.sqlite'}", folder / "facts")
    for venue, step in ((A, 1), (B, 3)):
        names = [f"n{number}" for number in range(0, 30, step)]
        persons = [person(f"{venue}{name}", f"email:{name}") for name in names]
        world.send(batch_files(persons, [visit(f"{venue}{name}") for name in names]), venue=venue)
    return world


def made(world: VaultWorld):
    asked = window(world)
    snapshot = freezing.freeze(world.vault, asked, LIMITS)
    edition = world.net.charter.editions[0]
    frame = dataclasses.replace(
        frame_of(world.net.charter, edition), disciplines=("theatre", "dance")
    )
    queries = []
    for name in USED:
        vectors = MEASURES[name].plan(
            edition.measures[0].model_copy(update={"measure": name}), frame
        )
        queries += zip(MEASURES[name].queries(vectors, frame), vectors, strict=True)
    with scanning.scan(world.vault, snapshot, LIMITS, queries) as sums:
        return frozen_visits(world, snapshot), [sums.run(*query).values for query in queries]


def test_files_loaded_one_by_one_are_those_loaded_together(tmp_path, monkeypatch) -> None:
    together, sums = made(filled(tmp_path / "together"))
    monkeypatch.setattr(viewing, "AT_ONCE", 1)
    alone, others = made(filled(tmp_path / "alone"))
    assert plain(together) == plain(alone)
    assert all(np.array_equal(*each) for each in zip(sums, others, strict=True))


def plain(rows: list[dict[str, Any]]) -> list[str]:
    """The rows in an order of their own, without what each vault's keys decide."""
    return sorted(
        str({k: v for k, v in r.items() if k not in ("priority", "person_key")}) for r in rows
    )


def test_part_by_part_it_freezes_and_sums_the_same(tmp_path: Path, monkeypatch) -> None:
    worlds = [filled(tmp_path / "whole"), filled(tmp_path / "parts")]
    rows, sums = made(worlds[0])
    cut = [Part(1, 3), Part(2, 3), *Part(0, 3).halves()]
    for module in (viewing, scanning):
        monkeypatch.setattr(module, "parts_for", lambda *_: cut)
    rows_cut, sums_cut = made(worlds[1])
    assert plain(rows) == plain(rows_cut)
    assert len({row["person_key"] for row in rows_cut}) == 30
    for whole, parts in zip(sums, sums_cut, strict=True):
        assert np.array_equal(whole, parts)
    assert sums[0].any()
