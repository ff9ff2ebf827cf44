"""What is started every day, from which program, in which folder, at what time."""

import datetime as dt
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from venue_agent.errors import ConfigError
from venue_agent.words import _

SPREAD_MINUTES: Final = 45
"""The round begins within so many minutes after its time: venues must not all arrive together."""
_GROUP: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,31}")
_TIME: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class Job:
    """The daily round of one venue's folder."""

    program: tuple[str, ...]
    home: Path
    at: dt.time
    language: str
    reads: tuple[Path, ...] = ()  # folders outside the home: exports
    group: str = ""  # that may read them

    def __post_init__(self) -> None:
        """Refuse what would end a line of a unit and begin another."""
        if self.group and not _GROUP.fullmatch(self.group):
            raise ConfigError(_("--group takes the name of one group of this machine."))
        if not all(str(word).isprintable() for word in (self.home, *self.program, *self.reads)):
            raise ConfigError(_("A path holds a control character. Rename it."))

    @property
    def command(self) -> tuple[str, ...]:
        """Return the words that start a round; the folder and the language come with the environment."""
        return (*self.program, "run")


def time_of(text: str) -> dt.time:
    """Return the time of day that *text* says.

    Raises:
        ConfigError: it is not hours and minutes.
    """
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise ConfigError(_("--at takes hours and minutes, such as 04:30."))
    return dt.time(int(found[1]), int(found[2]))


def program(argv: Sequence[str]) -> tuple[str, ...]:
    """Return how this very agent is started again: its own file, or the interpreter and the package."""
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    typed = Path(shutil.which(argv[0]) or argv[0]).absolute()
    if typed.stem == "venue-agent" and typed.is_file():
        return (str(typed),)
    return (sys.executable, "-m", "venue_agent")


def folders_of(words: Sequence[str]) -> list[Path]:
    """Return the folders without which the program does not start: its file's, the interpreter's, the packages'."""
    needed = [Path(words[0]), Path(words[0]).resolve(), Path(sys.prefix), Path(sys.base_prefix)]
    return [*needed, Path(__file__).resolve().parents[2]]
