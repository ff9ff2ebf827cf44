"""``hub cube``: makes the small file of an edition's cube, checks it, and asks it how many people there are."""

import importlib
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console

from contracts.base import canonical
from contracts.charter import SignedCharter
from contracts.cube import Cube
from contracts.edition import PublishedEdition
from hub.errors import ConfigError, VerificationFailed
from hub.verify import verify

synthetic_app = typer.Typer()
app = typer.Typer(no_args_is_help=True, help="Le cube d'une édition : huit caractères croisés.")
console = Console(soft_wrap=True)

Wanted = TypeVar("Wanted", Cube, PublishedEdition, SignedCharter)
EditionFile = Annotated[Path, typer.Argument(help="Fichier public de l'édition (JSON).")]
CubeFile = Annotated[Path, typer.Argument(help="Fichier du cube, écrit par `hub cube make`.")]

_CAUSES = {
    "too-few": "trop peu de monde pour le bruit de cette édition",
    "too-many-traits": "trop de caractères à la fois",
}


@app.command()
def make(
    edition: EditionFile,
    out: Annotated[Path, typer.Option("--out", help="Où écrire le cube.")] = Path("cube.json"),
) -> None:
    """Fait le cube depuis le fichier public d'une édition ; rien n'est lu au coffre, rien n'est débité."""
    cube = _late("book").cube_of(_read(PublishedEdition, edition))
    out.write_bytes(canonical(cube))
    console.print(f"{out} : {cube.people} personnes, {len(cube.crossings)} croisements.")
    for trait in cube.traits:
        console.print(f"  {trait.trait} : {', '.join(trait.values)}")


@app.command("verify")
def verify_cube(
    cube: CubeFile,
    edition: Annotated[Path, typer.Option("--edition", help="Fichier public de l'édition.")],
    charter: Annotated[Path, typer.Option("--charter", help="Charte signée (fichier public).")],
) -> None:
    """Refait le cube depuis les fichiers publics, et dit si c'est bien le même."""
    published = _read(PublishedEdition, edition)
    verify(published, _read(SignedCharter, charter)).require()
    wrong = _late("book").problems(_read(Cube, cube), published)
    if wrong:
        raise VerificationFailed(
            "{cube} does not follow from the edition: {wrong}.", cube=cube, wrong="; ".join(wrong)
        )
    console.print(f"Le cube de {published.edition.edition} découle de l'édition publiée.")


@app.command("estimate")
def estimate_people(
    cube: CubeFile,
    traits: Annotated[
        list[str] | None,
        typer.Argument(
            help="Caractères : age=18-25,26-34 taste=dance. Sans aucun : tout le monde."
        ),
    ] = None,
) -> None:
    """Dit combien de personnes ont ces caractères à la fois, ou pourquoi on ne peut pas le dire."""
    found, words, estimates = _read(Cube, cube), _late("asked"), _late("estimate")
    wanted = words.asked(found, words.parsed(traits or ()))
    console.print(f"Demande : {wanted.words(found) or 'tout le réseau'}")
    answer = estimates.estimate(estimates.Book(found), wanted)
    for line in (
        _told(answer) if isinstance(answer, estimates.Estimate) else _refused(found, answer)
    ):
        console.print(line, highlight=False)


@app.command()
def overlap(
    edition: EditionFile,
    places: Annotated[list[str], typer.Argument(help="Lieux de l'ensemble, par leur nom court.")],
) -> None:
    """Dit combien de personnes sont venues dans l'un de ces lieux, ou dans tous : mesuré, ou d'après un modèle."""
    found = _late("overlap").overlap(_read(PublishedEdition, edition).edition, places)
    if found.any_between is None:
        console.print("D'après un modèle, sans intervalle : l'édition ne mesure pas cet ensemble.")
        console.print(f"  dans l'un au moins : environ {found.anybody}")
        console.print(f"  dans tous : environ {found.everywhere}")
        return
    for words, people, (low, high) in (
        ("dans l'un au moins", found.anybody, found.any_between),
        ("dans tous", found.everywhere, found.all_between),
    ):
        console.print(
            f"{words} : {people} personnes, entre {low} et {high} (95 %)", highlight=False
        )


@synthetic_app.command()
def synthetic(
    edition: EditionFile,
    people: Annotated[
        int | None,
        typer.Option(
            min=2, help="Personnes à inventer ; par défaut le nombre bruité de l'édition."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Une autre graine, d'autres personnes.")] = 1,
    out: Annotated[Path, typer.Option("--out", help="Dossier des deux tableaux.")] = Path(),
) -> None:
    """Invente des personnes et leurs venues d'après le cube publié, pour se former et essayer ; jamais un chiffre."""
    published = _read(PublishedEdition, edition)
    book = _late("estimate").Book(_late("book").cube_of(published))
    crowd = _late("synthetic").crowd(book, people or max(book.cube.people, 2), seed)
    sheets = _late("outings").sheets(book, crowd.people, published.edition, seed)
    out.mkdir(parents=True, exist_ok=True)
    for name, text in sheets.items():
        (out / name).write_bytes(text)
        console.print(f"{out / name} : {text.count(bytes([10])) - 1} lignes")
    console.print(
        f"{len(crowd.people)} personnes inventées ; l'édition en compte {book.cube.people}, bruit compris."
    )
    console.print(
        f"Croisements à deux : écart moyen {100 * crowd.mean_gap:.2f} %, au plus {100 * crowd.worst_gap:.2f} %"
        " des personnes, par rapport à l'édition."
    )
    console.print("Aucune ligne n'est une personne. Pour un chiffre, lire l'édition.")


def _told(answer: Any) -> list[str]:
    span = f"entre {answer.low} et {answer.high} (95 %)"
    if answer.measured:
        return [f"{answer.people} personnes, {span}."]
    return [
        f"Environ {answer.people} personnes, d'après un modèle ; {span}.",
        "L'édition ne croise pas tous ces caractères : l'intervalle est ce que ses tableaux permettent.",
    ]


def _refused(cube: Cube, answer: Any) -> list[str]:
    lines = [f"Sans réponse : {_CAUSES[answer.cause]}."]
    if answer.nearest is not None:
        lines.append(f"À demander plutôt : {answer.nearest.words(cube)}")
    return lines


def _late(module: str) -> Any:
    """Load numpy for the command that needs it, and no other."""
    return importlib.import_module(f"hub.cube.{module}")


def _read(kind: type[Wanted], path: Path) -> Wanted:
    try:
        return kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ConfigError(
            "{path} is no {kind}. Download it or make it again.", path=path, kind=kind.__name__
        ) from error
