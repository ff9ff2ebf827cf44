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
from hub.words import _, mark, spoken

app = typer.Typer(no_args_is_help=True, help=mark("Partners' requests for an audience."))
app.registered_commands += cli_requests.app.registered_commands
app.registered_commands += cli_reminders.app.registered_commands
console = Console(soft_wrap=True)

SpecFile = Annotated[
    Path, typer.Argument(help=mark("The request: whom to include, whom to exclude (JSON)."))
]


@app.command()
def say(spec: SpecFile) -> None:
    """Says a request back in one sentence, in French and in English, in its one form."""
    told = sentence(_form(_spec(spec)), {})
    console.print(told.fr, markup=False)
    console.print(told.en, markup=False)


@app.command()
def estimate(
    spec: SpecFile,
    cube: Annotated[
        Path, typer.Option("--cube", help=mark("The cube, written by `hub cube make`."))
    ],
    house: Annotated[str, typer.Option("--house", help=mark("A venue: its regulars only."))] = "",
) -> None:
    """Says about how many people a request means, from the published edition; nothing is charged."""
    sought: Any = importlib.import_module("hub.cube.sought")
    book = importlib.import_module("hub.cube.estimate").Book(_cube(cube))
    form = _form(_spec(spec))
    found = sought.sought(book, form, house)
    console.print(getattr(sentence(form, {}), spoken()), markup=False)
    console.print(_answer(found, sought.FEWEST), markup=False, highlight=False)
    if found.nearest is not None:
        console.print(
            _("Ask instead: {words}").format(
                words=found.nearest.words(book.cube) or _("the whole network")
            )
        )
    for predicate in found.left:
        console.print(
            _("Venues alone know it: they {words}.").format(
                words=getattr(clause(predicate, {}), spoken())
            ),
            markup=False,
        )


def _answer(found: Any, fewest: int) -> str:
    if found.people is None:
        return _("No answer: too many traits at once for this edition.")
    if found.people == 0:
        return _("Fewer than {fewest} people, or too few to tell.").format(fewest=fewest)
    if found.left:
        return _("About {high} people at most, before what venues alone know.").format(
            high=found.high
        )
    return _("About {people} people, between {low} and {high} (95%, rounded).").format(
        people=found.people, low=found.low, high=found.high
    )


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
