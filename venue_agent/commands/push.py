"""``venue-agent push`` and ``status``: sends what was previewed, and says where each month is."""

import importlib
import json
from collections.abc import Collection
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from contracts.charter_check import charter_hash
from venue_agent.commands.options import CLOCK, HomeOption, Json, LangOption, Quiet, console
from venue_agent.commands.progress import bars
from venue_agent.commands.spoken import SpokenCommand, errors
from venue_agent.config import Home
from venue_agent.desk import open_desk
from venue_agent.outbox.journal import at_work
from venue_agent.outbox.spool import Packed
from venue_agent.push import Patience
from venue_agent.screen import refusals, shown
from venue_agent.tasks.gates import held_back
from venue_agent.tasks.sending import Sending, send
from venue_agent.words import _, mark, several

app = typer.Typer()


@app.command("push", cls=SpokenCommand)
def push_command(
    home: HomeOption = Path(),
    wait: Annotated[bool, typer.Option(help=mark("Wait for the vault's receipts."))] = True,
    as_json: Json = False,
    quiet: Quiet = False,
    _lang: LangOption = "fr",
) -> None:
    """Send what preview prepared, and check that the vault received those very bytes."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    with at_work(desk.home) as book, bars(errors) as progress:
        progress("push")
        patience = Patience() if wait else Patience(seconds=0.0)
        sending = send(desk, replace(patience, heard=partial(progress, "push")), book)
    if as_json:
        print(json.dumps(_plain(sending)))
    elif not quiet:
        _show(sending)


def _plain(sending: Sending) -> dict[str, Any]:
    receipts = (signed.receipt for signed in sending.receipts)
    return {
        "batches": sending.before,
        "waiting": sending.waiting,
        "rows_refused": sending.refused_rows,
        "receipts": [
            r.model_dump(mode="json", include={"month", "sequence", "state", "opened", "refusals"})
            for r in receipts
        ],
    }


def _show(sending: Sending) -> None:
    if not sending.before:
        console.print(_("Nothing to send. To prepare an export: [bold]venue-agent preview[/]"))
        return
    receipts = sending.receipts
    console.print(
        several("{count} batch is at the hub.", "{count} batches are at the hub.", sending.before)
    )
    if receipts:
        checked = several("{count} receipt of the vault checked: previewed = sent = received.",
                          "{count} receipts of the vault checked: previewed = sent = received.",
                          len(receipts))  # fmt: skip
        console.print(checked)
    for signed in receipts:
        for refusal in signed.receipt.refusals:
            rows = several("{count} row refused", "{count} rows refused", refusal.rows)
            told = _("{month}: {rows} ({reason})").format(
                month=signed.receipt.month, rows=rows, reason=refusals.words(refusal.reason)
            )
            console.print("  " + told, markup=False)
    if waiting := sending.waiting:
        console.print(several("{count} batch waits for its receipt: run [bold]venue-agent push[/] later.",
                              "{count} batches wait for their receipts: run [bold]venue-agent push[/] later.",
                              waiting))  # fmt: skip


@app.command(cls=SpokenCommand)
def status(
    home: HomeOption = Path(),
    as_json: Json = False,
    _lang: LangOption = "fr",
) -> None:
    """Say where each prepared month is and whether the charter still holds."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    months = sorted(desk.spool.months(), key=lambda packed: packed.month)
    held = {packed.month for packed in held_back(desk, desk.spool.unsent())}
    orders = importlib.import_module("venue_agent.audiences.waiting")
    waiting = len(orders.open_orders(desk.home, desk.config.venue, desk.clock))
    if not as_json:
        _print_months(months, held)  # before anybody is asked: the hub may be down
        if said := orders.sentence(waiting):
            console.print(said, markup=False)
    charter = desk.charter()
    if as_json:
        told = [shown.month_state(m) | {"approval_missing": m.month in held} for m in months]
        print(json.dumps({"charter": charter_hash(charter), "expires": charter.expires,
                          "months": told, "orders_waiting": waiting}))  # fmt: skip
        return
    console.print(_("Charter revision {revision}, in force until {expires}").format(
        revision=charter.revision, expires=shown.day(charter.expires)))  # fmt: skip


def _print_months(months: list[Packed], held: Collection[str]) -> None:
    if not months:
        console.print(_("No month is prepared yet: [bold]venue-agent preview[/]"))
        return
    table = Table(_("month"), _("state"), _("opened on"))
    for packed in months:
        month, state, opened = shown.month_row(packed)
        state = _("waits for the DPO's approval") if month in held else state
        table.add_row(month, state, opened)
    console.print(table)
