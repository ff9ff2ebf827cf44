"""Where the agent's keys live: the order of the stores, what each refuses, and a move that loses nothing."""

import sys
from pathlib import Path

import keyring
import pytest

from tests.support.key_rings import HeldKeyring
from venue_agent.credentials import key_stores, keys
from venue_agent.credentials.exposure import exposed_to, remedy
from venue_agent.errors import ConfigError, KeyExposed, KeyringUnusable, StateDamaged
from venue_agent.home.elements import ElementStore, first_key

OTHER = bytes(range(32))


def test_a_headless_machine_keeps_its_keys_in_private_files(tmp_path: Path) -> None:
    assert not key_stores.keyring_usable()
    folder = tmp_path / "keys"
    key = keys.make_key(folder)
    assert keys.make_key(folder) == keys.load_key(folder) == key
    kept = keys.find(folder)
    assert kept is not None
    assert (kept.store, kept.place) == ("file", str(folder / "signing.key"))
    assert (folder.stat().st_mode & 0o777, (folder / "signing.key").stat().st_mode & 0o777) == (0o700, 0o600)  # fmt: skip
    assert key.hex() not in repr(kept)


def test_the_keyring_comes_before_the_file_and_the_credential_before_both(
    tmp_path: Path, held_keyring: HeldKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "keys"
    key = keys.make_key(folder)
    (entry,) = held_keyring.entries
    assert held_keyring.entries[entry] == key.hex()
    assert entry[0] == "farandole-agent"
    assert not (folder / "signing.key").exists()
    key_stores.KeyFile(folder).write("signing", OTHER)
    assert keys.load_key(folder) == key
    given = tmp_path / "credentials"
    given.mkdir()
    (given / "farandole-signing.key").write_text(OTHER.hex() + "\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(given))
    kept = keys.find(folder)
    assert kept is not None
    assert (kept.store, kept.secret, kept.place) == ("credential", OTHER, "farandole-signing.key")
    with pytest.raises(ConfigError, match="systemd-creds"):
        keys.put(folder, keys.SIGNING, key)
    assert keys.load_key(folder) == OTHER


def test_two_folders_of_one_user_have_an_entry_each(tmp_path: Path, held_keyring: HeldKeyring) -> None:  # fmt: skip
    first, second = keys.make_key(tmp_path / "a"), keys.make_key(tmp_path / "b")
    assert first != second
    assert len(held_keyring.entries) == 2
    assert keys.load_key(tmp_path / "a") == first


def test_a_keyring_is_not_asked_where_the_folder_keeps_its_keys_in_files(
    tmp_path: Path, held_keyring: HeldKeyring
) -> None:
    key_stores.KeyFile(tmp_path).write("signing", OTHER)
    held_keyring.locked = True
    assert keys.load_key(tmp_path) == OTHER


def test_a_locked_or_emptied_keyring_is_said_so(tmp_path: Path, held_keyring: HeldKeyring) -> None:
    keys.make_key(tmp_path)
    held_keyring.locked = True
    with pytest.raises(KeyringUnusable, match=r"KeyringLocked.*keys move --to file"):
        keys.load_key(tmp_path)
    with pytest.raises(KeyringUnusable):
        keys.remove_all(tmp_path)
    held_keyring.locked = False
    held_keyring.entries.clear()
    with pytest.raises(KeyringUnusable, match="same user"):
        keys.load_key(tmp_path)


def test_a_server_session_and_a_missing_package_are_said_so(
    tmp_path: Path, held_keyring: HeldKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.make_key(tmp_path)
    keyring.set_keyring(key_stores.importlib.import_module("keyring.backends.fail").Keyring())
    with pytest.raises(KeyringUnusable, match=r"NoKeyringError.*server without a desktop"):
        keys.load_key(tmp_path)
    with pytest.raises(KeyringUnusable):
        keys.move(tmp_path, "keyring") or keys.load_key(tmp_path)
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert not key_stores.keyring_usable()
    with pytest.raises(KeyringUnusable, match="not installed"):
        keys.load_key(tmp_path)


def test_keys_move_both_ways_and_no_copy_stays(tmp_path: Path, held_keyring: HeldKeyring) -> None:
    files = key_stores.KeyFile(tmp_path)
    files.write("signing", OTHER)
    cache = keys.cache_key(tmp_path)
    assert keys.find(tmp_path, keys.CACHE).store == "file"  # type: ignore[union-attr] - beside the other
    before = {path.name for path in tmp_path.iterdir()}
    assert [(kept.name, kept.store) for kept in keys.move(tmp_path, "keyring")] == [("signing", "keyring"), ("cache", "keyring")]  # fmt: skip
    assert {path.name for path in tmp_path.iterdir()} == {"keyring.json"}
    assert OTHER.hex() not in (tmp_path / "keyring.json").read_text()
    assert (keys.load_key(tmp_path), keys.cache_key(tmp_path)) == (OTHER, cache)
    assert keys.move(tmp_path, "keyring") == []
    assert len(keys.move(tmp_path, "file")) == 2
    assert {path.name for path in tmp_path.iterdir()} == before
    assert held_keyring.entries == {}


def test_a_copy_that_does_not_read_back_removes_nothing(
    tmp_path: Path, held_keyring: HeldKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_stores.KeyFile(tmp_path).write("signing", OTHER)
    monkeypatch.setattr(HeldKeyring, "set_password", lambda self, s, u, p: self.entries.update({(s, u): "00" * 32}))  # fmt: skip
    with pytest.raises(StateDamaged, match="Nothing was removed"):
        keys.move(tmp_path, "keyring")
    assert key_stores.KeyFile(tmp_path).read("signing") == OTHER


def test_every_store_is_emptied(tmp_path: Path, held_keyring: HeldKeyring) -> None:
    keys.make_key(tmp_path)
    keys.cache_key(tmp_path)
    key_stores.KeyFile(tmp_path).write("signing", OTHER)
    assert len(keys.remove_all(tmp_path)) == 3
    assert (held_keyring.entries, list(tmp_path.iterdir()), keys.find(tmp_path)) == ({}, [], None)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_may_read_is_refused_with_the_command_to_type(tmp_path: Path, mode: int) -> None:  # fmt: skip
    keys.make_key(tmp_path / "my keys")
    path = tmp_path / "my keys" / "signing.key"
    path.chmod(mode)
    with pytest.raises(KeyExposed, match=f"{mode:o}") as refused:
        keys.load_key(path.parent)
    assert f"chmod 600 '{path}'" in str(refused.value)
    assert refused.value.exit_code == 28


@pytest.mark.parametrize("text", ["", "zz" * 32, "00" * 31, "é" * 32])
def test_what_is_no_key_is_refused_and_not_echoed(tmp_path: Path, text: str) -> None:
    (tmp_path / "signing.key").write_text(text)
    (tmp_path / "signing.key").chmod(0o600)
    with pytest.raises(StateDamaged, match="32 bytes") as refused:
        keys.load_key(tmp_path)
    assert not text or text not in str(refused.value)


def test_no_key_at_all_names_the_three_places(tmp_path: Path) -> None:
    with pytest.raises(StateDamaged, match=r"systemd credential.*keyring.*signing\.key"):
        keys.load_key(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", '{"entry": 1}'])
def test_a_damaged_note_of_the_keyring_is_said_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "keyring.json").write_text(text)
    with pytest.raises(StateDamaged, match=r"keyring\.json"):
        keys.load_key(tmp_path)


def test_the_fingerprint_of_a_key_is_its_own(tmp_path: Path) -> None:
    keys.make_key(tmp_path)
    keys.cache_key(tmp_path)
    told = {keys.find(tmp_path, name).fingerprint for name in (keys.SIGNING, keys.CACHE)}  # type: ignore[union-attr]
    assert len({digest for digest in told if len(digest) == 64}) == 2
    assert keys.load_key(tmp_path).hex() not in told


def test_windows_is_asked_for_every_group_that_means_others(tmp_path: Path) -> None:
    path = tmp_path / "signing.key"
    path.touch()
    asked: list[list[str]] = []

    def icacls(command: list[str]) -> str:
        asked.append(command)
        found = f"SID trouvé : {path}.\n" if command[-1] == "*S-1-5-32-545" else ""
        return found + "1 fichiers correctement traités ; échec du traitement de 0 fichiers"

    assert exposed_to(path, "nt", icacls) == "Users"
    assert [command[:3] for command in asked] == [["icacls", str(path), "/findsid"]] * 3
    assert exposed_to(path, "nt", lambda _command: "0 fichiers") == ""
    assert remedy(path, "nt") == f'icacls "{path}" /inheritance:r /grant:r "%USERNAME%:F"'
    assert "(OI)(CI)F" in remedy(tmp_path, "nt")


def test_a_cache_of_an_older_agent_is_read_and_sealed(tmp_path: Path) -> None:
    signing, public, element = b"s" * 32, b"p" * 32, b"N" * 32
    old, path = first_key(signing), tmp_path / "elements.bin"
    reader = ElementStore(path, old, public)
    path.write_bytes(reader._first_header + reader._digest(b"x") + element)  # as agent 0.1 wrote it
    keys.put(tmp_path, keys.SIGNING, signing)
    store = ElementStore(path, keys.cache_key(tmp_path, old), public)
    assert store[b"x"] == element
    assert element not in path.read_bytes()
    assert ElementStore(path, keys.cache_key(tmp_path), public)[b"x"] == element


def test_a_cache_shows_no_element_and_no_pad_covers_two(tmp_path: Path) -> None:
    path, element = tmp_path / "elements.bin", b"\0" * 32
    store = ElementStore(path, OTHER, b"p" * 32)
    store.update({b"a": element, b"b": element})
    rows = path.read_bytes()[64:]
    pads = {rows[at + 32 : at + 64] for at in (0, 64)}
    assert len(pads) == 2
    assert element not in pads
    path.unlink()
    ElementStore(path, OTHER, b"q" * 32)[b"a"] = element
    assert path.read_bytes()[96:128] not in pads  # another epoch, another pad
