"""Writes the JSON Schema of every message: ``python -m contracts.schemas_build`` keeps them current."""

import json
import re
from pathlib import Path
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema

from contracts import (
    api,
    audience,
    batch,
    catalogue,
    charter,
    cube,
    edition,
    model,
    order,
    problems,
    succession,
)
from contracts.base import WIRE_VERSION, Wire

FOLDER: Final = Path(__file__).parent / "schemas"
MESSAGES: Final[tuple[type[Wire], ...]] = (
    api.Carriage,
    api.CarriageRequest,
    api.CarryRequest,
    api.CarryResponse,
    api.CharterDraft,
    api.Counters,
    api.CustodianKeys,
    api.Enrolled,
    api.Enrolment,
    api.EvaluateRequest,
    api.EvaluateResponse,
    api.ProveRequest,
    api.ProveResponse,
    api.WitnessRequest,
    api.WitnessResponse,
    audience.AudienceSpec,
    batch.Acknowledgement,
    batch.Commit,
    batch.Envelope,
    batch.SignedManifest,
    batch.SignedReceipt,
    catalogue.Catalogue,
    charter.MemberSignature,
    charter.SignedCharter,
    cube.Cube,
    edition.AuditEntry,
    edition.PublishedEdition,
    edition.SignedCheckpoint,
    model.SignedModel,
    order.RequestDraft,
    order.RequestSeen,
    order.SignedOrder,
    problems.Problem,
    succession.SignedSuccession,
)
"""What travels on its own; everything else is a part of one of these."""


def file_name(message: type[Wire]) -> str:
    """Return the name of a message's schema file, as ``signed-charter.json``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", message.__name__).lower() + ".json"


def schema_of(message: type[Wire]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) that accepts what the message's validator accepts."""
    generated = message.model_json_schema()
    name = file_name(message).removesuffix(".json")
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"urn:farandole:schema:{name}:{WIRE_VERSION}",
        **_closed(generated),
    }


def text_of(message: type[Wire]) -> str:
    """Return the very text of the message's schema file."""
    return json.dumps(schema_of(message), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every schema file and remove those of messages that are no more."""
    FOLDER.mkdir(exist_ok=True)
    for stale in FOLDER.glob("*.json"):
        stale.unlink()
    for message in MESSAGES:
        (FOLDER / file_name(message)).write_text(text_of(message), encoding="utf-8")


def _closed(value: Any) -> Any:
    """Return the schema without the two places where pydantic's own is wider than its validator."""
    if isinstance(value, list):
        return [_closed(item) for item in value]
    if not isinstance(value, dict):
        return value
    closed = {_end(key): _closed(item) for key, item in value.items() if key != "title"}
    if isinstance(value.get("title"), dict):  # a field of that name, not the annotation
        closed["title"] = _closed(value["title"])
    if "patternProperties" in closed:
        closed["additionalProperties"] = False
    if isinstance(closed.get("pattern"), str):
        closed["pattern"] = _end(closed["pattern"])
    return closed


def _end(pattern: str) -> str:
    """Return *pattern* such that engines whose ``$`` also stands before a last line feed refuse it."""
    return pattern[:-1] + r"$(?!\n)" if pattern.endswith("$") else pattern


if __name__ == "__main__":
    main()
