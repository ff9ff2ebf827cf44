"""``venue-agent review`` and ``approve``: the DPO's yes to what preview prepared, on a page or in the terminal."""

import importlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from venue_agent.commands.options import CLOCK, YES, HomeOption, Json, LangOption, console
from venue_agent.commands.spoken import SpokenCommand
from venue_agent.config import Home
from venue_agent.desk import Desk, open_desk
from venue_agent.errors import ConfigError, NotApproved
from venue_agent.network.charters import kept_charter
from venue_agent.outbox.approval import Approval, How, approve, digests_of, name_of, unapproved
from venue_agent.outbox.journal import at_work
from venue_agent.outbox.spool import Packed
from venue_agent.words import _, mark, number, several

app = typer.Typer()


@app.command("review", cls=SpokenCommand)
def review_command(
    home: HomeOption = Path(),
    port: Annotated[
        int, typer.Option(min=0, max=65535, help=mark("Port on this machine; 0: any."))
    ] = 0,
    as_json: Json = False,
    _lang: LangOption = "fr",
) -> None:
    """Show the preview on a page of this machine, with a button for the DPO to approve it."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    months = _waiting(desk)
    if not months:
        _print_none(as_json=as_json)
        return
    reviewing = importlib.import_module("venue_agent.tasks.review")
    server = reviewing.Server(reviewing.Review(_screen(desk, months)), port)
    console_or_errors = sys.stderr if as_json else sys.stdout
    print(_("Open this link on this machine, once:"), file=console_or_errors)
    print(f"  {server.address}", file=console_or_errors, flush=True)
    given = reviewing.wait_for_yes(server)
    if given is None:
        raise NotApproved(_("Nobody approved within half an hour. Nothing was sent."))
    _print_given(given, as_json=as_json)


@app.command("approve", cls=SpokenCommand)
def approve_command(
    home: HomeOption = Path(),
    who: Annotated[str, typer.Option(help=mark("Name of whoever approves."))] = "",
    yes: Annotated[bool, typer.Option("--yes", help=mark("Approve without asking."))] = False,
    as_json: Json = False,
    _lang: LangOption = "fr",
) -> None:
    """Approve what preview prepared, byte for byte, in the terminal."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    months = _waiting(desk)
    if not months:
        _print_none(as_json=as_json)
        return
    if not as_json:
        console.print(_digests(months))
    name = name_of(who or ("" if as_json else _asked(_("Name of whoever approves:"))))
    if not yes and not (not as_json and _agreed(months)):
        raise NotApproved(_("Nothing was approved, and nothing was sent."))
    _print_given(_yes(desk, months, name, "terminal"), as_json=as_json)


def _waiting(desk: Desk) -> list[Packed]:
    """Return the months that would be sent and that nobody approved as they are."""
    return unapproved(desk.home.path, desk.spool.unsent())


def _yes(desk: Desk, months: Sequence[Packed], who: str, how: How) -> Approval:
    """Note a yes to *months*, if the spool still holds the very bytes that were shown.

    Raises:
        NotApproved: something was prepared anew since; ConfigError, SpoolDamaged: as ``approve``.
    """
    with at_work(desk.home) as book:
        there = {packed.month: packed for packed in desk.spool.unsent()}
        now = [there[packed.month] for packed in months if packed.month in there]
        if list(map(_bytes, now)) != list(map(_bytes, months)):
            raise NotApproved(
                _("What was shown has been prepared anew since. Read it again, then approve.")
            )
        given = approve(desk.home.path, now, who, how, desk.clock)
        book.write("approve", months=len(given.months))
    return given


def _bytes(packed: Packed) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    files = tuple(sorted(digests_of(packed).items()))
    return packed.month, packed.commit.charter_sha256, files


def _screen(desk: Desk, months: Sequence[Packed]) -> Any:
    """Return what the page shows: the sheet as it is now, of these months."""
    pages = importlib.import_module("venue_agent.pages.approving")
    sheets = importlib.import_module("venue_agent.screen.sheet")
    charter = kept_charter(desk.home.path, months[0].commit.charter_sha256) or desk.charter()
    sheet = sheets.sheet_of(desk, charter, months)
    return importlib.import_module("venue_agent.tasks.review").Screen(
        page=lambda secret: pages.review_page(sheet, secret),
        done=pages.done_page,
        sorry=pages.sorry_page,
        yes=lambda who: _yes(desk, months, who, "page"),
    )


def _digests(months: Sequence[Packed]) -> Table:
    table = Table(title=_("To approve, byte for byte"), title_justify="left", title_style="bold")
    for heading in (_("month"), _("file"), _("rows"), "SHA-256"):
        table.add_column(heading, overflow="fold")
    for packed in sorted(months, key=lambda each: each.month):
        for entry in packed.manifest.manifest.files:
            table.add_row(packed.month, str(entry.name), number(entry.rows), entry.sha256)
    return table


def _asked(question: str) -> str:
    console.print(question, end=" ", markup=False)
    try:
        return input()
    except EOFError:
        raise ConfigError(_("Nobody answers here. Give the name with --who.")) from None


def _agreed(months: Sequence[Packed]) -> bool:
    question = several("Approve this {count} month? [y/N]", "Approve these {count} months? [y/N]",
                       len(months))  # fmt: skip
    console.print(question, end=" ", markup=False)
    try:
        return input().strip().casefold() in YES
    except EOFError:
        return False


def _print_none(*, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"approved": None}))
    else:
        console.print(_("Nothing waits for an approval."))


def _print_given(given: Approval, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"approved": asdict(given)}, ensure_ascii=False))
        return
    told = _("Approved by {who}: {months}. To send: [bold]venue-agent push[/]")
    console.print(told.format(who=escape(given.who), months=", ".join(sorted(given.months))))
