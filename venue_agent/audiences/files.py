"""Writes whom to write to in the shape that the house's own tool imports: for this account alone, for some days, no further.

The code is one for everybody, and stands in the general newsletter too: who uses it tells the partner nothing of why she got it.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd

from contracts.clock import stamp
from contracts.order import Channel
from venue_agent.audiences.cards import national
from venue_agent.config import Home
from venue_agent.errors import ConfigError
from venue_agent.home.durable import write_private
from venue_agent.home.lists import AUDIENCES, as_csv
from venue_agent.people.offers import Offers
from venue_agent.words import _

Tool = Literal["brevo", "mailchimp", "sarbacane", "csv", "sheet"]
Card = Mapping[str, str]
Cell = Callable[[Card], str]


@dataclass(frozen=True)
class Shape:
    """One tool's table: its columns for each channel that it serves."""

    columns: Mapping[Channel, Mapping[str, Cell]]
    separator: str = ";"


def _of(column: str) -> Cell:
    return lambda card: card[column]


def _digits(card: Card) -> str:
    return card["phone"].removeprefix("+")


def _dialled(card: Card) -> str:
    return national(card["phone"]) if card["phone"] else ""


_NAMES: Final = {"NOM": _of("last_name"), "PRENOM": _of("first_name"), "CODE": _of("code")}
_PLAIN: Final = {
    "customer": _of("customer"), "email": _of("email"), "phone": _dialled, "last_name": _of("last_name"),
    "first_name": _of("first_name"), "code": _of("code"), "order": _of("order"),
}  # fmt: skip
_SHEET: Final = {
    "Nom": _of("last_name"), "Prénom": _of("first_name"), "Téléphone": _dialled, "Adresse": _of("street"),
    "Code postal": _of("postcode"), "Ville": _of("city"), "Pays": _of("country"), "Code": _of("code"),
}  # fmt: skip
SHAPES: Final[Mapping[Tool, Shape]] = {
    "brevo": Shape({
        Channel.EMAIL: {"EMAIL": _of("email"), **_NAMES},
        Channel.SMS: {"SMS": _digits, **_NAMES},
    }),
    "mailchimp": Shape({
        Channel.EMAIL: {
            "Email Address": _of("email"), "First Name": _of("first_name"),
            "Last Name": _of("last_name"), "CODE": _of("code"), "Tags": _of("order"),
        },
    }, separator=","),
    "sarbacane": Shape({
        Channel.EMAIL: {"Email": _of("email"), "Nom": _of("last_name"), "Prénom": _of("first_name"), "Code": _of("code")},
        Channel.SMS: {"Mobile": _digits, "Nom": _of("last_name"), "Prénom": _of("first_name"), "Code": _of("code")},
    }),
    "csv": Shape(dict.fromkeys(Channel, _PLAIN)),
    "sheet": Shape({Channel.SMS: _SHEET, Channel.POST: _SHEET}),
}  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """What stands in every row besides the person."""

    order: str
    channel: Channel
    code: str


def shape_of(tool: Tool, channel: Channel) -> Mapping[str, Cell]:
    """Return the columns of *tool* for *channel*.

    Raises:
        ConfigError: that tool does not serve that channel.
    """
    columns = SHAPES[tool].columns
    if channel not in columns:
        able = ", ".join(name for name, shape in SHAPES.items() if channel in shape.columns)
        raise ConfigError(
            _("{tool} takes no {channel}. Possible: {able}.").format(
                tool=tool, channel=channel.value, able=able
            )
        )
    return columns[channel]


def write(home: Home, tool: Tool, cards: pd.DataFrame, sheet: Sheet) -> Path:
    """Write the people of *cards* for *tool*, mode 0600, in an order that tells nothing; return where."""
    columns = shape_of(tool, sheet.channel)
    more = {"code": sheet.code, "order": sheet.order}
    people: Sequence[Mapping[str, Any]] = cards.to_dict("records")  # type: ignore[assignment]
    rows = sorted([cell({**person, **more}) for cell in columns.values()] for person in people)
    path = home.path / AUDIENCES / f"{sheet.order}-{tool}.csv"
    write_private(path, as_csv(list(columns), rows, separator=SHAPES[tool].separator))
    return path


def files_of(home: Home, order: str = "*") -> list[Path]:
    """Return the files of people that are there, of one order or of all."""
    named = (f"{order}-{tool}.csv" for tool in SHAPES)
    return sorted(path for name in named for path in (home.path / AUDIENCES).glob(name))


def discard(home: Home, order: str = "*") -> int:
    """Remove the files of people; return how many there were."""
    found = files_of(home, order)
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def old(home: Home, offers: Offers, now: dt.datetime) -> list[str]:
    """Return the orders whose files stay here longer than the house said."""
    late = [k.name for k in offers.orders() if k.kept_until and k.kept_until <= stamp(now)]
    return [name for name in late if files_of(home, name)]


def expire(home: Home, offers: Offers, now: dt.datetime) -> list[str]:
    """Remove the files whose days are over; return of which orders."""
    late = old(home, offers, now)
    for name in late:
        discard(home, name)
    for known in offers.orders():
        if known.kept_until and not files_of(home, known.name):
            offers.keep_files(known.number, "")
    return late


def tidy(home: Home, offers: Offers, now: dt.datetime, months: int) -> int:
    """Remove files whose days are over, and offers older than *months*; return of how many orders files went."""
    oldest = pd.Timestamp(now).tz_localize(None) - pd.DateOffset(months=months)
    offers.drop_before(oldest.date().isoformat())
    return len(expire(home, offers, now))
