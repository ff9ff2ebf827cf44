"""The custodian's home folder: its settings, its signing key and one pseudonym key per season, each file 0600."""

import json
import os
import re
import secrets
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from contracts import ristretto, voprf
from contracts.api import CustodianKeys
from contracts.seal import fingerprint, new_signing_key, signing_public
from hub.custodian.errors import ConfigError, SeasonUnknown

SETTINGS: Final = "custodian.json"
SIGNING_KEY: Final = "signing.key"
KEYS: Final = "keys"
_SEASON_FILE: Final = "season-{}.key"
_SEASON = re.compile(r"20[0-9]{2}-20[0-9]{2}")
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Keys:
    """What the custodian holds and nobody else does."""

    operator: str
    database_url: str
    signing: bytes = field(repr=False)
    seasons: dict[str, bytes] = field(repr=False)  # season -> secret scalar k

    def of(self, season: str) -> bytes:
        """Return the season's secret scalar.

        Raises:
            SeasonUnknown: there is none.
        """
        if season not in self.seasons:
            raise SeasonUnknown("Found a season without pseudonym key; expected one of /v1/keys.")
        return self.seasons[season]

    @property
    def fingerprint(self) -> str:
        """What venues compare by telephone: the digest of the public signing key."""
        return fingerprint(signing_public(self.signing))

    def public(self) -> CustodianKeys:
        """Return what may be known: operator, Ed25519 key, and K = k·G for each season."""
        return CustodianKeys(
            operator=self.operator,
            signing_key=signing_public(self.signing),
            season_keys={season: public_point(k).hex() for season, k in self.seasons.items()},
        )


def public_point(secret: bytes) -> bytes:
    """Return K = k·G."""
    return ristretto.multiply_base(secret)


def make_home(home: Path, operator: str, database_url: str | None) -> None:
    """Make the folder, its settings and the signing key.

    Raises:
        ConfigError: there is a custodian in that folder already.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / KEYS).mkdir(mode=0o700, exist_ok=True)
    settings = {"operator": operator, "database_url": database_url or _default_url(home)}
    _write_once(home / SETTINGS, json.dumps(settings, indent=2, ensure_ascii=False) + "\n")
    private, _ = new_signing_key()
    _write_once(home / KEYS / SIGNING_KEY, private.hex())


def check_season(season: str) -> None:
    """Raise ``ConfigError`` unless the season is written as 2025-2026."""
    if not _SEASON.fullmatch(season):
        raise ConfigError("Found a season written otherwise; expected two years, as 2025-2026.")


def add_season(home: Path, season: str) -> str:
    """Draw the key of one season and return its public point in hexadecimal.

    Raises:
        ConfigError: the season is not written 2025-2026, or has a key already.
    """
    check_season(season)
    secret, public = voprf.derive_key(secrets.token_bytes(voprf.SEED_BYTES), season.encode())
    _write_once(home / KEYS / _SEASON_FILE.format(season), secret.hex())
    return public.hex()


def destroy_season(home: Path, season: str) -> None:
    """Overwrite and remove the key of one season; again is harmless. Backups are the operator's to destroy."""
    path = home / KEYS / _SEASON_FILE.format(season)
    if not path.exists():
        return
    with path.open("r+b") as file:
        file.write(b"0" * path.stat().st_size)
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def stamp_of(home: Path) -> tuple[tuple[str, int], ...]:
    """Return what changes whenever a season's key is added or destroyed."""
    found = (home / KEYS).glob(_SEASON_FILE.format("*"))
    return tuple(sorted((path.name, path.stat().st_mtime_ns) for path in found))


def load_home(home: Path) -> Keys:
    """Return everything in the folder.

    Raises:
        ConfigError: it is incomplete, or its keys can be read by others.
    """
    try:
        settings = json.loads((home / SETTINGS).read_text(encoding="utf-8"))
        found = sorted((home / KEYS).glob(_SEASON_FILE.format("*")))
        seasons = {path.stem.removeprefix("season-"): _read_secret(path) for path in found}
        signing = _read_secret(home / KEYS / SIGNING_KEY)
        return Keys(settings["operator"], settings["database_url"], signing, seasons)
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(
            "Found no complete custodian in {home} ({kind}); expected the folder that "
            "`farandole-custodian init` made. Restore it from its backup; never make keys anew.",
            home=home,
            kind=type(error).__name__,
        ) from error


def watched(home: Path) -> Callable[[], Keys]:
    """Return what gives the keys of the folder as they stand, read again when a season was added or destroyed.

    Raises:
        ConfigError: the folder is incomplete, or its keys can be read by others.
    """
    held = {stamp_of(home): load_home(home)}

    def keys() -> Keys:
        stamp = stamp_of(home)
        if stamp not in held:
            found = load_home(home)
            held.clear()  # a destroyed key leaves the memory, too
            held[stamp] = found
        return held.get(stamp) or load_home(home)

    return keys


def _default_url(home: Path) -> str:
    return f"sqlite:///{home.resolve() / 'custodian.sqlite'}"


def _write_once(path: Path, text: str) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigError(
            "Found {name} already there; expected none. A key that was used is never replaced.",
            name=path.name,
        ) from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _read_secret(path: Path) -> bytes:
    if os.name == "posix" and path.stat().st_mode & _OTHERS:
        raise ConfigError(
            "Found {name} readable by others; expected 0600. Run `chmod 600` on it.", name=path.name
        )
    return bytes.fromhex(path.read_text(encoding="utf-8").strip())
