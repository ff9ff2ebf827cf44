"""The OpenAPI 3.1 document of partners' programs, written from the routes' own table; every call with curl and Python."""

import json
from dataclasses import dataclass
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from contracts.order import RequestDraft, RequestSeen
from contracts.problems import PROBLEM_MEDIA_TYPE, Problem
from hub.people.programs import ACTS_A_DAY, CALLS_A_MINUTE, TOKEN_SECONDS, Scope

VERSION: Final = "1.0.0"
JSON: Final = "application/json"
EXAMPLE: Final[dict[str, Any]] = {
    "partner_name": "Festival du Nord",
    "aim": "support",
    "channel": "email",
    "cap": 500,
    "spec": {"include": [{"trait": "age", "values": ["18-25", "26-34"]}], "exclude": []},
    "first_day": "2027-03-01",
    "last_day": "2027-03-20",
    "expires": "2027-04-15T00:00:00Z",
    "offer": "Deux places pour le prix d'une.",
}
"""A request that the sandbox takes, once its dates lie ahead."""


@dataclass(frozen=True)
class Call:
    """One route: its method and path below a door, its scope, and what goes in and out."""

    name: str
    method: str
    path: str
    scope: Scope
    about: str
    takes: str = ""
    gives: str = "RequestSeen"
    status: str = "200"


CALLS: Final = (
    Call("own", "get", "/self", Scope.READ, "Whose program asks, and what its token is for.", gives=""),
    Call("index", "get", "/requests", Scope.READ, "Your requests, the newest first.", gives="list"),
    Call("make", "post", "/requests", Scope.WRITE, "Keep a new draft.", takes="RequestDraft", status="201"),
    Call("show", "get", "/requests/{name}", Scope.READ, "One request: its words, its calendar, its houses from their day on."),
    Call("rewrite", "put", "/requests/{name}", Scope.WRITE, "Change a draft.", takes="RequestDraft"),
    Call("estimate", "post", "/requests/{name}/estimate", Scope.ESTIMATE, "About how many people it means, from the newest edition alone: free, the same for whoever means the same people, always as long.", gives=""),
    Call("submit", "post", "/requests/{name}/submit", Scope.WRITE, "Put it before its houses; its calendar is fixed from here."),
    Call("withdraw", "post", "/requests/{name}/withdraw", Scope.WRITE, "Take it back while houses may still answer."),
)  # fmt: skip
_REFUSALS: Final = {
    "401": "The token is missing, unknown, over, or for the other door.",
    "403": "The token is for something else.",
    "404": "You have no such request; another partner's is told the same.",
    "409": "It cannot be done in its present state, or the key was used for another request.",
    "422": "The message does not follow its schema, or has no Idempotency-Key.",
    "429": "Too many calls in this minute, or acts in this day; see Retry-After.",
}


def document(public_url: str) -> dict[str, Any]:
    """Return the whole document as JSON values, for a hub at *public_url*."""
    home = public_url.rstrip("/")
    models = [(model, "validation") for model in (RequestDraft, RequestSeen, Problem)]
    _, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    paths: dict[str, dict[str, Any]] = {}
    for call in CALLS:
        paths.setdefault(call.path, {})[call.method] = _operation(call, home)
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Farandole: partners' API",
            "version": VERSION,
            "summary": "Ask houses for their audiences; nobody, no list and no exact size ever comes back.",
            "description": (
                f"A token lasts {TOKEN_SECONDS} seconds; {CALLS_A_MINUTE} calls a minute and {ACTS_A_DAY} acts a day, counted over all "
                "workers. Whatever changes something wants an `Idempotency-Key`, new for each request: repeated, it is answered as the "
                "first time for a day. States and instants follow each request's calendar, fixed when it is submitted; no house's "
                "act moves one. Try everything at the second server first: the same API over a fictitious network."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [
            {"url": f"{home}/v1/partner", "description": "The network."},
            {"url": f"{home}/v1/sandbox", "description": "The sandbox, with a key for trying."},
        ],
        "paths": paths,
        "webhooks": {"request.state": {"post": _webhook()}},
        "components": {"schemas": schemas["$defs"], "securitySchemes": {"program": _security(home)}},
    }  # fmt: skip


def _operation(call: Call, home: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": call.name,
        "summary": call.about,
        "security": [{"program": [call.scope.value]}],
        "parameters": _parameters(call),
        "responses": {
            call.status: {"description": call.about, "content": {JSON: {"schema": _gives(call)}}},
            **{code: _refusal(said) for code, said in _REFUSALS.items()},
        },
        "x-codeSamples": [
            {"lang": "Shell", "label": "curl", "source": _curl(call, home)},
            {"lang": "Python", "label": "requests", "source": _python(call, home)},
        ],
    }
    if call.takes:
        schema = {"$ref": f"#/components/schemas/{call.takes}"}
        content = {JSON: {"schema": schema, "example": EXAMPLE}}
        told["requestBody"] = {"required": True, "content": content}
    return told


def _parameters(call: Call) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if "{name}" in call.path:
        schema = {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,39}$"}
        found.append({"name": "name", "in": "path", "required": True, "schema": schema})
    if _acts(call):
        schema = {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,80}$"}
        found.append(
            {"name": "Idempotency-Key", "in": "header", "required": True, "schema": schema}
        )
    return found


def _acts(call: Call) -> bool:
    return call.scope is Scope.WRITE


def _gives(call: Call) -> dict[str, Any]:
    seen = {"$ref": "#/components/schemas/RequestSeen"}
    known: dict[str, dict[str, Any]] = {
        "": {"type": "object"},
        "list": {"type": "array", "items": seen},
    }
    return known.get(call.gives, seen)


def _refusal(said: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": said, "content": {PROBLEM_MEDIA_TYPE: {"schema": schema}}}


def _curl(call: Call, home: str) -> str:
    path = call.path.replace("{name}", "$NAME")
    lines = [
        f'curl -X {call.method.upper()} "{home}/v1/sandbox{path}" -H "Authorization: Bearer $TOKEN"'
    ]
    if _acts(call):
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if call.takes:
        lines.append(
            f'-H "Content-Type: application/json" -d {_quoted(json.dumps(EXAMPLE, ensure_ascii=False))}'
        )
    return " \\\n  ".join(lines)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _python(call: Call, home: str) -> str:
    path = call.path.replace("{name}", '" + name + "') if "{name}" in call.path else call.path
    headers = '{"Authorization": "Bearer " + token' + (', "Idempotency-Key": uuid.uuid4().hex}' if _acts(call) else "}")  # fmt: skip
    body = ", json=draft" if call.takes else ""
    at = f'"{home}/v1/sandbox{path}"'.removesuffix(' + ""')
    return f"answer = requests.{call.method}({at}, headers={headers}{body}, timeout=30)\nanswer.raise_for_status()\nprint(answer.json())"


def _webhook() -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": ["type", "request", "state", "at"],
        "properties": {
            "type": {"const": "request.state"},
            "request": {"type": "string"},
            "state": {"enum": ["submitted", "answered", "active", "measured", "closed"]},
            "at": {"type": "string", "format": "date-time"},
        },
    }
    return {
        "summary": "A request came to a state, at the instant that its calendar fixed.",
        "description": "Signed as Standard Webhooks 1.0.0: check `webhook-signature` before anything else. Answer 2xx within ten seconds.",
        "requestBody": {"content": {JSON: {"schema": schema}}},
        "responses": {
            "2XX": {"description": "Taken; anything else is tried again six times over two days."}
        },
    }


def _security(home: str) -> dict[str, Any]:
    flow = {
        "tokenUrl": f"{home}/v1/partner/token",
        "scopes": {
            Scope.READ.value: "Read your requests.",
            Scope.WRITE.value: "Write, submit and withdraw them.",
            Scope.ESTIMATE.value: "Estimate them.",
        },
    }
    said = "Client credentials with a JWT assertion signed with ES256 (RFC 7523); keys are deposited in the office."
    return {"type": "oauth2", "description": said, "flows": {"clientCredentials": flow}}
