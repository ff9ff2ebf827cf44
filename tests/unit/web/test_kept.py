"""Things that take long are made once for all who wait for them; a failure is nobody else's, and no key waits for another."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore

import pytest

from hub.web import kept
from hub.web.kept import Kept

READERS = 4
LONG = 60  # seconds after which a thread that should have gone on is given up


class Watch:
    """A first maker that holds until it is let go, and word of each thread that waits for it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.began, self.go, self.waiting = Event(), Event(), Semaphore(0)
        waiting = self.waiting

        class Told(Event):
            def wait(self, timeout: float | None = None) -> bool:
                waiting.release()
                return super().wait(timeout)

        monkeypatch.setattr(kept._Making, "__init__", lambda making: vars(making).update(over=Told(), gave=[]))  # fmt: skip

    def held(self, then: Callable[[], str]) -> Callable[[], str]:
        def make() -> str:
            self.began.set()
            assert self.go.wait(LONG)
            return then()

        return make

    def wait_for(self, readers: int) -> None:
        for _ in range(readers):
            assert self.waiting.acquire(timeout=LONG)


def test_readers_of_one_thing_wait_for_the_one_who_makes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watch, things, made = Watch(monkeypatch), Kept[str](10), []
    with ThreadPoolExecutor(READERS + 1) as pool:
        first = pool.submit(things.get, "page", watch.held(lambda: made.append("first") or "drawn"))
        assert watch.began.wait(LONG)
        others = [
            pool.submit(things.get, "page", lambda: made.append("again") or "again")
            for _ in range(READERS)
        ]
        watch.wait_for(READERS)
        assert things.get("another", lambda: "other") == "other"  # nobody waits for another page
        watch.go.set()
        assert [f.result(LONG) for f in (first, *others)] == ["drawn"] * (READERS + 1)
    assert made == ["first"]
    assert things.get("page", lambda: "not this") == "drawn"


def test_a_failure_is_its_makers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise LookupError

    watch, things = Watch(monkeypatch), Kept[str](10)
    with ThreadPoolExecutor(READERS + 1) as pool:
        first = pool.submit(things.get, "page", watch.held(fail))
        assert watch.began.wait(LONG)
        others = [pool.submit(things.get, "page", lambda: "drawn") for _ in range(READERS)]
        watch.wait_for(READERS)
        watch.go.set()
        with pytest.raises(LookupError):
            first.result(LONG)
        assert [f.result(LONG) for f in others] == ["drawn"] * READERS
    assert things.get("page", lambda: "later") == "later"  # nothing was kept of the failure


def test_the_longest_unread_leave_when_they_weigh_too_much() -> None:
    things, made = Kept[str](10, len), []
    for name in ("a", "b", "a", "c", "a", "b"):
        things.get(name, lambda name=name: made.append(name) or name * 5)
    assert made == ["a", "b", "c", "b"]
