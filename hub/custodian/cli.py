"""The custodian's commands: make its home, enrol venues, watch quotas, check the log, serve."""

import os
import sys
from typing import Annotated, Final

import typer

from contracts.spoken import dress, first_options
from contracts.voice import chosen
from hub.custodian import cli_seasons, log, quota, venues
from hub.custodian.cli_shared import DEFAULT_HOME, Home, opened, speaking
from hub.custodian.cli_spoken import (
    PROGRAMME,
    CustodianCommand,
    CustodianGroup,
    CustodianRoot,
    run_app,
)
from hub.custodian.errors import ConfigError
from hub.custodian.keys import add_season, check_season, make_home
from hub.custodian.serve import app_of, serve, settings
from hub.custodian.witness import pin_hub
from hub.custodian.words import VOICE, _, mark

app = typer.Typer(cls=CustodianRoot, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help=mark("The custodian of the keys: venues, quotas, log, service."))  # fmt: skip
quotas = typer.Typer(no_args_is_help=True, help=mark("What each venue may still have evaluated."))
logs = typer.Typer(no_args_is_help=True, help=mark("The use log, chained by hashes."))
app.callback()(first_options(PROGRAMME))
app.add_typer(quotas, name="quota")
app.add_typer(logs, name="log")
app.add_typer(cli_seasons.app, name="season")

Seasons = Annotated[
    list[str], typer.Option("--season", help=mark("As 2025-2026; may be repeated."))
]
Venue = Annotated[str, typer.Argument(help=mark("Short name of the venue."))]
DEFAULT_BIND: Final = "127.0.0.1:8101"


@app.command()
@speaking
def init(
    operator: Annotated[str, typer.Option(help=mark("Legal entity, as the charter names it."))],
    season: Seasons,
    home: Home = DEFAULT_HOME,
    database_url: Annotated[
        str | None, typer.Option(help=mark("PostgreSQL database; otherwise SQLite in the folder."))
    ] = None,
) -> None:
    """Makes the folder, the signing key and one pseudonym key per season. Shows the fingerprint."""
    for each in season:
        check_season(
            each
        )  # before anything is written: a home that is half made cannot be made again
    make_home(home, operator, database_url)
    for each in season:
        print(_("season {season}: {key}").format(season=each, key=add_season(home, each)))
    with opened(home) as (keys, tx):
        log.append(tx, "initialised", {"operator": operator, "seasons": sorted(season)})
        print(_("signing key: {key}").format(key=keys.public().signing_key))
        print(_("fingerprint: {fingerprint}").format(fingerprint=keys.fingerprint))


@app.command()
@speaking
def enrol(
    venue: Venue,
    home: Home = DEFAULT_HOME,
    season_quota: Annotated[
        int | None, typer.Option(min=1, help=mark("Identifiers per season, all included."))
    ] = None,
    declared: Annotated[
        int | None,
        typer.Option(
            min=1,
            help=mark(
                "Identifiers declared; the quota is 1.25 times that, and the weeks' supplement."
            ),
        ),
    ] = None,
    daily_quota: Annotated[
        int, typer.Option(min=1, help=mark("Identifiers per day."))
    ] = quota.DAILY_CAP,
) -> None:
    """Issues a venue's one-time code and opens its quota for each season.

    It takes --declared or --season-quota.
    """
    cap = season_quota or (quota.cap_for(declared) if declared else None)
    if cap is None:
        raise ConfigError("Found neither --season-quota nor --declared; expected one of them.")
    with opened(home) as (keys, tx):
        code = venues.issue_code(tx, venue, daily_cap=daily_quota)
        for season in keys.seasons:
            quota.open_season(tx, venue, season, cap)
        fingerprint = keys.fingerprint
    print(f"code: {code}")  # the same in each language: scripts read it
    print(_("fingerprint: {fingerprint}").format(fingerprint=fingerprint))


@app.command("pin-hub")
@speaking
def pin(
    network: Annotated[
        str, typer.Argument(help=mark("Short name of the network, as in the charter."))
    ],
    key: Annotated[
        str, typer.Argument(help=mark("The hub's Ed25519 signing key, 64 hexadecimal digits."))
    ],
    home: Home = DEFAULT_HOME,
) -> None:
    """Agrees to countersign a hub's chain, whose key was compared over the telephone."""
    with opened(home) as (_keys, tx):
        pin_hub(tx, network, key)
    print(
        _("{network}: heads signed with {key}… are witnessed").format(network=network, key=key[:16])
    )


@app.command("serve")
@speaking
def run(
    home: Home = DEFAULT_HOME,
    bind: Annotated[str, typer.Option(help=mark("Address and port to listen on."))] = DEFAULT_BIND,
    url: Annotated[
        str | None,
        typer.Option(
            help=mark("Public address, the one that venues sign; otherwise http:// and --bind.")
        ),
    ] = None,
) -> None:
    """Answers venues and the hub until it is stopped.

    Behind TLS, --url must be the public address (https://…): signatures cover it, and a
    request signed for another address is refused.
    """
    serve(app_of(home, url or f"http://{bind}"), settings(bind))


@quotas.command("show")
@speaking
def show(home: Home = DEFAULT_HOME) -> None:
    """Shows what each venue has had evaluated, and of how many."""
    with opened(home) as (_keys, tx):
        for usage in quota.usages(tx):
            print(f"{usage.venue}\t{usage.season}\t{usage.spent}\t{usage.cap}")
        for usage in quota.usages(tx, "erasure"):
            print(f"{usage.venue}\t{usage.season}\t{usage.spent}\t{usage.cap}\t{usage.use}")


@quotas.command("raise")
@speaking
def raise_(
    venue: Venue,
    season: Annotated[str, typer.Argument(help=mark("As 2025-2026."))],
    to: Annotated[int, typer.Argument(min=1, help=mark("The season's new quota."))],
    approved_by: Annotated[str, typer.Option(help=mark("Who approved it; written in the log."))],
    home: Home = DEFAULT_HOME,
    erasure: Annotated[
        bool, typer.Option("--erasure", help=mark("The quota of erasures, not that of batches."))
    ] = False,
) -> None:
    """Raises a venue's quota for a season."""
    usage = quota.Usage(venue, season, 0, to, "erasure" if erasure else "linkage")
    with opened(home) as (_keys, tx):
        quota.raise_cap(tx, usage, approved_by=approved_by)
    print(f"{venue}\t{season}\t{to}")


@logs.command("verify")
@speaking
def verify(home: Home = DEFAULT_HOME) -> None:
    """Checks every link of the log and shows its head."""
    with opened(home) as (_keys, tx):
        head = log.verify(tx)
    print(_("{sequence} entries, head {sha256}").format(sequence=head.sequence, sha256=head.sha256))


dress(app, CustodianCommand, CustodianGroup)


def main() -> None:
    """Run the command line; what it writes is nobody else's to read, and a crash shows no value."""
    os.umask(0o077)
    VOICE.speak(chosen(sys.argv[1:], os.environ))
    sys.exit(run_app(app))


if __name__ == "__main__":
    main()
