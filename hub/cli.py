"""The hub's commands; each calls one use case and says what came of it."""

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from contracts.base import canonical, digest
from contracts.charter import SignedCharter
from contracts.charter_check import charter_hash
from contracts.clock import SystemClock
from contracts.edition import PublishedEdition
from contracts.spoken import dress
from contracts.voice import chosen
from hub import (
    cli_audience,
    cli_audit,
    cli_cube,
    cli_editions,
    cli_evaluate,
    cli_keys,
    cli_model,
    cli_people,
    cli_season,
    cli_serve,
    cli_spoken,
    cli_webhooks,
    membership,
)
from hub.cli_spoken import HubCommand, HubGroup, HubRoot
from hub.config import VAULT_FILE, VaultConfig
from hub.errors import ConfigError
from hub.store.database import Control, open_control
from hub.verify import verify
from hub.witness import fetch_custodian_keys
from hub.words import VOICE

app = typer.Typer(cls=HubRoot, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False,
                  help="Le hub Farandole : réseau, coffre, éditions.")  # fmt: skip
app.callback()(cli_spoken.root)
charter_app = typer.Typer(no_args_is_help=True, help="La charte du réseau.")
app.add_typer(charter_app, name="charter")
vault_app = typer.Typer(no_args_is_help=True, help="Le coffre : ouvre les lots scellés.")
app.add_typer(vault_app, name="vault")
app.add_typer(cli_season.app, name="season")
app.add_typer(cli_keys.app, name="keys")
app.add_typer(cli_model.app, name="model")
app.add_typer(cli_cube.app, name="cube")
app.add_typer(cli_audience.app, name="audience")
app.registered_commands += cli_cube.synthetic_app.registered_commands
app.add_typer(cli_people.app, name="people")
app.registered_commands += cli_audit.app.registered_commands
app.registered_commands += cli_editions.app.registered_commands
app.registered_commands += cli_evaluate.app.registered_commands
app.registered_commands += cli_serve.app.registered_commands
app.registered_commands += cli_webhooks.app.registered_commands
console = Console(soft_wrap=True)
errors = Console(stderr=True, soft_wrap=True)

Home = Annotated[Path, typer.Option("--home", envvar="FARANDOLE_HUB_HOME",
                                    help="Dossier du hub.")]  # fmt: skip
Edition = Annotated[str, typer.Argument(help="Nom de l'édition, comme dans la charte.")]


@app.command()
def init(
    draft: Annotated[Path, typer.Option("--draft", help="Description du réseau (network.toml).")],
    home: Home = Path(),
    control_url: Annotated[str, typer.Option(help="Base de contrôle ; SQLite par défaut.")] = "",
    vault_url: Annotated[str, typer.Option(help="Base du coffre ; SQLite par défaut.")] = "",
) -> None:
    """Crée le hub : réglages, clés du coffre, deux bases vides. Affiche son empreinte."""
    setup = _late("hub.setup")
    urls = setup.Urls(control=control_url, vault=vault_url)
    mark = setup.init(home, draft, fetch_custodian_keys, urls)
    console.print("Hub créé. Empreinte à donner de vive voix à chaque lieu :")
    print(mark)


@app.command()
def enrol(
    venue: Annotated[str, typer.Argument(help="Nom court du lieu.")], home: Home = Path()
) -> None:
    """Émet le code à usage unique avec lequel un lieu rejoint le réseau (sept jours)."""
    print(membership.enrol(home, venue, SystemClock()))


@charter_app.command("assemble")
def charter_assemble(
    home: Home = Path(),
    to: Annotated[
        Path | None,
        typer.Option(
            help="Écrit la charte dans ce fichier, à proposer à deux, sans l'offrir à la signature."
        ),
    ] = None,
) -> None:
    """Compose la charte quand tous les lieux ont leurs clés, et l'offre à la signature."""
    charter = membership.assemble(home, SystemClock(), propose=to is not None)
    if to is not None:
        to.write_bytes(canonical(charter))
        console.print(
            f"Charte révision {charter.revision} écrite ; proposez-la dans l'administration."
        )
        return
    console.print(f"Charte révision {charter.revision}, {len(charter.members)} lieux à signer.")
    print(charter_hash(charter))


@charter_app.command("show")
def charter_show(home: Home = Path()) -> None:
    """Montre l'état de la charte : révision, échéance, signatures."""
    with _control(home) as control:
        published = control.published()
        signed = published.draft()
        force = published.charter()
    if signed is None:
        raise ConfigError(
            "Found no charter yet; run `hub charter assemble` once all have enrolled."
        )
    charter = signed.charter
    have = {s.venue for s in signed.signatures}
    console.print(f"{charter.name} · révision {charter.revision} · expire le {charter.expires}")
    console.print(f"empreinte {charter_hash(charter)}")
    console.print(f"signatures {len(have)}/{len(charter.members)}")
    for member in charter.members:
        console.print(f"  {'signée ' if member.venue in have else 'attendue'}  {member.venue}")
    console.print("en vigueur" if force == signed else "pas encore en vigueur")


@vault_app.command("run")
def vault_run(
    home: Home = Path(),
    once: Annotated[bool, typer.Option("--once", help="Ouvre ce qui attend, puis finit.")] = False,
) -> None:
    """Ouvre les lots au fil de leur arrivée, jusqu'à Ctrl-C."""
    answered = _late("hub.vault_desk").run(home, once=once)
    if once:
        console.print(f"{answered} lots ouverts")


@app.command()
def plan(
    edition: Edition,
    people: Annotated[
        int | None,
        typer.Option(min=1, help="Personnes attendues ; sinon la moitié de la borne de la charte."),
    ] = None,
    home: Home = Path(),
) -> None:
    """Montre ce qu'une édition tirera, coûtera et laissera sans réponse ; ne lit rien, ne débite rien."""
    with _control(home) as control:
        charter = _charter(control).charter
        with control.reading() as reading:
            orders = _late("hub.store.audience_orders").every(reading)
    _late("hub.cli_plan").show(charter, edition, console, people, orders)


@app.command()
def forecast(
    venues: Annotated[int, typer.Option(min=2, help="Lieux du réseau.")],
    people: Annotated[
        int, typer.Option(min=1, help="Personnes différentes, reliées et consentantes.")
    ],
    rho: Annotated[
        float, typer.Option(min=0.001, max=10, help="Prix total par personne et saison.")
    ] = 0.10,
    grouped: Annotated[
        int, typer.Option(min=0, help="Petits lieux qui ne paraîtraient que groupés.")
    ] = 0,
    measure: Annotated[
        list[str] | None,
        typer.Option(help="Mesure de l'édition ; à répéter. Sans elle, les mesures habituelles."),
    ] = None,
) -> None:
    """Que pourrions-nous savoir ? Ce que dirait un réseau qui n'existe pas encore, sans aucune donnée."""
    _late("hub.cli_plan").show_forecast(console, (venues, grouped), people, rho, measure or ())


@app.command()
def publish(
    edition: Edition,
    home: Home = Path(),
    memory: Annotated[
        str,
        typer.Option(
            help="Mémoire des calculs, comme 1GB, au lieu de memory_limit ; peu en prend plus de temps."
        ),
    ] = "",
) -> None:
    """Paie, calcule, bruite, fait contresigner et publie une édition. Peut être redemandé."""
    with errors.status("…") as status:
        file = _late("hub.vault_desk").publish_edition(home, edition, status.update, memory)
    published = PublishedEdition.model_validate_json(file)
    rho = sum(r.rho_micro for r in published.edition.releases)
    console.print(f"Édition {edition} publiée : {len(published.edition.releases)} mesures, "
                  f"rho {rho / 1e6:.4f}, sha256 {digest(file)}")  # fmt: skip


@app.command()
def budget(home: Home = Path()) -> None:
    """Montre ce que chaque saison peut dépenser et a dépensé."""
    with _control(home) as control:
        states = control.published().budgets()
    table = Table("portée", "plafond ρ", "dépensé ρ", "reste ρ", "δ dépensé")
    for state in states:
        left = state.cap_rho_micro - state.spent_rho_micro
        table.add_row(state.scope, _rho(state.cap_rho_micro), _rho(state.spent_rho_micro),
                      _rho(left), f"{state.spent_delta_pico / 1e12:.1e}")  # fmt: skip
    console.print(table)


@app.command()
def export(edition: Edition, home: Home = Path()) -> None:
    """Écrit le fichier public d'une édition sur la sortie standard, octet pour octet."""
    with _control(home) as control:
        file = _published(control, edition)
    sys.stdout.buffer.write(file)


@app.command("verify")
def verify_command(
    edition: Annotated[str, typer.Argument(help="Nom de l'édition, ou fichier public.")],
    charter: Annotated[Path | None, typer.Option(help="Charte signée (fichier public).")] = None,
    home: Home = Path(),
) -> None:
    """Refait, depuis les fichiers publics, tous les comptes d'une édition."""
    if Path(edition).is_file() and charter is not None:
        file, signed = Path(edition).read_bytes(), _read_charter(charter)
    else:
        with _control(home) as control:
            file = _published(control, edition)
            own = PublishedEdition.model_validate_json(file).edition.charter_sha256
            signed = control.published().charter_of(own) or _charter(control)
    report = verify(PublishedEdition.model_validate_json(file), signed)
    for line in report.lines():
        print(line)
    report.require()


dress(app, HubCommand, HubGroup)


def main() -> None:
    """Run a command; an error is a few words on stderr and an exit code of its own."""
    os.umask(0o007)  # web and vault may be two users of one group; nobody else reads
    VOICE.speak(chosen(sys.argv[1:], os.environ))
    sys.exit(cli_spoken.run(app))


def _late(module: str) -> Any:
    """Load a module for the one command that needs it: the vault's code is for three of them only."""
    return importlib.import_module(module)


@contextmanager
def _control(home: Path) -> Iterator[Control]:
    config = VaultConfig.load(home / VAULT_FILE)
    control = open_control(config.url(config.control_url))
    try:
        yield control
    finally:
        control.close()


def _published(control: Control, edition: str) -> bytes:
    found = control.published().edition(edition)
    if found is None:
        raise ConfigError(
            "No published edition {edition} here. Give a published one, or an edition's file together "
            "with --charter.",
            edition=edition,
        )
    return found


def _charter(control: Control) -> SignedCharter:
    signed = control.published().charter()
    if signed is None:
        raise ConfigError("No charter is in force: every member must sign it first.")
    return signed


def _read_charter(path: Path) -> SignedCharter:
    try:
        return SignedCharter.model_validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ConfigError("{path} is no signed charter. Download it from the hub.", path=path) from error  # fmt: skip


def _rho(micro: int) -> str:
    return f"{micro / 1_000_000:.6f}"
