"""The custodian's commands on seasons: open one, let a hub carry its pseudonyms over, destroy an old key."""

from typing import Annotated

import typer

from contracts.api import Carriage
from hub.custodian import carriage, log, quota
from hub.custodian.cli_shared import DEFAULT_HOME, Home, opened, speaking
from hub.custodian.errors import ConfigError
from hub.custodian.keys import add_season, destroy_season, public_point

app = typer.Typer(no_args_is_help=True, help="Les clés de saison : ouvrir, reporter, détruire.")

Season = Annotated[str, typer.Argument(help="Comme 2026-2027.")]
Former = Annotated[str, typer.Argument(help="La saison d'avant, comme 2025-2026.")]


@app.command("open")
@speaking
def open_(season: Season, home: Home = DEFAULT_HOME) -> None:
    """Tire la clé d'une saison de plus ; chaque lieu y reçoit son dernier quota."""
    with opened(home) as (_, tx):
        print(f"season {season}: {add_season(home, season)}")
        log.append(tx, "season-added", {"season": season})
        for venue, cap in {usage.venue: usage.cap for usage in quota.usages(tx)}.items():
            quota.open_season(tx, venue, season, cap)


@app.command("show")
@speaking
def show(home: Home = DEFAULT_HOME) -> None:
    """Montre les clés publiques des saisons qui n'ont pas été détruites."""
    with opened(home) as (keys, _):
        for season, secret in sorted(keys.seasons.items()):
            print(f"{season}\t{public_point(secret).hex()}")


@app.command("carry")
@speaking
def carry(
    network: Annotated[str, typer.Argument(help="Nom court du réseau, comme dans la charte.")],
    former: Former,
    season: Season,
    charter: Annotated[
        str, typer.Option(help="Empreinte de la charte, comparée de vive voix avec un lieu.")
    ],
    home: Home = DEFAULT_HOME,
) -> None:
    """Permet au hub de reporter ses pseudonymes d'une saison à la suivante, sous cette charte seulement.

    Le hub les présente masqués : vous ne voyez rien, il n'apprend pas vos clés. Il faut que tous les
    lieux aient signé cette charte, et qu'elle garde la liaison.
    """
    asked = Carriage(network=network, former=former, season=season, cap=0)
    with opened(home) as (keys, tx):
        carriage.allow(tx, keys, asked, charter)
    print(f"{network}: {former} may be carried to {season} under charter {charter[:16]}…")


@app.command("destroy")
@speaking
def destroy(
    season: Former,
    approved_by: Annotated[str, typer.Option(help="Qui l'a décidé ; écrit au journal.")],
    home: Home = DEFAULT_HOME,
) -> None:
    """Détruit la clé d'une saison, pour toujours : plus personne ne refait ses pseudonymes.

    À faire quand le hub a ouvert la saison suivante. Détruisez aussi les sauvegardes de cette clé.
    """
    with opened(home) as (keys, tx):
        if len(keys.seasons) == 1:
            raise ConfigError("Found one season only; open the next one before you destroy it.")
        public = public_point(keys.of(season)).hex()
        body = {"season": season, "public_key": public, "approved_by": approved_by}
        log.append(tx, "season-destroyed", body)
    destroy_season(home, season)  # after the commit: what is destroyed is always in the log
    print(f"season {season}: destroyed; destroy its backups as well")
