"""Which values of a tag the public catalogues show widely enough to be counted: those of several houses, or of one alone.

A group hides small houses behind one another. A value that one of its houses alone shows would tell that house's
public by another name, so it says nothing. The rule reads public catalogues and the charter, and costs nothing.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, Final

from contracts.base import Day, Slug
from contracts.catalogue import Catalogue, Event
from contracts.edition import AuditEntry, PublishedEdition
from contracts.tags import Axis, tag_of

HOUSES: Final = 3
"""Houses of groups that must show a value, where no house that stands alone does: as many as a group has at least."""
MOST_EVENTS: Final = 200
"""Events of one house that count for a value: no invented programme makes the shows of others not worth naming."""

CATALOGUES_READ: Final = "catalogues-read"
"""Kind of the chain's entry that tells the digest of the catalogues that an edition reads, before any draw."""


def catalogues_read(published: PublishedEdition) -> str | None:
    """Return the digest of the catalogues that the chain says the edition reads; None where it tells none."""
    for entry in published.chain:
        body = _body(entry) if entry.kind == CATALOGUES_READ else {}
        if body.get("edition") == published.edition.edition:
            return str(body.get("sha256"))
    return None


def _body(entry: AuditEntry) -> dict[str, Any]:
    try:
        body = json.loads(entry.body)
    except ValueError:  # of a file that anybody may have written
        return {}
    return body if isinstance(body, dict) else {}


def meets(event: Event, window: tuple[Day, Day]) -> bool:
    """Return whether an event falls in a window of days; one without days does."""
    first = event.first_day or event.last_day or window[0]
    last = event.last_day or event.first_day or window[1]
    return first <= window[1] and last >= window[0]


def widely_shown(
    catalogues: Iterable[Catalogue],
    gathered: Collection[Slug],
    axis: Axis,
    window: tuple[Day, Day],
) -> frozenset[str]:
    """Return the values of *axis*, as they are compared, that may be counted.

    Args:
        catalogues: of the members.
        gathered: the venues that the charter puts in groups.
        axis: a tag.
        window: first and last day of the edition; events that lie all outside it do not show their value.
    """
    houses: dict[str, set[Slug]] = defaultdict(set)
    for catalogue in catalogues:
        for event in catalogue.events:
            said = tag_of(event, axis) if meets(event, window) else None
            if said is not None:
                houses[said].add(catalogue.venue)
    return frozenset(
        said
        for said, who in houses.items()
        if len(who) >= HOUSES or any(venue not in gathered for venue in who)
    )
