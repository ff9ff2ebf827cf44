"""Flask-Security's store of people, over ``hub.store``: its models are plain objects, its writes our transactions."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_security import RoleMixin, UserMixin, WebAuthnMixin
from flask_security.datastore import UserDatastore

from contracts.clock import Clock, parse_stamp
from hub.errors import StateConflict
from hub.people.roles import Grant, Role
from hub.store import passkeys, people
from hub.store.database import Control
from hub.store.passkeys import Passkey
from hub.store.people import Person


class Held(RoleMixin):  # type: ignore[misc]
    """One role, as Flask-Security asks for it."""

    def __init__(self, name: str) -> None:
        self.name = name


class Key(WebAuthnMixin):  # type: ignore[misc]
    """One passkey, as Flask-Security asks for it."""

    def __init__(self, kept: Passkey) -> None:
        body = json.loads(kept.body)
        self.user_id = kept.person
        self.name = kept.name
        self.credential_id = bytes.fromhex(kept.credential)
        self.public_key = bytes.fromhex(body["public_key"])
        self.sign_count = kept.sign_count
        self.transports: list[str] = body["transports"]
        self.backup_state: bool = body["backup_state"]
        self.device_type: str = body["device_type"]
        self.extensions: str | None = None
        self.usage: str = body["usage"]
        self.lastuse_datetime: datetime = parse_stamp(kept.used_at)


class User(UserMixin):  # type: ignore[misc]
    """One person, as Flask-Security asks for it."""

    fs_uniquifier: str = ""
    fs_webauthn_user_handle: str = ""

    def __init__(self, kept: Person, keys: list[Passkey]) -> None:
        self.kept = kept
        self.id = kept.person
        self.email = kept.email
        self.password = kept.password
        self.active = kept.active
        self.fs_uniquifier = kept.uniquifier
        self.fs_webauthn_user_handle = kept.handle
        self.tf_primary_method = kept.second
        self.tf_totp_secret = kept.secret
        self.tf_phone_number: str | None = None
        self.mf_recovery_codes: list[str] = []
        self.roles = [Held(role.value) for role in sorted(kept.roles)]
        self.webauthn = [Key(one) for one in keys]

    @property
    def grants(self) -> tuple[Grant, ...]:
        """Return what the person may, with the venue for which it is held."""
        return self.kept.grants

    @property
    def held(self) -> frozenset[Role]:
        """Return the person's roles."""
        return self.kept.roles

    def changed(self) -> Person:
        """Return the row that these attributes make."""
        return replace(
            self.kept,
            password=self.password,
            uniquifier=self.fs_uniquifier,
            second=self.tf_primary_method,
            secret=self.tf_totp_secret,
        )


class People(UserDatastore):  # type: ignore[misc]
    """People read and written through the control database; nobody is created here: people are invited."""

    def __init__(self, control: Control, clock: Clock) -> None:
        super().__init__(User, Held, Key)
        self.control = control
        self.clock = clock

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> User | None:  # noqa: ARG002 - its signature
        """Return who has this one attribute."""
        ((name, value),) = kwargs.items()
        find = {
            "id": people.by_handle,
            "email": people.by_email,
            "fs_uniquifier": people.by_uniquifier,
            "fs_webauthn_user_handle": people.by_passkey_handle,
        }[name]
        with self.control.reading() as reading:
            kept = find(reading, str(value))
            return User(kept, passkeys.of_person(reading, kept.person)) if kept else None

    def find_role(self, role: str) -> Held | None:
        """Return the role of this name."""
        return Held(role) if role in set(Role) else None

    def put(self, model: User | Key) -> User | Key:
        """Write a changed person or passkey at once, in a transaction of its own."""
        with self.control.transaction(self.clock) as tx:
            if isinstance(model, User):
                people.save_credentials(tx, model.changed())
            else:
                passkeys.used(tx, model.credential_id.hex(), model.sign_count)
            tx.commit()
        return model

    def delete(self, model: object) -> None:
        """Forget a passkey; people leave through the administration.

        Raises:
            StateConflict: it is no passkey.
        """
        if not isinstance(model, Key):
            raise StateConflict("Found a person to delete here; expected a passkey.")
        with self.control.transaction(self.clock) as tx:
            passkeys.remove(tx, model.credential_id.hex())
            tx.commit()

    def commit(self) -> None:
        """Do nothing: each write was whole when it was made."""

    def reload(self, model: object) -> None:
        """Do nothing: models are read anew at each request."""

    def find_webauthn(self, credential_id: bytes) -> Key | None:
        """Return the passkey of this credential."""
        with self.control.reading() as reading:
            kept = passkeys.find(reading, credential_id.hex())
        return Key(kept) if kept else None

    def create_webauthn(self, user: User, **kwargs: Any) -> None:
        """Keep a new passkey of *user*."""
        body = {
            "public_key": kwargs["public_key"].hex(),
            "transports": [str(getattr(t, "value", t)) for t in kwargs["transports"] or ()],
            "backup_state": bool(kwargs["backup_state"]),
            "device_type": str(getattr(kwargs["device_type"], "value", kwargs["device_type"])),
            "usage": kwargs["usage"],
        }
        with self.control.transaction(self.clock) as tx:
            passkeys.add(
                tx,
                Passkey(
                    credential=kwargs["credential_id"].hex(),
                    person=user.id,
                    name=kwargs["name"],
                    body=json.dumps(body),
                    sign_count=kwargs["sign_count"],
                    used_at=tx.now(),
                ),
            )
            tx.commit()

    def mf_get_recovery_codes(self, user: User) -> list[str]:
        """Return as many blanks as codes are left: the codes themselves are nowhere."""
        with self.control.reading() as reading:
            return ["·"] * people.recovery_codes_left(reading, user.id)
