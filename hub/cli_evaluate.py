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

app = typer.Typer()
console = Console(soft_wrap=True)

_METHODS = {"popularity": "popularité", "low-rank EASE": "EASE de rang réduit", "raw EASE": "EASE brut",
            "positive EASE": "EASE projeté", "ours": "[bold]Farandole[/]"}  # fmt: skip
_KNOWN = {"alone": "la maison seule : « ici, de nouveau »", "chance": "ici, et deux lieux au hasard",
          "popularity": "ici, et deux lieux en vue dans le réseau, privé", "ours": "[bold]ici, et deux lieux du modèle, privé[/]"}  # fmt: skip
_LEVELS = {"1": "1 venue", "2": "2 venues", "3": "3 venues", "house": "une maison seule"}


@app.command()
def evaluate(
    items: Annotated[int, typer.Option(min=10, max=4000, help="Lieux ou genres de lieux.")] = 50,
    persons: Annotated[int, typer.Option(min=100, max=2_000_000, help="Personnes.")] = 10_000,
    houses: Annotated[int, typer.Option(min=2, help="Maisons qui se les partagent.")] = 12,
    epsilon: Annotated[float, typer.Option(min=0.1, max=10, help="ε à δ = 1e-6.")] = 1.0,
    places: Annotated[int, typer.Option(min=2, max=64, help="k : lieux où l'on pèse entière.")] = 2,
    draws: Annotated[int, typer.Option(min=1, max=20, help="Tirages du bruit.")] = 3,
    seed: Annotated[int, typer.Option(help="Graine du monde inventé.")] = 1,
    visits: Annotated[
        Path | None,
        typer.Option(
            help="Jeu public au lieu d'un monde inventé : CSV (person_id, venue_id) ou fichier .inter de RecBole."
        ),
    ] = None,
    tags: Annotated[
        bool,
        typer.Option(help="Ce que valent les étiquettes du catalogue, et les spectacles neufs."),
    ] = False,
    following: Annotated[
        bool,
        typer.Option(
            "--next",
            help="Avec --visits : où va ensuite qui n'est venu qu'une fois ; une maison seule, le réseau.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Pour une machine.")] = False,
) -> None:
    """Compare le modèle privé à la popularité et aux méthodes sans confidentialité ; ne lit aucun coffre."""
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
    console.print(f"{world.items} lieux, {len(world.known)} personnes, {len(world.tested)} mises de côté, "
                  f"ε {epsilon} à δ 1e-6, k = {places}, {draws} tirages")  # fmt: skip
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
    table = Table("ce qui est su", "venue suivante, où que ce soit", "dont : dans une autre maison",
                  title=f"Rappel@3 pour {tested} personnes venues une fois ; {trained} autres ont appris",
                  title_justify="left")  # fmt: skip
    for line in lines:
        table.add_row(
            _KNOWN[line.method], f"{100 * line.anywhere:.0f} %", f"{100 * line.elsewhere:.0f} %"
        )
    console.print(table)


def _tags(lines: list[Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([dataclasses.asdict(line) for line in lines]))
        return
    table = Table("ce qui est connu", "popularité", "étiquettes, sans bruit", "étiquettes, privé", "de celui-ci", "du meilleur",
                  title="Modèle par étiquettes, NDCG@10", title_justify="left")  # fmt: skip
    for line in lines:
        kept = [f"{100 * line.private / each:.0f} %" for each in (line.exact, line.best)]
        table.add_row({**_LEVELS, "new": "spectacles neufs"}[line.level], f"{line.popularity:.3f}",
                      f"{line.exact:.3f}", f"{line.private:.3f}", *kept)  # fmt: skip
    console.print(table)


def _show(lines: list[Any], level: str) -> None:
    table = Table("méthode", "NDCG@10", "gardé", "rappel@20", "succès@3", "couverture@10",
                  title=f"Ce qui est connu : {_LEVELS[level]}", title_justify="left")  # fmt: skip
    for line in lines:
        found = line.quality
        table.add_row(f"{'privé : ' if line.private else ''}{_METHODS.get(line.method, line.method)}", f"{found.ndcg:.3f}",
                      f"{100 * line.kept:.0f} %", f"{found.recall:.3f}", f"{found.hit:.3f}",
                      f"{100 * found.coverage:.0f} %")  # fmt: skip
    console.print(table)


def _late(module: str) -> Any:
    """Load numpy for this command, and no other."""
    return importlib.import_module(f"hub.evaluate.{module}")
