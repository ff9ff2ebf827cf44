"""A partner's own programs: deposit a public key, confirm it from one's own screen, shut it out; and where one is told."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from contracts.clock import Clock
from hub.errors import StateConflict
from hub.outbound import AddressRefused, target_of
from hub.people.programs import SHOWN
from hub.people.roles import partners_of
from hub.store import clients, people, webhooks
from hub.store.clients import Client, Deposit
from hub.store.database import Control
from hub.store.transaction import Transaction
from hub.store.webhooks import Webhook
from hub.web.office.datastore import User
from hub.web.office.dress import say, shown
from hub.web.office.factors import who
from hub.web.office.keys import OfficeKeys
from hub.web.partners.deposited import KeyWrong, key_of
from hub.webhooks import secret_of, told

NAME: Final = re.compile(r"[^\x00-\x1f\x7f<>]{1,80}")


@dataclass(frozen=True)
class Shown:
    """What the page shows of one partner."""

    partner: str
    programs: tuple[Client, ...]
    webhooks: tuple[Webhook, ...]


class _Programs:
    def __init__(self, control: Control, clock: Clock, keys: OfficeKeys) -> None:
        self._control = control
        self._clock = clock
        self._secret = secret_of(keys.mac)

    def page(self, secret: str = "", hook: str = "") -> str:
        """Show the programs and the webhooks of the partners that this person speaks for."""
        with self._control.reading() as reading:
            told_ = [
                Shown(
                    one,
                    tuple(c for c in clients.of_partner(reading, one) if c.state != "revoked"),
                    tuple(webhooks.of_partner(reading, one)),
                )
                for one in _partners()
            ]
        return shown(
            "programs", partners=told_, secret=secret, hook=hook, digits=SHOWN, me=_me().id
        )

    def deposit(self) -> AnyResponse:
        """Keep a public key that waits to be confirmed."""
        partner = _partner(request.form.get("partner", ""))
        name = request.form.get("name", "").strip()
        try:
            key, mark = key_of(request.form.get("key", ""))
        except KeyWrong as error:
            return _back(error.reason)
        if NAME.fullmatch(name) is None:
            return _back("name_wrong")
        new = Deposit(partner, name, key, mark, bool(request.form.get("sandbox")))
        return self._change(
            "key_deposited", "key_many", lambda tx, me: clients.deposit(tx, new, by=me)
        )

    def confirm(self, program: str) -> AnyResponse:
        """Let a program in: who deposited its key types the start of its fingerprint from her own screen."""
        self._require_own(program)
        start = request.form.get("start", "")
        return self._change(
            "key_confirmed",
            "key_unconfirmed",
            lambda tx, me: clients.confirm(tx, program, start, by=me),
        )

    def revoke(self, program: str) -> AnyResponse:
        """Shut a program out."""
        self._require_own(program)
        return self._change(
            "key_revoked", "not_now", lambda tx, me: clients.revoke(tx, program, by=me)
        )

    def hook(self) -> AnyResponse | str:
        """Keep a place to tell, and show its secret this once."""
        partner, url = (
            _partner(request.form.get("partner", "")),
            request.form.get("url", "").strip(),
        )
        try:
            target_of(url)
        except AddressRefused:
            return _back("hook_wrong")
        try:
            with self._control.transaction(self._clock) as tx:
                made = webhooks.add(tx, partner, url, by=_me().id)
                people.note(tx, _me().id, "hook-added")
                tx.commit()
        except StateConflict:
            return _back("hook_many")
        return self.page(secret=told(self._secret(made.webhook)), hook=made.url)

    def unhook(self, hook: str) -> AnyResponse:
        """Forget a place to tell."""
        with self._control.transaction(self._clock) as tx:
            found = any(webhooks.remove(tx, hook, one) for one in _partners())
            tx.commit()
        return _back("hook_removed", good=True) if found else abort(404)

    def _require_own(self, program: str) -> None:
        """Refuse another partner's program as one that does not exist."""
        with self._control.reading() as reading:
            found = clients.find(reading, program)
        if found is None or found.partner not in _partners():
            abort(404)

    def _change(
        self, done: str, refused: str, change: Callable[[Transaction, str], Any]
    ) -> AnyResponse:
        me = _me().id
        try:
            with self._control.transaction(self._clock) as tx:
                change(tx, me)
                people.note(tx, me, done.replace("_", "-"))
                tx.commit()
        except StateConflict:
            return _back(refused)
        return _back(done, good=True)


def programs(control: Control, clock: Clock, keys: OfficeKeys) -> Blueprint:
    """Return the pages of partners' programs as a blueprint."""
    views = _Programs(control, clock, keys)
    blueprint = Blueprint("programs", __name__, url_prefix="/partenaire/programmes")
    for rule, name, view in (
        ("/", "deposit", views.deposit),
        ("/<program>/confirmer", "confirm", views.confirm),
        ("/<program>/retirer", "revoke", views.revoke),
        ("/prevenir", "hook", views.hook),
        ("/prevenir/<hook>/retirer", "unhook", views.unhook),
    ):
        blueprint.add_url_rule(rule, name, view, methods=["POST"])
    blueprint.add_url_rule("/", "page", views.page)
    return blueprint


def _me() -> User:
    return who() or abort(403)


def _partners() -> list[str]:
    return sorted(partners_of(_me().kept.grants))


def _partner(asked: str) -> str:
    return asked if asked in _partners() else abort(404)


def _back(key: str, *, good: bool = False) -> AnyResponse:
    flash(say(key), "success" if good else "error")
    return redirect(url_for("programs.page"))
