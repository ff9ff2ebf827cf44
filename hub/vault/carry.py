"""Ask the custodian for δ·P without showing it a pseudonym, and without ever learning δ.

Each pseudonym P goes as r·P under a blind of its own, in requests that are always full: what is missing is
made up. Some of the points are the former season's public key K, blinded alike: they must come back as the new
one, K' = δ·K. Whoever answers with another factor, for one request or for a share of its points, is found out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from secrets import SystemRandom
from typing import Final, Protocol

from contracts import ristretto
from contracts.api import MAX_POINTS
from contracts.ristretto import POINT_BYTES, PointError
from hub.errors import CarriageRefused

CHECKS: Final = 64
"""Blinded copies of K in each request: an answer wrong for a tenth of its points passes once in a thousand."""


class Carrier(Protocol):
    """The custodian, near or far."""

    def carry(self, points: bytes) -> bytes:
        """Return δ·B for each 32-byte point."""
        ...


@dataclass(frozen=True)
class Turn:
    """From which public season key to which; both from the signed charter."""

    former: bytes  # K = k·G
    new: bytes  # K' = k'·G


def carried(points: Iterable[bytes], turn: Turn, carrier: Carrier) -> dict[bytes, bytes]:
    """Return P' for each pseudonym P.

    Raises:
        CarriageRefused: the custodian did not use the charter's keys, or answered with something else.
    """
    wanted = sorted(set(points))
    size = MAX_POINTS - CHECKS
    found: dict[bytes, bytes] = {}
    for at in range(0, len(wanted), size):
        found.update(_one_request(wanted[at : at + size], turn, carrier))
    return found


def _one_request(points: Sequence[bytes], turn: Turn, carrier: Carrier) -> dict[bytes, bytes]:
    filling = [ristretto.random_point() for _ in range(MAX_POINTS - CHECKS - len(points))]
    asked = [*points, *[turn.former] * CHECKS, *filling]
    SystemRandom().shuffle(asked)  # nobody can tell which ones are checked
    blinds = ristretto.random_scalars(len(asked))
    answer = carrier.carry(ristretto.multiply_each(blinds, b"".join(asked)))
    try:
        clear = ristretto.multiply_each(ristretto.invert_many(blinds), answer)
    except PointError:
        raise CarriageRefused(
            "The custodian answered with something else than one valid point for each that was sent. "
            "Nothing was changed; call the custodian."
        ) from None
    made = [clear[i * POINT_BYTES : (i + 1) * POINT_BYTES] for i in range(len(asked))]
    pairs = list(zip(asked, made, strict=True))
    if any(after != turn.new for before, after in pairs if before == turn.former):
        raise CarriageRefused(
            "What the custodian answered is not of the two season keys that the charter names. Nothing "
            "was changed; do not go on, and tell the members and the DPO."
        )
    kept = set(points)
    return {before: after for before, after in pairs if before in kept}
