"""Keeps every charter that this venue obeyed, so that years later it can say under which a row was sent."""

import os
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from contracts.base import canonical
from contracts.charter import Charter
from contracts.charter_check import charter_hash

FOLDER: Final = "charters"


def keep_charter(home: Path, charter: Charter) -> None:
    """Put a charter beside the others, once; it is public and holds no personal data."""
    path = _path(home, charter_hash(charter))
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    with draft.open("wb") as file:
        file.write(canonical(charter))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def kept_charter(home: Path, sha256: str) -> Charter | None:
    """Return the charter of that fingerprint; None when it was not kept, or is not it any more."""
    try:
        charter = Charter.model_validate_json(_path(home, sha256).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
    return charter if charter_hash(charter) == sha256 else None


def newest_charter(home: Path) -> Charter | None:
    """Return the latest charter that this venue obeyed, without asking anybody; None before the first."""
    kept = (kept_charter(home, path.stem) for path in (home / FOLDER).glob("*.json"))
    known = [charter for charter in kept if charter is not None]
    return max(known, key=lambda c: (c.revision, c.valid_from), default=None)


def _path(home: Path, sha256: str) -> Path:
    return home / FOLDER / f"{sha256}.json"
