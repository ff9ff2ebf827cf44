"""``venue-agent keys``: where the venue's keys live, and how they move between keyring and file."""

import json
from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final, Literal

import typer

from venue_agent.commands.options import CLOCK, HomeOption, Json, LangOption, console
from venue_agent.commands.spoken import SpokenCommand, SpokenGroup
from venue_agent.config import Home
from venue_agent.credentials import keys
from venue_agent.credentials.key_stores import STORE_WORDS
from venue_agent.credentials.keys import Kept
from venue_agent.errors import StateDamaged
from venue_agent.home.lock import alone
from venue_agent.words import _, mark

app = typer.Typer(cls=SpokenGroup, no_args_is_help=True, help=mark("Where the venue's keys live."))
WORDS: Final = MappingProxyType({keys.SIGNING: mark("signing"), keys.CACHE: mark("local cache"),
                          keys.NEXT: mark("signing, to come")})  # fmt: skip


@app.command(cls=SpokenCommand)
def show(home: HomeOption = Path(), as_json: Json = False, _lang: LangOption = "fr") -> None:
    """Say where each key lives and its fingerprint; never the key."""
    folder = Home(home.resolve()).keys
    found = [kept for name in keys.NAMES if (kept := keys.find(folder, name))]
    if not found:
        raise StateDamaged(
            _("No key in a systemd credential, the keyring or {folder}: `venue-agent init` makes them.")
            .format(folder=folder)
        )  # fmt: skip
    _print(found, as_json=as_json)


@app.command(cls=SpokenCommand)
def move(
    to: Annotated[
        Literal["keyring", "file"],
        typer.Option("--to", help=mark("Where: keyring, or file of mode 0600.")),
    ],
    home: HomeOption = Path(),
    as_json: Json = False,
    _lang: LangOption = "fr",
) -> None:
    """Move every key; the old copy goes once the new one has been read back."""
    place = Home(home.resolve())
    with alone(place, CLOCK):
        moved = keys.move(place.keys, to)
    if not moved and not as_json:
        console.print(_("Nothing to move: every key is there already."))
        return
    _print(moved, as_json=as_json)
    if not as_json and any(keys.find(place.keys, kept.name) != kept for kept in moved):
        console.print(_("The unit still hands its credential, and that one is used: take LoadCredential= out of it."))  # fmt: skip


def _print(found: Iterable[Kept], *, as_json: bool) -> None:
    told = [{"key": kept.name, "store": kept.store, "place": kept.place, "fingerprint": kept.fingerprint}
            for kept in found]  # fmt: skip
    if as_json:
        print(json.dumps({"keys": told}, ensure_ascii=False))
        return
    for each in told:  # lines, not a table: a fingerprint that was cut compares with nothing
        store = _(STORE_WORDS[each["store"]])
        console.print(_("{key}: {store}, {place}").format(
            key=_(WORDS[each["key"]]), store=store, place=each["place"]), markup=False)  # fmt: skip
        console.print(_("  fingerprint {mark}").format(mark=each["fingerprint"]), markup=False)
