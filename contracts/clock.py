"""Time as an argument: every step that needs the hour is handed a clock."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    """Anything that can tell the present instant in UTC."""

    def now(self) -> dt.datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> dt.datetime:
        """Return the present instant, aware, in UTC."""
        return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class FixedClock:
    """A clock that stands still, for tests and replays."""

    instant: dt.datetime

    def now(self) -> dt.datetime:
        """Return the fixed instant."""
        return self.instant


def stamp(instant: dt.datetime) -> str:
    """Return *instant* as the wire's ``Instant``: UTC, to the second, with ``Z``."""
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_stamp(text: str) -> dt.datetime:
    """Return the aware instant of a wire ``Instant``."""
    return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
