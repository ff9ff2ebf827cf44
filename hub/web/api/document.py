"""The OpenAPI 3.1 document of the public API, written from its routes and messages: it cannot say anything else."""

from typing import Any, Final

from pydantic.json_schema import models_json_schema

from contracts import public_api as api
from contracts.problems import PROBLEM_MEDIA_TYPE, Problem
from hub.web.api.routes import ROUTES, Parameter, Route

VERSION: Final = "1.0.0"
_REFUSALS: Final = {
    "404": "Nothing has this address.",
    "410": "An erratum withdrew this edition.",
    "422": "A parameter does not follow its pattern.",
}


def document() -> dict[str, Any]:
    """Return the whole document as JSON values."""
    models = [(model, "serialization") for model in (*(r.answer for r in ROUTES), Problem)]
    _, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Farandole: public API",
            "version": VERSION,
            "summary": "Published editions, their tables, the questions they answer, and the venues.",
            "description": (
                "Everything here was published once and for all, with noise drawn once: reading it again teaches nothing more. "
                "Every figure has its 95 % interval; `suppressed` figures are covered by chance and are not to be quoted. "
                "No key is needed. Answers carry an ETag; ask with `If-None-Match`."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {route.path: {"get": _operation(route)} for route in ROUTES}
        | {api.API_DOCUMENT: {"get": _itself()}},
        "components": {"schemas": schemas["$defs"]},
    }


def _operation(route: Route) -> dict[str, Any]:
    return {
        "operationId": route.name,
        "summary": route.about,
        "parameters": [_parameter(each) for each in route.takes],
        "responses": {
            "200": {
                "description": route.about,
                "content": {"application/json": {"schema": _named(route.answer.__name__)}},
            },
            **{code: _refusal(said) for code, said in _REFUSALS.items()},
        },
    }


def _parameter(each: Parameter) -> dict[str, Any]:
    return {
        "name": each.name,
        "in": "path" if each.in_path else "query",
        "required": each.in_path,
        "description": each.about,
        "schema": {"type": "string", "pattern": each.pattern},
    }


def _refusal(said: str) -> dict[str, Any]:
    """Return a refusal (RFC 9457): constant text, which repeats nothing of what was asked."""
    return {"description": said, "content": {PROBLEM_MEDIA_TYPE: {"schema": _named("Problem")}}}


def _named(model: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model}"}


def _itself() -> dict[str, Any]:
    said = "This document."
    schema = {"type": "object"}
    return {"operationId": "openapi", "summary": said, "responses": {"200": {"description": said, "content": {"application/json": {"schema": schema}}}}}  # fmt: skip
