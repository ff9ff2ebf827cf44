"""Finds how a French text file is encoded, among the five encodings that venues' software writes."""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import Final, NamedTuple

from venue_agent.errors import SourceMissing, WrongEncoding
from venue_agent.words import _

EIGHT_BIT: Final = ("cp1252", "mac_roman", "cp850")
KNOWN: Final = ("utf-8", "utf-16", *EIGHT_BIT)
LOWER: Final = frozenset("àâäæçéèêëîïôöœùûüÿ")
UPPER: Final = frozenset("ÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜ")
SIGNS: Final = frozenset("’‘“”«»–—€°²\u00a0\u202fñíóáúß")
CHUNK: Final = 1 << 22
SAMPLE: Final = 1 << 16
PLENTY: Final = 1000  # French passages after which good UTF-8 is not looked at one by one
NOT_ASCII: Final = re.compile(rb"[^\x00\x80-\xff]?[\x00\x80-\xff]+")
BOMS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SHARE_OF_NULLS: Final = 0.3  # of the bytes of an even or odd rank: half of French UTF-16 is zeros
SHARE_OF_UTF8: Final = 0.05  # of the accented passages: above, two encodings were pasted together


class Decoding(NamedTuple):
    """A Python codec and what it does with the bytes that it cannot read."""

    codec: str
    errors: str


@dataclass(frozen=True)
class _Seen:
    """What a look at every byte told; ``accents`` and ``foreign`` are samples, and bounded."""

    utf16: str  # the codec, "" when it is none
    is_utf8: bool
    accents: bytes  # what is not ASCII, each with the byte before
    french: int  # accented passages that are French when read as UTF-8
    foreign: tuple[bytes, ...]  # accented passages that are no UTF-8 at all


def find_encoding(path: Path, expected: str = "auto") -> str:
    """Return the codec of *path* as ``find_decoding`` does, without its error handler."""
    return find_decoding(path, expected).codec


def find_decoding(path: Path, expected: str = "auto") -> Decoding:
    """Return how to read *path*: as UTF-8 (with or without BOM), UTF-16, cp1252, mac-roman, cp850.

    UTF-8 and UTF-16 are certain when the whole file decodes; the others decode almost anything, so
    the one that gives the most French letters wins (general guessers are wrong here: they weigh
    encodings that no French ticketing software writes). Where UTF-8 and another were pasted into
    one file, each passage is read as what it is.

    Raises:
        SourceMissing: the file cannot be read.
        WrongEncoding: the file is no text, or not in the encoding *expected* by the mapping.
    """
    try:
        seen = _scan(path)
    except OSError as error:
        raise SourceMissing(
            _("The file {file} cannot be read. Check its rights.").format(file=path.name)
        ) from error
    if not seen.utf16 and b"\x00" in seen.accents:
        raise WrongEncoding(
            _(
                "{file} holds null bytes: it is damaged, or no text. Expected UTF-8, UTF-16, "
                "cp1252, mac-roman or cp850. Export it again as CSV UTF-8."
            ).format(file=path.name)
        )
    found = _best(seen)
    plain = found.codec.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    mixed = found.errors in _HANDLERS
    _refuse_other(path, _("a mixture") if mixed else plain, expected, ascii_only=not seen.accents)
    return found


def _best(seen: _Seen) -> Decoding:
    if seen.utf16:
        return Decoding(seen.utf16, "strict")
    if seen.is_utf8:
        return Decoding("utf-8-sig", "strict")
    if seen.french >= SHARE_OF_UTF8 * (seen.french + len(seen.foreign)):
        return Decoding("utf-8-sig", "farandole-" + _most_french(b" ".join(seen.foreign)))
    return Decoding(_most_french(seen.accents), "replace")  # cp1252 has five holes


def _most_french(sample: bytes) -> str:
    return max(EIGHT_BIT, key=lambda codec: french_score(sample, codec))


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
        _(
            "{file} reads as {found}, but the mapping says {expected}. Set encoding = "
            '"auto" in the mapping, or export the file again.'
        ).format(file=path.name, found=found, expected=expected)
    )


def _scan(path: Path) -> _Seen:
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, french, size = True, 0, 0
    accents, foreign = bytearray(), list[bytes]()
    with path.open("rb") as stream:
        head = stream.read(CHUNK)
        if utf16 := _utf16(head):
            _read_through(path, utf16)
            return _Seen(utf16, is_utf8=False, accents=b"\xff", french=0, foreign=())
        for chunk in chain([head], iter(lambda: stream.read(CHUNK), b"")):
            is_utf8 = is_utf8 and _still_utf8(decoder, chunk)
            passages = [] if size > SAMPLE or (is_utf8 and french > PLENTY) else _passages(chunk)
            accents += b" ".join(passages) if len(accents) < SAMPLE else b""
            for passage in passages:
                if _still_utf8(codecs.getincrementaldecoder("utf-8")(), passage, final=True):
                    french += french_score(passage, "utf-8") > 0
                else:
                    foreign.append(passage)
                    size += len(passage)
    is_utf8 = is_utf8 and _still_utf8(decoder, b"", final=True)
    return _Seen("", is_utf8, bytes(accents[:SAMPLE]), french, tuple(foreign))


def _passages(chunk: bytes) -> list[bytes]:
    return [] if chunk.isascii() and b"\x00" not in chunk else NOT_ASCII.findall(chunk)


def _utf16(head: bytes) -> str:
    """Return the UTF-16 codec of a file that begins with *head*, "" when it is something else."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return ""
    if head.startswith(BOMS):
        return "utf-16"
    low, high = head[:SAMPLE:2].count(0), head[1:SAMPLE:2].count(0)
    enough = SHARE_OF_NULLS * len(head[:SAMPLE]) / 2
    if max(low, high) <= enough or min(low, high) > enough:
        return ""
    return "utf-16-le" if high > low else "utf-16-be"


def _read_through(path: Path, codec: str) -> None:
    try:
        with path.open(encoding=codec, newline="") as stream:
            while stream.read(CHUNK):
                pass
    except UnicodeError:
        raise WrongEncoding(
            _(
                "{file} begins as UTF-16 and does not go on so: it is cut or damaged. "
                "Export it again."
            ).format(file=path.name)
        ) from None


def _still_utf8(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _reading_as(codec: str) -> Callable[[UnicodeError], tuple[str, int]]:
    def read(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        return error.object[error.start : error.end].decode(codec, "replace"), error.end

    return read


_HANDLERS: Final = tuple(f"farandole-{codec}" for codec in EIGHT_BIT)
for _name, _codec in zip(_HANDLERS, EIGHT_BIT, strict=True):
    codecs.register_error(_name, _reading_as(_codec))
