"""``hub model``: makes the recommendation model of an edition, shows it, and checks one from public files."""

import importlib
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from contracts.base import digest
from contracts.catalogue import Catalogue
from contracts.charter import SignedCharter
from contracts.clock import SystemClock
from contracts.edition import PublishedEdition
from contracts.model import SignedModel
from contracts.model_rules import retained_with_tags
from hub.errors import ConfigError, VerificationFailed
from hub.verify import verify

app = typer.Typer(no_args_is_help=True, help="Le modèle de recommandation d'une édition.")
console = Console(soft_wrap=True)

Wanted = TypeVar("Wanted", SignedModel, PublishedEdition, SignedCharter, Catalogue)

_METHODS = {
    "popularity": "la popularité dans le réseau, sans plus : rien ne dépasse le bruit",
    "spectral": "ce qui dépasse le bruit de la matrice des publics partagés",
    "full-rank": "toute la matrice des publics partagés, pour ce qui n'est pas du bruit",
}
_AXES = {
    "discipline": "disciplines",
    "period": "époques",
    "work": "œuvres",
    "author": "auteurs",
    "company": "compagnies",
}


@app.command()
def make(
    edition: Annotated[str, typer.Argument(help="Nom de l'édition, déjà publiée.")],
    home: Annotated[
        Path, typer.Option("--home", envvar="FARANDOLE_HUB_HOME", help="Dossier du hub.")
    ] = Path(),
    out: Annotated[
        Path | None, typer.Option("--out", help="Écrire aussi le modèle dans ce fichier.")
    ] = None,
) -> None:
    """Fait, signe et publie le modèle d'une édition ; rien n'est lu au coffre, rien n'est débité."""
    body = _late("hub.model_desk").make_model(home, edition, SystemClock())
    if out is not None:
        out.write_bytes(body)
    _show(SignedModel.model_validate_json(body))
    console.print(f"sha256 {digest(body)}, {len(body) / 1e6:.2f} Mo")


@app.command("verify")
def verify_model(
    model: Annotated[Path, typer.Argument(help="Fichier du modèle, tel que le hub le donne.")],
    edition: Annotated[Path, typer.Option("--edition", help="Fichier public de l'édition.")],
    charter: Annotated[Path, typer.Option("--charter", help="Charte signée (fichier public).")],
    catalogue: Annotated[
        list[Path] | None,
        typer.Option(
            "--catalogue", help="Programme public d'un lieu, à recompter ; plusieurs fois."
        ),
    ] = None,
) -> None:
    """Refait le modèle depuis les fichiers publics, et dit si c'est bien le même."""
    signed = _read(SignedModel, model)
    published, members = _read(PublishedEdition, edition), _read(SignedCharter, charter)
    verify(published, members).require()
    shown = None if not catalogue else [_read(Catalogue, path) for path in catalogue]
    wrong = _late("hub.recommend.verify").problems(signed, published, members, shown)
    if wrong:
        raise VerificationFailed(
            "{model} does not follow from the edition: {wrong}.",
            model=model,
            wrong="; ".join(wrong),
        )
    console.print(
        f"Le modèle de {signed.model.edition} découle de l'édition publiée et de la charte."
    )
    console.print("Cela ne prouve pas que le bruit fut tiré : voir hub verify.")


def _show(signed: SignedModel) -> None:
    model, card = signed.model, signed.model.card
    table = Table(title=f"Modèle de {model.edition}", show_header=False, title_justify="left")
    table.add_row("méthode", _METHODS[model.method])
    table.add_row("lieux", str(len(model.items)))
    table.add_row("composantes au-dessus du bruit", str(card.rank))
    table.add_row("bruit sur popularité moyenne (eta)", f"{card.eta_micro / 1e6:.3f}")
    table.add_row("personnes par lieu et bruit (kappa)", f"{card.kappa_milli / 1e3:.1f}")
    whose = (
        "du modèle (k = 2), payée à part"
        if model.matrix == "model-pairs-cell"
        else "de la circulation, déjà payée"
    )
    table.add_row("matrice", f"{whose} : ρ {model.rho_micro / 1e6:.6f}")
    if model.tags is not None:
        named = ", ".join(f"{len(a.values)} {_AXES[a.axis]}" for a in model.tags.axes)
        table.add_row("étiquettes", f"{named} : ρ {model.tags.rho_micro / 1e6:.6f}")
    table.add_row("qualité gardée, attendue", f"{card.retained_percent} % du meilleur non privé")
    more = retained_with_tags(model)
    if more is not None:
        said = f"{more[0]} % environ, car {more[1]} % des spectacles disent une étiquette comptée"
        table.add_row("avec les étiquettes", said)
    better = (
        "oui"
        if card.better_than_popularity
        else "non : la liste s'appelle « en vue dans le réseau »"
    )
    table.add_row("mieux que la popularité", better)
    console.print(table)


def _late(module: str) -> Any:
    """Load numpy and the vault's keys for the command that needs them, and no other."""
    return importlib.import_module(module)


def _read(kind: type[Wanted], path: Path) -> Wanted:
    try:
        return kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ConfigError(
            "{path} is no {kind}. Download it from the hub again.", path=path, kind=kind.__name__
        ) from error
