"""The rights of people, as the DPO exercises them: forget, show, and a venue's own way out."""

import importlib
import json
import re
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer
from rich.console import Console
from rich.table import Table

from contracts.clock import SystemClock
from venue_agent import words
from venue_agent.commands.spoken import SpokenCommand, errors
from venue_agent.config import Home
from venue_agent.desk import Desk, open_desk
from venue_agent.errors import ConfigError, IdentifierUnreadable
from venue_agent.outbox.journal import at_work
from venue_agent.push import Patience
from venue_agent.rights.named import Name, listed, named
from venue_agent.screen import shown, values
from venue_agent.words import _, mark, several

app = typer.Typer()
console = Console(soft_wrap=True, highlight=False)
CLOCK = SystemClock()
YES: Final = frozenset({"o", "oui", "y", "yes"})
REFERENCE: Final = re.compile(r"[A-Za-z0-9._/-]{0,40}")
TYPED: Final = "-"

HomeOption = Annotated[Path, typer.Option("--home", envvar="FARANDOLE_AGENT_HOME",
                                          help=mark("The agent's folder."))]  # fmt: skip
LangOption = Annotated[Literal["fr", "en"], typer.Option("--lang", envvar=words.VARIABLE,
                                                         help=mark("Language of the messages."))]  # fmt: skip
Email = Annotated[str, typer.Option(help=mark("Her e-mail address; - to type it unseen by others."))]  # fmt: skip
Phone = Annotated[str, typer.Option(help=mark("Her telephone; - to type it unseen by others."))]
Customer = Annotated[str, typer.Option(help=mark("Her customer number in the box office."))]
Json = Annotated[bool, typer.Option("--json", help=mark("For machines."))]
Yes = Annotated[bool, typer.Option("--yes", help=mark("Do it without asking."))]


@app.command(cls=SpokenCommand)
def forget(
    home: HomeOption = Path(),
    email: Email = "",
    phone: Phone = "",
    customer: Customer = "",
    people: Annotated[
        Path | None,
        typer.Option("--list", help=mark("CSV file with columns email, phone or customer.")),
    ] = None,
    network: Annotated[
        bool,
        typer.Option(
            "--network", help=mark("Out of every venue's rows, on the person's verified request.")
        ),
    ] = False,
    resend: Annotated[
        bool,
        typer.Option(
            "--resend", help=mark("Send the whole list again: new season, or restored hub.")
        ),
    ] = False,
    reference: Annotated[
        str, typer.Option(help=mark("The DPO's own file number, written in the proof."))
    ] = "",
    yes: Yes = False,
    as_json: Json = False,
    _lang: LangOption = "fr",
) -> None:
    """Erase somebody here and at the hub, for ever; without a name, send what waits."""
    if not REFERENCE.fullmatch(reference):
        raise ConfigError(
            _("--reference takes at most 40 letters, digits and . _ / -, and names nobody.")
        )
    desk = open_desk(Home(home.resolve()), CLOCK)
    names = _asked(email, phone, customer) + (listed(people) if people else [])
    if network and names and not yes:
        _confirm(_("Was the identity of whoever asks verified? [y/N]"))
    rights = importlib.import_module("venue_agent.rights.erasure")  # loads pandas
    with at_work(desk.home) as book:
        if names:
            rights.erase_here(desk, names, "network" if network else "venue")
            book.write("erase", names=len(names))
            _say(_("Erased here, and kept out of every later export."), as_json=as_json)
        if resend:
            rights.resend(desk)
        with errors.status(_("Sending…")):
            told = rights.announce(desk, Patience(), reference)
        book.write("forget", receipts=len(told.receipts), waiting=told.waiting)
    _print_told(told, as_json=as_json)


@app.command(cls=SpokenCommand)
def show(
    home: HomeOption = Path(),
    email: Email = "",
    phone: Phone = "",
    customer: Customer = "",
    as_json: Json = False,
    _lang: LangOption = "fr",
) -> None:
    """Answer an access request from this machine alone: what was sent of somebody, when, under which charter."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    names = _asked(email, phone, customer)
    if not names:
        raise IdentifierUnreadable(_("Name somebody: --email, --phone or --customer."))
    answer = importlib.import_module("venue_agent.rights.access").answer(desk, names)
    if as_json:
        print(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        _print_answer(answer)


@app.command(cls=SpokenCommand)
def leave(home: HomeOption = Path(), yes: Yes = False, _lang: LangOption = "fr") -> None:
    """Leave the network: empty every month at the hub, withdraw everybody, and check the vault's receipts."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    if not yes:
        _confirm(_("Take every row of this venue out of the hub, for good? [y/N]"))
    with at_work(desk.home) as book, errors.status(_("Sending…")):
        farewell = importlib.import_module("venue_agent.rights.leave").leave(desk, Patience())
        book.write("leave", receipts=len(farewell.receipts), waiting=farewell.waiting)
    if farewell.waiting:
        told = several("{count} batch waits for the vault's receipt.",
                       "{count} batches wait for the vault's receipt.", farewell.waiting)  # fmt: skip
        _print_waiting(told, "leave")
        return
    _print_receipts(len(farewell.receipts))
    console.print(_("Proof for the DPO: {file}").format(file=farewell.proof), markup=False)
    _print_what_stays(desk)


def _asked(email: str, phone: str, customer: str) -> list[Name]:
    given = {"email": email, "phone": phone, "customer": customer}
    return named(**{kind: _typed(kind) if text == TYPED else text for kind, text in given.items()})


def _typed(kind: str) -> str:
    """Ask for what the command line must not show: it stands in the shell's history and in `ps`."""
    errors.print(f"{kind}:", end=" ")
    try:
        return input()
    except EOFError:
        return ""


def _confirm(question: str) -> None:
    console.print(question, end=" ", markup=False)
    try:
        answer = input()
    except EOFError:
        answer = ""
    if answer.strip().casefold() not in YES:
        raise ConfigError(_("Not confirmed. Nothing was done; --yes answers in advance."))


def _say(text: str, *, as_json: bool) -> None:
    if not as_json:
        console.print(text)


def _print_told(told: Any, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"receipts": [s.model_dump(mode="json") for s in told.receipts],
                          "proofs": [str(path) for path in told.proofs],
                          "waiting": told.waiting}))  # fmt: skip
        return
    _print_receipts(len(told.receipts))
    for path in told.proofs:
        console.print(_("Proof for the DPO: {file}").format(file=path), markup=False)
    if told.waiting:
        waiting = several("{count} withdrawal sent waits for the vault's receipt.",
                          "{count} withdrawals sent wait for the vault's receipt.", told.waiting)  # fmt: skip
        _print_waiting(waiting, "forget")
    elif not told.receipts:
        console.print(_("Nothing waits: the vault has confirmed every withdrawal."))


def _print_receipts(count: int) -> None:
    if count:
        console.print(several("{count} receipt of the vault checked: it is the same whether or not anything was found.",
                              "{count} receipts of the vault checked: they are the same whether or not anything was found.",
                              count))  # fmt: skip


def _print_waiting(told: str, command: str) -> None:
    console.print(told, _("Later: [bold]venue-agent {command}[/]").format(command=command))


def _print_what_stays(desk: Desk) -> None:
    for line in (
        _("The hub holds no row of this venue any more. What stays, and why:"),
        _("- the editions published so far: noised figures about crowds, from which nobody can be taken out;"),
        _("- tombstones, keyed digests of random numbers: they keep an old backup from bringing people back;"),
        _("- this venue's name in the charter and in the public chain: ask the network to amend the charter."),
        _("Here, {folder} keeps the proofs and the suppression list. Once they are filed elsewhere, "
          "`venue-agent uninstall` takes the agent off this machine, and nothing else was written.")
        .format(folder=desk.home.path),
    ):  # fmt: skip
        console.print(line, markup=False)


def _print_answer(answer: dict[str, Any]) -> None:
    records = answer["records"]
    if answer["forgotten_since"]:
        told = _("On the suppression list since {moment}: nothing is sent any more.")
        console.print(told.format(moment=shown.moment(answer["forgotten_since"])))
    _print_offers(answer["offers"])
    if not records:
        console.print(_("This machine holds nothing that was sent under that name."))
        return
    if len(records) > 1:
        console.print(_("Several people carry it. Find out which record is hers before you answer."))  # fmt: skip
    for record in records:
        title = _("Random number {number}").format(number=record["contribution_id"])
        table = Table(title=title, title_justify="left", show_lines=True)
        for heading in (_("month"), _("state"), _("charter"), _("person"), _("visits")):
            table.add_column(heading)
        for month in record["months"]:
            table.add_row(*_cells(month))
        console.print(table)
        for line in importlib.import_module("venue_agent.rights.proofs").told(record["consent"]):
            console.print(line, markup=False)


def _print_offers(offers: list[dict[str, str]]) -> None:
    told = _("Partner's order {order}, {day}: {arm}")
    for offer in offers:
        arm = values.said("arm", offer["arm"])
        console.print(told.format(order=offer["order"], day=offer["day"], arm=arm), markup=False)


def _cells(month: dict[str, Any]) -> tuple[str, ...]:
    state = month["state"] if month["received"] else ""
    received = f"\n{shown.moment(month['received'])}" if month["received"] else ""
    revision = month["charter"]["revision"]
    charter = _("revision {revision}").format(revision=revision) if revision else "?"
    return (
        month["month"],
        _(shown.STATES[state]) + received,
        f"{charter}\n{month['charter']['sha256'][:16]}…",
        _pairs(month["person"]),
        "\n\n".join(map(_pairs, month["visits"])),
    )


def _pairs(row: dict[str, str]) -> str:
    return "\n".join(f"{name}: {value or '–'}" for name, value in row.items())
