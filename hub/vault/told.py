"""What the public catalogue says of each event, as small numbers: the tags that an edition's charter names."""

from collections.abc import Iterable, Sequence

import pyarrow as pa

from contracts.catalogue import Catalogue, Event
from contracts.tags import BITS, TAGS, UNSAID, spoken, tag_of

Keys = tuple[tuple[str, tuple[str, ...]], ...]
"""By tag, the values that the charter names, in its order: the codes."""


def told(catalogues: Iterable[Catalogue], venues: Sequence[str], keys: Keys) -> pa.Table:
    """Return venue (code), event_id, tags (packed as ``contracts.tags`` says) of every event that says one.

    A sensitive event says none: it would tell of people's health, religion or opinion.
    """
    codes = {venue: code for code, venue in enumerate(venues)}
    values = {axis: {spoken(value): n for n, value in enumerate(named)} for axis, named in keys}
    rows = {
        (codes[catalogue.venue], event.event): _packed(event, values)
        for catalogue in catalogues
        if catalogue.venue in codes
        for event in catalogue.events
    }
    return pa.table(
        {
            "venue": pa.array([venue for venue, _ in rows], pa.uint16()),
            "event_id": pa.array([event for _, event in rows], pa.string()),
            "tags": pa.array(list(rows.values()), pa.int64()),
        }
    )


def _packed(event: Event, values: dict[str, dict[str, int]]) -> int:
    packed = 0
    for place, tag in enumerate(TAGS):
        code = values.get(tag, {}).get(tag_of(event, tag) or "", UNSAID)
        packed |= code << BITS * place
    return packed
