"""The custodian's commands on seasons: open one, let a hub carry its pseudonyms over, destroy an old key."""

from typing import Annotated

import typer

from contracts.api import Carriage
from hub.custodian import carriage, log, quota
from hub.custodian.cli_shared import DEFAULT_HOME, Home, opened, speaking
from hub.custodian.errors import ConfigError
from hub.custodian.keys import add_season, destroy_season, public_point
from hub.custodian.words import _, mark

app = typer.Typer(no_args_is_help=True, help=mark("The season keys: open, carry over, destroy."))

Season = Annotated[str, typer.Argument(help=mark("As 2026-2027."))]
Former = Annotated[str, typer.Argument(help=mark("The season before, as 2025-2026."))]


@app.command("open")
@speaking
def open_(season: Season, home: Home = DEFAULT_HOME) -> None:
    """Draws the key of one more season; each venue gets its last quota there."""
    with opened(home) as (_keys, tx):
        print(_("season {season}: {key}").format(season=season, key=add_season(home, season)))
        log.append(tx, "season-added", {"season": season})
        for venue, cap in {usage.venue: usage.cap for usage in quota.usages(tx)}.items():
            quota.open_season(tx, venue, season, cap)


@app.command("show")
@speaking
def show(home: Home = DEFAULT_HOME) -> None:
    """Shows the public keys of the seasons that were not destroyed."""
    with opened(home) as (keys, _tx):
        for season, secret in sorted(keys.seasons.items()):
            print(f"{season}\t{public_point(secret).hex()}")


@app.command("carry")
@speaking
def carry(
    network: Annotated[
        str, typer.Argument(help=mark("Short name of the network, as in the charter."))
    ],
    former: Former,
    season: Season,
    charter: Annotated[
        str,
        typer.Option(
            help=mark("Fingerprint of the charter, compared with a venue by word of mouth.")
        ),
    ],
    home: Home = DEFAULT_HOME,
) -> None:
    """Lets the hub carry its pseudonyms from one season to the next, under this charter alone.

    The hub presents them blinded: you see nothing, it does not learn your keys. Every venue must have
    signed this charter, and it must keep the linkage.
    """
    asked = Carriage(network=network, former=former, season=season, cap=0)
    with opened(home) as (keys, tx):
        carriage.allow(tx, keys, asked, charter)
    print(
        _("{network}: {former} may be carried to {season} under charter {charter}…").format(
            network=network, former=former, season=season, charter=charter[:16]
        )
    )


@app.command("destroy")
@speaking
def destroy(
    season: Former,
    approved_by: Annotated[str, typer.Option(help=mark("Who decided it; written in the log."))],
    home: Home = DEFAULT_HOME,
) -> None:
    """Destroys a season's key, for ever: nobody makes its pseudonyms again.

    To be done once the hub has opened the next season. Destroy the backups of that key as well.
    """
    with opened(home) as (keys, tx):
        if len(keys.seasons) == 1:
            raise ConfigError("Found one season only; open the next one before you destroy it.")
        public = public_point(keys.of(season)).hex()
        body = {"season": season, "public_key": public, "approved_by": approved_by}
        log.append(tx, "season-destroyed", body)
    destroy_season(home, season)  # after the commit: what is destroyed is always in the log
    print(_("season {season}: destroyed; destroy its backups as well").format(season=season))
