"""Puts what partners' programs may call on the hub's application; every address but the token's wants a token."""

from flask import Flask, Response

from contracts.base import canonical
from contracts.clock import Clock
from hub.people.programs import Scope
from hub.store.database import Control
from hub.web.partners import tokens
from hub.web.partners.gate import Asked, PartnerGate

PATH_SELF = "/v1/partner/self"


def install(app: Flask, control: Control, clock: Clock, public_url: str) -> PartnerGate:
    """Install the token endpoint and the routes; return the gate, for other files' routes to stand behind."""
    tokens.install(app, control, clock, public_url)
    gate = PartnerGate(control, clock)
    app.add_url_rule(PATH_SELF, "partner_self", gate.reads(Scope.READ)(_self))
    return gate


def _self(asked: Asked) -> Response:
    """Say whose program asks: what a new program tries first."""
    held = asked.held
    body = {
        "program": held.client,
        "partner": held.partner,
        "sandbox": held.sandbox,
        "scopes": held.scope.split(),
    }
    return Response(canonical(body), mimetype="application/json")
