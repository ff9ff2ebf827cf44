"""The payload: what goes in comes out, once, within bounds, in its own batch only."""

import struct

import pytest
import zstandard

from contracts.base import canonical, digest
from contracts.batch import Commit, Part, SignedManifest
from contracts.payload import (
    PART_BYTES,
    SMALLEST_BUCKET,
    BatchHead,
    Limits,
    PayloadError,
    bucket,
    head_of,
    join,
    open_parts,
    pack,
    seal_parts,
    split,
    unpack,
)
from contracts.problems import ProblemType
from tests.support.wire import VENUES, Network, network, signed_manifest

FILES = {"persons.csv": b"contribution_id\nab\n", "visits.csv": b"contribution_id\nab\nab\n"}


@pytest.fixture(scope="module")
def net() -> Network:
    return network()


def test_round_trip(net: Network) -> None:
    signed = signed_manifest(net, FILES)
    payload = pack(signed, FILES)
    assert unpack(payload, Limits()) == (signed, FILES)
    assert len(payload) == SMALLEST_BUCKET


def test_the_size_tells_no_more_than_the_bucket(net: Network) -> None:
    sizes = set()
    for persons in (b"", b"x" * 10, bytes(range(256)) * 100):
        files = {**FILES, "persons.csv": persons}
        sizes.add(len(pack(signed_manifest(net, files), files)))
    assert sizes == {SMALLEST_BUCKET}


@pytest.mark.parametrize(
    ("size", "expected"),
    [(1, 1), (65536, 1), (65537, 2), (131072, 2), (131073, 4), (1_000_000, 16)],
)
def test_buckets_are_powers_of_two(size: int, expected: int) -> None:
    assert bucket(size) == expected * SMALLEST_BUCKET


@pytest.mark.parametrize(
    "files",
    [
        {"persons.csv": FILES["persons.csv"]},
        {**FILES, "visits.csv": b"other"},
        {**FILES, "erasures.csv": b""},
    ],
)
def test_pack_refuses_files_that_are_not_the_manifests(
    net: Network, files: dict[str, bytes]
) -> None:
    with pytest.raises(PayloadError) as caught:
        pack(signed_manifest(net, FILES), files)
    assert caught.value.problem is ProblemType.MANIFEST


def framed(signed: SignedManifest | bytes, body: bytes, magic: bytes = b"FRD1") -> bytes:
    header = signed if isinstance(signed, bytes) else canonical(signed)
    packed = zstandard.compress(struct.pack(">4sI", magic, len(header)) + header + body)
    return struct.pack(">Q", len(packed)) + packed


def problem_of(payload: bytes, limits: Limits | None = None) -> ProblemType:
    with pytest.raises(PayloadError) as caught:
        unpack(payload, limits or Limits())
    return caught.value.problem


def test_broken_frames_are_refused(net: Network) -> None:
    signed = signed_manifest(net, FILES)
    body = b"".join(FILES.values())
    assert unpack(framed(signed, body), Limits())[1] == FILES
    assert problem_of(framed(signed, body + b"x")) is ProblemType.MANIFEST
    assert problem_of(framed(signed, body[:-1])) is ProblemType.MANIFEST
    assert problem_of(framed(signed, body[:-2] + b"x\n")) is ProblemType.MANIFEST
    assert problem_of(framed(signed, body, b"FRD2")) is ProblemType.UNOPENABLE
    assert problem_of(framed(b'{"manifest":1}', body)) is ProblemType.MANIFEST
    for told in (b'"columns_version":1', b'"version":1'):
        plain = canonical(signed)
        later = plain.replace(told, told[:-1] + b"2", 1)
        assert later != plain
        assert problem_of(framed(later, body)) is ProblemType.VERSION
    assert problem_of(b"") is ProblemType.UNOPENABLE
    assert problem_of(bytes(100)) is ProblemType.MANIFEST
    assert problem_of(struct.pack(">Q", 10) + b"not zstd!!") is ProblemType.UNOPENABLE
    assert problem_of(struct.pack(">Q", 2**63) + bytes(20)) is ProblemType.UNOPENABLE
    assert problem_of(framed(signed, body) + b"\0\1") is ProblemType.UNOPENABLE


def test_a_manifest_that_names_a_file_twice_is_refused(net: Network) -> None:
    signed = signed_manifest(net, FILES)
    first = signed.manifest.files[0]
    doubled = signed.model_copy(
        update={"manifest": signed.manifest.model_copy(update={"files": [first, first]})}
    )
    assert problem_of(framed(doubled, FILES["persons.csv"] * 2)) is ProblemType.MANIFEST


def test_a_bomb_is_refused_before_it_is_decoded(net: Network) -> None:
    zeros = {"persons.csv": bytes(3_000_000)}
    payload = pack(signed_manifest(net, zeros), zeros)
    assert len(payload) < 100_000
    assert problem_of(payload, Limits(plain_bytes=2_999_999)) is ProblemType.BOMB
    assert unpack(payload, Limits(plain_bytes=3_000_000))[1] == zeros


def test_a_bomb_behind_a_small_manifest_stops_at_its_first_byte(net: Network) -> None:
    signed = signed_manifest(net, FILES)
    payload = framed(signed, b"".join(FILES.values()) + bytes(300_000_000))
    assert problem_of(payload) is ProblemType.MANIFEST


def test_a_huge_header_is_refused() -> None:
    packed = zstandard.compress(struct.pack(">4sI", b"FRD1", 2**32 - 1) + bytes(100))
    assert problem_of(struct.pack(">Q", len(packed)) + packed) is ProblemType.UNOPENABLE


def test_split_and_join() -> None:
    payload = bytes(range(256)) * (PART_BYTES // 256) + b"tail"
    parts = split(payload)
    assert [len(part) for part in parts] == [PART_BYTES, 4]
    assert join(parts) == payload


def sealed_batch(net: Network, payload: bytes) -> tuple[list[bytes], Commit]:
    head = BatchHead(
        venue=VENUES[0],
        season="2025-2026",
        month="2025-10",
        charter_sha256=net.sha256,
        sequence=1,
        key_sha256=net.key_sha256,
    )
    sealed = list(seal_parts(payload, head, net.charter.hub.vault_key))
    commit = Commit(
        **head.__dict__,
        parts=[Part(sha256=digest(part), size=len(part)) for part in sealed],
    )
    return sealed, commit


def test_parts_open_in_their_own_batch_only(net: Network) -> None:
    payload = bytes(PART_BYTES) + b"tail"
    sealed, commit = sealed_batch(net, payload)
    assert open_parts(sealed, commit, net.vault_private) == payload
    assert head_of(commit).sequence == 1
    for change in ({"sequence": 2}, {"month": "2025-11"}, {"venue": VENUES[1]}):
        with pytest.raises(PayloadError) as caught:
            open_parts(sealed, commit.model_copy(update=change), net.vault_private)
        assert caught.value.problem is ProblemType.UNOPENABLE


def test_parts_in_another_order_or_number_do_not_open(net: Network) -> None:
    sealed, commit = sealed_batch(net, bytes(PART_BYTES) + b"tail")
    with pytest.raises(PayloadError) as caught:
        open_parts(sealed[::-1], commit, net.vault_private)
    assert caught.value.problem is ProblemType.DIGEST
    swapped = commit.model_copy(update={"parts": commit.parts[::-1]})
    with pytest.raises(PayloadError) as caught:
        open_parts(sealed[::-1], swapped, net.vault_private)
    assert caught.value.problem is ProblemType.UNOPENABLE
    fewer = commit.model_copy(update={"parts": commit.parts[:1]})
    with pytest.raises(PayloadError) as caught:
        open_parts(sealed[:1], fewer, net.vault_private)
    assert caught.value.problem is ProblemType.UNOPENABLE
