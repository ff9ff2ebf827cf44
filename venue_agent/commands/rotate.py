"""``venue-agent keys rotate``: a new signing key in the place of the old one, everywhere it counts."""

import importlib
import json
from pathlib import Path

import typer

from contracts.seal import fingerprint, signing_public
from venue_agent.commands.options import CLOCK, HomeOption, Json, LangOption, console
from venue_agent.commands.spoken import SpokenCommand, errors
from venue_agent.config import Home
from venue_agent.desk import open_desk
from venue_agent.outbox.journal import at_work
from venue_agent.words import _

app = typer.Typer()


@app.command(cls=SpokenCommand)
def rotate(home: HomeOption = Path(), as_json: Json = False, _lang: LangOption = "fr") -> None:
    """Put a new signing key in the place of the old one: here, at the hub and at the custodian."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    rotation = importlib.import_module("venue_agent.tasks.rotation")  # loads pandas
    with at_work(desk.home) as book, errors.status(_("Sending…")):
        new = rotation.rotate(desk)
        book.write("rotate")
    mark = fingerprint(signing_public(new.key))
    if as_json:
        print(json.dumps({"fingerprint": mark}))
        return
    console.print(_("The new key stands at the hub and at the custodian; the old one opens nothing any more."))  # fmt: skip
    console.print(_("fingerprint of the new key: {mark}").format(mark=mark), markup=False)
    console.print(
        _("Back up the agent's folder now. The network's next charter will name this key.")
    )
