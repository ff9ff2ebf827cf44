"""``hub season``: take the custodian's new key, open the season in the vault, see who owes its list."""

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from contracts.clock import SystemClock
from hub.witness import fetch_custodian_keys
from hub.words import _, mark

app = typer.Typer(
    no_args_is_help=True, help=mark("Change of season: key of the pseudonyms, lists.")
)
console = Console(soft_wrap=True)

Home = Annotated[Path, typer.Option("--home", envvar="FARANDOLE_HUB_HOME",
                                    help=mark("The hub's folder."))]  # fmt: skip


@app.command()
def fetch(home: Home = Path()) -> None:
    """Reads the custodian's season keys again, for the next charter; opens nothing."""
    for season in import_module("hub.season_desk").fetch(home, fetch_custodian_keys):
        print(season)


@app.command("open")
def open_(home: Home = Path()) -> None:
    """Opens in the vault the season of the charter in force: carries the pseudonyms over, or erases everything, as it says.

    Batches wait meanwhile. May be asked for again.
    """
    opening = import_module("hub.season_desk").open_season(home, SystemClock())
    kept = _("linkage kept") if opening.carried else _("clean break, no row from before is left")
    console.print(
        _("Season {season} opened after {former}: {kept}.").format(
            season=opening.season, former=opening.former or _("none"), kept=kept
        )
    )
    console.print(_("Each venue now sends its erasure list again: hub season show"))


@app.command()
def show(home: Home = Path()) -> None:
    """Says which season is open in the vault, and which venues still owe their erasure list."""
    standing = import_module("hub.season_desk").show(home)
    console.print(
        _("vault {vault} · charter {charter}").format(
            vault=standing.vault or _("empty"), charter=standing.charter
        )
    )
    if standing.vault and standing.vault < standing.charter:
        console.print(_("The charter's season is not open: batches wait. hub season open"))
    for venue in standing.owing:
        console.print(_("  erasure list awaited  {venue}").format(venue=venue))
