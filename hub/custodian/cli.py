"""The custodian's commands: make its home, enrol venues, watch quotas, check the log, serve."""

import os
import sys
from typing import Annotated, Final

import typer

from contracts.spoken import dress
from contracts.voice import chosen
from hub.custodian import cli_seasons, log, quota, venues
from hub.custodian.cli_shared import DEFAULT_HOME, Home, opened, speaking
from hub.custodian.cli_spoken import (
    CustodianCommand,
    CustodianGroup,
    CustodianRoot,
    root,
    run_app,
)
from hub.custodian.errors import ConfigError
from hub.custodian.keys import add_season, make_home
from hub.custodian.serve import app_of, serve, settings
from hub.custodian.witness import pin_hub
from hub.custodian.words import VOICE

app = typer.Typer(cls=CustodianRoot, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="Le gardien des clés : lieux, quotas, journal, service.")  # fmt: skip
quotas = typer.Typer(no_args_is_help=True, help="Ce que chaque lieu peut encore évaluer.")
logs = typer.Typer(no_args_is_help=True, help="Le journal d'usage, chaîné par empreintes.")
app.callback()(root)
app.add_typer(quotas, name="quota")
app.add_typer(logs, name="log")
app.add_typer(cli_seasons.app, name="season")

Seasons = Annotated[
    list[str], typer.Option("--season", help="Comme 2025-2026 ; peut être répétée.")
]
Venue = Annotated[str, typer.Argument(help="Nom court du lieu.")]
DEFAULT_BIND: Final = "127.0.0.1:8101"


@app.command()
@speaking
def init(
    operator: Annotated[str, typer.Option(help="Entité juridique, comme la charte la nomme.")],
    season: Seasons,
    home: Home = DEFAULT_HOME,
    database_url: Annotated[
        str | None, typer.Option(help="Base PostgreSQL ; sinon SQLite dans le dossier.")
    ] = None,
) -> None:
    """Crée le dossier, la clé de signature et une clé de pseudonymes par saison. Affiche l'empreinte."""
    make_home(home, operator, database_url)
    for each in season:
        print(f"season {each}: {add_season(home, each)}")
    with opened(home) as (keys, tx):
        log.append(tx, "initialised", {"operator": operator, "seasons": sorted(season)})
        print(f"signing key: {keys.public().signing_key}")
        print(f"fingerprint: {keys.fingerprint}")


@app.command()
@speaking
def enrol(
    venue: Venue,
    home: Home = DEFAULT_HOME,
    season_quota: Annotated[
        int | None, typer.Option(min=1, help="Identifiants par saison, tout compris.")
    ] = None,
    declared: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Identifiants déclarés ; le quota en est 1,25 fois, plus le complément des semaines.",
        ),
    ] = None,
    daily_quota: Annotated[
        int, typer.Option(min=1, help="Identifiants par jour.")
    ] = quota.DAILY_CAP,
) -> None:
    """Émet le code à usage unique d'un lieu et ouvre son quota pour chaque saison.

    Il faut --declared ou --season-quota.
    """
    cap = season_quota or (quota.cap_for(declared) if declared else None)
    if cap is None:
        raise ConfigError("Found neither --season-quota nor --declared; expected one of them.")
    with opened(home) as (keys, tx):
        code = venues.issue_code(tx, venue, daily_cap=daily_quota)
        for season in keys.seasons:
            quota.open_season(tx, venue, season, cap)
        fingerprint = keys.fingerprint
    print(f"code: {code}")
    print(f"fingerprint: {fingerprint}")


@app.command("pin-hub")
@speaking
def pin(
    network: Annotated[str, typer.Argument(help="Nom court du réseau, comme dans la charte.")],
    key: Annotated[
        str, typer.Argument(help="Clé Ed25519 de signature du hub, 64 chiffres hexadécimaux.")
    ],
    home: Home = DEFAULT_HOME,
) -> None:
    """Accepte de contresigner la chaîne d'un hub, dont la clé a été comparée au téléphone."""
    with opened(home) as (_, tx):
        pin_hub(tx, network, key)
    print(f"{network}: heads signed with {key[:16]}… are witnessed")


@app.command("serve")
@speaking
def run(
    home: Home = DEFAULT_HOME,
    bind: Annotated[str, typer.Option(help="Adresse et port d'écoute.")] = DEFAULT_BIND,
    url: Annotated[
        str | None,
        typer.Option(
            help="Adresse publique, celle que les lieux signent ; sinon http:// et --bind."
        ),
    ] = None,
) -> None:
    """Répond aux lieux et au hub jusqu'à ce qu'on l'arrête.

    Derrière TLS, --url doit être l'adresse publique (https://…) : les signatures la couvrent, et une
    requête signée pour une autre adresse est refusée.
    """
    serve(app_of(home, url or f"http://{bind}"), settings(bind))


@quotas.command("show")
@speaking
def show(home: Home = DEFAULT_HOME) -> None:
    """Montre ce que chaque lieu a évalué, et sur combien."""
    with opened(home) as (_, tx):
        for usage in quota.usages(tx):
            print(f"{usage.venue}\t{usage.season}\t{usage.spent}\t{usage.cap}")
        for usage in quota.usages(tx, "erasure"):
            print(f"{usage.venue}\t{usage.season}\t{usage.spent}\t{usage.cap}\t{usage.use}")


@quotas.command("raise")
@speaking
def raise_(
    venue: Venue,
    season: Annotated[str, typer.Argument(help="Comme 2025-2026.")],
    to: Annotated[int, typer.Argument(min=1, help="Nouveau quota de la saison.")],
    approved_by: Annotated[str, typer.Option(help="Qui l'a approuvé ; écrit au journal.")],
    home: Home = DEFAULT_HOME,
    erasure: Annotated[
        bool, typer.Option("--erasure", help="Le quota des effacements, pas celui des envois.")
    ] = False,
) -> None:
    """Relève le quota d'un lieu pour une saison."""
    usage = quota.Usage(venue, season, 0, to, "erasure" if erasure else "linkage")
    with opened(home) as (_, tx):
        quota.raise_cap(tx, usage, approved_by=approved_by)
    print(f"{venue}\t{season}\t{to}")


@logs.command("verify")
@speaking
def verify(home: Home = DEFAULT_HOME) -> None:
    """Vérifie chaque maillon du journal et affiche sa tête."""
    with opened(home) as (_, tx):
        head = log.verify(tx)
    print(f"{head.sequence} entries, head {head.sha256}")


dress(app, CustodianCommand, CustodianGroup)


def main() -> None:
    """Run the command line; what it writes is nobody else's to read, and a crash shows no value."""
    os.umask(0o077)
    VOICE.speak(chosen(sys.argv[1:], os.environ))
    sys.exit(run_app(app))


if __name__ == "__main__":
    main()
