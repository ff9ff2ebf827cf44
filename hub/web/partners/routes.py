"""Puts what partners' programs may call on the hub's application; every address but the token's wants a token."""

from typing import Final

from flask import Blueprint, Flask, Response, g

from contracts.base import canonical
from contracts.clock import Clock
from hub.people.programs import Scope
from hub.store.access import Held
from hub.store.database import Control
from hub.web.partners import tokens
from hub.web.partners.gate import PartnerGate

PREFIX: Final = "/v1/partner"
OWN: Final = {"own": Scope.READ}


def install(app: Flask, control: Control, clock: Clock, public_url: str) -> None:
    """Install the token endpoint and the routes behind it."""
    tokens.install(app, control, clock, public_url)
    gate = PartnerGate(control, clock)
    mine = Blueprint("partner", __name__, url_prefix=PREFIX)
    mine.add_url_rule("/self", "own", _own)
    gate.guard(mine, OWN, sandbox=False)
    app.register_blueprint(mine)


def _own() -> Response:
    """Say whose program asks: what a new program tries first."""
    held: Held = g.held
    body = {
        "program": held.client,
        "partner": held.partner,
        "sandbox": held.sandbox,
        "scopes": held.scope.split(),
    }
    return Response(canonical(body), mimetype="application/json")
