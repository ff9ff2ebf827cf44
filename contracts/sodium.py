"""Find libsodium once: the system's library first, else the one inside the ``rbcl`` wheel, leaving nothing behind."""

import ctypes
import ctypes.util
import importlib.util
import re
import tempfile
from typing import Final

MINIMUM: Final = (10, 3)
"""Library version of libsodium 1.0.18, the first with the ristretto255 functions we call."""

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


def _system_library() -> ctypes.CDLL | None:
    name = ctypes.util.find_library("sodium")
    return _open(name) if name else None


def _wheel_library() -> ctypes.CDLL | None:
    # The wheel holds the library as hexadecimal text. Importing it would leave a 2.8 MB file in the
    # temp folder at each start, so the text is read instead and our own copy unlinked once mapped.
    package = importlib.util.find_spec("rbcl")
    if package is None or not package.submodule_search_locations:
        return None
    source = f"{package.submodule_search_locations[0]}/_sodium.py"
    with open(source, "rb") as file:  # noqa: PTH123 - pathlib is no friend of the pure floor
        found = _EMBEDDED.search(file.read())
    if found is None:
        return None
    with tempfile.NamedTemporaryFile(suffix=".so") as copy:
        copy.write(bytes.fromhex(found.group(1).decode()))
        copy.flush()
        return _open(copy.name)


def _open(name: str) -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(name)
        version = (library.sodium_library_version_major(), library.sodium_library_version_minor())
    except (OSError, AttributeError):
        return None
    usable = version >= MINIMUM and library.sodium_init() >= 0
    return library if usable else None
