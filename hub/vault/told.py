"""What the public catalogue says of each event, as small numbers: the tags that an edition's charter names."""

from collections.abc import Collection, Iterable, Sequence

import pyarrow as pa

from contracts.base import Day, Slug
from contracts.catalogue import Catalogue, Event
from contracts.tags import BITS, TAGS, UNSAID, Tag, spoken, tag_of
from contracts.tags_shown import widely_shown

Keys = tuple[tuple[Tag, tuple[str, ...]], ...]
"""By tag, the values that the charter names, in its order: the codes."""


def told(
    catalogues: Iterable[Catalogue],
    venues: Sequence[str],
    keys: Keys,
    *,
    gathered: Collection[Slug],
    window: tuple[Day, Day],
) -> pa.Table:
    """Return venue (code), event_id, tags (packed as ``contracts.tags`` says) of every event that says one.

    A sensitive event says none: it would tell of people's health, religion or opinion. Nor does one whose value too
    few houses show, of those in the groups (*gathered*), in the *window* (``contracts.tags_shown``).
    """
    codes = {venue: code for code, venue in enumerate(venues)}
    own = [catalogue for catalogue in catalogues if catalogue.venue in codes]
    values = {
        axis: _codes(named, widely_shown(own, gathered, axis, window)) for axis, named in keys
    }
    rows = {
        (codes[catalogue.venue], event.event): _packed(event, values)
        for catalogue in own
        for event in catalogue.events
    }
    return pa.table(
        {
            "venue": pa.array([venue for venue, _ in rows], pa.uint16()),
            "event_id": pa.array([event for _, event in rows], pa.string()),
            "tags": pa.array(list(rows.values()), pa.int64()),
        }
    )


def _codes(named: Sequence[str], shown: Collection[str]) -> dict[str, int]:
    return {spoken(value): n for n, value in enumerate(named) if spoken(value) in shown}


def _packed(event: Event, values: dict[Tag, dict[str, int]]) -> int:
    packed = 0
    for place, tag in enumerate(TAGS):
        code = values.get(tag, {}).get(tag_of(event, tag) or "", UNSAID)
        packed |= code << BITS * place
    return packed
