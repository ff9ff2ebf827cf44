"""The pages are drawn before a reader asks, once for each state of the shelf, and never while it still changes."""

from collections import Counter
from threading import Event

import pytest
from flask import Flask, template_rendered

from hub.web import ahead, observatory
from hub.web.ahead import BEAT, Ahead
from hub.web.navigation import NAVIGATION
from tests.support import sample_edition as sample

PATHS = [
    line.page.path
    for line in NAVIGATION
    if line.page.read is not None and "<" not in line.page.path
]


class Site:
    """A site over a shelf whose mark is set by hand, and what was drawn of it."""

    def __init__(self) -> None:
        self.app, self.drawn = Flask("test"), Counter[str]()
        self.shelf = Shelf(sample.published("hiver"), charter=sample.charter())
        observatory.install(self.app, self.shelf)
        template_rendered.connect(self._count, self.app)
        self.ahead = Ahead(self.app, self.shelf)

    def _count(self, _: Flask, *, template: object, **__: object) -> None:
        self.drawn[str(getattr(template, "name", ""))] += 1


class Shelf(sample.Shelf):
    """A shelf whose mark is set by hand."""

    at = 1

    def mark(self) -> tuple[object, ...]:
        return (self.at,)


@pytest.fixture
def site() -> Site:
    return Site()


def test_readers_find_every_page_drawn(site: Site) -> None:
    site.ahead.look()
    drawn = site.drawn.total()
    assert drawn == 2 * (len(PATHS) + 1)  # each in two languages, and the newest edition whole
    reader = site.app.test_client()
    for code in ("fr", "en"):
        for path in (*PATHS, "/editions/hiver"):
            assert reader.get(path, headers={"Accept-Language": code}).status_code == 200
    site.ahead.look()  # nothing changed since
    assert site.drawn.total() == drawn


def test_a_shelf_that_changes_is_left_until_it_is_still(site: Site) -> None:
    site.ahead.look()
    drawn = site.drawn.total()
    for site.shelf.at in (2, 3):
        site.ahead.look()
    assert site.drawn.total() == drawn
    site.ahead.look()
    assert site.drawn.total() == 2 * drawn


def test_what_changes_while_it_is_drawn_is_drawn_again(site: Site) -> None:
    def move(*_: object, **__: object) -> None:
        site.shelf.at = 2

    with template_rendered.connected_to(move, site.app):
        site.ahead.look()
    assert site.drawn.total() == 2  # the first page only, in two languages
    site.ahead.look()
    site.ahead.look()
    assert site.drawn.total() == 1 + 2 * (
        len(PATHS) + 1
    )  # its second language was of the new state


def test_a_page_or_a_shelf_that_fails_stops_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LookupError

    beats, whole = iter([False, True]), site.shelf.mark
    monkeypatch.setattr("hub.web.site.editions.errata", fail)
    monkeypatch.setattr(site.shelf, "mark", fail)

    def wait(seconds: float) -> bool:
        assert seconds == BEAT
        monkeypatch.setattr(site.shelf, "mark", whole)
        return next(beats)

    site.ahead.run(wait)
    assert site.drawn["site/home.html"] == 2
    assert site.drawn["site/editions.html"] == 0


def test_it_draws_in_a_thread_of_its_own(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    over = Event()
    monkeypatch.setattr(ahead.Ahead, "run", lambda *_: over.set())
    ahead.start(site.app, site.shelf)
    assert over.wait(60)
