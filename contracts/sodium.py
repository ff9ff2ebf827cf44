"""Find libsodium once: the system's library first, else the one inside the ``rbcl`` wheel, leaving nothing behind."""

import contextlib
import ctypes
import ctypes.util
import glob
import importlib.util
import os
import re
import tempfile
from typing import Final

MINIMUM: Final = (10, 3)
"""Library version of libsodium 1.0.18, the first with the ristretto255 functions we call."""

_PREFIX: Final = "farandole-sodium-"
_EMBEDDED = re.compile(rb"bytes\.fromhex\('([0-9a-f]+)'\)")


class SodiumMissing(ImportError):
    """No usable libsodium on this machine."""


def load_library() -> ctypes.CDLL:
    """Return libsodium, initialised.

    Raises:
        SodiumMissing: neither the system nor the ``rbcl`` wheel has libsodium 1.0.18 or later.
    """
    library = _system_library() or _wheel_library()
    if library is None:
        raise SodiumMissing(
            "Found no libsodium; expected 1.0.18 or later. Install libsodium23 or the rbcl wheel."
        )
    return library


def version() -> str:
    """Return the version of the libsodium that is used, such as 1.0.20."""
    said = load_library().sodium_version_string
    said.restype = ctypes.c_char_p
    return str(said().decode())


def _system_library() -> ctypes.CDLL | None:
    name = ctypes.util.find_library("sodium")
    return _open(name) if name else None


def _wheel_library() -> ctypes.CDLL | None:
    # The wheel holds the library as hexadecimal text. Importing it would leave a 2.8 MB file in the
    # temp folder at each start, so the text is read instead.
    package = importlib.util.find_spec("rbcl")
    if package is None or not package.submodule_search_locations:
        return None
    source = f"{package.submodule_search_locations[0]}/_sodium.py"
    with open(source, "rb") as file:  # noqa: PTH123 - pathlib is no friend of the pure floor
        found = _EMBEDDED.search(file.read())
    if found is None:
        return None
    return _of_bytes(bytes.fromhex(found.group(1).decode()))


def _of_bytes(content: bytes) -> ctypes.CDLL | None:
    return _of_memory(content) or _of_file(content)


def _of_memory(content: bytes) -> ctypes.CDLL | None:
    """Linux: no file at all, for a temp folder may forbid execution; nothing where memory or /proc does."""
    memory = getattr(os, "memfd_create", None)
    if memory is not None:
        with contextlib.suppress(OSError), os.fdopen(memory(_PREFIX), "wb") as held:
            held.write(content)
            held.flush()
            return _open(f"/proc/self/fd/{held.fileno()}")
    return None


def _of_file(content: bytes) -> ctypes.CDLL | None:
    for left in glob.glob(f"{tempfile.gettempdir()}/{_PREFIX}*"):  # noqa: PTH207 - as above
        _remove(left)
    handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=".dll" if os.name == "nt" else ".so")
    with os.fdopen(handle, "wb") as copy:
        copy.write(content)
    try:
        return _open(name)
    finally:
        _remove(name)  # Windows keeps what is mapped: the next start removes it


def _remove(name: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(name)  # noqa: PTH108 - as above


def _open(name: str) -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(name)
        version = (library.sodium_library_version_major(), library.sodium_library_version_minor())
    except (OSError, AttributeError):
        return None
    usable = version >= MINIMUM and library.sodium_init() >= 0
    return library if usable else None
