"""Puts what partners' programs may call on the hub's application; every address but the token's wants a token."""

import json
from pathlib import Path
from typing import Final

from flask import Flask, Response, g

from contracts.base import canonical
from contracts.clock import Clock
from hub.people.programs import Scope
from hub.store.access import Held
from hub.store.database import Control
from hub.web.audiences_api import audiences_api
from hub.web.desk import BRIEFLY, unless_known
from hub.web.partners import tokens
from hub.web.partners.document import document
from hub.web.partners.gate import PartnerGate, who
from hub.web.partners.sandbox import Sandboxes

PREFIX: Final = "/v1/partner"
SANDBOX: Final = "/v1/sandbox"
SCOPES: Final = {
    "own": Scope.READ,
    "index": Scope.READ,
    "show": Scope.READ,
    "make": Scope.WRITE,
    "rewrite": Scope.WRITE,
    "submit": Scope.WRITE,
    "withdraw": Scope.WRITE,
    "estimate": Scope.ESTIMATE,
}
"""What each route wants; one that is not here is open to no token."""
PATH_DOCUMENT: Final = "/v1/partner/openapi.json"


def install(app: Flask, control: Control, clock: Clock, public_url: str, folder: Path) -> None:
    """Install the token endpoint, the routes behind it, and the same over the sandboxes in *folder*."""
    tokens.install(app, control, clock, public_url)
    gate = PartnerGate(control, clock)
    rooms = ((PREFIX, control, False), (SANDBOX, Sandboxes(folder, clock), True))
    for prefix, over, sandbox in rooms:
        name = prefix.rpartition("/")[2]
        routes = audiences_api(over, clock, who)
        routes.add_url_rule("/self", "own", _own)
        gate.guard(routes, SCOPES, sandbox=sandbox)
        app.register_blueprint(routes, name=name, url_prefix=prefix)
    told = json.dumps(document(public_url), ensure_ascii=False, separators=(",", ":")).encode()
    app.add_url_rule(PATH_DOCUMENT, "partner_openapi", lambda: _told(told))


def _told(body: bytes) -> Response:
    response = Response(body, mimetype="application/json")
    response.headers["Cache-Control"] = BRIEFLY
    response.headers["Access-Control-Allow-Origin"] = (
        "*"  # it is public, and nobody is signed in here
    )
    response.add_etag()
    return unless_known(response)


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
