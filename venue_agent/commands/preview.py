"""``venue-agent preview``: prepares the batches and shows what would leave."""

import importlib
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from venue_agent.commands.options import CLOCK, HomeOption, Json, LangOption, Quiet, console
from venue_agent.commands.progress import bars
from venue_agent.commands.spoken import SpokenCommand, errors
from venue_agent.config import Home
from venue_agent.desk import Desk, open_desk
from venue_agent.outbox.journal import at_work
from venue_agent.words import _, mark

app = typer.Typer()


@app.command(cls=SpokenCommand)
def preview(
    home: HomeOption = Path(),
    full: Annotated[
        bool, typer.Option("--full", help=mark("Make the unchanged months again too."))
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
    _lang: LangOption = "fr",
) -> None:
    """Prepare the batches and show exactly what would leave; send nothing."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    with at_work(desk.home) as book, bars(errors) as progress:
        done = _preparing().run(desk, full=full, progress=progress)
        waiting = desk.spool.unsent()
        book.write("preview", waiting=len(waiting))
    if as_json:
        told = _sheets().plain(done.sheet)
        print(json.dumps(told | {"page": str(done.page)}))
    elif not quiet:
        _show(desk, done)


def _show(desk: Desk, done: Any) -> None:
    for table in done.tables:
        console.print(table)
    if not done.sheet.months:
        console.print(_("Nothing has changed since the last sending."))
        return
    files = f"{desk.home.spool}/*/plaintext/*.csv"
    console.print(_("To read before sending: {files}").format(files=escape(files)))
    console.print(_("The same on one page: {page}").format(page=escape(str(done.page))))
    if desk.config.approval == "dpo":
        console.print(_("Nothing has left. The DPO approves it first: [bold]venue-agent review[/]"))
    else:
        console.print(_("Nothing has left. To send those very files: [bold]venue-agent push[/]"))


def _preparing() -> Any:
    """Load pandas and the pipeline for the one command that reads an export, and no other."""
    return importlib.import_module("venue_agent.tasks.preview")


def _sheets() -> Any:
    return importlib.import_module("venue_agent.screen.sheet")
