"""What differs between two charters, line by line: every field of the signed document, none in words of our own."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from contracts.base import canonical
from contracts.charter import Charter

_KEY: Final = re.compile(r"[0-9a-f]{33,}")


@dataclass(frozen=True)
class Change:
    """One line that differs: ``part`` is a phrase's key, ``subject`` names an item; "" where there was nothing."""

    part: str
    subject: str
    before: str
    after: str


def changes(before: Charter | None, after: Charter) -> tuple[Change, ...]:
    """Return every line of *after* that *before* does not have, and every one that it lost.

    Raises:
        ValueError: the charters differ and no line says so, which a new field of the contract would cause.
    """
    old, new = dict(_lines(before)) if before else {}, dict(_lines(after))
    found = tuple(
        Change(*key, _short(old.get(key, "")), _short(new.get(key, "")))
        for key in [*new, *(key for key in old if key not in new)]
        if old.get(key, "") != new.get(key, "")
    )
    if before is not None and not found and canonical(before) != canonical(after):
        raise ValueError("these charters differ in a field that no line tells")
    return found


def _lines(charter: Charter) -> Iterator[tuple[tuple[str, str], str]]:
    body = charter.model_dump(mode="json")
    for name in _PLAIN:
        yield (name, ""), _text(body.get(name))
    for name in ("controller", "dpo", "hub", "custodian", "bounds"):
        for field, value in body[name].items():
            yield (name, field), _text(value)
    for field, value in body.get("advice", {}).items():
        yield ("advice", field), _text(value)
    for name, key in (
        ("budgets", "season"),
        ("editions", "edition"),
        ("members", "venue"),
        ("clusters", "cluster"),
    ):
        for item in body[name]:
            rest = {field: value for field, value in item.items() if field != key}
            yield (name, item[key]), _text(rest)


_PLAIN: Final = (
    "revision",
    "version",
    "network",
    "name",
    "valid_from",
    "expires",
    "demonstration",
    "pseudonym_season",
    "linkage_from",
    "purposes",
    "partners",
    "fields",
    "date_granularity",
    "dpo_approves_audiences",
    "retention_months",
    "persons_bound",
)


def _short(text: str) -> str:
    """Return *text* with its keys cut: two keys that differ differ at once."""
    return _KEY.sub(lambda found: f"{found[0][:16]}…", text)


def _text(value: object) -> str:
    """Return a value as one line that somebody can compare by eye."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return " · ".join(f"{name} {_text(part)}" for name, part in value.items() if _text(part))
    if isinstance(value, list):
        return ", ".join(_text(part) for part in value)
    return str(value)
