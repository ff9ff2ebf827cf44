"""What steps tell of themselves while they work, to whoever listens: a name and two counts, nothing else."""

from typing import Protocol


class Progress(Protocol):
    """Hears each step's name when it begins, then how much of it is done."""

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        """Hear that *step* has done *done* of *total* units; *total* 0: not known."""
        ...


class Heard(Protocol):
    """Hears of one step how much is done of how much."""

    def __call__(self, done: int, total: int) -> None:
        """Hear that *done* of *total* units are done; *total* 0: not known."""
        ...


def silent(step: str, done: int = 0, total: int = 0) -> None:
    """Listen to a command without a word: a scheduled run."""


def unheard(done: int, total: int) -> None:
    """Listen to one step without a word."""
