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
    C,
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
    assert said_by(catalogue("ailleurs", event("hamlet", period="Baroque"))) == {}


def said_by(*catalogues: Catalogue, gathered: tuple[str, ...] = ()) -> dict[str, list[int]]:
    """What the events say, by name, over the season of these days."""
    days = ("2025-09-01", "2026-08-31")
    rows = told(catalogues, [A, B, C], KEYS, gathered=gathered, window=days).to_pylist()
    return {row["event_id"]: row["tags"] for row in rows}


def test_one_house_of_a_group_says_no_value_of_its_own() -> None:
    """Else its public, which the group hides, would be published as that of the value."""
    past = {"first_day": "2024-01-01", "last_day": "2024-01-02"}
    houses = [catalogue(v, event(v, period="Baroque"), event(f"{v}-2", author="Molière", **past)) for v in (A, B, C)]  # fmt: skip
    houses[0] = catalogue(A, event(A, period="Baroque"), event("own", author="Molière"))
    assert said_by(*houses[:2], gathered=(A, B, C))[A] == NOTHING_SAID
    assert said_by(*houses[:2], gathered=(B, C))[A] == packed(period=0)
    three = said_by(*houses, gathered=(A, B, C))
    assert [three[v] for v in (A, B, C)] == [packed(period=0)] * 3
    assert three["own"] == NOTHING_SAID  # two others showed the value too, in another season
    assert said_by(*houses)["own"] == packed(author=0)
