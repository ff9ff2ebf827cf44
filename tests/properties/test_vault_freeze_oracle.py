"""The frozen view equals what a slow reading of the very CSV rows says, on generated networks."""

import datetime as dt
import itertools
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from contracts.visit import AgeBand, Channel, Discipline, DistanceBand, PartyBand, YesNo
from hub.vault.snapshot import freeze
from tests.support.vault_frozen import frozen_visits, window
from tests.support.vault_world import LIMITS, VaultWorld, batch_files, person, vault_world, visit

AGES, DISCIPLINES, DISTANCES = (list(kind) for kind in (AgeBand, Discipline, DistanceBand))
CHANNELS, ANSWERS, PARTIES = list(Channel), list(YesNo), list(PartyBand)
FIRST, LAST = dt.date(2025, 9, 10), dt.date(2025, 11, 20)
Sent = dict[tuple[str, str], tuple[list[dict[str, str]], list[dict[str, str]]]]
Line = tuple[Any, ...]


def network_of(draw: np.random.Generator, venues: list[str]) -> tuple[Sent, dict[str, set[str]]]:
    """Rows by (venue, month), and the identifiers by handle name."""
    sent: Sent = {}
    held: dict[str, set[str]] = {}
    for venue in venues:
        for month in ("2025-09", "2025-10", "2025-11"):
            persons, visits = [], []
            for who in draw.choice(14, 7, replace=False):
                name = f"{venue}/{who}"
                if name not in held:
                    kinds = [f"email:{who}", f"phone:{who}"]
                    held[name] = {kinds[int(draw.integers(2))]} if draw.integers(2) else set(kinds)
                age, place = AGES[draw.integers(6)].value, ("69", "38", "")[draw.integers(3)]
                abroad = ("", "BE", "IT")[draw.integers(3)]
                said = {"age_band": age, "departement": place, "country": abroad}
                said["qpv"] = ANSWERS[draw.integers(3)].value
                persons.append(person(name, *sorted(held[name]), **said))
                visits += [
                    visit(
                        name,
                        f"{month}-{draw.integers(1, 29):02d}",
                        f"event-{draw.integers(2)}",
                        lead_days=str(draw.integers(-1, 4)),
                        distance_band=DISTANCES[draw.integers(6)].value,
                        discipline=DISCIPLINES[draw.integers(3)].value,
                        channel=CHANNELS[draw.integers(6)].value,
                        first_time_here=ANSWERS[draw.integers(3)].value,
                        satisfaction=("", "0", "10", "7")[draw.integers(4)],
                        party_band=PARTIES[draw.integers(5)].value,
                    )
                    for _ in range(draw.integers(0, 4))
                ]
            sent[venue, month] = (persons, visits)
    return sent, held


def joined(held: dict[str, set[str]]) -> dict[str, str]:
    """Name each handle after the first of those that it shares an identifier with, however far."""
    group = {name: name for name in held}
    for _ in held:
        for (a, hers), (b, his) in itertools.product(held.items(), held.items()):
            if hers & his:
                group[a] = group[b] = min(group[a], group[b])
    return group


def oracle(sent: Sent, held: dict[str, set[str]], venues: list[str]) -> list[Line]:
    """One line a visit of a joined person, resolved by hand."""
    group = joined(held)
    by_handle = {person(name)["contribution_id"]: name for name in held}
    about: dict[str, list[dict[str, str]]] = defaultdict(list)
    lines: dict[tuple[str, int, str, int], list[dict[str, str]]] = defaultdict(list)
    for (venue, _), (persons, visits) in sent.items():
        came = {
            row["contribution_id"]
            for row in visits
            if FIRST <= dt.date.fromisoformat(row["event_date"]) <= LAST
        }
        for row in persons:
            if row["contribution_id"] in came:
                about[group[by_handle[row["contribution_id"]]]].append(row)
        for row in visits:
            day = dt.date.fromisoformat(row["event_date"])
            if FIRST <= day <= LAST:
                number = (day - dt.date(1970, 1, 1)).days
                who = group[by_handle[row["contribution_id"]]]
                lines[who, venues.index(venue), row["event_id"], number].append(row)
    found = []
    for (who, venue_code, _, day_number), rows in lines.items():
        places = [row["departement"] for row in about[who] if row["departement"]]
        countries = [row["country"] for row in about[who] if row["country"]]
        answers = {row["first_time_here"] for row in rows}
        firm = next(word for word in ("no", "yes", "unknown") if word in answers)
        found.append(
            (
                who,
                venue_code,
                day_number,
                min(DISCIPLINES.index(Discipline(row["discipline"])) for row in rows),
                max(int(row["lead_days"]) for row in rows),
                min(DISTANCES.index(DistanceBand(row["distance_band"])) for row in rows),
                min(AGES.index(AgeBand(row["age_band"])) for row in about[who]),
                min(places, default=""),
                min(CHANNELS.index(Channel(row["channel"])) for row in rows),
                ANSWERS.index(YesNo(firm)),
                min(countries, default=""),
                min(ANSWERS.index(YesNo(row["qpv"])) for row in about[who]),
                min(int(row["satisfaction"] or 255) for row in rows),
                max((p for p in parties(rows) if p < 4), default=4),
            )
        )
    return found


def parties(rows: list[dict[str, str]]) -> list[int]:
    return [PARTIES.index(PartyBand(row["party_band"])) for row in rows]


def lines_of(world: VaultWorld) -> list[Line]:
    asked = window(world, first_day=FIRST, last_day=LAST)
    columns = (
        "person_key",
        "venue",
        "event_day",
        "discipline",
        "lead_days",
        "distance",
        "age",
        "departement",
        "channel",
        "first_time",
        "country",
        "qpv",
        "satisfaction",
        "party",
    )
    rows = frozen_visits(world, freeze(world.vault, asked, LIMITS))
    return [tuple(row[column] for column in columns) for row in rows]


def by_person(lines: list[Line]) -> list[list[Line]]:
    """Lines gathered by person and stripped of her name, which is arbitrary."""
    gathered: dict[Any, list[Line]] = defaultdict(list)
    for who, *rest in lines:
        gathered[who].append(tuple(rest))
    return sorted(sorted(one) for one in gathered.values())


@pytest.mark.parametrize("seed", range(4))
def test_the_frozen_view_is_what_the_rows_say(seed: int, tmp_path: Path) -> None:
    world = vault_world(f"sqlite:///{tmp_path / 'v.sqlite'}", tmp_path / "facts")
    venues = sorted(world.net.keys)
    sent, held = network_of(np.random.default_rng(seed), venues)
    for sequence, ((venue, month), (persons, visits)) in enumerate(sent.items(), 1):
        receipt = world.send(
            batch_files(persons, visits), venue=venue, month=month, sequence=sequence
        )
        assert receipt.receipt.refusals == []
    expected, found = oracle(sent, held, venues), lines_of(world)
    assert len(expected) > 40
    assert by_person(found) == by_person(expected)
