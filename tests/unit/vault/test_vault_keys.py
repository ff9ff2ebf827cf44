"""The key file: closed to others, never overwritten, silent when printed."""

from pathlib import Path

import pytest

from hub.errors import ConfigError
from hub.vault.keys import VaultKeys, load_keys, new_keys, write_keys


@pytest.fixture(scope="module")
def keys() -> VaultKeys:
    return new_keys()


def test_keys_come_back_as_they_were(tmp_path: Path, keys: VaultKeys) -> None:
    path = tmp_path / "keys.json"
    write_keys(keys, path)
    assert load_keys(path) == keys
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_file_is_never_overwritten(tmp_path: Path, keys: VaultKeys) -> None:
    path = tmp_path / "keys.json"
    write_keys(keys, path)
    before = path.read_bytes()
    with pytest.raises(ConfigError):
        write_keys(new_keys(), path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_file_that_others_may_read_is_refused(
    tmp_path: Path, keys: VaultKeys, mode: int
) -> None:
    path = tmp_path / "keys.json"
    write_keys(keys, path)
    path.chmod(mode)
    with pytest.raises(ConfigError, match="chmod 600"):
        load_keys(path)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"scalar": "00"}'])
def test_what_is_no_key_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(ConfigError):
        load_keys(path)


def test_a_missing_key_file_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="hub init"):
        load_keys(tmp_path / "keys.json")


def test_printing_keys_shows_no_secret(keys: VaultKeys) -> None:
    shown = repr(keys)
    for secret in (keys.scalar, keys.mac_key, keys.facts_key, keys.linkage_key):
        assert secret.hex() not in shown
        assert repr(secret) not in shown


def test_the_same_handle_at_two_venues_is_two_numbers(keys: VaultKeys) -> None:
    one, two = (keys.contribution_key(venue, "00" * 16) for venue in ("a", "b"))
    assert one != two
    assert 0 <= one < 2**63
    assert keys.contribution_key("a", "00" * 16) == one
    assert new_keys().contribution_key("a", "00" * 16) != one
    assert keys.priority(one) != keys.priority(two)
