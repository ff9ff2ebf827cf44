"""``hub withdraw``: takes a published edition back, with words that the public chain keeps."""

import re
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from contracts.clock import SystemClock
from hub.config import VAULT_FILE, VaultConfig
from hub.errors import ConfigError
from hub.store import editions
from hub.store.database import open_control

app = typer.Typer()
console = Console(soft_wrap=True)

_LONGEST = 500
_YEARS = re.compile(r"\b20[0-9]{2}(-20[0-9]{2})?\b")


@app.command()
def withdraw(
    edition: Annotated[str, typer.Argument(help="Nom de l'édition publiée.")],
    erratum_fr: Annotated[
        str,
        typer.Option(help="Ce que le public lira : pourquoi, en une phrase, sans aucun chiffre."),
    ],
    erratum_en: Annotated[str, typer.Option(help="La même phrase en anglais.")],
    replaced_by: Annotated[
        str, typer.Option(help="Édition de la charte qui portera les chiffres corrigés.")
    ] = "",
    home: Annotated[
        Path, typer.Option("--home", envvar="FARANDOLE_HUB_HOME", help="Dossier du hub.")
    ] = Path(),
) -> None:
    """Retire une édition publiée ; rien n'est rendu, et des chiffres corrigés sont une autre édition, payée."""
    for text in (erratum_fr, erratum_en):
        _require_public(text)
    config = VaultConfig.load(home / VAULT_FILE)
    control = open_control(config.url(config.control_url))
    try:
        charter = control.published().charter()
        planned = {spec.edition for spec in charter.charter.editions} if charter else set()
        if replaced_by and (replaced_by == edition or replaced_by not in planned):
            raise ConfigError(
                f"The charter plans no other edition {replaced_by}. Plan it in a new revision, have it signed, then name it."
            )
        with control.transaction(SystemClock()) as tx:
            editions.withdraw(tx, edition, editions.Erratum(erratum_fr, erratum_en, replaced_by))
            tx.commit()
    finally:
        control.close()
    console.print(
        f"Édition {edition} retirée ; la chaîne publique dit pourquoi. Ce qu'elle a coûté reste dépensé."
    )
    if replaced_by:
        console.print(f"Pour les chiffres corrigés : hub publish {replaced_by}")


def _require_public(text: str) -> None:
    if not text.strip() or len(text) > _LONGEST:
        raise ConfigError(
            f"An erratum is one sentence, {_LONGEST} characters at most. Write it again."
        )
    if any(letter.isdigit() for letter in _YEARS.sub("", text)):
        raise ConfigError(
            "An erratum holds no figure: a true or corrected number would be a release that nobody paid for, without "
            "noise. Say what was wrong in words; the corrected edition gives the numbers."
        )
