"""Says what is wrong with a settings file, in words and without echoing what stands in it."""

import re
import tomllib
from types import MappingProxyType
from typing import Final

from pydantic import ValidationError

from venue_agent.words import _, mark

_KINDS: Final = MappingProxyType(
    {
        "missing": mark("is missing"),
        "extra_forbidden": mark("is not a known setting"),
        "enum": mark("must be one of {expected}"),
        "literal_error": mark("must be one of {expected}"),
        "string_too_short": mark("must not be empty"),
        "too_short": mark("must not be empty"),
        "string_pattern_mismatch": mark("must be a short name: small letters, digits, hyphens"),
        "string_type": mark("must be a text between quotes"),
        "bool_type": mark("must be true or false"),
        "bool_parsing": mark("must be true or false"),
        "tuple_type": mark("must be a list between [ ]"),
        "dict_type": mark("must be a table"),
    }
)
_OTHER: Final = mark("does not have a possible value")
_LINE: Final = re.compile(r"at line (\d+)")


def of_model(error: ValidationError) -> str:
    """Return the first defect: where it is and what it is; our own validators speak for themselves."""
    first = error.errors(include_input=False, include_url=False)[0]
    context = first.get("ctx", {})
    where = ".".join(str(x) for x in first["loc"])
    if first["type"] == "value_error":
        what = str(context["error"])
    else:
        expected = str(context.get("expected", "")).replace(" or ", ", ")
        what = _(_KINDS.get(first["type"], _OTHER)).format(expected=expected)
    return _("{where}: {what}").format(where=where, what=what) if where else what


def of_toml(error: tomllib.TOMLDecodeError) -> str:
    """Return the line at which a text stops being TOML."""
    line = _LINE.search(str(error))
    return _("line {line}").format(line=line[1]) if line else _("its last line")
