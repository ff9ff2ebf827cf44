"""``hub calendar`` proposes a season's editions; ``hub withdraw`` takes one back, with words that the chain keeps."""

import importlib
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
from hub.words import _, mark

app = typer.Typer()
console = Console(soft_wrap=True)

_LONGEST = 500
_SEASON = re.compile(r"20[0-9]{2}-20[0-9]{2}")
_YEARS = re.compile(r"\b20[0-9]{2}(-20[0-9]{2})?\b")


@app.command()
def calendar(
    season: Annotated[str, typer.Argument(help=mark("Season, as 2026-2027."))],
    rho: Annotated[
        float,
        typer.Option(min=0.001, max=1, help=mark("The observatory's ρ, per person and season.")),
    ] = 0.10,
) -> None:
    """Proposes a season's budget and editions, to copy into network.toml; reads nothing, writes nothing."""
    if not _SEASON.fullmatch(season) or int(season[5:]) != int(season[:4]) + 1:
        raise ConfigError(
            "Found the season {season!r}; expected two following years, as 2026-2027.",
            season=season,
        )
    made = importlib.import_module("hub.calendar")  # it plans measures: for this command alone
    print(made.toml(*made.calendar(season, round(rho * 1e6))), end="")


@app.command()
def withdraw(
    edition: Annotated[str, typer.Argument(help=mark("Name of the published edition."))],
    erratum_fr: Annotated[
        str,
        typer.Option(
            help=mark(
                "What the public will read: why, in one sentence of French, without any figure."
            )
        ),
    ],
    erratum_en: Annotated[str, typer.Option(help=mark("The same sentence in English."))],
    replaced_by: Annotated[
        str, typer.Option(help=mark("Edition of the charter that will hold the corrected figures."))
    ] = "",
    home: Annotated[
        Path, typer.Option("--home", envvar="FARANDOLE_HUB_HOME", help=mark("The hub's folder."))
    ] = Path(),
) -> None:
    """Withdraws a published edition; nothing is given back, and corrected figures are another edition, paid for."""
    for text in (erratum_fr, erratum_en):
        _require_public(text)
    config = VaultConfig.load(home / VAULT_FILE)
    control = open_control(config.url(config.control_url))
    try:
        charter = control.published().charter()
        planned = {spec.edition for spec in charter.charter.editions} if charter else set()
        if replaced_by and (replaced_by == edition or replaced_by not in planned):
            raise ConfigError(
                "The charter plans no other edition {replaced_by}. Plan it in a new revision, have it "
                "signed, then name it.",
                replaced_by=replaced_by,
            )
        with control.transaction(SystemClock()) as tx:
            editions.withdraw(tx, edition, editions.Erratum(erratum_fr, erratum_en, replaced_by))
            tx.commit()
    finally:
        control.close()
    console.print(
        _(
            "Edition {edition} withdrawn; the public chain says why. What it cost stays spent."
        ).format(edition=edition)
    )
    if replaced_by:
        console.print(
            _("For the corrected figures: hub publish {replaced_by}").format(
                replaced_by=replaced_by
            )
        )


def _require_public(text: str) -> None:
    if not text.strip() or len(text) > _LONGEST:
        raise ConfigError(
            "An erratum is one sentence, {longest} characters at most. Write it again.",
            longest=_LONGEST,
        )
    if any(letter.isdigit() for letter in _YEARS.sub("", text)):
        raise ConfigError(
            "An erratum holds no figure: a true or corrected number would be a release that nobody paid "
            "for, without noise. Say what was wrong in words; the corrected edition gives the numbers."
        )
