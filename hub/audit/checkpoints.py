"""Keeps each finding beside the report as soon as it is made: an audit that was stopped goes on where it was.

What is kept serves again only under the same code and the same terms, in a folder of their own: other terms
overwrite nothing. An alarm is kept like the rest: nobody draws again until it is gone by asking twice. Whoever may
write to that folder may change what is in it: the report says which findings were taken up.
"""

import importlib.metadata
import json
import math
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, Protocol

import contracts
import hub
from contracts.base import canonical, digest
from hub.audit.checks import Finding
from hub.audit.statistic import Apart

_LIBRARIES: Final = ("duckdb", "numpy", "opendp", "pyarrow")
_SOURCE: Final = (".csv", ".json", ".py", ".sql")
"""What a finding may come from: the code, and the data and queries that it reads."""


class Checkpoints(Protocol):
    """What an audit found before, and where it writes what it finds."""

    def read(self, name: str) -> Finding | None:
        """Return what was found of that name under the same code and terms."""
        ...

    def write(self, finding: Finding) -> None:
        """Keep what was found."""
        ...


class NoCheckpoints:
    """Keeps nothing."""

    def read(self, name: str) -> Finding | None:
        """Return nothing: nothing was kept."""
        del name
        return None

    def write(self, finding: Finding) -> None:
        """Forget it."""
        del finding


class CheckpointFolder:
    """Files of one finding each, in a folder named after the report, its code and its terms.

    Raises:
        OSError: the folder cannot be made; better known before the first draw than after the last.
    """

    def __init__(self, report: Path, bound_to: dict[str, Any]) -> None:
        self._bound_to = bound_to
        self._folder = (
            report.with_name(f"{report.name}-findings") / digest(canonical(bound_to))[:12]
        )
        self._folder.mkdir(parents=True, exist_ok=True)

    def read(self, name: str) -> Finding | None:
        """Return what was found of that name; nothing when the file is not there, torn, or of another check, code or terms."""
        try:
            kept = json.loads(self._file(name).read_text("utf-8"))
            finding = _finding(kept["finding"])
            return finding if (kept["bound_to"], finding.name) == (self._bound_to, name) else None
        except (OSError, ValueError, KeyError, TypeError):  # whatever a torn file may read as
            return None

    def write(self, finding: Finding) -> None:
        """Write the file whole, or not at all."""
        kept = {"bound_to": self._bound_to, "finding": plain(finding)}
        begun = self._file(finding.name).with_suffix(f".{os.getpid()}.tmp")  # two audits at once
        begun.write_text(json.dumps(kept, allow_nan=False), "utf-8")
        begun.replace(self._file(finding.name))

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def code_sha256() -> str:
    """Return the digest of all that may change a finding: our own source and its data, Python, the libraries' versions."""
    told = [sys.version, *(f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES)]
    for package in (contracts, hub):
        told += _files(Path(package.__path__[0]))
    return digest("\n".join(told).encode())


def _files(folder: Path) -> list[str]:
    return [
        f"{file.relative_to(folder.parent).as_posix()} {digest(file.read_bytes())}"
        for file in sorted(folder.rglob("*"))
        if file.suffix in _SOURCE
    ]


def plain(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON holds it (RFC 8259 has no infinity): null for a bound that says nothing."""
    told = asdict(finding)
    if told["found"]:
        told["found"] = {k: v if math.isfinite(v) else None for k, v in told["found"].items()}
    return told


def _finding(told: dict[str, Any]) -> Finding:
    found = told["found"]
    bounds = found and {k: -math.inf if v is None else v for k, v in found.items()}
    return Finding(
        **{**told, "found": bounds and Apart(**bounds), "problems": tuple(told["problems"])}
    )
