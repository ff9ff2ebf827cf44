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
from contracts.phrase import Phrase
from hub.errors import ConfigError, VerificationFailed
from hub.verify import verify
from hub.words import _, mark

synthetic_app = typer.Typer()
app = typer.Typer(no_args_is_help=True, help=mark("An edition's cube: eight traits, crossed."))
console = Console(soft_wrap=True)

Wanted = TypeVar("Wanted", Cube, PublishedEdition, SignedCharter)
EditionFile = Annotated[Path, typer.Argument(help=mark("The edition's public file (JSON)."))]
CubeFile = Annotated[
    Path, typer.Argument(help=mark("The cube's file, written by `hub cube make`."))
]

_KINDS = {
    Cube: mark("the file of a cube"),
    PublishedEdition: mark("the public file of an edition"),
    SignedCharter: mark("the public file of a signed charter"),
}
_CAUSES = {
    "too-few": mark("too few people for this edition's noise"),
    "too-many-traits": mark("too many traits at once"),
}


@app.command()
def make(
    edition: EditionFile,
    out: Annotated[Path, typer.Option("--out", help=mark("Where to write the cube."))] = Path(
        "cube.json"
    ),
) -> None:
    """Makes the cube from an edition's public file; nothing is read in the vault, nothing is charged."""
    cube = _late("book").cube_of(_read(PublishedEdition, edition))
    out.write_bytes(canonical(cube))
    console.print(
        _("{out}: {people} people, {crossings} crossings.").format(
            out=out, people=cube.people, crossings=len(cube.crossings)
        )
    )
    for trait in cube.traits:
        console.print(f"  {trait.trait} : {', '.join(trait.values)}")


@app.command("verify")
def verify_cube(
    cube: CubeFile,
    edition: Annotated[Path, typer.Option("--edition", help=mark("The edition's public file."))],
    charter: Annotated[Path, typer.Option("--charter", help=mark("Signed charter (public file)."))],
) -> None:
    """Makes the cube again from the public files, and says whether it is the same."""
    published = _read(PublishedEdition, edition)
    verify(published, _read(SignedCharter, charter)).require()
    wrong = _late("book").problems(_read(Cube, cube), published)
    if wrong:
        raise VerificationFailed(
            "{cube} does not follow from the edition: {wrong}.", cube=cube, wrong="; ".join(wrong)
        )
    console.print(
        _("The cube of {edition} follows from the published edition.").format(
            edition=published.edition.edition
        )
    )


@app.command("estimate")
def estimate_people(
    cube: CubeFile,
    traits: Annotated[
        list[str] | None,
        typer.Argument(help=mark("Traits: age=18-25,26-34 taste=dance. Without any: everybody.")),
    ] = None,
) -> None:
    """Says how many people have these traits at once, or why that cannot be told."""
    found, words, estimates = _read(Cube, cube), _late("asked"), _late("estimate")
    wanted = words.asked(found, words.parsed(traits or ()))
    console.print(_("Asked: {words}").format(words=wanted.words(found) or _("the whole network")))
    answer = estimates.estimate(estimates.Book(found), wanted)
    for line in (
        _told(answer) if isinstance(answer, estimates.Estimate) else _refused(found, answer)
    ):
        console.print(line, highlight=False)


@app.command()
def overlap(
    edition: EditionFile,
    places: Annotated[
        list[str], typer.Argument(help=mark("Places of the set, by their short names."))
    ],
) -> None:
    """Says how many people came to one of these places, or to all: measured, or from a model."""
    found = _late("overlap").overlap(_read(PublishedEdition, edition).edition, places)
    if found.any_between is None:
        console.print(
            _("From a model, without an interval: the edition does not measure this set.")
        )
        console.print(_("  in one at least: about {anybody}").format(anybody=found.anybody))
        console.print(_("  in all: about {everywhere}").format(everywhere=found.everywhere))
        return
    for words, people, (low, high) in (
        (_("in one at least"), found.anybody, found.any_between),
        (_("in all"), found.everywhere, found.all_between),
    ):
        console.print(
            _("{words}: {people} people, between {low} and {high} (95%)").format(
                words=words, people=people, low=low, high=high
            ),
            highlight=False,
        )


@synthetic_app.command()
def synthetic(
    edition: EditionFile,
    people: Annotated[
        int | None,
        typer.Option(
            min=2, help=mark("People to make up; by default the edition's noised number.")
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help=mark("Another seed, other people."))] = 1,
    out: Annotated[Path, typer.Option("--out", help=mark("Folder of the two tables."))] = Path(),
) -> None:
    """Makes up people and their visits after the published cube, to learn and to try; never a figure."""
    published = _read(PublishedEdition, edition)
    book = _late("estimate").Book(_late("book").cube_of(published))
    crowd = _late("synthetic").crowd(book, people or max(book.cube.people, 2), seed)
    sheets = _late("outings").sheets(book, crowd.people, published.edition, seed)
    out.mkdir(parents=True, exist_ok=True)
    for name, text in sheets.items():
        (out / name).write_bytes(text)
        console.print(
            _("{out}: {count} rows").format(out=out / name, count=text.count(bytes([10])) - 1)
        )
    console.print(
        _("{people} people made up; the edition counts {people_2}, noise included.").format(
            people=len(crowd.people), people_2=book.cube.people
        )
    )
    console.print(
        _(
            "Crossings of two: {mean_gap:.2f}% of the people apart from the edition on average, "
            "{worst_gap:.2f}% at most."
        ).format(mean_gap=100 * crowd.mean_gap, worst_gap=100 * crowd.worst_gap)
    )
    console.print(_("No row is a person. For a figure, read the edition."))


def _told(answer: Any) -> list[str]:
    span = _("between {low} and {high} (95%)").format(low=answer.low, high=answer.high)
    if answer.measured:
        return [_("{people} people, {span}.").format(people=answer.people, span=span)]
    return [
        _("About {people} people, from a model; {span}.").format(people=answer.people, span=span),
        _("The edition does not cross all of these traits: the interval is what its tables allow."),
    ]


def _refused(cube: Cube, answer: Any) -> list[str]:
    lines = [_("No answer: {causes}.").format(causes=_(_CAUSES[answer.cause]))]
    if answer.nearest is not None:
        lines.append(_("Ask instead: {words}").format(words=answer.nearest.words(cube)))
    return lines


def _late(module: str) -> Any:
    """Load numpy for the command that needs it, and no other."""
    return importlib.import_module(f"hub.cube.{module}")


def _read(kind: type[Wanted], path: Path) -> Wanted:
    try:
        return kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ConfigError(
            "{path} is not {kind}. Download it or make it again.",
            path=path,
            kind=Phrase(_KINDS[kind]),
        ) from error
