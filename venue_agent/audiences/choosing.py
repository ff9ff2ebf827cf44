"""Chooses whom an order reaches, always the same people whatever the order of the rows, and whom every house leaves alone.

The draws are keyed by the order's own key over the network's token N, which this house holds sealed on its disk: whoever has
no key cannot foresee them, and every house that knows somebody by the same identifier holds her out or none does.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
HOLD_OUT: Final = b"farandole/audience/hold-out/1"
PRIORITY: Final = b"farandole/audience/priority/1"
_BYTES: Final = 8
_WHOLE: Final = 1 << (8 * _BYTES)
QUARTER: Final = 4
"""Of the people who may be written to, the likeliest quarter counts as « like those »: 500 of 2,000."""


@dataclass(frozen=True)
class Draw:
    """The keyed draws of one order."""

    key: bytes  # 32, random for each request, the same in all its houses
    holdout_percent: int

    def held_out(self, tokens: Sequence[bytes]) -> Flags:
        """Return who is left alone: the same people in every house; who has no token ("") never is.

        Without a token she is in no statistics either, so that nobody is counted wrongly.
        """
        limit = self.holdout_percent * _WHOLE // 100
        drawn = [token != b"" and self._number(HOLD_OUT, token) < limit for token in tokens]
        return np.asarray(drawn, dtype=np.bool_)

    def priority(self, names: Sequence[bytes]) -> NDArray[np.uint64]:
        """Return a number for each, the least first, whatever row she stands on."""
        drawn = [self._number(PRIORITY, name) for name in names]
        return np.asarray(drawn, dtype=np.uint64)

    def _number(self, label: bytes, text: bytes) -> int:
        drawn = hmac.digest(self.key, label + text, "sha256")
        return int.from_bytes(drawn[:_BYTES], "big")


def first(priority: NDArray[np.uint64], most: int) -> Flags:
    """Return the *most* people whose number is least."""
    return _first(np.argsort(priority, kind="stable"), most)


def likeliest(share: Floats, priority: NDArray[np.uint64], most: int) -> Flags:
    """Return the likeliest quarter, *most* at most; equal shares by priority."""
    order = np.lexsort((priority, -share))
    return _first(order, min(most, len(share) // QUARTER))


def _first(order: NDArray[np.intp], most: int) -> Flags:
    chosen = np.zeros(len(order), dtype=np.bool_)
    chosen[order[:most]] = True
    return chosen
