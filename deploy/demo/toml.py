"""Write a nested mapping as TOML: just what our own settings files need."""

import json
from collections.abc import Iterator, Mapping

Value = object


def dumps(values: Mapping[str, Value]) -> str:
    """Return *values* as TOML: scalars and lists first, then tables, then arrays of tables.

    Raises:
        TypeError: a value is neither text, number, boolean, list nor mapping.
    """
    return "\n".join(_lines(values, ())) + "\n"


def _lines(values: Mapping[str, Value], path: tuple[str, ...]) -> Iterator[str]:
    for name, value in values.items():
        if not isinstance(value, Mapping) and not _is_tables(value):
            yield f"{name} = {_scalar(value)}"
    for name, value in values.items():
        here = (*path, name)
        if isinstance(value, Mapping):
            yield f"\n[{'.'.join(here)}]"
            yield from _lines(value, here)
        elif _is_tables(value) and isinstance(value, list):
            for item in value:
                yield f"\n[[{'.'.join(here)}]]"
                yield from _lines(item, here)


def _is_tables(value: Value) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _scalar(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{', '.join(_scalar(item) for item in value)}]"
    raise TypeError(f"a setting of type {type(value).__name__} has no TOML form here")
