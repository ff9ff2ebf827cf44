"""``hub charter``: assembles the network's charter and offers it for signing; shows where it stands."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from contracts.base import canonical
from contracts.charter_check import charter_hash
from contracts.clock import SystemClock
from hub import membership
from hub.config import VAULT_FILE, VaultConfig
from hub.errors import ConfigError
from hub.store.database import open_control
from hub.words import _, mark

app = typer.Typer(no_args_is_help=True, help=mark("The network's charter."))
console = Console(soft_wrap=True)

Home = Annotated[Path, typer.Option("--home", envvar="FARANDOLE_HUB_HOME",
                                    help=mark("The hub's folder."))]  # fmt: skip


@app.command("assemble")
def charter_assemble(
    home: Home = Path(),
    to: Annotated[
        Path | None,
        typer.Option(
            help=mark(
                "Writes the charter to this file, for two people to propose, without offering it for signing."
            )
        ),
    ] = None,
) -> None:
    """Assembles the charter once every venue has its keys, and offers it for signing."""
    charter = membership.assemble(home, SystemClock(), propose=to is not None)
    if to is not None:
        to.write_bytes(canonical(charter))
        console.print(
            _(
                "Charter, revision {revision}, written; propose it in the administration pages."
            ).format(revision=charter.revision)
        )
        return
    console.print(
        _("Charter, revision {revision}: {members} venues to sign.").format(
            revision=charter.revision, members=len(charter.members)
        )
    )
    print(charter_hash(charter))


@app.command("show")
def charter_show(home: Home = Path()) -> None:
    """Shows where the charter stands: revision, expiry, signatures."""
    config = VaultConfig.load(home / VAULT_FILE)
    control = open_control(config.url(config.control_url))
    try:
        published = control.published()
        signed = published.draft()
        force = published.charter()
    finally:
        control.close()
    if signed is None:
        raise ConfigError(
            "Found no charter yet; run `hub charter assemble` once all have enrolled."
        )
    charter = signed.charter
    have = {s.venue for s in signed.signatures}
    console.print(
        _("{name} · revision {revision} · expires on {expires}").format(
            name=charter.name, revision=charter.revision, expires=charter.expires
        )
    )
    console.print(_("fingerprint {charter_hash}").format(charter_hash=charter_hash(charter)))
    console.print(
        _("signatures {have}/{members}").format(have=len(have), members=len(charter.members))
    )
    for member in charter.members:
        console.print(
            f"  {_('signed  ') if member.venue in have else _('awaited')}  {member.venue}"
        )
    console.print(_("in force") if force == signed else _("not in force yet"))
