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
from hub.words import _, decimal, mark, spoken

if TYPE_CHECKING:
    from hub.audit.checkpoints import CheckpointFolder
    from hub.audit.checks import Finding
    from hub.audit.run import Terms
    from hub.audit.workers import OnProgress, Progress

app = typer.Typer()
console = Console(soft_wrap=True)

_CHECKS = {
    "sensitivity": mark(
        "each shape, each usual measure: what one person moves, at most what the plan says"
    ),
    "noise": mark(
        "the noise: its size, whole numbers, centred, its own in each cell and each draw"
    ),
    "fork": mark("two processes born of one another do not draw the same noise"),
    "editions": mark(
        "two editions share no noise; the same one, asked for again, gives the same bytes"
    ),
    "published": mark("whole editions published on both sides"),
    "crowd": mark("the crowd alone, once for all shapes"),
}


@app.command()
def audit(
    data: Annotated[
        list[Path] | None,
        typer.Option(
            help=mark("Refused, whatever the file or folder: the audit makes up its world.")
        ),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help=mark("300 draws on each side: less than a minute."))
    ] = False,
    draws: Annotated[
        int, typer.Option(min=50, max=1_000_000, help=mark("Draws on each side."))
    ] = 20_000,
    processes: Annotated[int, typer.Option(min=1, max=64, help=mark("Processes."))] = 2,
    report: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            writable=True,
            help=mark(
                "Where to write the report (JSON). What is found is written beside it, shape by shape: an "
                "audit that was stopped and is started with the same report goes on from there."
            ),
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=mark("For a machine."))] = False,
) -> None:
    """Audits privacy: two made-up networks that differ by one person, and the code that publishes."""
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
        console.print(_(_LEGEND))
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
        console.print(
            _("Taken up from the audit begun: {names}.").format(names=names),
            highlight=False,
            markup=False,
        )
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
            _(
                "{report}: nothing can be written beside it ({strerror}); choose another file."
            ).format(report=report, strerror=error.strerror),
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
        whole = bars.add_task(_("the audit"), total=steps)
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

    shapes = {shape.name: shape.french for shape in SHAPES} if spoken() == "fr" else {}
    names = shapes | {name: _(check) for name, check in _CHECKS.items()}
    return names.get(step, step) + (_(", without her") if without else "")


def _line(finding: "Finding") -> str:
    said = _("[bold red]ALARM[/]") if finding.alarm else _("holds ")
    apart = finding.found
    if not apart:
        return f"{said}  {_name(finding.name)}"
    least, counted = (max(low, 0.0) for low in (apart.low, apart.low_counted))
    figures = decimal(
        _(
            "μ {mu:6.3f} of {bound:6.3f} allowed (at least {least:6.3f}; by counting, {counted:6.3f})"
        ).format(mu=apart.mu, bound=finding.bound, least=least, counted=counted)
    )
    return f"{said}  {figures}  {_name(finding.name)}"


_LEGEND = mark(
    '"μ": by how many standard deviations the best attacker, who knows everybody but her, tells '
    "the two networks apart; √(2ρ) is allowed, as many times as there are people whose link "
    'changes. "At least": bounds that hold all together in 99.9% of honest audits. An audit '
    "finds faults; it does not prove that there are none."
)
