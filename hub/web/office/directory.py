"""Signing in by an outside directory: off unless the settings name one, and for people who were invited alone.

The directory opens no account. The first time, an address that it checked leads to the account invited under it, and
our own second factor is given; only then its subject is linked, and later the subject alone is asked for. Whatever is
wrong, the page is the same; the log holds one word.
"""

import datetime as dt
import hmac
import logging
from dataclasses import asdict
from typing import Any, Final

from flask import Blueprint, Flask, abort, current_app, flash, redirect, request, session, url_for
from flask_login import user_logged_in
from flask_security import login_user
from flask_security.tf_plugin import tf_clean_session
from flask_security.twofactor import is_tf_setup
from werkzeug.wrappers import Response as AnyResponse

from contracts.clock import parse_stamp, stamp
from hub.config import WebConfig
from hub.people.roles import owes_own_factor
from hub.store import directory as links
from hub.web.office.datastore import People, User
from hub.web.office.dress import say, shown
from hub.web.office.factors import who
from hub.web.office.issuer import Asked, Given, Issuer
from hub.web.office.issuer_said import IssuerRefused
from hub.web.office.keys import OfficeKeys

ASKED: Final = "directory-asked"
FIRST: Final = "directory-first"
"""Whom a directory would be linked to, once our second factor is given; another way in forgets it."""
OTHER_WAYS: Final = frozenset(
    {"security.login", "security.wan_signin", "security.wan_signin_response"}
)
ANSWERED_WITHIN: Final = dt.timedelta(minutes=10)
LONGEST: Final = 2_000  # of a code, in characters
OWN_SITES: Final = frozenset({"same-origin", "none"})
log = logging.getLogger("hub.web")
Page = AnyResponse | tuple[str, int]


class _Directory:
    def __init__(self, issuer: Issuer | None, store: People, keys: OfficeKeys) -> None:
        self._issuer = issuer
        self._store = store
        self._keys = keys

    def start(self) -> Page:
        """Send the browser to the directory."""
        issuer = self._issuer or abort(404)
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in OWN_SITES:
            abort(400)  # nobody else's page begins a sign-in here
        if who():
            return redirect(url_for("office.home"))
        tf_clean_session()
        session.pop(FIRST, None)
        asked = Asked.new()
        try:
            leads = issuer.address(asked, _back())
        except IssuerRefused as error:
            return _refused(error)
        until = stamp(self._store.clock.now() + ANSWERED_WITHIN)
        session[ASKED] = {**asdict(asked), "until": until, "next": request.args.get("next", "")}
        return redirect(leads)

    def back(self) -> Page:
        """Judge what the browser brings back from the directory; what was asked is judged once."""
        issuer = self._issuer or abort(404)
        kept = session.pop(ASKED, None)
        if who():
            return redirect(url_for("office.home"))
        try:
            asked = self._asked(kept)
            given = issuer.given(asked, self._code(issuer, asked), _back())
            user, first = self._account(issuer, given)
            return self._in(user, given, kept["next"] or None, first=first)
        except IssuerRefused as error:
            return _refused(error)

    def _asked(self, kept: Any) -> Asked:
        if not isinstance(kept, dict) or parse_stamp(kept["until"]) <= self._store.clock.now():
            raise IssuerRefused("not-asked")
        return Asked(kept["state"], kept["nonce"], kept["verifier"])

    def _code(self, issuer: Issuer, asked: Asked) -> str:
        """Return the code of this very answer, each parameter given once."""
        if not hmac.compare_digest(_one("state").encode(), asked.state.encode()):
            raise IssuerRefused("state")
        if "iss" in request.args and _one("iss") != issuer.config.issuer:
            raise IssuerRefused("mixed-up")  # RFC 9207
        code = _one("code")
        if "error" in request.args or not 0 < len(code) <= LONGEST:
            raise IssuerRefused("said-no")
        return code

    def _account(self, issuer: Issuer, given: Given) -> tuple[User, bool]:
        """Return whose account it is, and whether this would link it."""
        with self._store.control.reading() as reading:
            linked = links.person_of(reading, self._mac(issuer, given))
        if linked is not None:
            return _open(self._store.find_user(id=linked.person)), False
        user = _open(self._store.find_user(email=given.email) if given.email else None)
        with self._store.control.reading() as reading:
            if links.is_linked(reading, user.id, issuer.config.issuer):
                raise IssuerRefused("another-subject")  # an address given on to somebody else
        session[FIRST] = {
            "person": user.id, "issuer": issuer.config.issuer, "mac": self._mac(issuer, given),
        }  # fmt: skip
        return user, True

    def _mac(self, issuer: Issuer, given: Given) -> str:
        return self._keys.mac("directory subject", f"{issuer.config.issuer}\n{given.subject}")

    def _in(self, user: User, given: Given, leads: str | None, *, first: bool) -> Page:
        """Ask for our second factor, unless the directory did and the roles let it."""
        if given.second and not first and not owes_own_factor(user.held):
            login_user(user, remember=False, authn_via=["directory"])
            return redirect(leads or url_for("office.home"))
        if not is_tf_setup(user):
            raise IssuerRefused("no-second-factor")  # the directory alone would set one
        plugins = current_app.extensions["security"].two_factor_plugins
        asks: AnyResponse | None = plugins.tf_enter(user, None, "directory", next_loc=leads)
        if asks is None:
            raise IssuerRefused("no-second-factor")
        return asks

    def unlink(self) -> AnyResponse:
        """Forget as whom the directory knows this person: the next time, it begins anew with our own factor."""
        if self._issuer is None:
            abort(404)
        me = (who() or abort(403)).id
        with self._store.control.transaction(self._store.clock) as tx:
            done = links.unlink(tx, me, self._issuer.config.issuer)
            tx.commit()
        if done:
            flash(say("directory_unlinked"), "success")
        return redirect(url_for("office.account"))

    def linked(self) -> bool:
        """Say whether the directory knows the person who is signed in."""
        user = who()
        if self._issuer is None or user is None:
            return False
        with self._store.control.reading() as reading:
            return links.is_linked(reading, user.id, self._issuer.config.issuer)

    def link(self, _app: Flask, user: User) -> None:
        """Link the subject that this sign-in began with, now that our second factor was given."""
        first = session.pop(FIRST, None)
        if first is None or first["person"] != user.id:
            return
        with self._store.control.transaction(self._store.clock) as tx:
            links.link(tx, user.id, first["issuer"], first["mac"])
            tx.commit()


def install(app: Flask, config: WebConfig, store: People, keys: OfficeKeys) -> None:
    """Put the directory's two addresses into *app*; without a directory in the settings both are closed.

    Raises:
        ConfigError: the directory's secret cannot be read, or can be by others.
    """
    issuer = Issuer.of(config, store.clock)
    views = _Directory(issuer, store, keys)
    app.config["DIRECTORY"] = issuer is not None
    blueprint = Blueprint("directory", __name__)
    blueprint.add_url_rule("/connexion/annuaire", "start", views.start)
    blueprint.add_url_rule("/connexion/annuaire/retour", "back", views.back)
    blueprint.add_url_rule("/connexion/annuaire/delier", "unlink", views.unlink, methods=["POST"])
    app.jinja_env.globals["directory_linked"] = views.linked
    blueprint.before_app_request(_another_way)
    app.register_blueprint(blueprint)
    user_logged_in.connect(views.link, app, weak=False)


def _another_way() -> None:
    if request.method == "POST" and request.endpoint in OTHER_WAYS:
        session.pop(FIRST, None)


def _back() -> str:
    return url_for("directory.back", _external=True)


def _one(name: str) -> str:
    values = request.args.getlist(name)
    return values[0] if len(values) == 1 else ""


def _open(user: User | None) -> User:
    if user is None or not user.active:
        raise IssuerRefused("no-account")
    return user


def _refused(error: IssuerRefused) -> tuple[str, int]:
    log.warning("The directory let nobody in: %s", error)
    session.pop(FIRST, None)
    return shown("directory_refused"), 400
