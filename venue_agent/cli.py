"""The agent's commands, as venue IT types them; each says what was found and what to do."""

import importlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from contracts.charter import SignedCharter
from contracts.charter_check import charter_hash
from contracts.clock import SystemClock
from venue_agent import cli_map, cli_rights, join, shown, spoken, words
from venue_agent.client import Hub, Identity
from venue_agent.config import Home, load_config
from venue_agent.custodian_client import HttpCustodian
from venue_agent.desk import Desk, open_desk
from venue_agent.errors import ConfigError, NotJoined
from venue_agent.keys import make_key
from venue_agent.push import Patience, push
from venue_agent.spoken import SpokenCommand, SpokenGroup, errors
from venue_agent.spool import Packed
from venue_agent.words import _, mark, several

app = typer.Typer(cls=SpokenGroup, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False,
                  help=mark("The Farandole agent: prepares, shows and sends what the charter allows."))  # fmt: skip
console = Console(soft_wrap=not sys.stdout.isatty(), highlight=False)  # a log keeps its lines whole
CLOCK = SystemClock()
YES = frozenset({"o", "oui", "y", "yes"})

HomeOption = Annotated[Path, typer.Option("--home", envvar="FARANDOLE_AGENT_HOME",
                                          help=mark("The agent's folder."))]  # fmt: skip
LangOption = Annotated[Literal["fr", "en"], typer.Option("--lang", envvar=words.VARIABLE,
                                                         help=mark("Language of the messages."))]  # fmt: skip


@app.command(cls=SpokenCommand)
def init(
    home: HomeOption = Path(),
    venue: Annotated[str, typer.Option(help=mark("Short name of the venue in the network."))] = "",
    hub: Annotated[str, typer.Option(help=mark("Address of the hub."))] = "",
    fingerprint: Annotated[
        str, typer.Option(help=mark("Fingerprint of the hub, received by voice."))
    ] = "",
    code: Annotated[str, typer.Option(help=mark("One-time code of the hub."))] = "",
    custodian: Annotated[str, typer.Option(help=mark("Address of the custodian of keys."))] = "",
    custodian_code: Annotated[str, typer.Option(help=mark("One-time code of the custodian."))] = "",
    exports: Annotated[
        str, typer.Option(help=mark("Folder of the box office's exports."))
    ] = "exports",
    yes: Annotated[
        bool, typer.Option("--yes", help=mark("Sign the charter without asking."))
    ] = False,
    _lang: LangOption = "fr",
) -> None:
    """Join the network: make the venue's key, then show the charter and sign it."""
    place = Home(home.resolve())
    if code:
        _enrol(place, join.Invitation(venue=venue, hub_url=hub, fingerprint=fingerprint, code=code,
                                      custodian_url=custodian, custodian_code=custodian_code,
                                      exports=exports))  # fmt: skip
    desk = open_desk(place, CLOCK)
    signed = join.offered(desk.hub, desk.config)
    if signed is None:
        console.print(_("The venue is enrolled. The charter waits until every venue is: run "
                        "[bold]venue-agent init[/] again when the network tells you."))  # fmt: skip
        return
    _print_terms(signed, desk)
    if desk.config.venue in {s.venue for s in signed.signatures}:
        console.print(_("This venue has signed it already."))
        return
    if not yes and not _agreed():
        raise NotJoined(
            _("The charter was not signed. Nothing was sent; run `init` again to sign.")
        )
    signed = join.sign_charter(desk.hub, signed.charter)
    console.print(
        _("Signed. Signatures so far: {found} of {expected}.").format(
            found=len(signed.signatures), expected=len(signed.charter.members)
        )
    )


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
    with _progress() as progress:
        tables = list(_preparing().run(desk, full=full, progress=progress))
    for table in tables:
        console.print(table)
    if not desk.spool.unsent():
        console.print(_("Nothing has changed since the last sending."))
        return
    files = f"{desk.home.spool}/*/plaintext/*.csv"
    console.print(_("To read before sending: {files}").format(files=escape(files)))
    console.print(_("Nothing has left. To send those very files: [bold]venue-agent push[/]"))


@app.command("push", cls=SpokenCommand)
def push_command(
    home: HomeOption = Path(),
    wait: Annotated[bool, typer.Option(help=mark("Wait for the vault's receipts."))] = True,
    _lang: LangOption = "fr",
) -> None:
    """Send what preview prepared, and check that the vault received those very bytes."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    before = len(desk.spool.unsent())
    if not before:
        console.print(_("Nothing to send. To prepare an export: [bold]venue-agent preview[/]"))
        return
    with _progress() as progress:
        progress("push")
        desk.charter()
        desk.hub.put_catalogue(desk.catalogue().public)
        patience = Patience() if wait else Patience(seconds=0.0)
        receipts = push(desk.spool, desk.hub, desk.config.hub_signing_key, patience)
    console.print(several("{count} batch sent.", "{count} batches sent.", before))
    if receipts:
        checked = several("{count} receipt of the vault checked: previewed = sent = received.",
                          "{count} receipts of the vault checked: previewed = sent = received.",
                          len(receipts))  # fmt: skip
        console.print(checked)
    for signed in receipts:
        for refusal in signed.receipt.refusals:
            rows = several("{count} row refused", "{count} rows refused", refusal.rows)
            told = _("{month}: {rows} ({reason})").format(
                month=signed.receipt.month, rows=rows, reason=refusal.reason
            )
            console.print("  " + told, markup=False)
    if waiting := before - len(receipts):
        console.print(several("{count} batch waits for its receipt: run [bold]venue-agent push[/] later.",
                              "{count} batches wait for their receipts: run [bold]venue-agent push[/] later.",
                              waiting))  # fmt: skip


@app.command(cls=SpokenCommand)
def status(
    home: HomeOption = Path(),
    as_json: Annotated[bool, typer.Option("--json", help=mark("For machines."))] = False,
    _lang: LangOption = "fr",
) -> None:
    """Say where each prepared month is and whether the charter still holds."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    months = sorted(desk.spool.months(), key=lambda packed: packed.month)
    if not as_json:
        _print_months(months)  # before anybody is asked: the hub may be down
    charter = desk.charter()
    if as_json:
        print(json.dumps({"charter": charter_hash(charter), "expires": charter.expires,
                          "months": [shown.month_state(m) for m in months]}))  # fmt: skip
        return
    console.print(_("Charter revision {revision}, in force until {expires}").format(
        revision=charter.revision, expires=shown.day(charter.expires)))  # fmt: skip


app.registered_commands += cli_map.app.registered_commands
app.registered_commands += cli_rights.app.registered_commands


def main() -> None:
    """Run a command; an error is a few words on stderr and an exit code of its own."""
    os.umask(0o077)  # previews, state and settings are the venue's alone
    words.speak(words.chosen(sys.argv[1:], os.environ))
    sys.exit(spoken.run(app))


def _enrol(place: Home, invitation: join.Invitation) -> None:
    named = {"hub": invitation.hub_url, "venue": invitation.venue,
             "fingerprint": invitation.fingerprint, "custodian": invitation.custodian_url}  # fmt: skip
    if missing := [name for name, value in named.items() if not value]:
        raise ConfigError(
            _("`init --code` also needs {options}; see the invitation.").format(
                options=", ".join(f"--{name}" for name in missing)
            )
        )
    if place.config.exists() and load_config(place).venue != invitation.venue:
        raise ConfigError(
            _("This folder belongs to another venue. Choose an empty one with --home.")
        )
    place.path.mkdir(parents=True, exist_ok=True)
    key = make_key(place.keys)
    hub = Hub(invitation.hub_url, Identity(invitation.venue, key), CLOCK)
    keeper = HttpCustodian(invitation.custodian_url, invitation.venue, key, CLOCK)
    join.enrol(place, invitation, hub, keeper)


def _agreed() -> bool:
    """Ask; no answer, or nobody there to answer, is no."""
    console.print(_("Sign this charter in the venue's name? [y/N]"), end=" ", markup=False)
    try:
        answer = input()
    except EOFError:
        return False
    return answer.strip().casefold() in YES


@contextmanager
def _progress() -> Iterator[Any]:
    with errors.status("…") as status_line:
        yield lambda name: status_line.update(shown.step(name))


def _print_months(months: list[Packed]) -> None:
    if not months:
        console.print(_("No month is prepared yet: [bold]venue-agent preview[/]"))
        return
    table = Table(_("month"), _("state"), _("opened on"))
    for packed in months:
        table.add_row(*shown.month_row(packed))
    console.print(table)


def _print_terms(signed: SignedCharter, desk: Desk) -> None:
    table = Table(title=_("The charter"), show_header=False, title_justify="left")
    for heading, text in shown.terms(signed.charter, desk.config.venue, CLOCK.now()):
        table.add_row(heading, escape(text))
    console.print(table)
    print(_("fingerprint of the charter: {digest}").format(digest=charter_hash(signed.charter)))


def _preparing() -> Any:
    """Load pandas and the pipeline for the one command that reads an export, and no other."""
    return importlib.import_module("venue_agent.preview")


__all__ = ["Desk", "app", "main"]
