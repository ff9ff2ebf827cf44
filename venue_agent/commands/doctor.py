"""``venue-agent doctor``: one line a check, and under what is wrong its remedy."""

import importlib
import json
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final

import typer

from venue_agent.commands.options import CLOCK, HomeOption, Json, LangOption, console
from venue_agent.commands.spoken import SpokenCommand
from venue_agent.config import Home
from venue_agent.errors import Unwell
from venue_agent.words import _, mark, several

app = typer.Typer()
MARKS: Final = MappingProxyType(
    {"ok": ("✓", "green"), "warning": ("!", "yellow"), "failed": ("✗", "bold red"), "skipped": ("–", "dim")}
)  # fmt: skip
WIDTH: Final = 18


@app.command(cls=SpokenCommand)
def doctor(
    home: HomeOption = Path(),
    hub: Annotated[str, typer.Option(help=mark("Address of the hub to try before joining."))] = "",
    custodian: Annotated[
        str, typer.Option(help=mark("Address of the custodian to try before joining."))
    ] = "",
    as_json: Json = False,
    _lang: LangOption = "fr",
) -> None:
    """Check all that the agent needs, and say the remedy of whatever is wrong; changes nothing."""
    visiting = importlib.import_module("venue_agent.doctor.visit")
    patients = importlib.import_module("venue_agent.doctor.patient")
    patient = patients.Patient(Home(home.resolve()), CLOCK, urls=(hub, custodian))
    findings: list[Any] = []
    for finding in visiting.visit(patient):
        findings.append(finding)
        if not as_json:
            _print(finding)
    failed = [finding for finding in findings if finding.state == "failed"]
    if as_json:
        told = {"version": 1, "well": not failed, "checks": [finding.plain() for finding in findings]}  # fmt: skip
        print(json.dumps(told, ensure_ascii=False, indent=1))
    _conclude(findings, failed, as_json=as_json)


def _print(finding: Any) -> None:
    names = importlib.import_module("venue_agent.doctor.finding").CHECKS
    sign, style = MARKS[finding.state]
    console.print(f"{sign} {_(names[finding.check]):<{WIDTH}}", style=style, end="", markup=False)
    console.print(finding.found, markup=False)
    if finding.remedy:
        for heading, text in ((_("expected"), finding.expected), (_("to do"), finding.remedy)):
            console.print(f"  → {heading:<{WIDTH - 2}}{text}", markup=False)


def _conclude(findings: Sequence[Any], failed: Sequence[Any], *, as_json: bool) -> None:
    if failed:
        raise Unwell(
            several("{count} check failed; its remedy stands beside it.",
                    "{count} checks failed; their remedies stand beside them.", len(failed))
        )  # fmt: skip
    if not as_json:
        warnings = sum(finding.state == "warning" for finding in findings)
        console.print(several("All is well, but for {count} warning.", "All is well, but for {count} warnings.", warnings)
                      if warnings else _("All is well."))  # fmt: skip
