"""``venue-agent preview``: prepares the batches and shows what would leave."""

import importlib
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from venue_agent.config import Home
from venue_agent.desk import open_desk
from venue_agent.journal import at_work
from venue_agent.options import CLOCK, HomeOption, LangOption, console
from venue_agent.progress import bars
from venue_agent.spoken import SpokenCommand, errors
from venue_agent.words import _, mark

app = typer.Typer()


@app.command(cls=SpokenCommand)
def preview(
    home: HomeOption = Path(),
    full: Annotated[
        bool, typer.Option("--full", help=mark("Make the unchanged months again too."))
    ] = False,
    _lang: LangOption = "fr",
) -> None:
    """Prepare the batches and show exactly what would leave; send nothing."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    with at_work(desk.home) as book, bars(errors) as progress:
        tables = list(_preparing().run(desk, full=full, progress=progress))
        book.write("preview", waiting=len(desk.spool.unsent()))
    for table in tables:
        console.print(table)
    if not desk.spool.unsent():
        console.print(_("Nothing has changed since the last sending."))
        return
    files = f"{desk.home.spool}/*/plaintext/*.csv"
    console.print(_("To read before sending: {files}").format(files=escape(files)))
    console.print(_("Nothing has left. To send those very files: [bold]venue-agent push[/]"))


def _preparing() -> Any:
    """Load pandas and the pipeline for the one command that reads an export, and no other."""
    return importlib.import_module("venue_agent.preview")
