"""Carry a hub's pseudonyms from one season to the next, blinded: the hub never learns δ, the custodian sees no pseudonym.

P' = δ·P with δ = k'/k. Three must agree: the members, in a charter that they all signed and whose linkage reaches
back; the custodian's operator, who was told that charter's fingerprint by voice; and the hub that is pinned here.
"""

from math import ceil

from sqlalchemy import ColumnElement, insert, select, update

from contracts import ristretto
from contracts.api import MAX_POINTS, Carriage, CarriageRequest, CarryRequest, CarryResponse
from contracts.charter import Charter, Member, SignedCharter
from contracts.charter_check import (
    CharterError,
    charter_hash,
    check_rules,
    check_signatures,
)
from contracts.ristretto import POINT_BYTES, PointError, ScalarError
from contracts.succession import follow
from hub.custodian import log, quota, sessions, tables, venues
from hub.custodian.errors import ConfigError, Forbidden, PointRefused, QuotaExceeded
from hub.custodian.evaluate import Desk, Signed
from hub.custodian.keys import Keys
from hub.custodian.store import Transaction

TWICE = 2
"""An opening that was cut half-way may be done once again."""


def allow(tx: Transaction, keys: Keys, asked: Carriage, charter_sha256: str) -> None:
    """Let the hub of a network carry from one season to another, under the charter of that fingerprint.

    Raises:
        SeasonUnknown: a season has no key (any more).
        ConfigError: no hub of that network is pinned, or the seasons do not follow one another.
    """
    keys.of(asked.former), keys.of(asked.season)
    if asked.former >= asked.season:
        raise ConfigError(
            "Found {former} to be carried to {season}; expected a later season.",
            former=asked.former,
            season=asked.season,
        )
    if hub_key(tx, asked.network) is None:
        raise ConfigError(
            "Found no hub of {network} pinned here; run `farandole-custodian pin-hub` first.",
            network=asked.network,
        )
    here = _here(asked)
    values = {"charter_sha256": charter_sha256, "cap": 0}
    if tx.run(update(tables.carriage).where(*here).values(values)).rowcount == 0:
        tx.run(
            insert(tables.carriage).values(**asked.model_dump(exclude={"cap"}), **values, spent=0)
        )
    body = asked.model_dump(exclude={"cap"})
    log.append(tx, "carriage-allowed", {**body, "charter_sha256": charter_sha256})


def grant(desk: Desk, signed: Signed, request: CarriageRequest) -> Carriage:
    """Check the charter that the hub shows, and open the carriage that it agrees to.

    Raises:
        Forbidden: the operator allowed another charter or none, a member did not sign with the key that
            it enrolled here, or the charter is a clean break.
        SeasonUnknown: a season has no key (any more).
        Replayed: the nonce was seen before.
    """
    charter = request.charter.charter
    asked = Carriage(
        network=charter.network,
        former=request.former,
        season=charter.pseudonym_season,
        cap=_cap(charter),
    )
    if signed.venue != charter.network:
        raise Forbidden("Found the charter of another network than the hub that signs.")
    with desk.store.transaction(desk.clock) as tx:
        sessions.remember_nonce(tx, signed.venue, signed.nonce)
        desk.keys.of(asked.former), desk.keys.of(asked.season)
        _check(tx, desk.keys, request.charter)
        row = tx.run(select(tables.carriage).where(*_here(asked))).first()
        if row is None or row.charter_sha256 != charter_hash(charter):
            raise Forbidden(
                "Found a charter that the operator did not allow; see `farandole-custodian season carry`."
            )
        if row.cap < asked.cap:
            tx.run(update(tables.carriage).where(*_here(asked)).values(cap=asked.cap))
            log.append(tx, "carriage-opened", asked.model_dump())
        tx.commit()
    return asked


def carry(desk: Desk, signed: Signed, request: CarryRequest) -> CarryResponse:
    """Return δ·B for each point, once it is paid; nothing of it is kept.

    Raises:
        Forbidden: the hub that signs is of another network.
        SeasonUnknown: a season has no key (any more).
        QuotaExceeded: the carriage is not open, or holds no more.
        PointRefused: a point is not canonical or is the identity.
        Replayed: the nonce was seen before.
    """
    if signed.venue != request.network:
        raise Forbidden("Found a request for another network than the hub that signs.")
    former, new = desk.keys.of(request.former), desk.keys.of(request.season)
    asked = Carriage(**request.model_dump(exclude={"points"}), cap=0)
    if not _paid(desk, signed, asked):
        raise QuotaExceeded(
            "{network} asked to carry more pseudonyms than its charter declares, or none was allowed; "
            "see `farandole-custodian season carry`.",
            network=request.network,
        )
    try:
        moved = ristretto.multiply_many(_delta(former, new), bytes.fromhex("".join(request.points)))
    except (PointError, ScalarError) as error:
        raise PointRefused("{error}", error=error) from None
    text, width = moved.hex(), 2 * POINT_BYTES
    points = [text[at : at + width] for at in range(0, len(text), width)]
    return CarryResponse.model_construct(points=points)


def hub_key(tx: Transaction, network: str) -> str | None:
    """Return the Ed25519 key pinned for the hub of *network*, or None."""
    row = tables.hub.c
    query = select(row.signing_key).where(row.network == network)
    key: str | None = tx.run(query).scalar_one_or_none()
    return key


def _paid(desk: Desk, signed: Signed, asked: Carriage) -> bool:
    row = tables.carriage.c
    with desk.store.transaction(desk.clock) as tx:
        sessions.remember_nonce(tx, signed.venue, signed.nonce)
        paid = tx.run(
            update(tables.carriage)
            .where(*_here(asked), row.spent + MAX_POINTS <= row.cap)
            .values(spent=row.spent + MAX_POINTS)
        ).rowcount
        body = {**asked.model_dump(exclude={"cap"}), "points": MAX_POINTS}
        log.append(tx, "carried" if paid else "carriage-refused", body)
        tx.commit()  # before the key is used: a crash in between meters too much, never too little
    return bool(paid)


def _check(tx: Transaction, keys: Keys, signed: SignedCharter) -> None:
    charter, public = signed.charter, keys.public()
    try:
        check_rules(charter)
        check_signatures(signed)
    except CharterError as error:
        raise Forbidden("Found a charter that may not be obeyed: {error}", error=error) from None
    season = charter.pseudonym_season
    if (charter.custodian.signing_key, charter.custodian.season_keys[season]) != (
        public.signing_key,
        public.season_keys[season],
    ):
        raise Forbidden("Found a charter that names other keys than those of this custodian.")
    if any(venues.signing_key(tx, m.venue) != _today(tx, m) for m in charter.members):
        raise Forbidden(
            "Found a member's key that is not the one enrolled here; expected a charter signed with it."
        )
    if not charter.links_back:
        raise Forbidden("Found a charter whose linkage starts anew: nothing may be carried to it.")


def _today(tx: Transaction, member: Member) -> str:
    """Return the key that stands today for the one that the charter names."""
    return follow(member.signing_key, venues.successions(tx, member.venue))


def _cap(charter: Charter) -> int:
    """Return how many points a network may have carried: what it declares and its margin, in whole requests."""
    declared = sum(member.declared_identifiers for member in charter.members)
    whole = ceil(declared * quota.MARGIN / MAX_POINTS) + 1
    return TWICE * whole * MAX_POINTS


def _delta(former: bytes, new: bytes) -> bytes:
    product = int.from_bytes(new, "little") * int.from_bytes(ristretto.invert(former), "little")
    return ristretto.to_scalar(product)


def _here(asked: Carriage) -> tuple[ColumnElement[bool], ...]:
    row = tables.carriage.c
    return row.network == asked.network, row.former == asked.former, row.season == asked.season
