"""Writes a mapping as TOML that a person can read: beside each column, how sure it is and its shapes."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from venue_agent.mapper.consents import Block
from venue_agent.mapper.propose import sensitive, unmapped
from venue_agent.mapper.session import Seen, columns_of, values
from venue_agent.settings.mapping import parse_mapping
from venue_agent.words import _


def toml_of(name: str, tickets: Seen, blocks: Iterable[Block], today: dt.date) -> str:
    """Return the text of the mapping; it was parsed as ``load_mapping`` will.

    Raises:
        ConfigError, NoConsentSource: it would not be accepted.
    """
    text = "\n".join([*_head(name, tickets, today), *_columns(tickets), *_values(tickets), *_consents(blocks)]) + "\n"  # fmt: skip
    parse_mapping(text, name)
    return text


def _head(name: str, seen: Seen, today: dt.date) -> Iterator[str]:
    yield "# " + _("Made by `venue-agent map` on {day} from {file}. Shapes stand for values: 9 is a digit, a a letter.").format(day=today.isoformat(), file=seen.path.name)  # fmt: skip
    if seen.layout:
        yield f"# {seen.layout.name()} : {seen.layout.provenance()}"
    yield "version = 1"
    yield f"name = {_quoted(name)}"
    for field in ("booked", "event_date"):
        if field in seen.dates:
            how = seen.dates[field]
            doubt = "  # " + _("CHECK: the day could be the month") if how.doubtful else ""
            key = "event_formats" if field == "event_date" else "booked_formats"
            yield f"{key} = {_quoted(list(how.formats))}{doubt}"
    yield "\n[tickets]"
    yield f"pattern = {_quoted(seen.rule.pattern)}  # " + _("* stands for what changes from one export to the next")  # fmt: skip
    if seen.rule.sheet:
        yield f"sheet = {_quoted(seen.rule.sheet)}"


def _columns(seen: Seen) -> Iterator[str]:
    yield "\n[columns]"
    for field, column in columns_of(seen).items():
        proposal = seen.found[field]
        shapes = "  ".join(proposal.shapes) or _("empty")
        yield f"{field} = {_quoted(column)}  # {proposal.confidence:.0%} : {_plain(shapes)}"
    if left := unmapped(seen.cells, seen.found):
        yield "# " + _("Not read: {columns}").format(columns=_plain(", ".join(left)))
    if refused := sensitive(seen.cells):
        yield "# " + _("Never read (health, religion, opinion): {columns}").format(columns=_plain(", ".join(refused)))  # fmt: skip


def _values(seen: Seen) -> Iterator[str]:
    told = values(seen)
    if told:
        yield "\n[values]"
        yield from (f"{name} = {_quoted(value)}" for name, value in told.items())


def _consents(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        table = "consent"
        if block.pattern:
            table = "consent_files.consent"
            yield f"\n[[consent_files]]\npattern = {_quoted(block.pattern)}"
            yield f"columns = {_quoted(dict(block.columns))}"
        for rule in block.rules:
            yield f"\n[[{table}]]"
            yield from (f"{name} = {_quoted(value)}" for name, value in rule.items())


def _quoted(value: Any) -> str:
    """Return *value* as TOML: of its strings, JSON's are; of its tables, the inline ones."""
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_quoted(key)} = {_quoted(of)}" for key, of in value.items())
        return f"{{ {pairs} }}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_quoted(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _plain(text: str) -> str:
    """Return *text* as a comment may hold it: a header can contain a line break."""
    return "".join(c if c.isprintable() else " " for c in text)
