"""Where partners' programs try their calls: the same routes over a fictitious network, one database for each partner.

Nothing of it is real: the people of its edition never were, its houses do not answer, and nothing leaves it.
"""

import datetime as dt
import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from contracts.base import canonical
from contracts.charter import Charter
from contracts.clock import Clock, stamp
from contracts.edition import PublishedEdition
from contracts.seal import new_signing_key
from hub.store.database import Control, open_control
from hub.store.published import Published
from hub.store.rehearsal import Rehearsal, fill
from hub.store.transaction import Reading, Transaction
from hub.web.partners.gate import who

FILE: Final = "sandbox.json.gz"
YEARS: Final = dt.timedelta(days=3 * 365)


class Sandboxes(Control):
    """The database of whichever partner is calling; each is made when its first program comes."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._made: dict[str, Control] = {}
        self._lock = threading.Lock()

    @contextmanager
    def transaction(self, clock: Clock) -> Iterator[Transaction]:
        """Give a writing unit of work on the caller's own database."""
        with self._own().transaction(clock) as tx:
            yield tx

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Give a view of the caller's own database."""
        with self._own().reading() as reading:
            yield reading

    def published(self) -> Published:
        """Return the door to the caller's own shelf."""
        return Published(self.reading)

    def close(self) -> None:
        """Give every connection back."""
        for control in self._made.values():
            control.close()

    def _own(self) -> Control:
        partner, _ = who()
        with self._lock:
            if partner not in self._made:
                self._made[partner] = self._opened(partner)
            return self._made[partner]

    def _opened(self, partner: str) -> Control:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        control = open_control(f"sqlite:///{(self._folder / f'{partner}.sqlite').resolve()}")
        control.migrate()
        with control.transaction(
            self._clock
        ) as tx:  # another worker may have filled it: look inside
            if control.published().charter() is None:
                fill(tx, rehearsal(partner, self._clock))
                tx.commit()
        return control


def rehearsal(partner: str, clock: Clock) -> Rehearsal:
    """Return the fictitious network, whose charter names *partner*, signed with keys that are thrown away."""
    plain = json.loads(gzip.decompress(Path(__file__).with_name(FILE).read_bytes()))
    keys = {m["venue"]: new_signing_key() for m in plain["charter"]["members"]}
    now = clock.now()
    charter: dict[str, Any] = {
        **plain["charter"],
        "partners": [partner],
        "valid_from": stamp(now - dt.timedelta(days=1)),
        "expires": stamp(now + YEARS),
        "members": [{**m, "signing_key": keys[m["venue"]][1]} for m in plain["charter"]["members"]],
    }
    return Rehearsal(
        charter=Charter.model_validate_json(canonical(charter)),
        keys={venue: private for venue, (private, _) in keys.items()},
        published=PublishedEdition.model_validate_json(canonical(plain["edition"])),
    )
