"""The agent's commands, as venue IT types them; each says what was found and what to do."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.prompt import Confirm
from rich.table import Table

from contracts.charter_check import charter_hash
from contracts.clock import SystemClock
from contracts.seal import SealError
from venue_agent import join, shown
from venue_agent.client import Hub, Identity
from venue_agent.config import Home, load_config
from venue_agent.custodian_client import HttpCustodian
from venue_agent.desk import Desk, open_desk
from venue_agent.errors import AgentError, ConfigError, NotJoined
from venue_agent.keys import make_key
from venue_agent.pipeline import Progress, prepare
from venue_agent.push import Patience, push

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False,
                  help="L'agent Farandole : prépare, montre et envoie ce que la charte permet.")  # fmt: skip
console = Console(soft_wrap=True, highlight=False)
errors = Console(stderr=True, soft_wrap=True, highlight=False)
CLOCK = SystemClock()

HomeOption = Annotated[Path, typer.Option("--home", envvar="FARANDOLE_AGENT_HOME",
                                          help="Dossier de l'agent.")]  # fmt: skip
Text = Annotated[str, typer.Option()]
INVITED = ("hub", "venue", "fingerprint", "code", "custodian", "custodian_code")


@app.command()
def init(
    home: HomeOption = Path(),
    venue: Annotated[str, typer.Option(help="Nom court du lieu dans le réseau.")] = "",
    hub: Annotated[str, typer.Option(help="Adresse du hub.")] = "",
    fingerprint: Annotated[str, typer.Option(help="Empreinte du hub, reçue de vive voix.")] = "",
    code: Annotated[str, typer.Option(help="Code à usage unique du hub.")] = "",
    custodian: Annotated[str, typer.Option(help="Adresse du gardien des clés.")] = "",
    custodian_code: Annotated[str, typer.Option(help="Code à usage unique du gardien.")] = "",
    exports: Annotated[str, typer.Option(help="Dossier des exports de billetterie.")] = "exports",
    yes: Annotated[
        bool, typer.Option("--yes", help="Signe la charte sans poser la question.")
    ] = False,
) -> None:
    """Rejoint le réseau : fait la clé du lieu, puis montre la charte et la signe."""
    place = Home(home.resolve())
    if code:
        invitation = join.Invitation(venue=venue, hub_url=hub, fingerprint=fingerprint, code=code,
                                     custodian_url=custodian, custodian_code=custodian_code,
                                     exports=exports)  # fmt: skip
        _enrol(place, invitation)
    desk = open_desk(place, CLOCK)
    signed = join.offered(desk.hub, desk.config)
    if signed is None:
        console.print("Le lieu est inscrit. La charte attend que tous les lieux le soient : "
                      "relancez [bold]venue-agent init[/] quand le réseau vous le dira.")  # fmt: skip
        return
    _print_terms(join.terms(signed.charter, desk.config.venue, CLOCK.now()))
    print(f"empreinte de la charte : {charter_hash(signed.charter)}")
    if desk.config.venue in {s.venue for s in signed.signatures}:
        console.print("Ce lieu l'a déjà signée.")
        return
    if not yes and not Confirm.ask("Signer cette charte au nom du lieu ?", default=False):
        raise NotJoined("The charter was not signed. Nothing was sent; run `init` again to sign.")
    signed = join.sign_charter(desk.hub, signed.charter)
    console.print(f"Signée. Signatures : {len(signed.signatures)}/{len(signed.charter.members)}.")


@app.command()
def preview(
    home: HomeOption = Path(),
    full: Annotated[bool, typer.Option("--full", help="Refait aussi les mois inchangés.")] = False,
) -> None:
    """Prépare les lots et montre exactement ce qui sortirait ; n'envoie rien."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    with _progress() as progress:
        charter = desk.charter()
        prepared = prepare(desk.house(charter, full=full), charter, desk.custodian, CLOCK, progress)
        spool = desk.spool
        for batch in prepared.batches:
            spool.write(batch)
    for table in shown.preview(prepared, charter):
        console.print(table)
    console.print(f"À lire avant d'envoyer : {desk.home.spool}/<mois>/plaintext/*.csv")
    console.print("Rien n'est parti. Pour envoyer ces fichiers-là : [bold]venue-agent push[/]")


@app.command("push")
def push_command(
    home: HomeOption = Path(),
    wait: Annotated[bool, typer.Option(help="Attend les reçus du coffre.")] = True,
) -> None:
    """Envoie ce que preview a préparé, et vérifie que le coffre a reçu ces octets-là."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    before = len(desk.spool.unsent())
    with _progress() as progress:
        progress("push")
        if before:
            desk.charter()
            desk.hub.put_catalogue(desk.catalogue().public)
        patience = Patience() if wait else Patience(seconds=0.0)
        receipts = push(desk.spool, desk.hub, desk.config.hub_signing_key, patience)
    console.print(f"{before} lots à envoyer, {len(receipts)} reçus du coffre vérifiés "
                  "(aperçu = envoi = réception).")  # fmt: skip
    for signed in receipts:
        for refusal in signed.receipt.refusals:
            console.print(
                f"  {signed.receipt.month} : {refusal.rows} lignes refusées, {refusal.reason}"
            )
    if waiting := len(desk.spool.unsent()):
        console.print(
            f"{waiting} lots envoyés attendent leur reçu : relancez [bold]push[/] plus tard."
        )


@app.command()
def status(
    home: HomeOption = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Pour les machines.")] = False,
) -> None:
    """Dit où en est chaque mois préparé et si la charte tient toujours."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    months = [shown.month_state(packed) for packed in desk.spool.months()]
    charter = desk.charter()
    if as_json:
        print(json.dumps({"charter": charter_hash(charter), "expires": charter.expires,
                          "months": months}, ensure_ascii=False))  # fmt: skip
        return
    console.print(f"Charte révision {charter.revision}, en vigueur jusqu'au {charter.expires}")
    table = Table("mois", "état", "séquence", "reçu le")
    for month in sorted(months, key=lambda m: str(m["month"])):
        table.add_row(*(str(month[key]) for key in ("month", "state", "sequence", "opened")))
    console.print(table)


def main() -> None:
    """Run a command; an error is one sentence on stderr and an exit code of its own."""
    try:
        app()
    except AgentError as error:
        _fail(error, error.exit_code)
    except SealError as error:
        _fail(error, ConfigError.exit_code)


def _fail(error: Exception, code: int) -> None:
    errors.print(f"[bold red]Erreur {code}[/] ({type(error).__name__})")
    errors.print(str(error), markup=False)
    sys.exit(code)


def _enrol(place: Home, invitation: join.Invitation) -> None:
    named = {"hub": invitation.hub_url, "venue": invitation.venue,
             "fingerprint": invitation.fingerprint, "custodian": invitation.custodian_url}  # fmt: skip
    if missing := [name for name, value in named.items() if not value]:
        raise ConfigError(f"`init --code` also needs --{', --'.join(missing)}; see the invitation.")
    if place.config.exists() and load_config(place).venue != invitation.venue:
        raise ConfigError("This folder belongs to another venue. Choose an empty one with --home.")
    place.path.mkdir(parents=True, exist_ok=True)
    key = make_key(place.keys)
    hub = Hub(invitation.hub_url, Identity(invitation.venue, key), CLOCK)
    join.enrol(
        place,
        invitation,
        hub,
        HttpCustodian(invitation.custodian_url, invitation.venue, key, CLOCK),
    )


@contextmanager
def _progress() -> Iterator[Progress]:
    with errors.status("…") as status_line:
        yield lambda step: status_line.update(shown.STEPS.get(step, step))


def _print_terms(terms: list[tuple[str, str]]) -> None:
    table = Table(title="La charte", show_header=False)
    for heading, text in terms:
        table.add_row(heading, text)
    console.print(table)


__all__ = ["Desk", "app", "main"]
