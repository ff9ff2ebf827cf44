"""What the catalogue says of events enters a frozen view as the charter names it, and as it stood at the freeze."""

from pathlib import Path
from typing import Any

import pytest

from contracts.catalogue import Catalogue, Event
from contracts.tags import BITS, NOTHING_SAID, UNSAID
from contracts.visit import Discipline
from hub.errors import StateConflict
from hub.vault.snapshot import freeze
from hub.vault.told import told
from tests.support.vault_frozen import frozen_visits, window
from tests.support.vault_world import (  # fmt: skip
    LIMITS,
    A,
    B,
    VaultWorld,
    batch_files,
    person,
    vault_world,
    visit,
)

KEYS = (("period", ("Baroque", "1950-2000")), ("author", ("Molière", "Shakespeare")))


@pytest.fixture
def world(tmp_path: Path) -> VaultWorld:
    world = vault_world(f"sqlite:///{tmp_path / 'vault.sqlite'}", tmp_path / "facts")
    rows = [
        visit("ana"),
        visit("ana", event="otello"),
        visit("ana", event=""),
        visit("ana", event="cure"),
    ]
    world.send(batch_files([person("ana", "email:a")], rows), venue=A)
    world.send(batch_files([person("bob", "email:b")], [visit("bob")]), venue=B)
    return world


def event(name: str, **said: Any) -> Event:
    return Event(event=name, title=name, discipline=Discipline.THEATRE, **said)


def catalogue(venue: str, *events: Event) -> Catalogue:
    return Catalogue(venue=venue, events=list(events))


SAID = (
    catalogue(
        A,
        event("hamlet", author="  SHAKESPEARE ", period="baroque"),
        event("otello", author="Verdi", period="1950-2000"),
        event("cure", author="Molière", sensitive=True),
    ),
)


def packed(period: int = UNSAID, author: int = UNSAID) -> int:
    return period | UNSAID << BITS | author << 2 * BITS | UNSAID << 3 * BITS


def test_a_visit_bears_what_its_event_says(world: VaultWorld) -> None:
    asked = window(world, tags=KEYS, catalogues=SAID)
    rows = frozen_visits(world, freeze(world.vault, asked, LIMITS))
    found = sorted((row["venue"], row["tags"]) for row in rows)
    here, there = (asked.venues.index(venue) for venue in (A, B))
    assert found == sorted(
        [
            (here, packed(period=0, author=1)),  # spaces and capitals do not count
            (here, packed(period=1)),  # nobody counts Verdi
            (here, NOTHING_SAID),  # an event of no catalogue
            (here, NOTHING_SAID),  # a sensitive one says nothing
            (there, NOTHING_SAID),  # the same name in another house is another event
        ]
    )


def test_what_was_frozen_stands_when_a_catalogue_changes(world: VaultWorld) -> None:
    first = frozen_visits(
        world, freeze(world.vault, window(world, tags=KEYS, catalogues=SAID), LIMITS)
    )
    later = window(
        world, tags=KEYS, catalogues=(catalogue(A, event("hamlet", period="1950-2000")),)
    )
    assert frozen_visits(world, freeze(world.vault, later, LIMITS)) == first
    with pytest.raises(StateConflict, match="another window"):
        freeze(world.vault, window(world, tags=KEYS[:1], catalogues=SAID), LIMITS)


def test_a_window_without_tags_freezes_what_it_always_did(world: VaultWorld) -> None:
    rows = frozen_visits(world, freeze(world.vault, window(world, catalogues=SAID), LIMITS))
    assert len(rows) == 5
    assert all("tags" not in row for row in rows)


def test_a_stranger_to_the_network_says_nothing() -> None:
    assert (
        told([catalogue("ailleurs", event("hamlet", period="Baroque"))], [A, B], KEYS).num_rows == 0
    )
