"""Things that take long to make, made once: threads that ask for one under way wait for it, and nobody for another one."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Generic, TypeVar

Made = TypeVar("Made")


@dataclass(eq=False)
class _Making(Generic[Made]):
    """One making: over, and what it gave; nothing when it failed."""

    over: Event = field(default_factory=Event)
    gave: list[Made] = field(default_factory=list)


class Kept(Generic[Made]):
    """What was made, by all that it was made of; the longest unread leave when it weighs more than *most*."""

    def __init__(self, most: int, weigh: Callable[[Made], int] = lambda _: 1) -> None:
        self._most, self._weigh, self._weight = most, weigh, 0
        self._kept: OrderedDict[Hashable, Made] = OrderedDict()
        self._under_way: dict[Hashable, _Making[Made]] = {}
        self._lock = Lock()  # held to look a key up, never while something is made

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is kept under *key*, made when nothing is, once for all who ask for it meanwhile.

        What *make* raises goes through to the thread whose making it was, and nothing is kept. Those that waited for
        it then make their own, each for itself: a failure that takes long is not waited for again and again.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            other = self._under_way.get(key)
            mine: _Making[Made] = _Making()
            if other is None:
                self._under_way[key] = mine
        if other is None:
            return self._make(key, make, mine)
        other.over.wait()
        return other.gave[0] if other.gave else make()

    def _make(self, key: Hashable, make: Callable[[], Made], mine: _Making[Made]) -> Made:
        try:
            made = make()
            mine.gave.append(made)
            with self._lock:
                self._keep(key, made)
        finally:
            with self._lock:
                del self._under_way[key]
            mine.over.set()
        return made

    def _keep(self, key: Hashable, made: Made) -> None:
        self._weight += self._weigh(made)
        self._kept[key] = made
        while self._weight > self._most and len(self._kept) > 1:
            self._weight -= self._weigh(self._kept.popitem(last=False)[1])
