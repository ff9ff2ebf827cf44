"""How many different identifiers a venue has sent over all its months, from its own bytes alone.

A sketch of 4,096 registers for each month (HyperLogLog; Flajolet, Fusy, Gandouet and Meunier 2007), over
keyed digests of what the venue sent, before any tombstone or link is looked at: whether a batch is over
its quota never depends on anybody else. Its standard error is 1.6 %; the margin is three of them. A sketch
holds no identifier, and sketches of several months join without counting anybody twice.
"""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hub.vault.keys import VaultKeys

REGISTERS: Final = 4096
_INDEX: Final = 12  # bits that choose a register
_BIAS: Final = 0.7213 / (1 + 1.079 / REGISTERS)
_MARGIN_PERCENT: Final = 105
Registers = NDArray[np.uint8]


def sketch(keys: VaultKeys, venue: str, tokens: pa.Table) -> Registers:
    """Return the registers of the different identifiers in *tokens*."""
    registers = np.zeros(REGISTERS, np.uint8)
    for point in set(tokens["point"].to_pylist()):
        value = int.from_bytes(keys.mac("claimed", venue, point.hex())[:8])
        place, rest = value & (REGISTERS - 1), value >> _INDEX
        registers[place] = max(registers[place], 64 - _INDEX - rest.bit_length() + 1)
    return registers


def count(sketches: Iterable[Registers]) -> float:
    """Return about how many different identifiers went into any of *sketches*."""
    joined = np.maximum.reduce([np.zeros(REGISTERS, np.uint8), *sketches])
    raw = float(_BIAS * REGISTERS**2 / np.sum(2.0 ** -joined.astype(np.float64)))
    empty = int(np.count_nonzero(joined == 0))
    if raw <= 2.5 * REGISTERS and empty:
        return REGISTERS * math.log(REGISTERS / empty)
    return raw


def exceeds(sketches: Iterable[Registers], most: int) -> bool:
    """Tell whether *sketches* hold more than *most* identifiers, beyond what the estimate may err."""
    return count(sketches) * 100 > most * _MARGIN_PERCENT
