"""Has a spreadsheet or a Parquet file decoded by a child process, and reads nothing back but text."""

import io
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, cast

from typing_extensions import Buffer

from venue_agent.errors import AgentError, BrokenSource, EmptySource, SourceTooLarge
from venue_agent.sources import child
from venue_agent.words import _

MAX_TEXT: Final = 2 << 30  # bytes of CSV: ten times the largest export that we know of
MAX_GROWTH: Final = (
    400  # bytes of CSV for one of the file: a dictionary of repeated words is below 100
)
SMALL: Final = 64 << 20  # and this much in any case
MAX_SECONDS: Final = 600.0
FROZEN: Final = bool(getattr(sys, "frozen", False))  # the single file has no interpreter beside it
COMMAND: Final = (
    (sys.executable, "--decode-child")  # venue_agent.__main__
    if FROZEN
    else (sys.executable, "-I", "-m", child.__name__)
)
KEPT: Final = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LD_LIBRARY_PATH")
UNPACKED: Final = "_PYI_"  # where the single file has unpacked itself already


class _Metered(io.RawIOBase):
    """A pipe that ends after *most* bytes."""

    def __init__(self, pipe: BinaryIO, most: int) -> None:
        super().__init__()
        self.pipe, self.left = pipe, most

    def readable(self) -> bool:
        """Return True: that is what it is for."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Fill *buffer*; 0 at the end, and once the measure is full."""
        if self.left < 0:
            return 0
        view = memoryview(buffer)
        got = self.pipe.read(len(view))
        view[: len(got)] = got
        self.left -= len(got)
        return len(got) if self.left >= 0 else 0


@contextmanager
def decoded(path: Path, kind: str, sheet: str = "") -> Iterator[BinaryIO]:
    """Give the file as a stream of CSV in UTF-8, with commas, the header first.

    Raises:
        SourceTooLarge: it decodes to more memory, time or text than one export ever needs.
        BrokenSource, EmptySource: it cannot be decoded, is locked, or holds nothing.
    """
    # -I: neither PYTHONPATH nor the current folder choose what the child imports.
    command = [*COMMAND, kind, str(path), sheet, str(child.MEMORY), str(child.CPU_SECONDS)]
    kept = {n: v for n, v in os.environ.items() if n in KEPT or (FROZEN and n.startswith(UNPACKED))}
    process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell, fixed words
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a parser's last words may hold cells
        env=kept,
    )
    late = threading.Timer(MAX_SECONDS, process.kill)
    late.daemon = True
    late.start()
    meter = _Metered(cast("BinaryIO", process.stdout), _allowed(path))
    try:
        yield cast("BinaryIO", io.BufferedReader(meter))
    finally:
        # What the reader made of half a table matters less than why it is half.
        spoilt = _end(process, meter, late)
        if spoilt is not None and not isinstance(sys.exception(), SourceTooLarge):
            raise _said(path, spoilt) from None


def _allowed(path: Path) -> int:
    return min(MAX_TEXT, SMALL + MAX_GROWTH * path.stat().st_size)


def _end(process: "subprocess.Popen[bytes]", meter: _Metered, late: threading.Timer) -> int | None:
    """Stop the child; return None when all was well, else the code of what was wrong."""
    timed_out = not late.is_alive()
    late.cancel()
    stopped_by_us = process.poll() is None and not meter.pipe.closed
    at_end = stopped_by_us and meter.left >= 0 and not meter.pipe.read(1)
    if stopped_by_us and not at_end:
        process.kill()
    meter.pipe.close()
    code = process.wait()
    if meter.left < 0 or timed_out:
        return child.TOO_MUCH
    if stopped_by_us and not at_end:
        return None  # the reader had seen enough
    return code or None


def _said(path: Path, code: int) -> AgentError:
    if code == child.TOO_MUCH or code < 0:  # killed: over its memory or its time
        return SourceTooLarge(
            _(
                "{file} decodes to more than a table of tickets ever takes (2 GiB of memory or "
                "text, 400 times its size, five minutes of computing): it is damaged, or made to "
                "break its reader. Export it again, as CSV or year by year."
            ).format(file=path.name)
        )
    if code == child.LOCKED:
        return BrokenSource(
            _("{file} is protected by a password. Save it without one.").format(file=path.name)
        )
    if code == child.NO_SHEET:
        return BrokenSource(
            _("{file} has no sheet of the name that the mapping says. Correct it.").format(
                file=path.name
            )
        )
    if code == child.EMPTY:
        return EmptySource(
            _("{file} is empty. Expected a header and rows. Export it again.").format(
                file=path.name
            )
        )
    return BrokenSource(
        _("{file} cannot be decoded: it is cut or damaged. Export it again.").format(file=path.name)
    )
