"""A keyring that a test can hold in its hands, through the real `keyring` package; no test touches the user's own."""

import os
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

NONE = "keyring.backends.fail.Keyring"
os.environ["PYTHON_KEYRING_BACKEND"] = NONE  # of processes that tests start, too


class HeldKeyring(KeyringBackend):
    """Keeps entries in a dictionary; may be locked, or forget."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._open()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._open()
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError("not there")

    def _open(self) -> None:
        if self.locked:
            raise KeyringLocked("locked")


@pytest.fixture
def held_keyring() -> Iterator[HeldKeyring]:
    before = keyring.get_keyring()
    held = HeldKeyring()
    keyring.set_keyring(held)
    yield held
    keyring.set_keyring(before)
