"""The demonstration's own calendar: months of a season pass in a minute, for every process of the network alike.

A file holds by how many seconds the network is ahead of the machine (or behind it). The clock that every command and
service asks is told to add them. Nothing outside this folder knows of it: a real network has the machine's clock.
"""

import datetime as dt
import os
import sys
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

from contracts.clock import SystemClock

WHERE: Final = "DEMO_CALENDAR"
"""Environment variable that names the file; only the demonstration sets and reads it."""


def turn(file: Path, instant: dt.datetime) -> None:
    """Make it *instant* (aware) now, for everybody who follows *file*."""
    ahead = round((instant - dt.datetime.now(dt.UTC)).total_seconds())
    beside = file.with_suffix(".new")
    beside.write_text(str(ahead), encoding="ascii")
    beside.replace(file)


def catch_up(file: Path) -> None:
    """Return to the machine's hour, unless the season's story ends after it: time never runs backwards."""
    if _ahead(file) < 0:
        turn(file, dt.datetime.now(dt.UTC))


def follow(file: Path) -> None:
    """Let this process, and those that it forks, take the hour from *file*."""

    def now(_clock: SystemClock) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=_ahead(file))

    setattr(SystemClock, "now", now)  # noqa: B010 - mypy lets no method be assigned by name


def settings_of(file: Path | None) -> dict[str, str]:
    """Return the environment of a process that follows *file*: gunicorn, too, when a command becomes it."""
    if file is None:
        return {}
    return {WHERE: str(file), "GUNICORN_CMD_ARGS": f"--config {__file__}"}


def on_starting(_server: object) -> None:
    """Follow the calendar before gunicorn's workers are forked: it reads this file as its settings."""
    follow(Path(os.environ[WHERE]))


def main() -> None:
    """Run one of our commands, named by the first argument, on the demonstration's calendar."""
    if WHERE in os.environ:
        follow(Path(os.environ[WHERE]))
    sys.argv = sys.argv[1:]
    found = {each.name: each.value for each in entry_points(group="console_scripts")}[sys.argv[0]]
    module, _, function = found.partition(":")
    getattr(import_module(module), function)()


def _ahead(file: Path) -> int:
    return int(file.read_text(encoding="ascii"))


if __name__ == "__main__":
    main()
