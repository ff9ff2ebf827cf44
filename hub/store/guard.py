"""The start of every process that spends: the ledger agrees with itself and with what is held outside it.

The checkpoint is kept in a file of its own, away from the database's backups: a restored old backup
does not bring an old checkpoint with it, and spending stays spent.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from contracts.base import canonical
from contracts.edition import Checkpoint, SignedCheckpoint
from hub.errors import ConfigError
from hub.store import checkpoints, invariants
from hub.store.database import Control


def require_sound(control: Control, held: Iterable[Checkpoint] = ()) -> None:
    """Refuse to start on a ledger that contradicts itself or does not extend each *held* checkpoint.

    Raises:
        ChainBroken: the tables contradict each other, or the chain was rewritten or forked.
        LedgerBehind: an old backup was restored.
    """
    with control.reading() as reading:
        invariants.check(reading)
        for checkpoint in held:
            checkpoints.refuse_if_behind(reading, checkpoint)


def keep(path: Path, signed: SignedCheckpoint) -> None:
    """Keep *signed* at *path*, whole or not at all; an older one never replaces a newer one.

    Raises:
        ConfigError: what is there cannot be read.
    """
    present = kept(path)
    if present is not None and present.checkpoint.sequence >= signed.checkpoint.sequence:
        return
    aside = path.with_name(path.name + ".new")
    with aside.open("wb") as file:
        file.write(canonical(signed))
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def kept(path: Path) -> SignedCheckpoint | None:
    """Return the checkpoint kept at *path*, or None before the first.

    Raises:
        ConfigError: the file is not a checkpoint.
    """
    try:
        return SignedCheckpoint.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise ConfigError(
            "Found no checkpoint in {path}; expected the one that was kept there. Fetch the last "
            "published edition, and write its checkpoint into that file.",
            path=path,
        ) from error
