"""What a month must pass before it is sent: prepared less than a day ago, and approved where the settings say so.

Withdrawals pass always: nothing may hold up somebody's no.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from contracts.base import canonical, digest
from contracts.clock import parse_stamp
from venue_agent.desk import Desk
from venue_agent.errors import PreviewStale
from venue_agent.outbox.approval import unapproved
from venue_agent.outbox.spool import Packed
from venue_agent.people.handles import Handles
from venue_agent.rights.suppress import Suppressions
from venue_agent.words import _

OLDEST: Final = dt.timedelta(hours=24)
"""Consent must not be older when it leaves (design, promise 7)."""


def refuse_stale(desk: Desk, months: Sequence[Packed]) -> None:
    """Refuse months whose export was read more than a day ago, unless the hub has them already.

    Raises:
        PreviewStale: there is such a month; nothing was sent.
        HubDown…: the hub cannot say what it has.
    """
    old = [packed for packed in _held_up(desk, months) if _age(desk, packed) > OLDEST]
    stale = [packed.month for packed in old if desk.hub.receipt(_name(packed)) is None]
    if stale:
        raise PreviewStale(
            _(
                "What was prepared of {months} is more than 24 h old: people may have changed their "
                "mind since. Nothing was sent. Export again if need be, then run `venue-agent preview`."
            ).format(months=", ".join(stale))
        )


def held_back(desk: Desk, months: Sequence[Packed]) -> list[Packed]:
    """Return the months that wait for the DPO's approval; none where the settings ask for none."""
    if desk.config.approval == "none":
        return []
    return unapproved(desk.home.path, _held_up(desk, months))


def _held_up(desk: Desk, months: Sequence[Packed]) -> list[Packed]:
    """Return *months* without those that were sealed again for a withdrawal alone."""
    book = Suppressions(Handles(desk.home.state, desk.config.venue))
    carried = {each.sequence for each in book.waiting()}
    return [packed for packed in months if packed.commit.sequence not in carried]


def _age(desk: Desk, packed: Packed) -> dt.timedelta:
    return desk.clock.now() - parse_stamp(packed.manifest.manifest.export_read)


def _name(packed: Packed) -> str:
    return digest(canonical(packed.commit))
