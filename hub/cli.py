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

from contracts.base import digest
from contracts.charter import SignedCharter
from contracts.clock import SystemClock
from contracts.edition import PublishedEdition
from contracts.phrase import Phrase
from contracts.spoken import dress, first_options
from contracts.voice import chosen
from hub import (
    cli_audience,
    cli_audit,
    cli_charter,
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
from hub.words import VOICE, _, mark, say

app = typer.Typer(cls=HubRoot, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False,
                  help=mark("The Farandole hub: network, vault, editions."))  # fmt: skip
app.callback()(first_options(cli_spoken.PROGRAMME))
app.add_typer(cli_charter.app, name="charter")
vault_app = typer.Typer(no_args_is_help=True, help=mark("The vault: opens sealed batches."))
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
                                    help=mark("The hub's folder."))]  # fmt: skip
Edition = Annotated[str, typer.Argument(help=mark("Name of the edition, as in the charter."))]


@app.command()
def init(
    draft: Annotated[
        Path, typer.Option("--draft", help=mark("Description of the network (network.toml)."))
    ],
    home: Home = Path(),
    control_url: Annotated[
        str, typer.Option(help=mark("Control database; SQLite by default."))
    ] = "",
    vault_url: Annotated[str, typer.Option(help=mark("Vault database; SQLite by default."))] = "",
) -> None:
    """Creates the hub: settings, keys of the vault, two empty databases. Shows its fingerprint."""
    setup = _late("hub.setup")
    urls = setup.Urls(control=control_url, vault=vault_url)
    mark = setup.init(home, draft, fetch_custodian_keys, urls)
    console.print(_("The hub is made. Its fingerprint, to be told to each venue by word of mouth:"))
    print(mark)


@app.command()
def enrol(
    venue: Annotated[str, typer.Argument(help=mark("Short name of the venue."))],
    home: Home = Path(),
) -> None:
    """Issues the one-time code with which a venue joins the network (seven days)."""
    print(membership.enrol(home, venue, SystemClock()))


@vault_app.command("run")
def vault_run(
    home: Home = Path(),
    once: Annotated[
        bool, typer.Option("--once", help=mark("Opens what waits, then ends."))
    ] = False,
) -> None:
    """Opens batches as they arrive, until Ctrl-C."""
    answered = _late("hub.vault_desk").run(home, once=once)
    if once:
        console.print(_("{answered} batches opened").format(answered=answered))


@app.command()
def plan(
    edition: Edition,
    people: Annotated[
        int | None,
        typer.Option(min=1, help=mark("People expected; otherwise half of the charter's bound.")),
    ] = None,
    home: Home = Path(),
) -> None:
    """Shows what an edition will draw, cost and leave unanswered; reads nothing, charges nothing."""
    with _control(home) as control:
        charter = _charter(control).charter
        with control.reading() as reading:
            orders = _late("hub.store.audience_orders").every(reading)
    _late("hub.cli_plan").show(charter, edition, console, people, orders)


@app.command()
def forecast(
    venues: Annotated[int, typer.Option(min=2, help=mark("Venues of the network."))],
    people: Annotated[
        int, typer.Option(min=1, help=mark("Different people, linked and consenting."))
    ],
    rho: Annotated[
        float, typer.Option(min=0.001, max=10, help=mark("Whole price per person and season."))
    ] = 0.10,
    grouped: Annotated[
        int, typer.Option(min=0, help=mark("Small venues that would appear in groups only."))
    ] = 0,
    measure: Annotated[
        list[str] | None,
        typer.Option(
            help=mark("Measure of the edition; may be repeated. Without it, the usual measures.")
        ),
    ] = None,
) -> None:
    """What could we know? What a network that does not exist yet would say, without any data."""
    _late("hub.cli_plan").show_forecast(console, (venues, grouped), people, rho, measure or ())


@app.command()
def publish(
    edition: Edition,
    home: Home = Path(),
    memory: Annotated[
        str,
        typer.Option(
            help=mark(
                "Memory to compute in, as 1GB, instead of memory_limit; little of it takes longer."
            )
        ),
    ] = "",
) -> None:
    """Pays for, computes, noises, has countersigned and publishes an edition. May be asked for again."""
    with errors.status("…") as status:
        file = _late("hub.vault_desk").publish_edition(home, edition, status.update, memory)
    published = PublishedEdition.model_validate_json(file)
    rho = sum(r.rho_micro for r in published.edition.releases)
    console.print(_("Edition {edition} published: {releases} measures, rho {rho:.4f}, sha256 {digest}").format(edition=edition, releases=len(published.edition.releases), rho=rho / 1e6, digest=digest(file)))  # fmt: skip


@app.command()
def budget(home: Home = Path()) -> None:
    """Shows what each season may spend and has spent."""
    with _control(home) as control:
        states = control.published().budgets()
    table = Table(_("scope"), _("cap ρ"), _("spent ρ"), _("left ρ"), _("δ spent"))
    for state in states:
        left = state.cap_rho_micro - state.spent_rho_micro
        table.add_row(state.scope, _rho(state.cap_rho_micro), _rho(state.spent_rho_micro),
                      _rho(left), f"{state.spent_delta_pico / 1e12:.1e}")  # fmt: skip
    console.print(table)


@app.command()
def export(edition: Edition, home: Home = Path()) -> None:
    """Writes an edition's public file to standard output, byte for byte."""
    with _control(home) as control:
        file = _published(control, edition)
    sys.stdout.buffer.write(file)


@app.command("verify")
def verify_command(
    edition: Annotated[str, typer.Argument(help=mark("Name of the edition, or its public file."))],
    charter: Annotated[
        Path | None, typer.Option(help=mark("Signed charter (public file)."))
    ] = None,
    home: Home = Path(),
) -> None:
    """Works out again, from the public files, every account of an edition."""
    if Path(edition).is_file() and charter is not None:
        file, signed = Path(edition).read_bytes(), _read_charter(charter)
    elif Path(edition).suffix:  # the name of an edition has none
        raise ConfigError("{path} is no edition that this hub published. To verify a file, name one that stands here, and its charter by --charter.", path=edition)  # fmt: skip
    else:
        with _control(home) as control:
            file = _published(control, edition)
            own = PublishedEdition.model_validate_json(file).edition.charter_sha256
            signed = control.published().charter_of(own) or _charter(control)
    try:
        published = PublishedEdition.model_validate_json(file)
    except ValueError as error:
        raise ConfigError("{path} is not {kind}. Download it from the hub again.", path=edition,
                          kind=Phrase("the public file of an edition")) from error  # fmt: skip
    report = verify(published, signed)
    for line in report.lines():
        print(say(line))
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
    return VOICE.decimal(f"{micro / 1_000_000:.6f}")
