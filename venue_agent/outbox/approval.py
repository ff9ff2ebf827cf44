"""The DPO's yes to the very bytes of a preview: who said it, when, to which digests; other bytes need another yes.

A yes holds for the plaintext of one month under one charter. The same bytes packed again keep it, so that a
daily run does not ask twice; one byte more or less, or another charter, and it is gone.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from contracts.base import digest
from contracts.clock import Clock, stamp
from venue_agent.errors import ConfigError, SpoolDamaged, StateDamaged
from venue_agent.outbox.spool import Packed
from venue_agent.words import _

FILE: Final = "approvals.jsonl"
SHORTEST, LONGEST = 2, 80
How = Literal["page", "terminal"]


@dataclass(frozen=True)
class Approval:
    """One yes: months → file → SHA-256 of its plaintext."""

    who: str
    at: str
    how: How
    charter_sha256: str
    months: Mapping[str, Mapping[str, str]]


def approve(home: Path, months: Sequence[Packed], who: str, how: How, clock: Clock) -> Approval:
    """Note that *who* approved these months, byte for byte as they lie in the spool.

    Raises:
        ConfigError: *who* is no name, or the months were packed under several charters.
        SpoolDamaged: the readable files are not the ones that were sealed.
    """
    charters = {packed.commit.charter_sha256 for packed in months}
    if len(charters) != 1:
        raise ConfigError(
            _("There is nothing to approve, or it was packed under two charters. Run `preview`.")
        )
    given = Approval(
        who=name_of(who),
        at=stamp(clock.now()),
        how=how,
        charter_sha256=charters.pop(),
        months={packed.month: _read_digests(packed) for packed in months},
    )
    line = json.dumps({"version": 1, **asdict(given)}, ensure_ascii=False) + "\n"
    handle = os.open(home / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as file:
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())
    return given


def name_of(who: str) -> str:
    """Return the name of whoever approves, one line of it.

    Raises:
        ConfigError: it is empty, long, or holds what no name does.
    """
    name = " ".join(who.split())
    if not (SHORTEST <= len(name) <= LONGEST and name.isprintable()):
        raise ConfigError(
            _("Whoever approves gives a name of {least} to {most} letters.").format(
                least=SHORTEST, most=LONGEST
            )
        )
    return name


def approvals(home: Path) -> list[Approval]:
    """Return every yes, oldest first.

    Raises:
        StateDamaged: the file of approvals cannot be read.
    """
    try:
        lines = (home / FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged() from error
    return [_parsed(line) for line in lines]


def unapproved(home: Path, months: Iterable[Packed]) -> list[Packed]:
    """Return those of *months* that nobody said yes to as they are now."""
    given = {
        (yes.charter_sha256, month, _frozen(files))
        for yes in approvals(home)
        for month, files in yes.months.items()
    }
    return [packed for packed in months if _key(packed) not in given]


def digests_of(packed: Packed) -> dict[str, str]:
    """Return the digests of what is sealed, by file, as the venue signed them."""
    return {str(entry.name): entry.sha256 for entry in packed.manifest.manifest.files}


def _key(packed: Packed) -> tuple[str, str, frozenset[tuple[str, str]]]:
    """Return what must have been approved; the readable files stand for nothing if they were changed."""
    try:
        files = _read_digests(packed)
    except SpoolDamaged:
        files = {}
    return packed.commit.charter_sha256, packed.month, _frozen(files)


def _read_digests(packed: Packed) -> dict[str, str]:
    signed = digests_of(packed)
    there = {path.name: digest(path.read_bytes()) for path in packed.plaintext.iterdir()}
    if there != signed or packed.month != packed.manifest.manifest.month:
        raise SpoolDamaged(
            _(
                "The readable files of {month} are not the ones that were sealed. Prepare the month "
                "again with `preview`."
            ).format(month=packed.month)
        )
    return signed


def _frozen(files: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset(files.items())


def _parsed(line: str) -> Approval:
    try:
        told = json.loads(line)
        if told.pop("version") != 1:
            raise _damaged()
        return Approval(**told)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise _damaged() from None


def _damaged() -> StateDamaged:
    return StateDamaged(
        _(
            "The file of approvals, {file}, cannot be read. Put it back from a backup, or move it "
            "away and approve again."
        ).format(file=FILE)
    )
