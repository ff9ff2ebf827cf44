"""The custodian's commands: make its home, enrol venues, watch quotas, check the log, serve."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Annotated, Final, ParamSpec

import typer

from contracts.clock import SystemClock
from hub.custodian import log, quota, venues
from hub.custodian.errors import ConfigError, CustodianError
from hub.custodian.keys import Keys, add_season, load_home, make_home
from hub.custodian.serve import app_of, serve, settings
from hub.custodian.store import Transaction, open_store
from hub.custodian.witness import pin_hub

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
quotas = typer.Typer(no_args_is_help=True, help="See and raise what venues may evaluate.")
logs = typer.Typer(no_args_is_help=True, help="The hash-chained use log.")
app.add_typer(quotas, name="quota")
app.add_typer(logs, name="log")

Home = Annotated[
    Path, typer.Option(help="The custodian's folder.", envvar="FARANDOLE_CUSTODIAN_HOME")
]
Seasons = Annotated[list[str], typer.Option("--season", help="As 2025-2026; may be repeated.")]
DEFAULT_HOME: Final = Path("custodian")
DEFAULT_BIND: Final = "127.0.0.1:8101"
FAILED: Final = 2

_P = ParamSpec("_P")


def _speaking(command: Callable[_P, None]) -> Callable[_P, None]:
    """End a refused command with its sentence and exit code 2."""

    @wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except CustodianError as error:
            print(error, file=sys.stderr)
            raise typer.Exit(FAILED) from None

    return run


@contextmanager
def _open(home: Path) -> Iterator[tuple[Keys, Transaction]]:
    """Yield the keys and a transaction, committed when the block ends well."""
    keys = load_home(home)
    store = open_store(keys.database_url)
    store.create()
    with store.transaction(SystemClock()) as tx:
        yield keys, tx
        tx.commit()
    store.close()


@app.command()
@_speaking
def init(
    operator: Annotated[str, typer.Option(help="The legal entity, as the charter names it.")],
    season: Seasons,
    home: Home = DEFAULT_HOME,
    database_url: Annotated[
        str | None, typer.Option(help="PostgreSQL; else SQLite in the folder.")
    ] = None,
) -> None:
    """Make the folder, the signing key and one pseudonym key per season."""
    os.umask(0o077)
    make_home(home, operator, database_url)
    for each in season:
        print(f"season {each}: {add_season(home, each)}")
    with _open(home) as (keys, tx):
        log.append(tx, "initialised", {"operator": operator, "seasons": sorted(season)})
        print(f"signing key: {keys.public().signing_key}")
        print(f"fingerprint: {keys.fingerprint}")


@app.command("season")
@_speaking
def add(
    season: Annotated[str, typer.Argument(help="As 2026-2027.")], home: Home = DEFAULT_HOME
) -> None:
    """Draw the pseudonym key of a further season and give each venue the quota it had last."""
    with _open(home) as (_, tx):
        print(f"season {season}: {add_season(home, season)}")
        log.append(tx, "season-added", {"season": season})
        for venue, cap in {usage.venue: usage.cap for usage in quota.usages(tx)}.items():
            quota.open_season(tx, venue, season, cap)


@app.command()
@_speaking
def enrol(
    venue: Annotated[str, typer.Argument(help="The venue's slug.")],
    home: Home = DEFAULT_HOME,
    season_quota: Annotated[
        int | None, typer.Option(min=1, help="Identifiers a season, all in.")
    ] = None,
    declared: Annotated[
        int | None,
        typer.Option(
            min=1, help="Declared identifiers; the quota is 1.25 times, and weekly padding."
        ),
    ] = None,
    daily_quota: Annotated[int, typer.Option(min=1, help="Identifiers a day.")] = quota.DAILY_CAP,
) -> None:
    """Print a one-time code for a venue and open its quota for every season."""
    cap = season_quota or (quota.cap_for(declared) if declared else None)
    if cap is None:
        raise ConfigError("Found neither --season-quota nor --declared; expected one of them.")
    with _open(home) as (keys, tx):
        code = venues.issue_code(tx, venue, daily_cap=daily_quota)
        for season in keys.seasons:
            quota.open_season(tx, venue, season, cap)
        fingerprint = keys.fingerprint
    print(f"code: {code}")
    print(f"fingerprint: {fingerprint}")


@app.command("pin-hub")
@_speaking
def pin(
    network: Annotated[str, typer.Argument(help="The network's slug, as the charter names it.")],
    key: Annotated[
        str, typer.Argument(help="The hub's Ed25519 signing key, 64 hexadecimal digits.")
    ],
    home: Home = DEFAULT_HOME,
) -> None:
    """Accept to witness the chain of one hub, whose key was compared by telephone."""
    with _open(home) as (_, tx):
        pin_hub(tx, network, key)
    print(f"{network}: heads signed with {key[:16]}… are witnessed")


@app.command("serve")
@_speaking
def run(
    home: Home = DEFAULT_HOME,
    bind: Annotated[str, typer.Option(help="Address and port to listen on.")] = DEFAULT_BIND,
    url: Annotated[
        str | None, typer.Option(help="Public address that venues sign for; else http://BIND.")
    ] = None,
) -> None:
    """Serve venues and the hub until told to end."""
    serve(app_of(home, url or f"http://{bind}"), settings(bind))


@quotas.command("show")
@_speaking
def show(home: Home = DEFAULT_HOME) -> None:
    """List what each venue has evaluated, of how much."""
    with _open(home) as (_, tx):
        for usage in quota.usages(tx):
            print(f"{usage.venue}\t{usage.season}\t{usage.spent}\t{usage.cap}")


@quotas.command("raise")
@_speaking
def raise_(
    venue: Annotated[str, typer.Argument(help="The venue's slug.")],
    season: Annotated[str, typer.Argument(help="As 2025-2026.")],
    to: Annotated[int, typer.Argument(min=1, help="The new season quota.")],
    approved_by: Annotated[str, typer.Option(help="Who approved the rebuild; goes into the log.")],
    home: Home = DEFAULT_HOME,
) -> None:
    """Raise one venue's season quota."""
    with _open(home) as (_, tx):
        quota.raise_cap(tx, quota.Usage(venue, season, spent=0, cap=to), approved_by=approved_by)
    print(f"{venue}\t{season}\t{to}")


@logs.command("verify")
@_speaking
def verify(home: Home = DEFAULT_HOME) -> None:
    """Check every link of the use log and print its head."""
    with _open(home) as (_, tx):
        head = log.verify(tx)
    print(f"{head.sequence} entries, head {head.sha256}")


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
