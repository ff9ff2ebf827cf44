"""Sealing and signatures: only the right key, context and bytes."""

import pytest

from contracts.seal import (
    SEAL_OVERHEAD,
    SealError,
    new_sealing_key,
    new_signing_key,
    open_sealed,
    seal,
    sealing_key_digest,
    sign,
    signing_public,
    verify,
)

PRIVATE, PUBLIC = new_sealing_key()


def test_what_is_sealed_opens() -> None:
    sealed = seal(b"plain", PUBLIC, b"info")
    assert open_sealed(sealed, PRIVATE, b"info") == b"plain"
    assert len(sealed) == len(b"plain") + SEAL_OVERHEAD
    assert b"plain" not in sealed


def test_two_seals_of_one_text_differ() -> None:
    assert seal(b"plain", PUBLIC, b"i") != seal(b"plain", PUBLIC, b"i")


def test_another_context_or_key_does_not_open() -> None:
    sealed = seal(b"plain", PUBLIC, b"info")
    with pytest.raises(SealError):
        open_sealed(sealed, PRIVATE, b"other")
    with pytest.raises(SealError):
        open_sealed(sealed, new_sealing_key()[0], b"info")


@pytest.mark.parametrize("position", [0, 600, 1119, 1120, 1125, -1])
def test_a_flipped_bit_does_not_open(position: int) -> None:
    sealed = bytearray(seal(b"plain text", PUBLIC, b"info"))
    sealed[position] ^= 1
    with pytest.raises(SealError):
        open_sealed(bytes(sealed), PRIVATE, b"info")


@pytest.mark.parametrize("sealed", [b"", b"short", bytes(SEAL_OVERHEAD)])
def test_too_short_is_a_seal_error(sealed: bytes) -> None:
    with pytest.raises(SealError):
        open_sealed(sealed, PRIVATE, b"info")


@pytest.mark.parametrize("public", ["", "zz", "00" * 10, PUBLIC + "00", "ff" * 1216])
def test_a_public_key_of_another_kind_is_refused(public: str) -> None:
    with pytest.raises(SealError):
        seal(b"plain", public, b"")


def test_a_private_key_of_another_length_is_refused() -> None:
    with pytest.raises(SealError):
        open_sealed(bytes(2000), b"short", b"")


def test_the_digest_names_the_key() -> None:
    assert sealing_key_digest(PUBLIC) != sealing_key_digest(new_sealing_key()[1])
    assert len(sealing_key_digest(PUBLIC)) == 64


def test_signatures() -> None:
    private, public = new_signing_key()
    assert signing_public(private) == public
    signature = sign(private, b"data")
    verify(public, b"data", signature)
    with pytest.raises(SealError):
        verify(public, b"date", signature)
    with pytest.raises(SealError):
        verify(new_signing_key()[1], b"data", signature)
    for bad_key, bad_signature in ((public, "zz"), ("00", signature), (public, "00")):
        with pytest.raises(SealError):
            verify(bad_key, b"data", bad_signature)
    with pytest.raises(SealError):
        sign(b"short", b"data")
