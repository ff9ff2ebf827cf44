"""Draws the published pages before readers ask for them: when a worker starts, and when something was published since.

The copies are those that readers get (``hub.web.desk``). What is drawn, and when, depends on published things alone, as
the pages do: a batch that comes draws nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Event, Thread
from typing import Final

from flask import Flask

from hub.web.languages import TONGUES
from hub.web.navigation import NAVIGATION
from hub.web.shelf import Shelf

BEAT: Final = 2.0  # seconds between two looks at the shelf: one question to the database each


class Ahead:
    """The pages of one site as readers ask for them without a choice, drawn once for each state of its shelf."""

    def __init__(self, app: Flask, shelf: Shelf) -> None:
        self._app, self._shelf = app, shelf
        self._seen: tuple[object, ...] | None = None
        self._drawn: tuple[object, ...] | None = None

    def run(self, wait: Callable[[float], bool]) -> None:
        """Look now and at each beat, until *wait* says that it is over; a shelf that fails is asked at the next one."""
        while True:
            with suppress(Exception):  # whoever asks for a page is told what is wrong
                self.look()
            if wait(BEAT):
                return

    def look(self) -> None:
        """Draw every page when the shelf changed and was still for a beat: a publication changes it many times."""
        mark = self._shelf.mark()
        moving = self._seen is not None and self._seen != mark
        self._seen = mark
        if moving or mark == self._drawn:
            return
        for path in self._paths():
            for code in TONGUES:
                self._draw(path, code)
            if self._shelf.mark() != mark:
                return  # the rest would be drawn for nobody
        self._drawn = mark

    def _paths(self) -> Iterator[str]:
        pages = [line.page for line in NAVIGATION if line.page.read is not None]
        yield from (page.path for page in pages if "<" not in page.path)
        yield from (f"/editions/{edition}" for edition in self._shelf.editions()[-1:])

    def _draw(self, path: str, code: str) -> None:
        headers = {"Accept-Language": code}
        with self._app.test_request_context(path, headers=headers), suppress(Exception):
            self._app.dispatch_request()  # one page that fails keeps no other from being drawn


def start(app: Flask, shelf: Shelf) -> None:
    """Draw ahead in a thread of its own, for as long as the process lives."""
    Thread(target=Ahead(app, shelf).run, args=(Event().wait,), name="ahead", daemon=True).start()
