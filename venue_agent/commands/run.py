"""``venue-agent run``: what a timer starts every day; without a terminal, silent unless something fails."""

import importlib
import json
from functools import partial
from pathlib import Path
from typing import Any, Final

import typer

from venue_agent.commands.options import CLOCK, HomeOption, Json, LangOption, console
from venue_agent.commands.progress import bars
from venue_agent.commands.spoken import SpokenCommand, errors
from venue_agent.config import Home
from venue_agent.desk import open_desk
from venue_agent.network.again import ATTENDED, UNATTENDED
from venue_agent.outbox.journal import at_work
from venue_agent.push import Patience
from venue_agent.words import _, several

app = typer.Typer()
SECONDS: Final = 600.0
"""How long the vault's receipts are waited for; what comes later is fetched by the next run."""


@app.command("run", cls=SpokenCommand)
def run_command(home: HomeOption = Path(), as_json: Json = False, _lang: LangOption = "fr") -> None:
    """Do the daily round: charter, withdrawals that wait, preview, sending; for a scheduled task."""
    tries = ATTENDED if errors.is_terminal else UNATTENDED
    desk = open_desk(Home(home.resolve()), CLOCK, tries)
    daily = importlib.import_module("venue_agent.tasks.daily")  # loads pandas
    with at_work(desk.home) as book, bars(errors) as progress:
        patience = Patience(seconds=SECONDS, every=5, heard=partial(progress, "push"))
        done = daily.go_round(desk, book, progress, patience)
    if as_json:
        print(json.dumps(_plain(done)))
    elif console.is_terminal:
        _print_round(done)


def _plain(done: Any) -> dict[str, int]:
    return {
        "withdrawals": done.withdrawals,
        "withdrawals_waiting": done.withdrawals_waiting,
        "batches": done.sending.before,
        "receipts": len(done.sending.receipts),
        "batches_waiting": done.sending.waiting,
        "rows_refused": done.sending.refused_rows,
        "orders_new": done.orders.new,
        "orders_refused": done.orders.refused,
        "orders_waiting": done.orders.waiting,
    }


def _print_round(done: Any) -> None:
    told = _plain(done)
    waiting = importlib.import_module("venue_agent.audiences.waiting")
    if said := waiting.sentence(told["orders_waiting"]):
        console.print(said, markup=False)
    if not told["batches"]:
        console.print(_("Nothing has changed since the last sending."))
        return
    console.print(
        several("{count} batch is at the hub.", "{count} batches are at the hub.", told["batches"])
    )
    if told["receipts"]:
        console.print(several("{count} receipt of the vault checked: previewed = sent = received.",
                              "{count} receipts of the vault checked: previewed = sent = received.",
                              told["receipts"]))  # fmt: skip
    if told["batches_waiting"]:
        console.print(several("{count} batch waits for its receipt: the next round fetches it.",
                              "{count} batches wait for their receipts: the next round fetches them.",
                              told["batches_waiting"]))  # fmt: skip
