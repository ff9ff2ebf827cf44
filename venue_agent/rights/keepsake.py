"""Puts aside what a DPO must still be able to show once the agent is gone: proofs, consents, and the suppression list."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from venue_agent.config import Home
from venue_agent.errors import ConfigError, StateDamaged
from venue_agent.words import _

LIST: Final = "suppressions.sqlite"
FOLDERS: Final = ("proofs", "consents", "charters")
FILES: Final = ("approvals.jsonl", "audiences.jsonl")
PEOPLE: Final = (
    "offered",
    "offer",
    "audience",
    "told",
    "told_as",
)  # whom lists and offers went to: no proof


def worth_keeping(home: Home) -> bool:
    """Whether somebody was ever forgotten here, or a proof or an approval written."""
    written = any((home.path / name).exists() for name in ("proofs", *FILES))
    return written or bool(_count(home))


def keep(home: Home, folder: Path) -> list[Path]:
    """Copy proofs, consent records, approvals, the log of orders, charters and the suppression list to *folder*.

    The list is keyed hashes and masked points, with the salt that they are keyed with: as
    ``state.sqlite`` of a new folder, before `init`, it bars the same people again.

    Raises:
        ConfigError: *folder* is the agent's own, or holds something already.
        StateDamaged: the list cannot be read.
    """
    if folder.resolve().is_relative_to(home.path) or (folder.exists() and any(folder.iterdir())):
        raise ConfigError(
            _("{folder} is in the agent's own folder, or not empty. Name an empty one elsewhere.").format(folder=folder)
        )  # fmt: skip
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in FOLDERS:
        if (home.path / name).is_dir():
            shutil.copytree(home.path / name, folder / name)
    for name in FILES:
        if (home.path / name).exists():
            shutil.copy2(home.path / name, folder / name)
    if home.state.exists():
        _copy_list(home, folder / LIST)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _copy_list(home: Home, path: Path) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(home.state)) as here, closing(sqlite3.connect(path)) as there:
            here.backup(there)
            there.execute("DELETE FROM known")
            there.execute("DELETE FROM handle")
            for table in PEOPLE:
                there.execute(f"DROP TABLE IF EXISTS {table}")
            there.commit()
            there.execute("VACUUM")  # a deleted row stays in the file until then
    except sqlite3.DatabaseError as error:
        raise _damaged(home, error) from error


def _count(home: Home) -> int:
    if not home.state.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"{home.state.as_uri()}?mode=ro", uri=True)) as here:
            named = here.execute("SELECT count(*) FROM sqlite_master WHERE name = 'barred'")
            if not named.fetchone()[0]:
                return 0
            return int(here.execute("SELECT count(*) FROM barred").fetchone()[0])
    except sqlite3.DatabaseError as error:
        raise _damaged(home, error) from error


def _damaged(home: Home, error: Exception) -> StateDamaged:
    return StateDamaged(
        _("{file} cannot be read ({type}): the suppression list would be lost. Restore it, or say --keep none.")
        .format(file=home.state.name, type=type(error).__name__)
    )  # fmt: skip
