"""The office's own pages: the front door, the account, and the invitation by which somebody gets one."""

import re
from typing import Final

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_security import hash_password
from werkzeug.wrappers import Response as AnyResponse

from contracts.clock import Clock, stamp
from hub import audience_answers
from hub.errors import CodeRefused
from hub.people.roles import Act, may
from hub.store import invitations, people, proposals
from hub.store.database import Control
from hub.store.invitations import Invitation
from hub.web.office.dress import say, shown
from hub.web.office.factors import who
from hub.web.office.settings import PASSWORD_LENGTH

TOKEN: Final = re.compile(r"[0-9a-f]{64}")
LONGEST: Final = 200


class _Pages:
    """The views; each reads, and writes at most one thing."""

    def __init__(self, control: Control, clock: Clock) -> None:
        self._control = control
        self._clock = clock

    def front(self) -> AnyResponse:
        """Send whoever comes to the door where she belongs."""
        return redirect(url_for("office.home" if who() else "security.login"))

    def home(self) -> str:
        """Show what waits, and what this person may do."""
        user = who() or abort(403)
        with self._control.reading() as reading:
            left = people.recovery_codes_left(reading, user.id)
            waiting = proposals.waiting(reading, stamp(self._clock.now()))
        mine = [p for p in waiting if p.proposed_by != user.id]
        return shown("home", waiting=len(mine), codes_left=left, asked=self._asked())

    def _asked(self) -> int | None:
        """Return how many partners' requests wait for this person's voice; None where she has none."""
        user = who() or abort(403)
        if not may(user.held, Act.SEE_AUDIENCES):
            return None
        now = stamp(self._clock.now())
        with self._control.reading() as reading:
            return audience_answers.waiting_for(reading, user.kept, now)

    def account(self) -> str:
        """Show what this person signs in with."""
        user = who() or abort(403)
        with self._control.reading() as reading:
            left = people.recovery_codes_left(reading, user.id)
        return shown("account", codes_left=left)

    def invitation(self, token: str) -> tuple[str, int] | str:
        """Show the invitation of this link."""
        found = self._pending(token)
        if found is None:
            return shown("no_invitation"), 404
        return shown("invitation", invited=found, least=PASSWORD_LENGTH)

    def accept(self, token: str) -> AnyResponse | tuple[str, int] | str:
        """Use the link up with the password that the person chose."""
        found = self._pending(token)
        if found is None:
            return shown("no_invitation"), 404
        password, again = request.form.get("password", ""), request.form.get("again", "")
        problem = _why_not(password, again, found.email)
        if problem:
            flash(say(problem), "error")
            return shown("invitation", invited=found, least=PASSWORD_LENGTH)
        hashed = hash_password(password)
        try:
            with self._control.transaction(self._clock) as tx:
                invitations.accept(tx, token, hashed)
                tx.commit()
        except CodeRefused:
            return shown("no_invitation"), 404
        flash(say("joined"), "success")
        return redirect(url_for("security.login"))

    def _pending(self, token: str) -> Invitation | None:
        if not TOKEN.fullmatch(token):
            return None
        try:
            with self._control.reading() as reading:
                return invitations.pending(reading, token, stamp(self._clock.now()))
        except CodeRefused:
            return None


def pages(control: Control, clock: Clock) -> Blueprint:
    """Return the office's own pages as a blueprint."""
    views = _Pages(control, clock)
    blueprint = Blueprint("office", __name__)
    blueprint.add_url_rule("/", "front", views.front)
    blueprint.add_url_rule("/accueil", "home", views.home)
    blueprint.add_url_rule("/compte", "account", views.account)
    blueprint.add_url_rule("/invitation/<token>", "invitation", views.invitation)
    blueprint.add_url_rule("/invitation/<token>", "accept", views.accept, methods=["POST"])
    return blueprint


def _why_not(password: str, again: str, email: str) -> str | None:
    """Say what is wrong with a new password, as a phrase's key."""
    if not PASSWORD_LENGTH <= len(password) <= LONGEST:
        return "password_length"
    if password != again:
        return "password_differs"
    return "password_is_address" if email.partition("@")[0] in password.lower() else None
