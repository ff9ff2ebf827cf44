"""Reads by what a person is named in a request: typed on the command line, or in a list; never echoes it."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from contracts.linkage import IdentifierKind, normalise_email, normalise_phone
from venue_agent.errors import IdentifierUnreadable, SourceMissing
from venue_agent.sources.encodings import find_encoding
from venue_agent.words import _

HEADINGS: Final = MappingProxyType(
    {
        "email": ("email", "e-mail", "mail", "courriel"),
        "phone": ("phone", "telephone", "téléphone", "tel"),
        "customer": ("customer", "client", "numero client", "numéro client"),
    }
)
"""What the columns of a list may be called, without case."""
SEPARATORS: Final = ";,\t|"


@dataclass(frozen=True)
class Name:
    """One thing that a person is known by at this venue; it is never printed."""

    kind: str
    value: str = field(repr=False)

    @property
    def key(self) -> str:
        """The local key, as ``Handles`` knows it."""
        return f"{self.kind}:{self.value}"

    @property
    def linking(self) -> IdentifierKind | None:
        """The kind under which other venues may know it too; a customer number has none."""
        return None if self.kind == "customer" else IdentifierKind(self.kind)


def named(email: str = "", phone: str = "", customer: str = "") -> list[Name]:
    """Return the names of one person.

    Raises:
        IdentifierUnreadable: something typed is no e-mail address or telephone.
    """
    typed = {"email": email, "phone": phone, "customer": customer}
    found = {kind: _normalised(kind, text) for kind, text in typed.items() if text.strip()}
    if bad := sorted(kind for kind, value in found.items() if not value):
        raise IdentifierUnreadable(
            _(
                "What was given as --{kind} cannot be read as one. Nothing was done. Type it as "
                "it stands in the box office."
            ).format(kind=bad[0])
        )
    return [Name(kind, value) for kind, value in found.items()]


def listed(path: Path) -> list[Name]:
    """Return everybody whom a list names: a delimited text file with a heading over each column.

    Raises:
        SourceMissing: there is no such file.
        WrongEncoding: it is no text.
        IdentifierUnreadable: no column is known, or a line names nobody; lines are told by number.
    """
    if not path.is_file():
        raise SourceMissing(_("There is no file {path}. Check its name.").format(path=path))
    with path.open(encoding=find_encoding(path, "auto"), newline="") as text:
        lines = list(_lines(text.read().splitlines()))
    people = [[n for k, t in line.items() if (n := _name(k, t))] for line in lines]
    if bad := [str(at) for at, names in enumerate(people, 2) if not names and any(lines[at - 2].values())]:  # fmt: skip
        raise IdentifierUnreadable(
            _(
                "{file}: nothing on line {lines} can be read as an e-mail address, telephone or "
                "customer number. Nothing was done. Correct the list."
            ).format(file=path.name, lines=", ".join(bad[:20]))
        )
    return list(dict.fromkeys(name for names in people for name in names))


def _lines(text: Sequence[str]) -> Iterable[Mapping[str, str]]:
    heading = text[0] if text else ""
    separator = max(SEPARATORS, key=heading.count)
    columns = [_kind(cell) for cell in next(csv.reader([heading], delimiter=separator), [])]
    if not any(columns):
        # What stands in the first line is not echoed: without a heading it is somebody's data.
        raise IdentifierUnreadable(
            _(
                "The list has no column called email, phone or customer. Expected such a heading "
                "on its first line. Nothing was done."
            )
        )
    for cells in csv.reader(text[1:], delimiter=separator):
        yield {kind: cell for kind, cell in zip(columns, cells, strict=False) if kind}


def _kind(heading: str) -> str:
    word = heading.strip().casefold()
    return next((kind for kind, words in HEADINGS.items() if word in words), "")


def _name(kind: str, text: str) -> Name | None:
    value = _normalised(kind, text) if text.strip() else ""
    return Name(kind, value) if value else None


def _normalised(kind: str, text: str) -> str:
    if kind == "customer":
        return text.strip()
    return (normalise_email if kind == "email" else normalise_phone)(text) or ""
