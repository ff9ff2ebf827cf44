"""``venue-agent report``: the house's own figures on a page that stays here."""

import importlib
import json
from pathlib import Path
from typing import Any, Final

import typer
from rich.markup import escape

from venue_agent.commands.options import CLOCK, HomeOption, Json, LangOption, Quiet, console
from venue_agent.commands.progress import bars
from venue_agent.commands.spoken import SpokenCommand, errors
from venue_agent.config import Home
from venue_agent.desk import open_desk
from venue_agent.home.durable import write_private
from venue_agent.outbox.journal import at_work
from venue_agent.words import _, number

app = typer.Typer()
FOLDER: Final = "report"
PAGE: Final = "rapport.html"


@app.command("report", cls=SpokenCommand)
def report_command(
    home: HomeOption = Path(), as_json: Json = False, quiet: Quiet = False, _lang: LangOption = "fr"
) -> None:
    """Write the local report: completeness, coverage, consents, duplicates; nothing of it is sent."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    reports = importlib.import_module("venue_agent.screen.report")  # loads pandas
    pages = importlib.import_module("venue_agent.pages.report")
    with at_work(desk.home) as book, bars(errors) as progress:
        made = reports.make(desk, progress)
        path = desk.home.path / FOLDER / PAGE
        write_private(path, pages.report_page(made).encode())
        book.write("report", read=made.tally.read, kept=made.tally.kept, people=made.people)
    if as_json:
        print(json.dumps(reports.plain(made) | {"page": str(path)}))
    elif not quiet:
        orders = importlib.import_module("venue_agent.audiences.waiting")
        found = orders.open_orders(desk.home, desk.config.venue, desk.clock)
        _show(made, path, pages.percent, orders.sentence(len(found)))


def _show(made: Any, path: Path, percent: Any, waiting: str) -> None:
    told = _("{share} of the seats sold have a buyer who is known and says yes to statistics.")
    console.print(told.format(share=percent(made.coverage)))
    told = _("{people} people in the file; {kept} ticket lines of {read} may leave.")
    told = told.format(people=number(made.people), kept=number(made.tally.kept),
                       read=number(made.tally.read))  # fmt: skip
    console.print(told)
    console.print(_("The report: {page}").format(page=escape(str(path))))
    console.print(_("It stays here: nothing of it is sent, and no network was used."))
    if waiting:
        console.print(waiting, markup=False)
