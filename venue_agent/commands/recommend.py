"""``venue-agent model`` and ``recommend``: the network's model, and advice to this house's own people, offline."""

import importlib
import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.table import Table

from contracts.model_rules import retained_with_tags
from venue_agent.commands.options import CLOCK, HomeOption, Json, LangOption, console
from venue_agent.commands.progress import bars
from venue_agent.commands.spoken import SpokenCommand, SpokenGroup, errors
from venue_agent.config import Home
from venue_agent.desk import open_desk
from venue_agent.outbox.journal import at_work
from venue_agent.rights.named import listed
from venue_agent.words import VOICE, _, mark, number, several

app = typer.Typer()
model = typer.Typer(cls=SpokenGroup, no_args_is_help=True, pretty_exceptions_enable=False,
                    help=mark("The network's recommendation model."))  # fmt: skip

METHODS = {
    "popularity": mark("popularity in the network, no more: nothing stands above the noise"),
    "spectral": mark("what stands above the noise in the publics that places share"),
    "full-rank": mark("all the publics that places share, as far as they are not noise"),
}


@model.command(cls=SpokenCommand)
def pull(home: HomeOption = Path(), _lang: LangOption = "fr") -> None:
    """Fetch the newest model, and check the hub's signature and its public chain."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    with at_work(desk.home) as book:
        have, new = _late("kept").pull(desk)
        shows = _late("programs").fetch(desk, have.charter)
        book.write("model", new=int(new), shows=shows)
    if new:
        console.print(
            _("Model of {edition} fetched and checked.").format(edition=have.model.edition)
        )
    else:
        console.print(
            _("The model of {edition} is here already.").format(edition=have.model.edition)
        )
    if shows:
        console.print(several("{count} show to come, from the houses' public catalogues.", "{count} shows to come, from the houses' public catalogues.", shows))  # fmt: skip


@model.command(cls=SpokenCommand)
def show(home: HomeOption = Path(), as_json: Json = False, _lang: LangOption = "fr") -> None:
    """Say what the model that is here can do, without any connection."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    have = _late("kept").kept(desk.home, desk.clock).model
    programs = _late("programs")
    as_counted = programs.as_counted(programs.here(desk.home), have)
    if as_json:
        print(json.dumps({"edition": have.edition, "method": have.method, "places": len(have.items),
                          "rho_micro": have.rho_micro, "retained_with_tags": retained_with_tags(have), **have.card.model_dump(mode="json"),
                          "dial": have.dial.model_dump(mode="json"), "catalogues_as_counted": as_counted}))  # fmt: skip
        return
    table = Table(title=_("Model of {edition}").format(edition=have.edition), show_header=False,
                  title_justify="left")  # fmt: skip
    card = have.card
    table.add_row(_("made from"), _(METHODS[have.method]))
    table.add_row(_("places"), number(len(have.items)))
    table.add_row(_("quality kept, expected"), _("{percent} % of the best without privacy").format(percent=card.retained_percent))  # fmt: skip
    more = retained_with_tags(have)
    if more is not None:
        table.add_row(_("with the shows' tags"), _("about {percent} %, for {share} % of the shows say one that was counted").format(percent=more[0], share=more[1]))  # fmt: skip
    better = _("yes") if card.better_than_popularity else _("no: the list is « much visited in the network »")  # fmt: skip
    table.add_row(_("better than popularity"), better)
    table.add_row(_("openness dial"), _("{openness}, {least} at least").format(openness=have.dial.openness, least=have.dial.least))  # fmt: skip
    if as_counted is not None:
        told = _("those that the model counted") if as_counted else _("changed since the model: the hub's word alone")  # fmt: skip
        table.add_row(_("public catalogues"), told)
    console.print(table)


@model.command(cls=SpokenCommand)
def allies(home: HomeOption = Path(), as_json: Json = False, _lang: LangOption = "fr") -> None:
    """Name the places whose publics are like this house's own and that do not share them yet."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    have = _late("kept").kept(desk.home, desk.clock)
    found = _late("places").allies_of(have.model, have.charter, desk.config.venue)
    if as_json:
        print(json.dumps([{"place": slug, "name": name} for slug, name in found]))
    elif found:
        for _slug, name in found:
            console.print(f"- {name}", markup=False)
    else:
        console.print(_("None stands out from the noise."))


@app.command(cls=SpokenCommand)
def recommend(
    home: HomeOption = Path(),
    openness: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=100,
            help=mark("0: what publics do; 100: every discipline and small houses alike."),
        ),
    ] = None,
    only: Annotated[
        Path | None,
        typer.Option(
            "--for", help=mark("CSV file with columns email, phone or customer: nobody else.")
        ),
    ] = None,
    to: Annotated[
        str, typer.Option(help=mark("Rank this house's people for that place instead."))
    ] = "",
    length: Annotated[int, typer.Option(min=1, max=10, help=mark("Places in a list."))] = 3,
    shape: Annotated[
        Literal["csv", "json", "sheet", "pdf"],
        typer.Option(
            "--as",
            help=mark(
                "For the e-mailing tool, for machines, or for the counter: its screen, or paper."
            ),
        ),
    ] = "csv",
    at_most: Annotated[
        int, typer.Option(min=0, help=mark("Lists that one person gets in 30 days; 0: no cap."))
    ] = 2,
    again: Annotated[
        bool, typer.Option("--again", help=mark("Tell again of places told in the last 90 days."))
    ] = False,
    shows: Annotated[
        bool,
        typer.Option(
            "--shows/--places", help=mark("Name the show to come that suits best, or places alone.")
        ),
    ] = True,
    as_json: Json = False,
    _lang: LangOption = "fr",
) -> None:
    """Advise this house's consenting people, without any connection; nothing leaves this machine."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    advising = _late("advise")
    keys = [name.key for name in listed(only)] if only else []
    courtesy = None if shape in {"sheet", "pdf"} else _late("courtesy").Courtesy(at_most, again)
    asked = advising.Asked(openness, length, keys, courtesy, shows)
    with at_work(desk.home) as book, bars(errors) as progress:
        if to:
            path, count = advising.rank_for(desk, asked, to, progress)
            book.write("recommend", people=count)
        else:
            advice = advising.advise(desk, asked, progress)
            path = advising.write_lists(desk, advice, shape)
            book.write("recommend", people=advice.gauges.people, told=advice.gauges.told)
    if to:
        _print_ranked(path, count, as_json=as_json)
    elif as_json:
        print(json.dumps(advising.report(desk, advice)))
    else:
        _print_advice(advice, path)


def _print_ranked(path: Path, count: int, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"people": count, "file": str(path)}))
        return
    console.print(several("{count} person ranked.", "{count} people ranked.", count))
    _print_file(path)


def _print_advice(advice: Any, path: Path) -> None:
    told, card = advice.gauges, advice.kept.model.card
    console.print(several("{count} person advised.", "{count} people advised.", told.people))
    if advice.rested:
        console.print(several("{count} person left in peace: enough lists for now.", "{count} people left in peace: enough lists for now.", advice.rested))  # fmt: skip
    if not card.better_than_popularity:
        console.print(_("This network is too small or too noisy for more: the lists are what is much visited in it."))  # fmt: skip
    table = Table(title=_("Openness {openness}").format(openness=advice.openness), show_header=False,
                  title_justify="left")  # fmt: skip
    table.add_column()
    table.add_column(justify="right")
    for words, share in (
        (_("relevance kept"), told.relevance),
        (_("outside people's habits"), told.discoveries),
        (_("two disciplines in one list"), told.variety),
        (_("places told of"), told.coverage),
        (_("smaller houses"), told.small_houses),
    ):
        table.add_row(words, _("{share} %").format(share=round(100 * share)))
    table.add_row(_("inequality between places (Gini)"), VOICE.decimal(f"{told.gini:.2f}"))
    shows = _late("advise").shows_told(advice)
    if "shows" in shows:
        table.add_row(_("shows to come that are named"), _("{told} of {known}").format(told=number(shows["shows_told"]), known=number(shows["shows"])))  # fmt: skip
    if left := sum(shows.get("shows_left_out", {}).values()):
        table.add_row(_("shows left out: an address in the title, or too many of one house"), number(left))  # fmt: skip
    table.add_row(_("distance from here, on average"), _("{km} km").format(km=round(told.added_km)))
    console.print(table)
    _print_file(path)


def _print_file(path: Path) -> None:
    console.print(_("To read here, and nowhere else: {file}").format(file=path), markup=False)


def _late(module: str) -> Any:
    """Load numpy and pandas for the commands that need them, and no other."""
    return importlib.import_module(f"venue_agent.recommend.{module}")
