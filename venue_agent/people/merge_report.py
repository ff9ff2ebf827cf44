"""How many records became how many people, and through what: counts only, which stay at the venue."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from venue_agent.home.durable import write_private
from venue_agent.words import _, mark

FILE: Final = "merge.json"
SIZES: Final = MappingProxyType({"1": 1, "2": 2, "3-4": 3, "5-9": 5, "10+": 10})
"""Size classes of a merger: the least number of records of each."""
JOINED: Final = MappingProxyType(
    {
        "customer": mark("joined by a customer number"),
        "email": mark("joined by an e-mail address"),
        "phone": mark("joined by a telephone"),
        "place": mark("joined by both names at one address"),
        "nameless": mark("without a name, given to who alone carries the contact"),
    }
)
DROPPED: Final = MappingProxyType(
    {
        "unreadable": mark("unreadable"),
        "placeholder": mark("placeholder"),
        "role_address": mark("of a role, not of a person"),
        "crowd": mark("of a crowd"),
        "household": mark("shared by a household (kept)"),
    }
)
KINDS: Final = MappingProxyType(
    {
        "email": mark("e-mail addresses"),
        "phone": mark("telephones"),
        "customer": mark("customer numbers"),
    }
)


@dataclass(frozen=True)
class MergeReport:
    """Counts of one reading; no value of anybody's.

    ``joined``: kind of key -> records that it joined to an earlier one, in the order of ``JOINED``:
    ``records - sum(joined) = persons``. ``sizes``: size class -> persons of that many records.
    ``dropped``: "kind_reason" (``email_placeholder``, ``phone_crowd``…) -> distinct identifiers.
    ``groups``: what told a group buyer -> persons.
    """

    records: int = 0
    persons: int = 0
    joined: Mapping[str, int] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[str, int] = field(default_factory=dict)


def lines(report: MergeReport) -> list[tuple[str, int]]:
    """Return the report as pairs of words and a count, zeros left out, for a screen."""
    told = [(_("customer records and newsletter contacts"), report.records)]
    told += [("− " + _(words), report.joined.get(kind, 0)) for kind, words in JOINED.items()]
    told.append(("= " + _("persons"), report.persons))
    told += [
        (_("persons of {size} records").format(size=size.replace("-", "–")), count)
        for size, count in report.sizes.items()
        if size != "1"
    ]
    told += [
        (f"{_(kind_words)}, {_(words)}", report.dropped.get(f"{kind}_{reason}", 0))
        for kind, kind_words in KINDS.items()
        for reason, words in DROPPED.items()
    ]
    return [(label, count) for label, count in told if count]


def write_report(folder: Path, report: MergeReport) -> Path:
    """Write *report* beside the settings, mode 0600, whole or not at all; return where."""
    path = folder / FILE
    write_private(path, json.dumps({"version": 1} | asdict(report), indent=1).encode() + b"\n")
    return path


def read_report(folder: Path) -> MergeReport | None:
    """Return the report of the last reading; None when there is none that can be read."""
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        told.pop("version")
        return MergeReport(**told)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
