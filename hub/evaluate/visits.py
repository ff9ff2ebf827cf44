"""Reads a benchmark set of visits, and refuses anything that stands in a real hub."""

import csv
from pathlib import Path
from typing import Final

import numpy as np

from hub.errors import ConfigError
from hub.evaluate.world import MOST_VISITS, TEST_VISITS, Integers, World

MARKS: Final = ("vault.toml", "web.toml", "facts", "vault")
"""What a hub's own folders hold."""
COLUMNS: Final = ("person_id", "venue_id")
_LEAST: Final = 3
_TESTED: Final = 0.2


def read_visits(path: Path, seed: int) -> World:
    """Return the world of a CSV file with columns person_id and venue_id, in the order of visiting.

    A fifth of the people who went to three places or more is held out.

    Raises:
        ConfigError: the file stands in a hub's folder, or has not those columns.
    """
    names, visits = ordered(path)
    histories = [list(dict.fromkeys(history)) for history in visits]
    source = np.random.default_rng(seed)
    out = [len(h) >= _LEAST and source.random() < _TESTED for h in histories]
    known = _padded([h for h, away in zip(histories, out, strict=True) if not away], MOST_VISITS)
    tested = _padded([h for h, away in zip(histories, out, strict=True) if away], TEST_VISITS)
    kinds = np.zeros(len(names), dtype=np.int64)
    return World(kinds, np.arange(len(names)), known, tested)


def ordered(path: Path) -> tuple[list[str], list[list[int]]]:
    """Return the places of a file, in order, and each person's visits as positions there; raises as ``read_visits``."""
    refuse_real(path)
    people: dict[str, list[str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
            raise ConfigError(f"{path} has no column {missing[0]}. Expected {', '.join(COLUMNS)}.")
        for row in rows:
            people.setdefault(row["person_id"], []).append(row["venue_id"])
    names = sorted({venue for venues in people.values() for venue in venues})
    code = {name: n for n, name in enumerate(names)}
    return names, [[code[venue] for venue in venues] for venues in people.values()]


def refuse_real(path: Path) -> None:
    """Refuse a file in or under a hub's folder.

    Raises:
        ConfigError: a vault, its facts or its settings stand beside it or above it.
    """
    for folder in path.resolve().parents:
        if any((folder / mark).exists() for mark in MARKS):
            raise ConfigError(
                f"{folder} is a hub's folder. Evaluation reads invented worlds and public sets "
                "alone; real people's visits are for the charter's editions."
            )


def _padded(histories: list[list[int]], width: int) -> Integers:
    table = np.full((len(histories), width), -1, dtype=np.int64)
    for n, history in enumerate(histories):
        table[n, : min(len(history), width)] = history[:width]
    return table
