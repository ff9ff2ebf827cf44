"""Answers somebody's access request from this machine alone: what was sent of her, when, under which charter; what she was offered."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from contracts.clock import stamp
from contracts.linkage import identifier
from venue_agent.desk import Desk
from venue_agent.home.elements import FILE, ElementStore, held_epoch
from venue_agent.network.charters import kept_charter
from venue_agent.outbox.spool import Packed
from venue_agent.people.handles import Handles
from venue_agent.people.offers import Offers
from venue_agent.rights import proofs
from venue_agent.rights.named import Name
from venue_agent.rights.suppress import Suppressions


def answer(desk: Desk, names: Sequence[Name]) -> dict[str, Any]:
    """Return all that spool, consent records and offers hold of who carries *names*, as JSON values.

    The names themselves are not in it. Several records mean that several people carry one of them.
    """
    handles = Handles(desk.home.state, desk.config.venue)
    known = handles.of(tuple(name.key for name in names))
    tokens = set(_tokens(desk, names))
    months = sorted(desk.spool.months(), key=lambda packed: packed.month)
    found = [each for packed in months for each in _records(desk, packed, known, tokens)]
    consents = proofs.of(desk, {*known, *(who for who, _told in found)})
    return {
        "version": 1,
        "venue": desk.config.venue,
        "written": stamp(desk.clock.now()),
        "forgotten_since": Suppressions(handles).since(names),
        "offers": _offers(handles, names),
        "records": [
            {
                "contribution_id": handle,
                "months": [told for who, told in found if who == handle],
                "consent": consents.get(handle),
            }
            for handle in dict.fromkeys([*(who for who, _told in found), *consents])
        ],
    }


def _offers(handles: Handles, names: Iterable[Name]) -> list[dict[str, str]]:
    """Return the partners' offers that this house made her, or left her out of for comparison."""
    said = Offers(handles).said()
    hers = {told for name in names for told in said.get(handles.digest(name.key), ())}
    return [
        {"order": told.order, "arm": told.arm, "day": told.day}
        for told in sorted(hers, key=lambda each: (each.day, each.offer))
    ]


def _tokens(desk: Desk, names: Iterable[Name]) -> Iterator[str]:
    """Yield the identifiers as they were sent, where this machine still knows them."""
    path = desk.home.path / FILE
    epoch = held_epoch(path)
    store = ElementStore(path, desk.cache_key, epoch) if epoch else {}
    for name in names:
        item = identifier(name.linking, name.value) if name.linking else b""
        if item and item in store:
            yield f"{name.kind}:{store[item].hex()}"


def _records(
    desk: Desk, packed: Packed, known: Collection[str], tokens: Collection[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    visits = _table(packed, "visits.csv")
    arms = _table(packed, "activations.csv") if _has_arms(packed) else []
    for person in _table(packed, "persons.csv"):
        handle = person["contribution_id"]
        if handle in known or any(token in tokens for token in person["tokens"].split()):
            hers = [_without_handle(row) for row in visits if row["contribution_id"] == handle]
            told = {**_when(desk, packed), "person": _without_handle(person), "visits": hers}
            if arms:
                own = [_without_handle(row) for row in arms if row["contribution_id"] == handle]
                told["activations"] = own
            yield handle, told


def _when(desk: Desk, packed: Packed) -> dict[str, Any]:
    receipt = packed.receipt.receipt if packed.receipt else None
    sha256 = packed.commit.charter_sha256
    charter = kept_charter(desk.home.path, sha256)
    return {
        "month": packed.month,
        "state": receipt.state if receipt else "waiting",
        "packed": packed.manifest.manifest.created,
        "received": receipt.opened if receipt else "",
        "charter": {
            "sha256": sha256,
            "revision": charter.revision if charter else None,
            "purposes": [str(purpose) for purpose in charter.purposes] if charter else None,
            "retention_months": charter.retention_months if charter else None,
            "controller": charter.controller.name if charter else None,
        },
    }


def _table(packed: Packed, name: str) -> list[dict[str, str]]:
    head, *rows = (packed.plaintext / name).read_text().splitlines()
    return [dict(zip(head.split(","), row.split(","), strict=True)) for row in rows]


def _has_arms(packed: Packed) -> bool:
    return (packed.plaintext / "activations.csv").exists()


def _without_handle(row: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if name != "contribution_id"}
