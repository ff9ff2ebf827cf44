"""The counter sheet: one HTML file, no connection, found by customer number or e-mail, one screen a person."""

import base64
import hashlib
import html
import json
from collections.abc import Iterable, Sequence
from importlib import resources
from typing import Final

from venue_agent.screen import values
from venue_agent.words import _, spoken

SALT: Final = "farandole/counter-sheet/1:"
"""Before an e-mail address is hashed; the same word stands in ``sheet.js``."""


def page(rows: Iterable[Sequence[object]], header: Sequence[str], venue: str, day: str) -> bytes:
    """Return the page; no e-mail address is on it: one that is typed is found by its hash.

    Args:
        rows: as ``header`` names their cells, each person's together and in order.
        header: names of the cells.
        venue: name of this house.
        day: when the lists were made.
    """
    lists: dict[str, list[dict[str, str]]] = {}
    for cells in rows:
        row = dict(zip(header, cells, strict=True))
        for name in _names(row):
            lists.setdefault(name, []).append(_line(row))
    data = _packed(lists)
    style, script = _asset("sheet.css"), _asset("sheet.js")
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    )
    return "".join(
        (
            f'<!doctype html>\n<html lang="{spoken()}">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="referrer" content="no-referrer">\n',
            f"<title>{_text(_('Counter sheet'))}</title>\n<style>{style}</style>\n</head>\n<body>\n",
            f"<main>\n<h1>{_text(_('Counter sheet'))}</h1>\n",
            f"<p>{_text(_('{venue}, lists of {day}. Works without a connection; keep it in the house.').format(venue=venue, day=day))}</p>\n",
            f'<label for="who">{_text(_("Customer number or e-mail address"))}</label>\n',
            '<input id="who" autocomplete="off" inputmode="search" autofocus>\n',
            f'<p id="said" role="status" data-none="{_text(_("No list under that name."))}"></p>\n',
            '<ol id="list"></ol>\n</main>\n',
            f'<script id="data" type="application/json">{data}</script>\n',
            f"<script>{script}</script>\n</body>\n</html>\n",
        )
    ).encode()


def _names(row: dict[str, object]) -> list[str]:
    """Return what a person is found by: her customer number, and a hash of her e-mail address."""
    email = str(row["email"])
    hashed = hashlib.sha256((SALT + email).encode()).hexdigest()
    return [*filter(None, [str(row["customer"])]), *([hashed] if email else [])]


def _line(row: dict[str, object]) -> dict[str, str]:
    return {
        "name": str(row["name"]),
        "kind": values.said("discipline", str(row["discipline"])),
        "why": str(row["why"]),
        **({"show": show} if (show := show_of(row)) else {}),
    }


def show_of(row: dict[str, object]) -> str:
    """Return the show of a line in words: title, house where it is not the place itself, days; "" without one."""
    title, house = str(row.get("title") or ""), str(row.get("house") or "")
    if not title:
        return ""
    days = [day_of(str(row[name])) for name in ("first_day", "last_day") if row[name]]
    when = _("from {first} to {last}").format(first=days[0], last=days[-1])
    where = () if house == row["name"] else (house,)
    return ", ".join(
        (_("“{title}”").format(title=title), *where, when if len({*days}) > 1 else days[0])
    )


def day_of(iso: str) -> str:
    """Return an ISO day as people write it."""
    return _("{day}/{month}/{year}").format(day=iso[8:10], month=iso[5:7], year=iso[:4])


def _packed(lists: dict[str, list[dict[str, str]]]) -> str:
    """Return JSON in which a list that many people share is written once; no tag can end in it."""
    distinct: dict[str, int] = {}
    people = {
        customer: distinct.setdefault(json.dumps(lines, ensure_ascii=False), len(distinct))
        for customer, lines in lists.items()
    }
    known = ",".join(distinct)
    told = json.dumps(people, ensure_ascii=False)
    return f'{{"lists":[{known}],"people":{told}}}'.replace("<", "\\u003c")


def _text(text: str) -> str:
    return html.escape(text, quote=True)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _asset(name: str) -> str:
    return (resources.files("venue_agent") / "recommend" / name).read_text(encoding="utf-8")
