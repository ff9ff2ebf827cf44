"""Wire models: strict, frozen, closed to unknown keys, with one canonical byte form to sign."""

import hashlib
import json
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, StringConstraints
from pydantic_core.core_schema import CoreSchema, no_info_before_validator_function

WIRE_VERSION = 1

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
EventId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Hex32 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""Thirty-two bytes in lower-case hexadecimal: a SHA-256 digest, a group element, an Ed25519 key."""
Hex64 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]
"""Sixty-four bytes in lower-case hexadecimal: an Ed25519 signature."""
HexBlob = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2}){1,8192}$")]
Month = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
Day = Annotated[
    str,
    StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"),
]
Instant = Annotated[
    str,
    StringConstraints(
        pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$"
    ),
]
"""UTC to the second, as ``2025-09-01T08:00:00Z``."""
SeasonId = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-20[0-9]{2}$")]


def _lenient(schema: Any) -> Any:
    """Return *schema* with the reading of whole floats before each integer; inner models have theirs."""
    if isinstance(schema, list):
        return [_lenient(item) for item in schema]
    kind = schema.get("type") if isinstance(schema, dict) else "model"
    if kind in ("model", "definition-ref"):  # a tuple: a field may itself be named "type"
        return schema
    if kind in ("int", "literal"):
        return no_info_before_validator_function(_whole, cast("CoreSchema", schema))
    return {key: _lenient(value) for key, value in schema.items()}


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Wire(BaseModel):
    """Base of every wire model: strict types, unknown keys refused, immutable.

    An integer may be written ``1.0``, for JSON Schema cannot tell it from ``1``; it is held, signed
    and hashed as ``1``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler, /
    ) -> CoreSchema:
        """Let every integer of the model be written as JSON Schema allows."""
        schema: dict[str, Any] = dict(handler(source))
        if schema["type"] == "model":
            schema["schema"] = _lenient(schema["schema"])
        return cast("CoreSchema", schema)


def canonical(value: Wire | dict[str, Any] | list[Any]) -> bytes:
    """Return the one byte form that is signed and hashed (RFC 8785 for values without floats).

    Raises:
        TypeError: a float is present; wire numbers are integers so that bytes are unique.
    """
    plain = value.model_dump(mode="json") if isinstance(value, Wire) else value
    _refuse_floats(plain)
    return json.dumps(
        plain,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    ).encode()


def digest(data: bytes) -> str:
    """Return SHA-256 of *data* in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("wire values hold integers, never floats: bytes must be unique")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_floats(item)
