"""The payload of a batch: one frame, compressed, padded to a size bucket, split and sealed in parts."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import zstandard
from pydantic import ValidationError

from contracts.base import canonical, digest
from contracts.batch import Commit, FileEntry, SignedManifest
from contracts.problems import ProblemType
from contracts.seal import SealError, open_sealed, seal

PART_BYTES: Final = 4 * 1024 * 1024
"""Plaintext bytes of every part but the last."""
SMALLEST_BUCKET: Final = 64 * 1024
"""Payloads are padded to this times a power of two, so that the web learns no finer size."""

_MAGIC: Final = b"FRD1"
_LENGTH: Final = struct.Struct(">Q")
_HEADER: Final = struct.Struct(">4sI")
_HEADER_LIMIT: Final = 1024 * 1024
_VERSIONS: Final = {("manifest", "version"), ("manifest", "columns_version")}
_LEVEL: Final = (
    1  # of such rows the quickest level leaves 4 % more than the ninth, for a tenth of its time
)
_WINDOW: Final = 8 * 1024 * 1024


class PayloadError(Exception):
    """A payload cannot be taken apart; ``problem`` is what the receipt says."""

    def __init__(self, problem: ProblemType) -> None:
        slug, _, title, remedy = problem.value
        super().__init__(f"{title} {remedy} ({slug})")
        self.problem = problem


@dataclass(frozen=True)
class Limits:
    """How much one payload may decode to."""

    plain_bytes: int = 256 * 1024 * 1024


@dataclass(frozen=True)
class BatchHead:
    """What every part is bound to: a part of one batch opens in no other place."""

    venue: str
    season: str
    month: str
    charter_sha256: str
    sequence: int
    key_sha256: str

    def info(self, part: int, total: int) -> bytes:
        """Return HPKE's ``info`` for part number *part*, counted from 1, of *total*."""
        return canonical({**self.__dict__, "part": part, "total": total})


class _Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


def head_of(commit: Commit) -> BatchHead:
    """Return what the parts of *commit* are bound to."""
    return BatchHead(
        venue=commit.venue,
        season=commit.season,
        month=commit.month,
        charter_sha256=commit.charter_sha256,
        sequence=commit.sequence,
        key_sha256=commit.key_sha256,
    )


def pack(signed: SignedManifest, files: Mapping[str, bytes]) -> bytes:
    """Return the padded payload of a manifest and the files that it lists.

    Raises:
        PayloadError: the files are not those of the manifest, byte for byte.
    """
    entries = signed.manifest.files
    _check_names(entries)
    if {e.name for e in entries} != set(files):
        raise PayloadError(ProblemType.MANIFEST)
    for entry in entries:
        _check_file(entry, files[entry.name])
    header = canonical(signed)
    frame = [_HEADER.pack(_MAGIC, len(header)), header, *(files[e.name] for e in entries)]
    packed = zstandard.ZstdCompressor(level=_LEVEL).compress(b"".join(frame))
    size = bucket(_LENGTH.size + len(packed))
    return (_LENGTH.pack(len(packed)) + packed).ljust(size, b"\0")


def unpack(payload: bytes, limits: Limits) -> tuple[SignedManifest, dict[str, bytes]]:
    """Return the manifest and its files; sizes and digests agree, the signature is not checked here.

    Decoding streams and stops at the first byte too many, whatever the compressed bytes announce.

    Raises:
        PayloadError: broken frame, digests that do not match, or more than *limits* allow.
    """
    stream = zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(
        _compressed(payload), read_across_frames=False
    )
    try:
        signed = _read_manifest(stream)
        entries = signed.manifest.files
        if sum(entry.size for entry in entries) > limits.plain_bytes:
            raise PayloadError(ProblemType.BOMB)
        files: dict[str, bytes] = {}
        for entry in entries:
            files[entry.name] = _exactly(stream, entry.size)
            _check_file(entry, files[entry.name])
        if stream.read(1):
            raise PayloadError(ProblemType.MANIFEST)
    except zstandard.ZstdError as error:
        raise PayloadError(ProblemType.UNOPENABLE) from error
    return signed, files


def bucket(size: int) -> int:
    """Return the smallest size bucket that holds *size* bytes."""
    steps = max(0, (size - 1) // SMALLEST_BUCKET)
    return SMALLEST_BUCKET << steps.bit_length()


def split(payload: bytes) -> list[bytes]:
    """Return the payload cut into parts of at most ``PART_BYTES``."""
    return [payload[i : i + PART_BYTES] for i in range(0, len(payload), PART_BYTES)]


def join(parts: Sequence[bytes]) -> bytes:
    """Return the payload of which these are the parts, in order."""
    return b"".join(parts)


def seal_parts(payload: bytes, head: BatchHead, public: str) -> Iterator[bytes]:
    """Yield the sealed parts of *payload*, in order.

    Raises:
        SealError: *public* is not a sealing key.
    """
    parts = split(payload)
    for number, part in enumerate(parts, start=1):
        yield seal(part, public, head.info(number, len(parts)))


def open_parts(sealed: Sequence[bytes], commit: Commit, private: bytes) -> bytes:
    """Return the payload of a commit from its sealed parts, which are checked against it.

    Raises:
        PayloadError: parts that are not the commit's, or that the key does not open.
    """
    if [digest(part) for part in sealed] != [part.sha256 for part in commit.parts]:
        raise PayloadError(ProblemType.DIGEST)
    head, total = head_of(commit), len(sealed)
    try:
        return join(
            [
                open_sealed(part, private, head.info(number, total))
                for number, part in enumerate(sealed, start=1)
            ]
        )
    except SealError as error:
        raise PayloadError(ProblemType.UNOPENABLE) from error


def _compressed(payload: bytes) -> memoryview:
    if len(payload) < _LENGTH.size:
        raise PayloadError(ProblemType.UNOPENABLE)
    (length,) = _LENGTH.unpack_from(payload)
    end = _LENGTH.size + length
    if end > len(payload) or payload.count(0, end) != len(payload) - end:
        raise PayloadError(ProblemType.UNOPENABLE)
    return memoryview(payload)[_LENGTH.size : end]


def _read_manifest(stream: _Readable) -> SignedManifest:
    magic, length = _HEADER.unpack(_exactly(stream, _HEADER.size))
    if magic != _MAGIC or length > _HEADER_LIMIT:
        raise PayloadError(ProblemType.UNOPENABLE)
    header = _exactly(stream, length)
    try:
        signed = SignedManifest.model_validate_json(header)
    except ValidationError as error:
        places = {defect["loc"] for defect in error.errors(include_input=False)}
        problem = ProblemType.VERSION if places & _VERSIONS else ProblemType.MANIFEST
        # `from None`: the validator's error could hold what was sent.
        raise PayloadError(problem) from None
    _check_names(signed.manifest.files)
    return signed


def _exactly(stream: _Readable, size: int) -> bytes:
    chunks: list[bytes] = []
    left = size
    while left:
        chunk: Any = stream.read(min(left, 1024 * 1024))
        if not chunk:
            raise PayloadError(ProblemType.MANIFEST)
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks)


def _check_names(entries: Sequence[FileEntry]) -> None:
    if len({entry.name for entry in entries}) != len(entries):
        raise PayloadError(ProblemType.MANIFEST)


def _check_file(entry: FileEntry, data: bytes) -> None:
    if len(data) != entry.size or digest(data) != entry.sha256:
        raise PayloadError(ProblemType.MANIFEST)
