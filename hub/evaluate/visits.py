"""Reads a benchmark set of visits, and refuses anything that stands in a real hub."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from hub.errors import ConfigError
from hub.evaluate.world import TEST_VISITS, Integers, World

MARKS: Final = ("vault.toml", "web.toml", "facts", "vault")
"""What a hub's own folders hold."""
COLUMNS: Final = ("person_id", "venue_id")
ATOMIC: Final = ".inter"
"""RecBole's own files (MovieLens 100k among them): tabs, « user_id:token », « item_id:token », a rating, an instant."""
LIKED: Final = 4.0  # out of five: a film seen and not liked is no visit
MOST_SEEN: Final = 256  # places of one person that are read: sets of films have long histories
_LEAST: Final = 3
_TESTED: Final = 0.2


def read_visits(path: Path, seed: int) -> World:
    """Return the world of a CSV file with columns person_id and venue_id, in the order of visiting; or of a RecBole file.

    A fifth of the people who went to three places or more is held out.

    Raises:
        ConfigError: the file stands in a hub's folder, or has not those columns.
    """
    names, visits = ordered(path)
    histories = [list(dict.fromkeys(history)) for history in visits]
    source = np.random.default_rng(seed)
    out = [len(h) >= _LEAST and source.random() < _TESTED for h in histories]
    training = [h for h, away in zip(histories, out, strict=True) if not away]
    known = _padded(training, min(max(map(len, training), default=1), MOST_SEEN))
    tested = _padded([h for h, away in zip(histories, out, strict=True) if away], TEST_VISITS)
    kinds = np.zeros(len(names), dtype=np.int64)
    return World(kinds, np.arange(len(names)), known, tested)


def ordered(path: Path) -> tuple[list[str], list[list[int]]]:
    """Return the places of a file, in order, and each person's visits as positions there; raises as ``read_visits``."""
    refuse_real(path)
    people: dict[str, list[str]] = {}
    for person, venue in _rated(path) if path.suffix == ATOMIC else _visited(path):
        people.setdefault(person, []).append(venue)
    names = sorted({venue for venues in people.values() for venue in venues})
    code = {name: n for n, name in enumerate(names)}
    return names, [[code[venue] for venue in venues] for venues in people.values()]


def _visited(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        _check(path, rows.fieldnames, COLUMNS)
        for row in rows:
            yield row["person_id"], row["venue_id"]


def _rated(path: Path) -> Iterator[tuple[str, str]]:
    """Yield who liked what, the oldest first."""
    person, item, rating, instant = columns = ("user_id:token", "item_id:token", "rating:float", "timestamp:float")  # fmt: skip
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        _check(path, rows.fieldnames, columns)
        liked = [row for row in rows if float(row[rating]) >= LIKED]
    for row in sorted(liked, key=lambda row: float(row[instant])):
        yield row[person], row[item]


def _check(path: Path, found: Sequence[str] | None, wanted: Sequence[str]) -> None:
    if missing := [name for name in wanted if name not in (found or ())]:
        raise ConfigError(
            "{path} has no column {missing}. Expected {wanted}.",
            path=path,
            missing=missing[0],
            wanted=", ".join(wanted),
        )


def refuse_real(path: Path) -> None:
    """Refuse a file in or under a hub's folder.

    Raises:
        ConfigError: a vault, its facts or its settings stand beside it or above it.
    """
    for folder in path.resolve().parents:
        if any((folder / mark).exists() for mark in MARKS):
            raise ConfigError(
                "{folder} is a hub's folder. Evaluation reads invented worlds and public sets alone; real "
                "people's visits are for the charter's editions.",
                folder=folder,
            )


def _padded(histories: list[list[int]], width: int) -> Integers:
    table = np.full((len(histories), width), -1, dtype=np.int64)
    for n, history in enumerate(histories):
        table[n, : min(len(history), width)] = history[:width]
    return table
