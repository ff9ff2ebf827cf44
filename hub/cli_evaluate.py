"""``hub evaluate``: what the recommendation method is worth, on invented worlds or public sets."""

import dataclasses
import importlib
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from hub.errors import ConfigError
from hub.words import _, decimal, mark

app = typer.Typer()
console = Console(soft_wrap=True)

_METHODS = {"popularity": mark("popularity"), "low-rank EASE": mark("low-rank EASE"), "raw EASE": mark("raw EASE"),
            "positive EASE": mark("projected EASE"), "ours": "[bold]Farandole[/]"}  # fmt: skip
_KNOWN = {"alone": mark('the house alone: "here, again"'), "chance": mark("here, and two places at random"),
          "popularity": mark("here, and two places in view in the network, private"), "ours": mark("[bold]here, and two places of the model, private[/]")}  # fmt: skip
_LEVELS = {
    "1": mark("1 visit"),
    "2": mark("2 visits"),
    "3": mark("3 visits"),
    "house": mark("one house alone"),
}


@app.command()
def evaluate(
    items: Annotated[
        int, typer.Option(min=10, max=4000, help=mark("Places, or kinds of places."))
    ] = 50,
    persons: Annotated[int, typer.Option(min=100, max=2_000_000, help=mark("People."))] = 10_000,
    houses: Annotated[
        int, typer.Option(min=2, help=mark("Houses among which they are shared."))
    ] = 12,
    epsilon: Annotated[float, typer.Option(min=0.1, max=10, help=mark("ε at δ = 1e-6."))] = 1.0,
    places: Annotated[
        int, typer.Option(min=2, max=64, help=mark("k: places in which a person weighs whole."))
    ] = 2,
    draws: Annotated[int, typer.Option(min=1, max=20, help=mark("Draws of the noise."))] = 3,
    seed: Annotated[int, typer.Option(help=mark("Seed of the made-up world."))] = 1,
    visits: Annotated[
        Path | None,
        typer.Option(
            help=mark(
                "A public set instead of a made-up world: CSV (person_id, venue_id) or a RecBole .inter file."
            )
        ),
    ] = None,
    tags: Annotated[
        bool,
        typer.Option(help=mark("What the catalogue's tags are worth, and new shows.")),
    ] = False,
    following: Annotated[
        bool,
        typer.Option(
            "--next",
            help=mark(
                "With --visits: where somebody who came once goes next; one house alone, the network."
            ),
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=mark("For a machine."))] = False,
) -> None:
    """Compares the private model with popularity and with methods without privacy; reads no vault."""
    protocol, worlds = _late("protocol"), _late("world")
    terms = protocol.Terms(epsilon=epsilon, places=places, draws=draws, seed=seed)
    if following:
        _following(visits, terms, as_json=as_json)
        return
    if visits is None:
        world = worlds.draw_world(worlds.Size(items=items, persons=persons, houses=houses), seed)
    else:
        world = _late("visits").read_visits(visits, seed)
    if tags and world.tags:
        _tags(_late("tagged").compare_tags(world, terms), as_json=as_json)
        return
    lines = protocol.compare(world, terms)
    if as_json:
        print(json.dumps([dataclasses.asdict(line) for line in lines]))
        return
    console.print(_("{items} places, {known} people, {tested} set aside, ε {epsilon} at δ 1e-6, k = {places}, " "{draws} draws").format(items=world.items, known=len(world.known), tested=len(world.tested), epsilon=epsilon, places=places, draws=draws))  # fmt: skip
    for level in protocol.LEVELS:
        _show([line for line in lines if line.level == level], level)


def _following(visits: Path | None, terms: Any, *, as_json: bool) -> None:
    if visits is None:
        raise ConfigError(
            "--next reads visits in their order. Give a made-up or public set with --visits."
        )
    trained, tested, lines = _late("following").compare_next(visits, terms)
    if as_json:
        print(json.dumps([dataclasses.asdict(line) for line in lines]))
        return
    table = Table(_("what is known"), _("next visit, wherever it is"), _("of which: in another house"),
                  title=_("Recall@3 for {tested} people who came once; {trained} others were learnt from").format(tested=tested, trained=trained),
                  title_justify="left")  # fmt: skip
    for line in lines:
        table.add_row(
            _(_KNOWN[line.method]), f"{100 * line.anywhere:.0f} %", f"{100 * line.elsewhere:.0f} %"
        )
    console.print(table)


def _tags(lines: list[Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([dataclasses.asdict(line) for line in lines]))
        return
    table = Table(_("what is known of her"), _("popularity"), _("tags, without noise"), _("tags, private"), _("of this one"), _("of the best"),
                  title=_("Model by tags, NDCG@10"), title_justify="left")  # fmt: skip
    for line in lines:
        kept = [f"{100 * line.private / each:.0f} %" for each in (line.exact, line.best)]
        table.add_row(_({**_LEVELS, "new": mark("new shows")}[line.level]), decimal(f"{line.popularity:.3f}"),
                      decimal(f"{line.exact:.3f}"), decimal(f"{line.private:.3f}"), *kept)  # fmt: skip
    console.print(table)


def _show(lines: list[Any], level: str) -> None:
    table = Table(_("method"), "NDCG@10", _("kept"), _("recall@20"), _("success@3"), _("coverage@10"),
                  title=_("What is known: {levels}").format(levels=_(_LEVELS[level])), title_justify="left")  # fmt: skip
    for line in lines:
        found = line.quality
        table.add_row((_("private: ") if line.private else "") + _(_METHODS.get(line.method, line.method)), decimal(f"{found.ndcg:.3f}"),
                      f"{100 * line.kept:.0f} %", decimal(f"{found.recall:.3f}"), decimal(f"{found.hit:.3f}"),
                      f"{100 * found.coverage:.0f} %")  # fmt: skip
    console.print(table)


def _late(module: str) -> Any:
    """Load numpy for this command, and no other."""
    return importlib.import_module(f"hub.evaluate.{module}")
