"""``hub audit``: tries to tell made-up neighbours apart in what publishing draws; it reads nobody's data."""

import dataclasses
import importlib
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from hub.errors import AuditAlarm, RealDataRefused

app = typer.Typer()
console = Console(soft_wrap=True)

_CHECKS = {
    "sensitivity": "chaque forme, chaque mesure habituelle : ce qu'une personne déplace, au plus ce que le plan dit",
    "noise": "le bruit : sa taille, entier, centré, à part dans chaque case et dans chaque tirage",
    "fork": "deux processus nés l'un de l'autre ne tirent pas le même bruit",
    "editions": "deux éditions ne partagent aucun bruit ; la même, redemandée, rend les mêmes octets",
    "published": "éditions entières publiées des deux côtés",
}


@app.command()
def audit(
    data: Annotated[
        list[Path] | None,
        typer.Option(
            help="Refusé, quel que soit le fichier ou le dossier : l'audit invente son monde."
        ),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="300 tirages de chaque côté : moins d'une minute.")
    ] = False,
    draws: Annotated[
        int, typer.Option(min=50, max=1_000_000, help="Tirages de chaque côté.")
    ] = 20_000,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Processus.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Pour une machine.")] = False,
) -> None:
    """Audite la confidentialité : deux réseaux inventés qui diffèrent d'une personne, et le code qui publie."""
    if data:
        raise RealDataRefused(
            f"Found {', '.join(map(str, data))}; expected nothing. The audit draws the same figures thousands of times, "
            "which nobody could pay for: it works on people that it makes up, and on no file or folder."
        )
    run = importlib.import_module(
        "hub.audit.run"
    )  # the vault's code and OpenDP: for this command alone
    terms = (
        run.Terms(draws=run.QUICK_DRAWS)
        if quick
        else run.Terms(draws=draws, runs=run.RUNS, processes=processes)
    )
    with console.status("…"):
        findings = list(run.audit(terms))
    if as_json:
        print(json.dumps([dataclasses.asdict(finding) for finding in findings]))
    else:
        _show(findings)
    alarms = [problem for finding in findings for problem in finding.problems]
    if alarms:
        raise AuditAlarm(f"The audit found what the promise excludes: {'; '.join(alarms)}.")


def _show(findings: list[Any]) -> None:
    names = {
        shape.name: shape.french for shape in importlib.import_module("hub.audit.shapes").SHAPES
    }
    table = Table(
        "une personne de plus ou de moins",
        "μ permis",
        "μ trouvé",
        "au moins",
        "au moins, en comptant",
        "",
    )
    for finding in findings:
        if finding.found:
            apart = finding.found
            table.add_row(names.get(finding.name, _CHECKS.get(finding.name, finding.name)), f"{finding.bound:.3f}",
                          f"{apart.mu:.3f}", f"{apart.low:.3f}", f"{apart.low_counted:.3f}",
                          "[bold red]ALARME[/]" if finding.alarm else "tient")  # fmt: skip
    console.print(table)
    for finding in findings:
        if not finding.found:
            said = "[bold red]ALARME[/]" if finding.alarm else "tient"
            console.print(f"{said}  {_CHECKS.get(finding.name, finding.name)}")
    console.print("« μ » : de combien d'écarts types le meilleur attaquant, qui connaît tout le monde sauf elle, distingue "
                  "les deux réseaux ; √(2ρ) est permis, autant de fois qu'il y a de personnes dont le lien change. "
                  "« Au moins » : bornes qui tiennent toutes ensemble dans 99,9 % des audits honnêtes. "
                  "Un audit trouve des fautes ; il ne prouve pas qu'il n'y en a pas.")  # fmt: skip
