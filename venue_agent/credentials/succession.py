"""The venue's own former signing keys: which statements moved them, and under which charters they still count."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from contracts.base import Hex32, Wire, canonical
from contracts.succession import SignedSuccession
from venue_agent.errors import StateDamaged
from venue_agent.home.durable import write_private
from venue_agent.words import _

FILE: Final = "successions.json"


class Turned(Wire):
    """One change of key."""

    statement: SignedSuccession
    charters: list[Hex32]  # which this venue had signed with the former key: no other may name it
    finished: bool


class History(Wire):
    """Every change of this venue's key, the oldest first."""

    turned: list[Turned]

    @property
    def pending(self) -> Turned | None:
        """The change that was begun and not finished."""
        return next((each for each in self.turned if not each.finished), None)

    @property
    def earlier(self) -> Mapping[str, frozenset[str]]:
        """Former public keys, each with the charters that may still name it."""
        return {t.statement.succession.former: frozenset(t.charters) for t in self.turned}


def history(home: Path) -> History:
    """Return what is known; nothing before the first change.

    Raises:
        StateDamaged: the file cannot be read.
    """
    try:
        return History.model_validate_json((home / FILE).read_bytes())
    except FileNotFoundError:
        return History(turned=[])
    except (OSError, ValidationError):
        raise StateDamaged(
            _(
                "{file} cannot be read: it says which key of this venue followed which. Restore it from a "
                "backup, or join again with a new code."
            ).format(file=FILE)
        ) from None


def keep(home: Path, told: History) -> None:
    """Write the history, whole or not at all."""
    write_private(home / FILE, canonical(told))


def forget(home: Path) -> None:
    """Forget every change: the venue joins anew, with a key that follows no other."""
    (home / FILE).unlink(missing_ok=True)
