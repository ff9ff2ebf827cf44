"""A dictionary attack on stolen bytes: every usual hash of every guess, with every string found there as key or salt."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

HASHES = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
PREFIX = 8  # bytes of a digest that are looked for: by chance, one in 2^64 for each pair
_HEX = b"0123456789abcdef"
_B64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
Words = NDArray[np.uint64]


def strings_of(data: bytes) -> set[bytes]:
    """Everything that could be a key or a salt: printable runs, words, what hex and base64 stand for."""
    found = {b"", *re.findall(rb"[\x20-\x7e]{6,160}", data), *re.findall(rb"[\w.+-]{6,64}", data)}
    for text in re.findall(rb"\b(?:[0-9a-fA-F]{2}){16,64}\b", data):
        found.add(bytes.fromhex(text.decode()))
    for text in re.findall(rb"[A-Za-z0-9+/]{22,88}={0,2}", data):
        try:
            found.add(base64.b64decode(text, validate=True))
        except binascii.Error:
            continue
    return found


def digests(
    plains: Iterable[bytes], keys: Iterable[bytes], names: Iterable[str]
) -> Iterator[bytes]:
    """Every digest of every plain text: alone, keyed, salted before and after."""
    keys, names = list(keys), list(names)
    for plain in plains:
        for name in names:
            for key in keys:
                yield hmac.digest(key, plain, name)
                yield hashlib.new(name, key + plain).digest()
                yield hashlib.new(name, plain + key).digest()


def windows_of(data: bytes) -> Words:
    """Eight bytes at each place of *data*: as they are, and as hex or base64 there would stand for."""
    raw = np.frombuffer(data, np.uint8)
    values = _digits(data.lower(), _HEX)
    safe = _digits(data, _B64 + b"+/")
    url = _digits(data, _B64 + b"-_")
    found = [_packed(raw, 8, 8), _packed(values, 16, 4), *(_packed(v, 11, 6) for v in (safe, url))]
    return np.unique(np.concatenate(found))


def among(values: Iterable[bytes], windows: Words) -> list[bytes]:
    """Those of *values* whose first bytes stand somewhere in what *windows* was made of."""
    kept = list(values)
    heads = np.frombuffer(b"".join(v[:PREFIX] for v in kept), ">u8").astype(np.uint64)
    return [kept[i] for i in np.flatnonzero(np.isin(heads, windows))]


def _digits(data: bytes, alphabet: bytes) -> NDArray[np.uint8]:
    table = np.full(256, 255, np.uint8)
    table[np.frombuffer(alphabet, np.uint8)] = np.arange(len(alphabet))
    values: NDArray[np.uint8] = table[np.frombuffer(data, np.uint8)]
    return values


def _packed(values: NDArray[np.uint8], count: int, bits: int) -> Words:
    """Pack *count* digits of *bits* at each place into the first 64 bits that they stand for."""
    size = max(0, len(values) - count + 1)
    out, good = np.zeros(size, np.uint64), np.ones(size, bool)
    for place in range(count):
        digit = values[place : place + size]
        if bits < 8:
            good &= digit != 255
        left = 64 - bits * (place + 1)
        wide = digit.astype(np.uint64)
        out |= wide << np.uint64(left) if left >= 0 else wide >> np.uint64(-left)
    return out[good]
