"""What each tombstone bars, sealed: an opening season carries it over, so that who was forgotten stays forgotten."""

from collections.abc import Iterable
from secrets import token_bytes
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, delete, insert, select

from contracts.ristretto import POINT_BYTES
from hub.vault.erase import Barred, Graves
from hub.vault.keys import VaultKeys
from hub.vault.tables import grave

_NONCE: Final = 12
_VENUE: Final = 40  # bytes of the longest name: boxes are all as long
_PLACE: Final = b"farandole/graves/1"


def put(connection: Connection, keys: VaultKeys, barred: Iterable[Barred]) -> None:
    """Keep what is barred, sealed under its tombstone's name; what is kept already stays."""
    made = Graves(keys)
    rows = {made.of_point(point, venue): (venue, point) for venue, point in barred}
    known = set(connection.execute(select(grave.c.mac)).scalars())
    cipher = _cipher(keys)
    fresh = []
    for mac in sorted(rows.keys() - known):
        venue, point = rows[mac]
        nonce, plain = token_bytes(_NONCE), point + venue.encode().ljust(_VENUE)
        fresh.append({"mac": mac, "box": nonce + cipher.encrypt(nonce, plain, mac.encode())})
    if fresh:
        connection.execute(insert(grave), fresh)


def barred(connection: Connection, keys: VaultKeys) -> list[Barred]:
    """Return everything that is barred and can be carried."""
    cipher = _cipher(keys)
    found = []
    for mac, box in connection.execute(select(grave.c.mac, grave.c.box).order_by(grave.c.mac)):
        plain = cipher.decrypt(bytes(box[:_NONCE]), bytes(box[_NONCE:]), mac.encode())
        found.append((plain[POINT_BYTES:].decode().strip(), plain[:POINT_BYTES]))
    return found


def replace(connection: Connection, keys: VaultKeys, barred: Iterable[Barred]) -> None:
    """Keep these in the place of all others: those were of a season that is over."""
    connection.execute(delete(grave))
    put(connection, keys, barred)


def _cipher(keys: VaultKeys) -> AESGCM:
    return AESGCM(keys.file_key("tokens", b"", _PLACE))
