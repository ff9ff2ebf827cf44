"""Bars with what is left to do, for anything that takes longer than a second: on stderr, in a terminal only."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.text import Text

from venue_agent.hearing import Progress, silent
from venue_agent.screen import shown
from venue_agent.words import number


class Told:
    """One bar a step; a new step completes the one before it."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        """Move the bar of *step*; the first call makes it."""
        if step not in self._tasks:
            self._finish()
            self._tasks[step] = self._bars.add_task(shown.step(step), total=None)
        self._bars.update(self._tasks[step], completed=done, total=total or None)

    def _finish(self) -> None:
        for task in self._bars.tasks:
            if not task.finished:
                whole = task.total or task.completed or 1
                self._bars.update(task.id, completed=whole, total=whole)


@contextmanager
def bars(console: Console) -> Iterator[Progress]:
    """Yield who hears the steps: bars on *console* if it is a terminal, else nobody."""
    if not console.is_terminal:
        yield silent
        return
    with Bars(*_columns(), console=console, transient=True) as drawn:
        yield Told(drawn)


class Count(ProgressColumn):
    """How many of how many, where they are counted at all."""

    def render(self, task: Task) -> Text:
        """Return the two counts, as the reader writes them."""
        done, total = int(task.completed), task.total
        if total is None:
            return Text(number(done) if done else "")
        return Text(f"{number(done)}/{number(int(total))}" if total > 1 else "")


def _columns() -> tuple[ProgressColumn, ...]:
    return (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=_BAR),
        Count(),
        TimeRemainingColumn(elapsed_when_finished=True),
    )


_BAR: Final = 28
