"""``hub keys``: draw a new sealing or signing key, and see which keys the vault's file holds."""

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from contracts.base import digest
from contracts.clock import SystemClock
from contracts.seal import fingerprint
from hub.words import _, mark

app = typer.Typer(no_args_is_help=True, help=mark("The hub's keys: change, show."))
console = Console(soft_wrap=True)

Home = Annotated[Path, typer.Option("--home", envvar="FARANDOLE_HUB_HOME",
                                    help=mark("The hub's folder."))]  # fmt: skip


@app.command()
def rotate(
    kind: Annotated[
        Literal["sealing", "signing"],
        typer.Argument(
            help=mark("sealing: what seals batches; signing: what signs receipts and heads.")
        ),
    ],
    home: Home = Path(),
) -> None:
    """Draws a new key, which the next charter will name; the present one serves until then."""
    hub_keys, (_config, control) = import_module("hub.hub_keys"), _opened(home)
    public = hub_keys.rotate(home, control, kind, SystemClock())
    control.close()
    if kind == "signing":
        console.print(
            _(
                "Fingerprint of the new key, to be told by word of mouth to whoever joins the network:"
            )
        )
        print(fingerprint(public))
    else:
        print(digest(bytes.fromhex(public)))
    console.print(_("Back up the vault's key file. Raise `revision` in network.toml, then hub charter assemble: " "the key serves as soon as every venue has signed."))  # fmt: skip


@app.command()
def show(home: Home = Path()) -> None:
    """Shows the fingerprint of each key that the vault holds, the charter's first; never the key."""
    config, control = _opened(home)
    keys = import_module("hub.hub_keys").standing(config, control)
    control.close()
    console.print(
        _("sealing  {digest}  in use").format(digest=digest(bytes.fromhex(keys.sealing_public)))
    )
    console.print(
        _("signing  {digest}  in use").format(digest=digest(bytes.fromhex(keys.signing_public)))
    )
    for pair in keys.ring:
        console.print(
            _("{kind}  {digest}  former, or to come").format(
                kind=pair.kind, digest=digest(bytes.fromhex(pair.public))
            )
        )


def _opened(home: Path) -> tuple[Any, Any]:
    settings = import_module("hub.config")
    config = settings.VaultConfig.load(home / settings.VAULT_FILE)
    return config, import_module("hub.store.database").open_control(config.url(config.control_url))
