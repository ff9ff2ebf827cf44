"""``hub season``: take the custodian's new key, open the season in the vault, see who owes its list."""

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from contracts.clock import SystemClock
from hub.witness import fetch_custodian_keys

app = typer.Typer(no_args_is_help=True, help="Changer de saison : clé des pseudonymes, listes.")
console = Console(soft_wrap=True)

Home = Annotated[Path, typer.Option("--home", envvar="FARANDOLE_HUB_HOME",
                                    help="Dossier du hub.")]  # fmt: skip


@app.command()
def fetch(home: Home = Path()) -> None:
    """Relit les clés de saison du gardien, pour la charte suivante ; n'ouvre rien."""
    for season in import_module("hub.season_desk").fetch(home, fetch_custodian_keys):
        print(season)


@app.command("open")
def open_(home: Home = Path()) -> None:
    """Ouvre au coffre la saison de la charte en vigueur : reporte les pseudonymes, ou efface tout, selon elle.

    Les lots attendent pendant ce temps. Peut être redemandé.
    """
    opening = import_module("hub.season_desk").open_season(home, SystemClock())
    kept = "liaison gardée" if opening.carried else "rupture nette, plus aucune ligne d'avant"
    console.print(f"Saison {opening.season} ouverte après {opening.former or 'aucune'} : {kept}.")
    console.print("Chaque lieu renvoie maintenant sa liste d'effacement : hub season show")


@app.command()
def show(home: Home = Path()) -> None:
    """Dit quelle saison est ouverte au coffre, et quels lieux doivent encore leur liste d'effacement."""
    standing = import_module("hub.season_desk").show(home)
    console.print(f"coffre {standing.vault or 'vide'} · charte {standing.charter}")
    if standing.vault and standing.vault < standing.charter:
        console.print(
            "La saison de la charte n'est pas ouverte : les lots attendent. hub season open"
        )
    for venue in standing.owing:
        console.print(f"  liste d'effacement attendue  {venue}")
