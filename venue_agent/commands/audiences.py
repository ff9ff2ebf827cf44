"""``venue-agent audiences``: partners' orders to this house, read, decided and run here; nothing of it goes back."""

import importlib
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from contracts.phrase import as_words
from venue_agent.commands.options import CLOCK, YES, HomeOption, Json, LangOption, console
from venue_agent.commands.progress import bars
from venue_agent.commands.spoken import SpokenCommand, SpokenGroup, errors
from venue_agent.config import Home
from venue_agent.desk import Desk, open_desk
from venue_agent.errors import ConfigError
from venue_agent.order_errors import OrderUndecided
from venue_agent.outbox.approval import name_of
from venue_agent.outbox.journal import at_work
from venue_agent.words import _, mark, number, several

app = typer.Typer(cls=SpokenGroup, no_args_is_help=True, pretty_exceptions_enable=False,
                  help=mark("Partners' orders to this house."))  # fmt: skip

OrderArgument = Annotated[str, typer.Argument(help=mark("Number in the list, or the order's own name."))]  # fmt: skip
Who = Annotated[str, typer.Option("--who", help=mark("Name of whoever decides."))]
Yes = Annotated[bool, typer.Option("--yes", help=mark("Do it without asking."))]
STEPS = {
    "consenting": mark("said yes to this partner, in time"),
    "reachable": mark("can be written to that way"),
    "meant": mark("fit what is asked"),
    "rested": mark("had few offers this season"),
    "scorable": mark("said yes to recommendations"),
    "selected": mark("selected"),
    "held_out": mark("left alone, to compare"),
    "contacted": mark("to write to"),
}


@app.command(cls=SpokenCommand)
def policy(home: HomeOption = Path(), as_json: Json = False, _lang: LangOption = "fr") -> None:
    """Write this house's policy file, closed, where there is none; say what it allows."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    rules = _late("policy")
    written = rules.write_default(desk.home)
    allowed = rules.load_policy(desk.home)
    if as_json:
        print(
            json.dumps({"written": written, **allowed.model_dump(mode="json")}, ensure_ascii=False)
        )
        return
    path = desk.home.path / rules.FILE
    told = _("Written, closed: {file}") if written else _("This house's policy: {file}")
    console.print(told.format(file=path), markup=False)
    if not allowed.partners:
        console.print(_("It allows nothing yet."))
    for heading, names in ((_("partners"), allowed.partners), (_("aims"), allowed.aims),
                           (_("channels"), allowed.channels), (_("traits"), allowed.traits)):  # fmt: skip
        told = ", ".join(map(str, names)) or "—"
        console.print(_("{about}: {count}").format(about=heading, count=told), markup=False)


@app.command(cls=SpokenCommand)
def pull(home: HomeOption = Path(), as_json: Json = False, _lang: LangOption = "fr") -> None:
    """Fetch the orders that wait at the hub, and check each of them."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    orders, log = _late("orders"), _late("log")
    with at_work(desk.home) as book:
        found = orders.pull(desk)
        for name in found.new:
            log.write(desk.home, desk.clock, "pulled", orders.find(desk, name).order)
        book.write("audiences-pull")
    if as_json:
        print(json.dumps({"new": found.new, "refused": [str(error) for error in found.refused]}, ensure_ascii=False))  # fmt: skip
    else:
        console.print(several("{count} new order.", "{count} new orders.", len(found.new)))
        for error in found.refused[1:]:
            errors.print(str(error), markup=False)
    if found.refused:
        raise found.refused[0]


@app.command("list", cls=SpokenCommand)
def listing(home: HomeOption = Path(), as_json: Json = False, _lang: LangOption = "fr") -> None:
    """List the orders that are here, without any connection."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    allowed, telling = _late("policy").load_policy(desk.home), _late("telling")
    held = _late("orders").held(desk)
    if as_json:
        print(json.dumps([telling.plain(desk, each, allowed) for each in held], ensure_ascii=False))
        return
    if not held:
        console.print(_("No order is here. Fetch them: `venue-agent audiences pull`."))
        return
    table = Table(title=_("Partners' orders"), title_justify="left", title_style="bold")
    for heading in (_("order"), _("partner"), _("how"), _("until"), _("state"), _("policy")):
        table.add_column(heading)
    for each in held:
        asked = each.order.request
        may = _("no: see `show`") if telling.why_not(desk, each, allowed) else _("yes")
        table.add_row(str(each.known.number), _plain(asked.partner_name), _(telling.CHANNELS[asked.channel]),
                      asked.last_day, _(telling.STATES[each.known.state]), may)  # fmt: skip
    console.print(table)


@app.command(cls=SpokenCommand)
def show(order: OrderArgument, home: HomeOption = Path(), as_json: Json = False, _lang: LangOption = "fr") -> None:  # fmt: skip
    """Say an order back in words, and whether this house's policy allows it."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    allowed, held = _late("policy").load_policy(desk.home), _late("orders").find(desk, order)
    telling = _late("telling")
    if as_json:
        print(json.dumps(telling.plain(desk, held, allowed), ensure_ascii=False))
    else:
        _print_order(desk, held, allowed)


@app.command(cls=SpokenCommand)
def approve(order: OrderArgument, home: HomeOption = Path(), who: Who = "", yes: Yes = False,
            as_json: Json = False, _lang: LangOption = "fr") -> None:  # fmt: skip
    """Approve an order for this house; nothing is done until it is run."""
    _decide(order, home, "approved", (who, yes, as_json))


@app.command(cls=SpokenCommand)
def refuse(order: OrderArgument, home: HomeOption = Path(), who: Who = "", yes: Yes = False,
           as_json: Json = False, _lang: LangOption = "fr") -> None:  # fmt: skip
    """Refuse an order for good; nobody outside this house learns it."""
    _decide(order, home, "refused", (who, yes, as_json))


@app.command(cls=SpokenCommand)
def run(
    order: OrderArgument,
    home: HomeOption = Path(),
    tool: Annotated[
        list[str],
        typer.Option("--for", help=mark("Tool that will send: brevo, mailchimp, sarbacane, csv, sheet. May be repeated.")),
    ] = [],  # noqa: B006 - typer reads it and never changes it
    who: Who = "",
    dry: Annotated[
        bool, typer.Option("--dry-run", help=mark("Count people, for this house alone, and write nothing."))
    ] = False,
    as_json: Json = False,
    _lang: LangOption = "fr",
) -> None:  # fmt: skip
    """Choose this house's people for an approved order and write the file that its own tool sends."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    running, orders = _late("running"), _late("orders")
    with at_work(desk.home) as book, bars(errors) as progress:
        held = orders.find(desk, order)
        asked = running.Asked(tools=_tools(tool, held), who=who and name_of(who), dry=dry)
        done = running.run(desk, held, asked, progress)
        book.write("audiences-run")
    _print_outcome(done, dry=dry, as_json=as_json)


def _decide(order: str, home: Path, state: str, how: tuple[str, bool, bool]) -> None:
    who, yes, as_json = how
    desk = open_desk(Home(home.resolve()), CLOCK)
    held, allowed = _late("orders").find(desk, order), _late("policy").load_policy(desk.home)
    if not as_json and not yes:
        _print_order(desk, held, allowed)
    name = name_of(who or ("" if as_json else _asked(_("Name of whoever decides:"))))
    question = _("Approve this order? [y/N]") if state == "approved" else _("Refuse this order for good? [y/N]")  # fmt: skip
    if not yes and not (not as_json and _asked(question).strip().casefold() in YES):
        raise OrderUndecided(_("Nothing was decided."))
    with at_work(desk.home) as book:
        _late("deciding").decide(desk, order, state, name)
        book.write(f"audiences-{state}")
    if as_json:
        print(
            json.dumps({"order": held.order.order, "state": state, "by": name}, ensure_ascii=False)
        )
    elif state == "approved":
        console.print(_("Approved by {who}. To run it: venue-agent audiences run {number}").format(
            who=name, number=held.known.number), markup=False)  # fmt: skip
    else:
        console.print(_("Refused by {who}. Nobody outside this house learns it.").format(who=name), markup=False)  # fmt: skip


def _print_order(desk: Desk, held: Any, allowed: Any) -> None:
    telling = _late("telling")
    title = _("Order {number}: {name}").format(number=held.known.number, name=held.order.order)
    table = Table(title=title, show_header=False, title_justify="left", title_style="bold")
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for heading, text in telling.lines(desk, held):
        table.add_row(heading, _plain(text))
    table.add_row(_("state"), _(telling.STATES[held.known.state]))
    why = telling.why_not(desk, held, allowed)
    table.add_row(_("this house's policy"), _plain(why) or _("allows it"))
    console.print(table)


def _print_outcome(done: Any, *, dry: bool, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"people": done.steps, "again": done.again, "dry": dry, "until": done.until,
                          "files": [str(path) for path in done.files]}))  # fmt: skip
        return
    table = Table(title=_("For this house alone"), show_header=False, title_justify="left",
                  title_style="bold")  # fmt: skip
    table.add_column()
    table.add_column(justify="right")
    for step, count in done.steps.items():
        table.add_row(_(STEPS[step]), number(count))
    console.print(table)
    if dry:
        console.print(_("Counted only: nothing was written."))
        return
    if done.again:
        console.print(_("It was run before: the same people, without those who changed their mind. Nobody new."))  # fmt: skip
    for path in done.files:
        console.print(_("To import in your own tool, from here: {file}").format(file=path), markup=False)  # fmt: skip
    console.print(_("Erased on {day}. It does not leave this house.").format(day=done.until[:10]))


def _tools(named: list[str], held: Any) -> list[str]:
    """Return the tools asked for; what everybody can read where none is."""
    shapes = _late("files").SHAPES
    if unknown := [name for name in named if name not in shapes]:
        raise ConfigError(
            _("There is no tool {name}. Possible: {known}.").format(name=unknown[0], known=", ".join(shapes))
        )  # fmt: skip
    usual = "sheet" if held.order.request.channel.value == "post" else "csv"
    return list(dict.fromkeys(named)) or [usual]


def _plain(text: str) -> str:
    """Return a partner's words as words in a table: nothing in them is markup."""
    return as_words(text).replace("[", "\\[")


def _asked(question: str) -> str:
    if not sys.stdin.readable():
        return ""
    console.print(question, end=" ", markup=False)
    try:
        return input()
    except EOFError:
        raise ConfigError(_("Nobody answers here. Give the name with --who, and --yes.")) from None


def _late(module: str) -> Any:
    """Load what needs pandas for the commands that need it, and no other."""
    return importlib.import_module(f"venue_agent.audiences.{module}")
