"""Makes the office's application: Flask-Security over our store, our guard before it, our pages around it."""

from collections.abc import Callable
from typing import Any, Final

from babel import Locale
from flask import Blueprint, Flask, flash, session
from flask_babel import Babel
from flask_login import user_logged_in, user_logged_out
from flask_security import (
    Security,
    password_changed,
    tf_profile_changed,
    wan_deleted,
    wan_registered,
)
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException

from contracts.clock import Clock
from hub.config import WebConfig
from hub.errors import HubError
from hub.store import people
from hub.store.database import Control
from hub.web import problems
from hub.web.office import directory, factors, guard
from hub.web.office.administration import administration
from hub.web.office.answering import answering
from hub.web.office.asking import asking
from hub.web.office.datastore import People, User
from hub.web.office.dress import from_security, say, shown, tongue
from hub.web.office.keys import OfficeKeys
from hub.web.office.pages import pages
from hub.web.office.programs import programs
from hub.web.office.sessions import PERSON, Session, Sessions
from hub.web.office.settings import settings
from hub.web.office.works import works
from hub.web.tongue import Tongue


def create_office(config: WebConfig, control: Control, clock: Clock) -> Flask:
    """Return the office's application.

    Raises:
        ConfigError: its keys cannot be read.
    """
    keys = OfficeKeys.at(config.at(config.office_keys))
    secure = config.public_url.startswith("https://")
    app = Flask("hub.web", static_folder=None)
    app.config.update(settings(keys, secure=secure))
    app.extensions["office-keys"] = keys
    app.session_interface = Sessions(control, clock, secure=secure)
    problems.install(app)
    guard.install(app, guard.origin_of(config.public_url))
    CSRFProtect(app)
    Babel(app, locale_selector=lambda: Locale(tongue().code))
    store = People(control, clock)
    _protect(app, store)
    directory.install(app, config, store, keys)
    app.register_blueprint(
        Blueprint(
            "observatory",
            "hub.web.observatory",
            template_folder="templates",
            static_folder="static",
            static_url_path="/static/observatory",
        )
    )
    app.register_blueprint(pages(control, clock))
    app.register_blueprint(administration(config, control, clock))
    app.register_blueprint(works(control, clock))
    app.register_blueprint(programs(control, clock, keys))
    app.register_blueprint(asking(control, clock))
    app.register_blueprint(answering(control, clock))
    app.add_template_filter(_polished, "polished")
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(HubError, _not_now)
    return app


def _protect(app: Flask, store: People) -> None:
    security = Security(
        app,
        store,
        login_form=factors.SignIn,
        verify_form=factors.SureOfPassword,
        change_password_form=factors.NewPassword,
        two_factor_verify_code_form=factors.Code,
        mf_recovery_form=factors.Recovery,
        wan_register_form=factors.NewPasskey,
        wan_register_response_form=factors.NewPasskeyAnswer,
        wan_signin_form=factors.PasskeySignIn,
        wan_signin_response_form=factors.PasskeyAnswer,
        totp_cls=factors.Authenticator,
        webauthn_util_cls=factors.Passkeys,
        mf_recovery_codes_util_cls=factors.RecoveryCodes,
    )
    security.render_template = from_security
    security.want_json(lambda _request: False)  # pages alone: no answer carries a bearer token
    security.login_manager.request_loader(lambda _request: None)  # nor does any request
    security.login_manager.session_protection = (
        None  # the session itself changes when somebody signs in
    )
    _write_down(app, store)


def _write_down(app: Flask, store: People) -> None:
    """Bind the session to its person, and keep the private journal."""

    def note(user: User, act: str) -> None:
        with store.control.transaction(store.clock) as tx:
            people.note(tx, user.id, act)
            tx.commit()

    def came(_app: Flask, user: User) -> None:
        kept = _session()
        kept.pop("_remember", None)  # no cookie of Flask-Login's may outlive the session
        kept[PERSON] = user.id
        kept.renew()
        note(user, "signed-in")

    def left(_app: Flask, user: User) -> None:
        _session().clear()
        if isinstance(getattr(user, "kept", None), people.Person):
            note(user, "signed-out")

    user_logged_in.connect(came, app, weak=False)
    user_logged_out.connect(left, app, weak=False)
    for signal, act in (
        (password_changed, "password-changed"),
        (tf_profile_changed, "second-factor-changed"),
        (wan_registered, "passkey-added"),
        (wan_deleted, "passkey-removed"),
    ):
        signal.connect(_noting(note, act), app, weak=False)


def _noting(note: Callable[[User, str], None], act: str) -> Callable[..., None]:
    def receive(_app: Flask, user: User, **_more: object) -> None:
        note(user, act)

    return receive


def _session() -> Session:
    kept = session._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - the proxy's public way in
    if not isinstance(kept, Session):
        raise TypeError("the office keeps its own kind of session")
    return kept


def _refused(error: HTTPException) -> Any:
    """Say a refusal as a page; constant words, nothing of the request."""
    if error.code is not None and error.code < 400:  # noqa: PLR2004 - a redirection is no refusal
        return error
    key = "csrf" if isinstance(error, CSRFError) else str(error.code)
    text = say(f"error_{key}") if f"error_{key}" in _ERRORS else say("error_400")
    return shown("refused", message=text), error.code or 500


_ERRORS: Final = {"error_csrf", "error_400", "error_403", "error_404", "error_429"}


def _not_now(error: HubError) -> Any:
    """Say that something cannot be done now; the log says where, without a value."""
    problem = problems.problem_of(error)
    if problem.status >= 500:  # noqa: PLR2004
        problems.log_failure(error)
    flash(say("not_now"), "error")
    return shown("refused", message=say("not_now")), problem.status


def _polished(text: str, tongue: Tongue) -> str:
    return tongue.polished(text)
