"""``hub audience``: says a partner's request back in words, and about how many people it means."""

import importlib
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console

from contracts.audience import AudienceSpec
from contracts.audience_form import NobodyMeant, canonical_spec
from contracts.audience_words import clause, sentence
from contracts.cube import Cube
from hub import cli_reminders, cli_requests
from hub.errors import ConfigError

app = typer.Typer(no_args_is_help=True, help="Les demandes d'audience des partenaires.")
app.registered_commands += cli_requests.app.registered_commands
app.registered_commands += cli_reminders.app.registered_commands
console = Console(soft_wrap=True)

SpecFile = Annotated[Path, typer.Argument(help="La demande : qui inclure, qui exclure (JSON).")]


@app.command()
def say(spec: SpecFile) -> None:
    """Relit une demande en une phrase, en français et en anglais, sous sa forme unique."""
    told = sentence(_form(_spec(spec)), {})
    console.print(told.fr, markup=False)
    console.print(told.en, markup=False)


@app.command()
def estimate(
    spec: SpecFile,
    cube: Annotated[Path, typer.Option("--cube", help="Le cube, écrit par `hub cube make`.")],
    house: Annotated[str, typer.Option("--house", help="Un lieu : ses habitués seulement.")] = "",
) -> None:
    """Dit à peu près combien de personnes une demande vise, d'après l'édition publiée ; rien n'est débité."""
    sought: Any = importlib.import_module("hub.cube.sought")
    book = importlib.import_module("hub.cube.estimate").Book(_cube(cube))
    form = _form(_spec(spec))
    found = sought.sought(book, form, house)
    console.print(sentence(form, {}).fr, markup=False)
    console.print(_answer(found, sought.FEWEST), markup=False, highlight=False)
    if found.nearest is not None:
        console.print(f"À demander plutôt : {found.nearest.words(book.cube) or 'tout le réseau'}")
    for predicate in found.left:
        console.print(
            f"Les lieux seuls le savent : elles {clause(predicate, {}).fr}.", markup=False
        )


def _answer(found: Any, fewest: int) -> str:
    if found.people is None:
        return "Sans réponse : trop de caractères à la fois pour cette édition."
    if found.people == 0:
        return f"Moins de {fewest} personnes, ou trop peu pour le dire."
    if found.left:
        return f"Au plus {found.high} personnes environ, avant ce que les lieux seuls savent."
    return f"Environ {found.people} personnes, entre {found.low} et {found.high} (95 %, arrondis)."


def _form(spec: AudienceSpec) -> AudienceSpec:
    try:
        return canonical_spec(spec)
    except NobodyMeant as error:
        raise ConfigError("The request means nobody. {error}", error=error) from error


def _spec(path: Path) -> AudienceSpec:
    try:
        return AudienceSpec.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ConfigError(
            '{path} is no request. Write {{"include": […], "exclude": […]}}, see the how-to on audiences.',
            path=path,
        ) from error


def _cube(path: Path) -> Cube:
    try:
        return Cube.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ConfigError("{path} is no cube. Make it with `hub cube make`.", path=path) from error
