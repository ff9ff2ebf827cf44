"""``venue-agent profiles``: families of regulars, affinities and bridges between two disciplines, in this house, offline."""

import importlib
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from contracts.visit import Discipline
from venue_agent.commands.options import CLOCK, HomeOption, Json, LangOption, console
from venue_agent.commands.progress import bars
from venue_agent.commands.spoken import SpokenCommand, errors
from venue_agent.config import Home
from venue_agent.desk import open_desk
from venue_agent.outbox.journal import at_work
from venue_agent.screen import values
from venue_agent.words import _, mark, number, several

app = typer.Typer()


@app.command(cls=SpokenCommand)
def profiles(
    home: HomeOption = Path(),
    love: Annotated[
        Discipline | None, typer.Option(help=mark("Discipline that people love already."))
    ] = None,
    discover: Annotated[
        Discipline | None, typer.Option(help=mark("Discipline that they could discover."))
    ] = None,
    as_json: Json = False,
    _lang: LangOption = "fr",
) -> None:
    """Say the families of this house's regulars, and who of one discipline's lovers is open to another."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    profiling: Any = importlib.import_module("venue_agent.recommend.profiles")
    pair = (love, discover) if love and discover and love != discover else None
    with at_work(desk.home) as book, bars(errors) as progress:
        found, model = profiling.profiles(desk, pair, progress)
        paths = [profiling.write(desk, found, pair)]
        ranked = profiling.towards(model, found, pair) if pair else []
        if pair:
            paths.append(profiling.write_towards(desk, found, pair, ranked))
        book.write("profiles", people=len(found.family), told=found.known)
    bridges = profiling.works(model, pair[1]) if pair else []
    if as_json:
        print(json.dumps({"people": len(found.family), "known": found.known, **found.counts(),
                          "open": len(ranked), "bridges": [b.model_dump(mode="json") for b in bridges],
                          "files": [str(path) for path in paths]}))  # fmt: skip
        return
    _print(profiling, found, pair, len(ranked))
    for bridge in bridges[:5]:
        kind = values.said("discipline", bridge.discipline.value)
        console.print(_("Bridge of the network to {discipline}: {place}, {month}.").format(discipline=kind, place=bridge.place, month=bridge.month), markup=False)  # fmt: skip
    for path in paths:
        console.print(_("To read here, and nowhere else: {file}").format(file=path), markup=False)


def _print(profiling: Any, found: Any, pair: Any, ready: int) -> None:
    console.print(several("{count} person has a profile, of those who came often in two seasons.", "{count} people have a profile, of those who came often in two seasons.", found.known))  # fmt: skip
    counts = found.counts()
    table = Table(show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, words in profiling.FAMILY.items():
        table.add_row(_(words), number(counts[name]))
    if pair:
        table.add_section()
        for name in profiling.LEVEL:
            table.add_row(profiling.in_words(name, pair), number(counts[name]))
    console.print(table)
    if pair:
        console.print(several("{count} person loves the first and may discover the second.", "{count} people love the first and may discover the second.", ready))  # fmt: skip
