"""``venue-agent schedule``: the daily round as a systemd timer or a Windows task; shown, installed, taken away."""

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from venue_agent.commands.options import HomeOption, Json, LangOption, console
from venue_agent.commands.spoken import SpokenCommand
from venue_agent.config import Home, load_config, source_of
from venue_agent.errors import ConfigError
from venue_agent.schedule import plan
from venue_agent.schedule.job import SPREAD_MINUTES, Job, program, time_of
from venue_agent.words import _, mark, spoken

app = typer.Typer()


@app.command(cls=SpokenCommand)
def schedule(
    home: HomeOption = Path(),
    at: Annotated[str, typer.Option("--at", help=mark("Time of day, as 04:30."))] = "04:30",
    group: Annotated[
        str, typer.Option(help=mark("Group that may read the exports (system service)."))
    ] = "",
    install: Annotated[
        bool, typer.Option("--install", help=mark("Put it in place now, not only on paper."))
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help=mark("Print the files and write nothing."))
    ] = False,
    remove: Annotated[
        bool, typer.Option("--remove", help=mark("Stop it and take it away."))
    ] = False,
    as_json: Json = False,
    _lang: LangOption = "fr",
) -> None:
    """Start the daily round every day: a systemd timer, or a task of Windows; says what it would do first."""
    if install + show + remove > 1:
        raise ConfigError(_("--install, --show and --remove: one of them."))
    place = Home(home.resolve())
    job = _job(place, at, group)
    made = plan.plan_of(job)
    if show:
        _print_files(made, as_json=as_json)
    elif remove:
        there = made.undo(plan.start)
        console.print(_("Taken away.") if there else _("Nothing was scheduled."))
    elif install:
        made.do(plan.start)
        console.print(_("In place: every day within {minutes} minutes after {time}.").format(
            minutes=SPREAD_MINUTES, time=f"{job.at:%H:%M}"))  # fmt: skip
    else:
        _print_commands(made, _drafts(place, made))


def _job(home: Home, at: str, group: str) -> Job:
    config = load_config(home)
    exports = source_of(home, config).folder
    outside = () if exports.is_relative_to(home.path) else (exports.resolve(),)
    return Job(program(sys.argv), home.path, time_of(at), spoken(), outside, group)


def _drafts(home: Home, made: plan.Plan) -> dict[Path, Path]:
    """Write the files in the agent's own folder; return where each belongs."""
    folder = home.path / plan.FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    drafts = {folder / path.name: path for path in made.files}
    for draft, path in drafts.items():
        draft.write_bytes(made.files[path])
    return drafts


def _print_commands(made: plan.Plan, drafts: dict[Path, Path]) -> None:
    console.print(_("Written, and not in place yet. To put it in place (--install does the same):"))
    moves = [("install", "-D", "-m", "644", str(d), str(p)) for d, p in drafts.items() if d != p]
    for command in (*moves, *made.install):
        console.print("  " + _line(command), markup=False)
    console.print(_("To take it away: {command}").format(command="venue-agent schedule --remove"))


def _print_files(made: plan.Plan, *, as_json: bool) -> None:
    texts = {str(path): _text(data) for path, data in made.files.items()}
    if as_json:
        told: dict[str, Any] = {"kind": made.kind, "installed": made.is_installed, "files": texts,
                                "commands": [list(command) for command in made.install]}  # fmt: skip
        print(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for path, text in texts.items():
        console.print(f"# {path}", markup=False)
        console.print(text, markup=False)


def _text(data: bytes) -> str:
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")


def _line(command: tuple[str, ...]) -> str:
    return subprocess.list2cmdline(command) if command[0] == "schtasks" else shlex.join(command)
