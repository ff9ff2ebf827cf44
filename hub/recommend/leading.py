"""The leading eigenvectors of a large symmetric matrix, by as many steps as are written here: never until it converges.

A full decomposition of 2,000 items takes seconds, and an iteration that stops when it is good enough stops elsewhere on
another machine. A block Krylov space of fixed size, from a fixed beginning, is the same function everywhere up to the
last bits, converged or not (Musco and Musco 2015): two machines write the same integers.
"""

from typing import Final

import numpy as np

from hub.recommend.observed import Floats

LARGE: Final = 1024
"""Items up to which the whole spectrum is taken, at once and exactly."""
STEPS: Final = 5
"""Times that the block is multiplied by the matrix, from nothing; from a space that is nearly right, half of them do."""
AGAIN: Final = 2
_MIXED: Final = 0x9E3779B97F4A7C15


def leading(matrix: Floats, columns: int, start: Floats | None = None) -> tuple[Floats, Floats]:
    """Return the *columns* greatest eigenvalues, ascending, and their vectors; exact for a matrix that is not large.

    Of a large one, Ritz values: each at most the eigenvalue that it stands for (Courant and Fischer).

    Args:
        matrix: symmetric.
        columns: how many, at most its size.
        start: vectors that span nearly the same space, of a matrix that differs little.
    """
    if len(matrix) <= LARGE:
        values, vectors = np.linalg.eigh(matrix)
        return values[-columns:], vectors[:, -columns:]
    block = np.linalg.qr(_signs(len(matrix), columns))[0] if start is None else start
    width, steps = block.shape[1], STEPS if start is None else AGAIN
    space = np.empty((len(matrix), width * (steps + 1)))
    image = np.empty_like(space)
    for step in range(steps + 1):
        at = slice(step * width, (step + 1) * width)
        space[:, at], image[:, at] = block, matrix @ block
        known = space[:, : at.stop]
        block = np.linalg.qr(image[:, at] - known @ (known.T @ image[:, at]))[0]
    small = space.T @ image
    values, vectors = np.linalg.eigh((small + small.T) / 2)
    return values[-columns:], space @ vectors[:, -columns:]


def _signs(rows: int, columns: int) -> Floats:
    """Return a table of ±1 that looks drawn and is not: a fixed mixture of each position (splitmix64)."""
    mixed = np.arange(1, rows * columns + 1, dtype=np.uint64) * np.uint64(_MIXED)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    signs: Floats = np.where(mixed >> np.uint64(63), 1.0, -1.0).reshape(rows, columns)
    return signs
