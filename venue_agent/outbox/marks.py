"""What changed in a month since the vault last accepted it, told from keyed digests: no row is kept for it."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from venue_agent.config import Home
from venue_agent.outbox.spool import Packed

FOLDER: Final = "marks"
_DIGEST: Final = 8
_HANDLE: Final = 32  # hexadecimal digits of a contribution id, which opens each row

Digests = NDArray[np.uint64]


@dataclass(frozen=True)
class Change:
    """How a month differs from what the vault last accepted of it."""

    persons_new: int
    persons_changed: int
    persons_gone: int
    visits_new: int
    visits_gone: int


@dataclass(frozen=True)
class _Marks:
    handles: Digests
    persons: Digests  # one a person, of the whole row, in the order of the handles
    visits: Digests  # one a visit


def keep(home: Home, key: bytes, packed: Packed | None) -> None:
    """Keep the marks of a month that is about to be replaced, if the vault accepted it."""
    if packed is None or packed.receipt is None or packed.receipt.receipt.state != "accepted":
        return
    marks, path = _of(packed, key), _path(home, packed.month)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        np.savez(file, handles=marks.handles, persons=marks.persons, visits=marks.visits)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def change(home: Home, key: bytes, packed: Packed) -> Change | None:
    """Return what changed in a month since the vault last accepted it; None when it never did."""
    before = _kept(home, packed.month)
    if before is None:
        return None
    now = _of(packed, key)
    rows = dict(zip(now.handles.tolist(), now.persons.tolist(), strict=True))
    rows_before = dict(zip(before.handles.tolist(), before.persons.tolist(), strict=True))
    both = rows.keys() & rows_before.keys()
    visits, visits_before = Counter(now.visits.tolist()), Counter(before.visits.tolist())
    return Change(
        persons_new=len(rows) - len(both),
        persons_changed=sum(rows[handle] != rows_before[handle] for handle in both),
        persons_gone=len(rows_before) - len(both),
        visits_new=(visits - visits_before).total(),
        visits_gone=(visits_before - visits).total(),
    )


def _of(packed: Packed, key: bytes) -> _Marks:
    secret = hashlib.blake2b(key=key, digest_size=32, person=b"farandole-marks").digest()
    persons = list(_rows(packed.plaintext / "persons.csv"))
    return _Marks(
        handles=_digests((row[:_HANDLE] for row in persons), secret),
        persons=_digests(persons, secret),
        visits=_digests(_rows(packed.plaintext / "visits.csv"), secret),
    )


def _rows(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        next(file, None)  # the header
        yield from file


def _digests(texts: Iterable[bytes], secret: bytes) -> Digests:
    found = b"".join(hashlib.blake2b(t, key=secret, digest_size=_DIGEST).digest() for t in texts)
    return np.frombuffer(found, dtype=np.uint64)


def _kept(home: Home, month: str) -> _Marks | None:
    try:
        with np.load(_path(home, month), allow_pickle=False) as held:
            return _Marks(held["handles"], held["persons"], held["visits"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None  # a first time, or a file that a crash cut: nothing is said of last time


def _path(home: Home, month: str) -> Path:
    return home.path / "preview" / FOLDER / f"{month}.npz"
