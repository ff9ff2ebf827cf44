"""Finds how a French text file is encoded, among the four encodings that venues' software writes."""

import codecs
import re
from itertools import pairwise
from pathlib import Path
from typing import Final

from venue_agent.errors import SourceMissing, WrongEncoding

EIGHT_BIT: Final = ("cp1252", "mac_roman", "cp850")
KNOWN: Final = ("utf-8", *EIGHT_BIT)
LOWER: Final = frozenset("àâäæçéèêëîïôöœùûüÿ")
UPPER: Final = frozenset("ÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜ")
SIGNS: Final = frozenset("’‘“”«»–—€°²\u00a0ñíóáúß")
CHUNK: Final = 1 << 22
SAMPLE: Final = 1 << 16
NOT_ASCII: Final = re.compile(rb"[^\x00\x80-\xff]?[\x00\x80-\xff]+")


def find_encoding(path: Path, expected: str = "auto") -> str:
    """Return the Python codec of *path*: ``utf-8-sig``, ``cp1252``, ``mac_roman`` or ``cp850``.

    UTF-8 is certain when the whole file decodes; the three others decode almost anything, so the
    one that gives the most French letters wins (general guessers are wrong here: they weigh
    encodings that no French ticketing software writes).

    Raises:
        SourceMissing: the file cannot be read.
        WrongEncoding: the file is no text, or not in the encoding *expected* by the mapping.
    """
    try:
        is_utf8, sample = _scan(path)
    except OSError as error:
        raise SourceMissing(f"The file {path.name} cannot be read. Check its rights.") from error
    if b"\x00" in sample:
        raise WrongEncoding(
            f"{path.name} holds null bytes: it is UTF-16 or no text. "
            "Expected UTF-8, cp1252, mac-roman or cp850. Export it again as CSV UTF-8."
        )
    found = "utf-8" if is_utf8 else max(EIGHT_BIT, key=lambda codec: french_score(sample, codec))
    _refuse_other(path, found, expected, ascii_only=not sample)
    return "utf-8-sig" if found == "utf-8" else found


def french_score(sample: bytes, codec: str) -> int:
    """Return how French *sample* reads in *codec*: what French writes, less what it does not.

    A capital after a small letter counts against: cp1252 « é » reads as mac-roman « È ».
    """
    text = sample.decode(codec, errors="replace")
    return sum(_weight(c, before) for before, c in pairwise(" " + text) if not c.isascii())


def _weight(letter: str, before: str) -> int:
    if letter in LOWER:
        return 2
    if letter in UPPER:
        return -2 if before.islower() else 1
    return 0 if letter in SIGNS else -3


def _refuse_other(path: Path, found: str, expected: str, *, ascii_only: bool) -> None:
    wanted = expected.lower().replace("mac-roman", "mac_roman").removesuffix("-sig")
    if wanted in ("auto", found) or ascii_only:
        return
    raise WrongEncoding(
        f"{path.name} reads as {found}, but the mapping says {expected}. "
        'Set encoding = "auto" in the mapping, or export the file again.'
    )


def _scan(path: Path) -> tuple[bool, bytes]:
    """Return whether the whole file is UTF-8, and what is not ASCII, each with the byte before."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, sample = True, bytearray()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            if len(sample) < SAMPLE and not (chunk.isascii() and b"\x00" not in chunk):
                sample += b" ".join(NOT_ASCII.findall(chunk))
            is_utf8 = is_utf8 and _still_utf8(decoder, chunk)
    return is_utf8 and _still_utf8(decoder, b"", final=True), bytes(sample[:SAMPLE])


def _still_utf8(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True
