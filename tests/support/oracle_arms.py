"""What the measures of partners' requests mean, in plain Python: one person at a time, keys by name."""

import datetime as dt
from collections import defaultdict

from hub.measures.frame import Frame, Operation
from tests.support.oracle import Term, counted, once, place_name
from tests.support.town import Row

EPOCH = dt.date(1970, 1, 1)
CONTACTED, HELD_OUT = 0, 1


def arms_term(rows: list[Row], frame: Frame) -> dict[str, Term]:
    """Return one person's term in the vectors of cooperation and reciprocity, from all her rows."""
    visits = [row for row in rows if row.arm is None]
    chosen: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row.arm is not None and row.operation is not None:
            chosen[row.operation].append(row)
    outcomes, contacts = set(), set()
    for code, hers in chosen.items():
        operation = frame.operations[code]
        partner = partner_of(operation, frame)
        for row in hers:
            place = place_name(slug(row, frame), frame)
            if row.arm == CONTACTED and place in {place_name(s, frame) for s in operation.sources}:
                contacts.add((operation.request, place))
        if partner is not None:
            word = min(hers, key=lambda row: (row.priority, row.arm))
            since = min(row.event_day for row in hers)
            came = any(seen(v, partner, frame, since, operation) for v in visits)
            arm = "contacted" if word.arm == CONTACTED else "held-out"
            outcomes.add((operation.request, arm, "came" if came else "stayed"))
    sent = [route for visit in visits for route in routes_of(visit, chosen, frame)]
    return {
        "cooperation-arm": once(outcomes, 1),
        "cooperation-contact": once(contacts, frame.bounds.cells),
        "reciprocity-visit": counted(sent, frame.bounds.cells),
    }


def routes_of(visit: Row, chosen: dict[int, list[Row]], frame: Frame) -> list[tuple[str, str]]:
    """Return the route that one visit came by: from the house that wrote last before it."""
    letters = []
    for code, hers in chosen.items():
        operation = frame.operations[code]
        partner = partner_of(operation, frame)
        for row in hers:
            source = place_name(slug(row, frame), frame)
            if row.arm != CONTACTED or partner is None or source == partner:
                continue
            if seen(visit, partner, frame, row.event_day, operation):
                order = (row.event_day, row.priority, frame.places.index(source))
                letters.append((order, (source, partner)))
    found = [route for _, route in sorted(letters)[-1:]]
    return [route for route in found if route in known_routes(frame)]


def known_routes(frame: Frame) -> set[tuple[str, str]]:
    """Return every route that the orders name."""
    pairs = {
        (place_name(source, frame), partner_of(operation, frame))
        for operation in frame.operations
        for source in operation.sources
    }
    return {(a, b) for a, b in pairs if b is not None and a != b}


def seen(visit: Row, partner: str, frame: Frame, since: int, operation: Operation) -> bool:
    """Say whether a visit is to the partner, from that day to the campaign's last."""
    until = (operation.last_day - EPOCH).days
    here = place_name(slug(visit, frame), frame) == partner
    return here and since <= visit.event_day <= until


def partner_of(operation: Operation, frame: Frame) -> str | None:
    """Return the place of the partner, or None for one outside the network."""
    known = {venue.slug for venue in frame.venues}
    return place_name(operation.partner, frame) if operation.partner in known else None


def slug(row: Row, frame: Frame) -> str:
    """Return the house of a row."""
    return frame.venues[row.venue].slug
