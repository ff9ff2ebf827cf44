"""``hub keys``: draw a new sealing or signing key, and see which keys the vault's file holds."""

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from contracts.base import digest
from contracts.clock import SystemClock
from contracts.seal import fingerprint

app = typer.Typer(no_args_is_help=True, help="Les clés du hub : changer, montrer.")
console = Console(soft_wrap=True)

Home = Annotated[Path, typer.Option("--home", envvar="FARANDOLE_HUB_HOME",
                                    help="Dossier du hub.")]  # fmt: skip


@app.command()
def rotate(
    kind: Annotated[
        Literal["sealing", "signing"],
        typer.Argument(
            help="sealing : ce qui scelle les lots ; signing : ce qui signe reçus et têtes."
        ),
    ],
    home: Home = Path(),
) -> None:
    """Tire une clé neuve, que la prochaine charte nommera ; la présente sert jusque-là."""
    hub_keys, (_, control) = import_module("hub.hub_keys"), _opened(home)
    public = hub_keys.rotate(home, control, kind, SystemClock())
    control.close()
    if kind == "signing":
        console.print(
            "Empreinte de la nouvelle clé, à donner de vive voix à qui rejoindra le réseau :"
        )
        print(fingerprint(public))
    else:
        print(digest(bytes.fromhex(public)))
    console.print("Sauvegardez le fichier des clés du coffre. Montez `revision` dans network.toml, puis "
                  "hub charter assemble : la clé sert dès que tous les lieux ont signé.")  # fmt: skip


@app.command()
def show(home: Home = Path()) -> None:
    """Montre l'empreinte de chaque clé que tient le coffre, celles de la charte d'abord ; jamais la clé."""
    config, control = _opened(home)
    keys = import_module("hub.hub_keys").standing(config, control)
    control.close()
    console.print(f"sealing  {digest(bytes.fromhex(keys.sealing_public))}  en usage")
    console.print(f"signing  {digest(bytes.fromhex(keys.signing_public))}  en usage")
    for pair in keys.ring:
        console.print(f"{pair.kind}  {digest(bytes.fromhex(pair.public))}  d'avant, ou à venir")


def _opened(home: Path) -> tuple[Any, Any]:
    settings = import_module("hub.config")
    config = settings.VaultConfig.load(home / settings.VAULT_FILE)
    return config, import_module("hub.store.database").open_control(config.url(config.control_url))
