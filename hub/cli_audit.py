"""``hub audit``: tries to tell made-up neighbours apart in what publishing draws; it reads nobody's data."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import progress as rich_progress
from rich.console import Console

from hub.errors import AuditAlarm, RealDataRefused

if TYPE_CHECKING:
    from hub.audit.checkpoints import CheckpointFolder
    from hub.audit.checks import Finding
    from hub.audit.run import Terms
    from hub.audit.workers import OnProgress, Progress

app = typer.Typer()
console = Console(soft_wrap=True)

_CHECKS = {
    "sensitivity": "chaque forme, chaque mesure habituelle : ce qu'une personne déplace, au plus ce que le plan dit",
    "noise": "le bruit : sa taille, entier, centré, à part dans chaque case et dans chaque tirage",
    "fork": "deux processus nés l'un de l'autre ne tirent pas le même bruit",
    "editions": "deux éditions ne partagent aucun bruit ; la même, redemandée, rend les mêmes octets",
    "published": "éditions entières publiées des deux côtés",
    "crowd": "la foule seule, une fois pour toutes les formes",
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
    report: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            writable=True,
            help="Où écrire le rapport (JSON). Ce qui est trouvé s'écrit à côté, forme par forme : "
            "un audit arrêté, relancé avec le même rapport, reprend où il en était.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Pour une machine.")] = False,
) -> None:
    """Audite la confidentialité : deux réseaux inventés qui diffèrent d'une personne, et le code qui publie."""
    if data:
        raise RealDataRefused(
            "Found {data}; expected nothing. The audit draws the same figures thousands of times, which "
            "nobody could pay for: it works on people that it makes up, and on no file or folder.",
            data=", ".join(map(str, data)),
        )
    from hub.audit import run  # noqa: PLC0415 - the vault's code and OpenDP: for this command alone

    terms = (
        run.Terms(draws=run.QUICK_DRAWS)
        if quick
        else run.Terms(draws=draws, runs=run.RUNS, processes=processes)
    )
    findings = _found(terms, report, say=not as_json)
    if as_json:
        from hub.audit import checkpoints  # noqa: PLC0415 - as above

        print(json.dumps([checkpoints.plain(finding) for finding in findings], allow_nan=False))
    else:
        console.print(_LEGEND)
    alarms = [problem for finding in findings for problem in finding.problems]
    if alarms:
        raise AuditAlarm(
            "The audit found what the promise excludes: {alarms}.", alarms="; ".join(alarms)
        )


def _found(terms: "Terms", report: Path | None, *, say: bool) -> "list[Finding]":
    """Return all findings; each is said, and kept beside the report, as soon as it is there."""
    from hub.audit import checkpoints, run  # noqa: PLC0415 - as above

    bound_to = {
        "code_sha256": checkpoints.code_sha256(),
        "draws": terms.draws,
        "runs": terms.runs,
        "shapes": list(terms.shapes),
    }
    folder = _folder(report, bound_to) if report else None
    taken_up = [step for step in run.steps(terms) if folder and folder.read(step)]
    if taken_up and say:
        names = " ; ".join(_name(step) for step in taken_up)
        console.print(f"Repris de l'audit commencé : {names}.", highlight=False, markup=False)
    findings = []
    with _bars(len(run.steps(terms))) as (on_progress, done):
        for finding in run.audit(terms, folder, on_progress):
            findings.append(finding)
            done(len(findings))
            if say:
                console.print(_line(finding), highlight=False)
    if report:
        told = [checkpoints.plain(finding) for finding in findings]
        written = {**bound_to, "taken_up": taken_up, "findings": told}
        text = json.dumps(written, indent=1, ensure_ascii=False, allow_nan=False)
        report.write_text(text + "\n", "utf-8")
    return findings


def _folder(report: Path, bound_to: dict[str, object]) -> "CheckpointFolder":
    from hub.audit import checkpoints  # noqa: PLC0415 - as above

    try:
        return checkpoints.CheckpointFolder(report, bound_to)
    except OSError as error:
        raise typer.BadParameter(
            f"« {report} » : rien ne peut s'écrire à côté ({error.strerror}) ; choisissez un autre fichier.",
            param_hint="--report",
        ) from error


@contextmanager
def _bars(steps: int) -> "Iterator[tuple[OnProgress, Callable[[int], None]]]":
    """Yield who hears how far the work at hand is, and who hears how many findings there are; in a terminal only."""
    columns = (
        rich_progress.TextColumn("{task.description}"),
        rich_progress.BarColumn(bar_width=28),
        rich_progress.TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        rich_progress.TimeRemainingColumn(elapsed_when_finished=True),
    )
    shown = console.is_terminal
    with rich_progress.Progress(
        *columns, console=console, transient=True, disable=not shown
    ) as bars:
        whole = bars.add_task("l'audit", total=steps)
        at_hand = bars.add_task("", total=1)
        name = ""

        def on_progress(now: "Progress") -> None:
            nonlocal name
            if name != (name := _name(now.step, without=now.without)):
                bars.reset(at_hand, description=name, total=now.of)
            bars.update(at_hand, completed=now.done, total=now.of)

        yield on_progress, lambda done: bars.update(whole, completed=done)


def _name(step: str, *, without: bool = False) -> str:
    from hub.audit.shapes import SHAPES  # noqa: PLC0415 - as above

    names = {shape.name: shape.french for shape in SHAPES} | _CHECKS
    return names.get(step, step) + (", sans elle" if without else "")


def _line(finding: "Finding") -> str:
    said = "[bold red]ALARME[/]" if finding.alarm else "tient "
    apart = finding.found
    if not apart:
        return f"{said}  {_name(finding.name)}"
    least, counted = (max(low, 0.0) for low in (apart.low, apart.low_counted))
    figures = (
        f"μ {apart.mu:6.3f} pour {finding.bound:6.3f} permis "
        f"(au moins {least:6.3f} ; en comptant, {counted:6.3f})"
    ).replace(".", ",")
    return f"{said}  {figures}  {_name(finding.name)}"


_LEGEND = (
    "« μ » : de combien d'écarts types le meilleur attaquant, qui connaît tout le monde sauf elle, distingue "
    "les deux réseaux ; √(2ρ) est permis, autant de fois qu'il y a de personnes dont le lien change. "
    "« Au moins » : bornes qui tiennent toutes ensemble dans 99,9 % des audits honnêtes. "
    "Un audit trouve des fautes ; il ne prouve pas qu'il n'y en a pas."
)
