"""Lies in a published edition, told consistently: by a hub that holds every key, its own and the custodian's."""

import json
from collections.abc import Callable
from typing import Any

from contracts.base import canonical, digest
from contracts.chain import GENESIS, Head, next_entry
from contracts.seal import sign
from tests.support.control_world import RHO, SEASON, keys

Plain = dict[str, Any]
Lie = Callable[[Plain], None]


def seal_again(plain: Plain) -> None:
    """Tell the lie consistently: digests, charges, chain and both signatures made anew."""
    edition = plain["edition"]
    releases = {r["charge"]: digest(canonical(r)) for r in edition["releases"]}
    plain["edition_sha256"] = digest(canonical(edition))
    head: Head = GENESIS
    chain = []
    for old in plain["chain"]:
        body = json.loads(old["body"])
        if old["kind"] == "release-stored" and body["charge"] in releases:
            body["sha256"] = releases[body["charge"]]
        if old["kind"] == "edition-stored":
            body["sha256"] = plain["edition_sha256"]
        entry = next_entry(head, at=old["at"], kind=old["kind"], body=body)
        head = Head(entry.sequence, entry.sha256)
        chain.append(entry.model_dump(mode="json"))
    plain["chain"] = chain
    sign_again(plain, head)


def sign_again(plain: Plain, head: Head) -> None:
    checkpoint = plain["checkpoint"]["checkpoint"]
    checkpoint.update(sequence=head.sequence, head_sha256=head.sha256)
    data = canonical(checkpoint)
    plain["checkpoint"]["hub_signature"] = sign(keys().private["hub"], data)
    plain["checkpoint"]["custodian_signature"] = sign(keys().private["custodian"], data)


def recharge(plain: Plain, index: int, **changes: object) -> None:
    """Change a charge and everything that names it, as a hub with all its keys could."""
    charge = plain["charges"][index]
    old = charge["charge"]
    charge.update(changes)
    charge["charge"] = digest(canonical({k: v for k, v in charge.items() if k != "charge"}))
    for entry in plain["chain"]:
        body = json.loads(entry["body"])
        if body.get("charge") == old:
            replaced = charge if entry["kind"] == "charge" else {**body, "charge": charge["charge"]}
            entry["body"] = canonical(replaced).decode()
    for release in plain["edition"]["releases"]:
        if release["charge"] == old:
            release["charge"] = charge["charge"]


def vector(plain: Plain) -> Plain:
    return plain["edition"]["releases"][0]["vectors"][0]


def release(plain: Plain, index: int = 0) -> Plain:
    return plain["edition"]["releases"][index]


def drop_link(plain: Plain, kind: str) -> None:
    plain["chain"] = [entry for entry in plain["chain"] if entry["kind"] != kind]


def swap_links(plain: Plain) -> None:
    """Store before paying: the two kinds of link change places."""
    kinds = [entry["kind"] for entry in plain["chain"]]
    paid, stored = kinds.index("charge"), kinds.index("release-stored")
    chain = plain["chain"]
    chain[paid], chain[stored] = chain[stored], chain[paid]


def chosen_keys(plain: Plain, *, threshold: int | None, delta: int) -> None:
    vector(plain).update(
        mechanism="discrete-gaussian-threshold", threshold=threshold, delta_pico=delta
    )
    release(plain)["delta_pico"] = delta


CONSISTENT_LIES: dict[str, tuple[Lie, str]] = {
    "too little noise for its sensitivity": (
        lambda p: vector(p).update(l2_sensitivity_squared=10),
        "noise is smaller",
    ),
    "too little noise for its price": (
        lambda p: vector(p).update(sigma_micro=7_071_067),
        "noise is smaller",
    ),
    "vectors cost more than was paid": (
        lambda p: vector(p).update(rho_micro=RHO["reach"] + 1),
        "cost more rho",
    ),
    "two vectors on one price": (
        lambda p: release(p)["vectors"].append({**vector(p), "name": "second"}),
        "cost more rho",
    ),
    "one name for two vectors": (
        lambda p: release(p)["vectors"].append(vector(p)),
        "one name",
    ),
    "delta nobody paid": (
        lambda p: vector(p).update(delta_pico=1),
        "cost more delta",
    ),
    "delta without threshold": (
        lambda p: vector(p).update(delta_pico=1),
        "public keys do not need",
    ),
    "threshold mechanism without threshold": (
        lambda p: chosen_keys(p, threshold=None, delta=1),
        "no threshold or no delta",
    ),
    "threshold mechanism without delta": (
        lambda p: chosen_keys(p, threshold=-(10**9), delta=0),
        "no threshold or no delta",
    ),
    "published below the threshold": (
        lambda p: chosen_keys(p, threshold=10**9, delta=1),
        "below its threshold",
    ),
    "keys doubled": (lambda p: vector(p).update(keys=[["a"], ["a"]]), "not distinct"),
    "a value too many": (lambda p: vector(p)["values"].append(1), "not one per value"),
    "a release at another price": (
        lambda p: release(p).update(rho_micro=1, vectors=[{**vector(p), "rho_micro": 1}]),
        "not what was charged",
    ),
    "one charge for two releases": (
        lambda p: release(p, 1).update(charge=release(p)["charge"]),
        "two releases name one charge",
    ),
    "one measure twice": (
        lambda p: p["edition"]["releases"].append(release(p)),
        "released twice",
    ),
    "a charge nobody recorded": (
        lambda p: release(p).update(charge="0" * 64),
        "not in the ledger",
    ),
    "a season read and not charged": (
        lambda p: release(p).update(seasons=["2023-2024"]),
        "season in its window",
    ),
    "another season than was charged": (
        lambda p: release(p).update(seasons=[SEASON, "2023-2024"]),
        "other scopes",
    ),
    "charged to another edition": (lambda p: recharge(p, 0, edition="autre"), "something else"),
    "charged to the season alone": (
        lambda p: recharge(p, 0, scopes=[f"season:{SEASON}"]),
        "exactly one use",
    ),
    "charged to the use alone": (
        lambda p: recharge(p, 0, scopes=[f"season:{SEASON}/observatory"]),
        "both the total and the use",
    ),
    "charged to another use": (
        lambda p: recharge(p, 0, scopes=[f"season:{SEASON}", f"season:{SEASON}/audiences"]),
        "other scopes",
    ),
    "spent above the cap": (lambda p: recharge(p, 0, rho_micro=90_001), "pass the cap"),
    "delta above the cap": (lambda p: recharge(p, 0, delta_pico=1_001), "pass the cap"),
    "one key charged twice": (
        lambda p: recharge(p, 0, key=p["charges"][1]["key"]),
        "charged twice",
    ),
    "a scope never opened": (lambda p: drop_link(p, "budget-opened"), "never opened"),
    "a charge that the chain does not tell": (
        lambda p: p["charges"].pop(),
        "not those that the chain tells",
    ),
    "a release that the chain does not tell": (
        lambda p: drop_link(p, "release-stored"),
        "does not tell that this very release",
    ),
    "an edition that the chain does not tell": (
        lambda p: drop_link(p, "edition-stored"),
        "does not tell once",
    ),
    "stored before it was paid": (swap_links, "in that order"),
    "an edition nobody planned": (
        lambda p: p["edition"].update(edition="autre"),
        "plans no such edition",
    ),
    "a wider window": (
        lambda p: p["edition"].update(first_day="2023-09-01"),
        "not the planned one",
    ),
    "a measure nobody planned": (
        lambda p: release(p).update(measure="autre"),
        "not the planned one",
    ),
    "another charter": (
        lambda p: p["edition"].update(charter_sha256="0" * 64),
        "another charter",
    ),
    "another network": (lambda p: p["edition"].update(network="autre"), "network"),
    "a demonstration not marked": (
        lambda p: p["edition"].update(demonstration=True),
        "demonstration",
    ),
    "prepared after the charter's end": (
        lambda p: p["edition"].update(prepared="2027-01-01T00:00:00Z"),
        "outside the charter's dates",
    ),
}
