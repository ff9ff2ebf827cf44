"""What somebody proves who she is with, each taken once and tried a few times only: codes, recovery codes, passkeys.

Flask-Security leaves three doors ajar that are shut here: a code of the authenticator could be shown twice, a
passkey's answer could be played again within its minute, and recovery codes were kept so that they could be read.
"""

import io
import secrets
from typing import Any, Final

import qrcode
from flask import abort, current_app, session, url_for
from flask_login import current_user
from flask_security import (
    ChangePasswordForm,
    LoginForm,
    MfRecoveryCodesUtil,
    Totp,
    TwoFactorVerifyCodeForm,
    VerifyForm,
    WebauthnUtil,
)
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.webauthn import (
    WebAuthnRegisterForm,
    WebAuthnRegisterResponseForm,
    WebAuthnSigninForm,
    WebAuthnSigninResponseForm,
)
from passlib.exc import UsedTokenError
from passlib.totp import TotpMatch
from qrcode.image.svg import SvgPathImage
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from wtforms import HiddenField

from hub.people.states import SIGN_IN_TRIES, SIGN_IN_WINDOW
from hub.store import people, web_sessions
from hub.web.office.datastore import People, User
from hub.web.office.keys import OfficeKeys

CHALLENGE: Final = "passkey-challenge"
CODE_TRIES: Final = 5
RECOVERY_BYTES: Final = 10  # 80 bits, in groups of five
GROUP: Final = 5
TOO_MANY: Final = 429


def _store() -> People:
    store: People = current_app.extensions["security"].datastore
    return store


def _keys() -> OfficeKeys:
    keys: OfficeKeys = current_app.extensions["office-keys"]
    return keys


def count_try(use: str, name: str, most: int) -> str:
    """Count a try to be *name*, before it is judged, and return what to forgive when it was right.

    Counted under what was said, whether it exists or not: being refused tells nothing.
    """
    key = _keys().mac(f"try {use}", name.strip().lower())
    store = _store()
    with store.control.transaction(store.clock) as tx:
        allowed = web_sessions.try_once(tx, key, SIGN_IN_WINDOW, most)
        tx.commit()
    if not allowed:
        abort(TOO_MANY)
    return key


def forgive(key: str) -> None:
    """Forget the tries: this one was right."""
    store = _store()
    with store.control.transaction(store.clock) as tx:
        web_sessions.forgive(tx, key)
        tx.commit()


class SignIn(LoginForm):  # type: ignore[misc]
    """E-mail and password; no cookie remembers anybody beyond the session."""

    remember = None

    def validate(self, **kwargs: Any) -> bool:
        """Judge the password, a few times in a quarter of an hour for one name."""
        key = count_try("password", str(self.email.data or ""), SIGN_IN_TRIES)
        # Flask-Security would name its own full address here, which is no place to go to
        self.next.data = self.next.data or url_for("office.home")
        right = bool(super().validate(**kwargs))
        if right:
            forgive(key)
        return right


class SureOfPassword(VerifyForm):  # type: ignore[misc]
    """The password again, before something that matters."""

    def validate(self, **kwargs: Any) -> bool:
        """Judge the password, a few times in a quarter of an hour."""
        key = count_try("again", self.user.id, SIGN_IN_TRIES)
        right = bool(super().validate(**kwargs))
        if right:
            forgive(key)
        return right


class NewPassword(ChangePasswordForm):  # type: ignore[misc]
    """The password of before and the new one: whoever found a screen open guesses here no more than at the door."""

    def validate(self, **kwargs: Any) -> bool:
        """Judge both, a few times in a quarter of an hour."""
        key = count_try("again", current_user.id, SIGN_IN_TRIES)
        right = bool(super().validate(**kwargs))
        if right:
            forgive(key)
        return right


class Code(TwoFactorVerifyCodeForm):  # type: ignore[misc]
    """The six digits of the authenticator."""

    def validate(self, **kwargs: Any) -> bool:
        """Judge the code, five times in a quarter of an hour."""
        key = count_try("code", self.user.id, CODE_TRIES)
        right = bool(super().validate(**kwargs))
        if right:
            forgive(key)
        return right


class Recovery(MfRecoveryForm):  # type: ignore[misc]
    """One of the recovery codes."""

    def validate(self, **kwargs: Any) -> bool:
        """Judge the code, five times in a quarter of an hour."""
        key = count_try("recovery", self.user.id, CODE_TRIES)
        self.code.data = "".join(str(self.code.data or "").lower().split())
        right = bool(super().validate(**kwargs))
        if right:
            forgive(key)
        return right


class Authenticator(Totp):  # type: ignore[misc]
    """Six digits every thirty seconds, each taken once: the counter moves in the database, not in the memory."""

    def get_last_counter(self, user: User) -> int | None:
        """Return the counter of the last code taken."""
        return user.kept.counter or None

    def set_last_counter(self, user: User, tmatch: TotpMatch) -> None:
        """Take the code.

        Raises:
            UsedTokenError: another request took it, a moment ago or at this very instant.
        """
        store = _store()
        with store.control.transaction(store.clock) as tx:
            taken = people.take_counter(tx, user.id, tmatch.counter)
            tx.commit()
        if not taken:
            raise UsedTokenError(expire_time=tmatch.expire_time)

    def generate_qrcode(self, username: str, totp: str) -> str:
        """Return the picture as SVG, to stand in the page: nothing of it is kept or fetched."""
        image = qrcode.make(self.get_totp_uri(username, totp), image_factory=SvgPathImage, border=2)
        with io.BytesIO() as file:
            image.save(file)
            text = file.getvalue().decode()
        return text[text.index("<svg") :]

    def generate_recovery_codes(self, number: int) -> list[str]:
        """Return new recovery codes of 80 bits."""
        return [_grouped(secrets.token_hex(RECOVERY_BYTES)) for _ in range(number)]


class RecoveryCodes(MfRecoveryCodesUtil):  # type: ignore[misc]
    """Recovery codes as keyed digests: shown once, used once."""

    def create_recovery_codes(self, user: User) -> list[str]:
        """Return new codes; those of before die."""
        codes: list[str] = current_app.extensions["security"].totp_factory.generate_recovery_codes(
            8
        )
        store = _store()
        with store.control.transaction(store.clock) as tx:
            people.set_recovery_codes(tx, user.id, [self._mac(code) for code in codes])
            people.note(tx, user.id, "recovery-codes-made")
            tx.commit()
        return codes

    def get_recovery_codes(self, user: User) -> list[str]:  # noqa: ARG002 - its signature
        """Return nothing: what is kept cannot be read."""
        return []

    def check_recovery_code(self, user: User, code: str) -> bool:
        """Use a code up, and say whether it was one."""
        store = _store()
        with store.control.transaction(store.clock) as tx:
            used = people.take_recovery_code(tx, user.id, self._mac(code))
            if used:
                people.note(tx, user.id, "recovery-code-used")
            tx.commit()
        return used

    def delete_recovery_code(self, user: User, code: str) -> bool:  # noqa: ARG002 - its signature
        """Do nothing: the code went when it was checked."""
        return True

    def _mac(self, code: str) -> str:
        return _keys().mac("recovery code", code.replace("-", ""))


class Passkeys(WebauthnUtil):  # type: ignore[misc]
    """Passkeys that know their person (PIN or finger): one is possession and knowledge at once."""

    def generate_challenge(self, nbytes: int | None = None) -> str:
        """Return a challenge that this session alone can answer, and once."""
        challenge = str(super().generate_challenge(nbytes))
        session[CHALLENGE] = challenge
        return challenge

    def authenticator_selection(
        self,
        user: User,  # noqa: ARG002 - its signature
        usage: str,  # noqa: ARG002 - its signature
    ) -> AuthenticatorSelectionCriteria:
        """Ask for a key that is found without a name, and verifies its person."""
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        )

    def user_verification(
        self,
        user: User | None,  # noqa: ARG002 - its signature
        usage: list[str],  # noqa: ARG002 - its signature
    ) -> UserVerificationRequirement:
        """Ask for the person's own gesture."""
        return UserVerificationRequirement.REQUIRED


class NewPasskey(WebAuthnRegisterForm):  # type: ignore[misc]
    """A name for a new passkey; each is a whole way to sign in."""

    usage = HiddenField(default="first")

    def validate(self, **kwargs: Any) -> bool:
        """Judge the name."""
        self.usage.data = "first"
        return bool(super().validate(**kwargs))


class NewPasskeyAnswer(WebAuthnRegisterResponseForm):  # type: ignore[misc]
    """What the browser answers when a passkey is made."""

    def validate(self, **kwargs: Any) -> bool:
        """Judge the answer to this session's challenge, once."""
        return _answered(self.challenge) and bool(super().validate(**kwargs))


class PasskeySignIn(WebAuthnSigninForm):  # type: ignore[misc]
    """Nothing to fill in: the passkey knows whose it is."""

    remember = HiddenField()


class PasskeyAnswer(WebAuthnSigninResponseForm):  # type: ignore[misc]
    """What the browser answers when somebody signs in by a passkey."""

    def validate(self, **kwargs: Any) -> bool:
        """Judge the answer to this session's challenge, once, of somebody who still has access."""
        return (
            _answered(self.challenge)
            and bool(super().validate(**kwargs))
            and self.mf_check
            and self.user is not None
            and self.user.active
        )


def _answered(challenge: str) -> bool:
    expected = session.pop(CHALLENGE, None)
    return isinstance(expected, str) and secrets.compare_digest(expected, challenge)


def _grouped(text: str) -> str:
    return "-".join(text[i : i + GROUP] for i in range(0, len(text), GROUP))


def who() -> User | None:
    """Return who is signed in, or None."""
    return current_user if isinstance(getattr(current_user, "kept", None), people.Person) else None
