"""``venue-agent uninstall``: says what it will remove, offers to leave first, keeps the DPO's proofs, then removes."""

import importlib
import json
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from venue_agent.commands.options import CLOCK, YES, HomeOption, Json, LangOption, console
from venue_agent.commands.spoken import SpokenCommand, errors
from venue_agent.config import Home, load_config
from venue_agent.desk import open_desk
from venue_agent.errors import AgentError, ConfigError
from venue_agent.outbox.journal import at_work
from venue_agent.push import Patience
from venue_agent.rights import keepsake
from venue_agent.schedule.found import quiet
from venue_agent.tasks import uninstall
from venue_agent.tasks.uninstall import Survey
from venue_agent.words import _, mark, several

app = typer.Typer()
NOTHING: Final = "none"
SHOWN: Final = 12


@app.command("uninstall", cls=SpokenCommand)
def uninstall_command(
    home: HomeOption = Path(),
    leave: Annotated[
        bool, typer.Option("--leave", help=mark("Empty the hub of this venue's rows first."))
    ] = False,
    stay: Annotated[
        bool, typer.Option("--stay", help=mark("Leave this venue's rows at the hub."))
    ] = False,
    keep: Annotated[
        str, typer.Option("--keep", help=mark("Folder for proofs and suppression list; none loses them."))
    ] = "",
    everything: Annotated[
        bool, typer.Option("--everything", help=mark("Mapping and catalogue too; never an export."))
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help=mark("Do it without asking."))] = False,
    as_json: Json = False,
    _lang: LangOption = "fr",
) -> None:  # fmt: skip
    """Take the agent off this machine: timer, keys of every store, all that it made; not the venue's own files."""
    place = Home(home.resolve())
    found = uninstall.survey(place, _settings(place))
    ask = not (yes or as_json)
    if ask:
        _tell(found, everything=everything)
    if found.joined and not found.left and not stay:
        _leave_first(place, asked=ask, told=leave)
    kept = _kept(place, keep, asked=ask)
    if ask and not _agreed(_("Remove all of it? [y/N]")):
        raise ConfigError(_("Not confirmed. Nothing was done; --yes answers in advance."))
    found = uninstall.survey(place, _settings(place))  # with what leaving has written
    stays = uninstall.remove(found, CLOCK, quiet, everything=everything)
    _conclude(found, kept, stays, as_json=as_json)


def _settings(place: Home) -> Any:
    try:
        return load_config(place)
    except AgentError:
        return None  # broken settings must not keep the agent here


def _tell(found: Survey, *, everything: bool) -> None:
    console.print(_("This will be removed:"))
    for path in found.timer.files if found.timer else ():
        console.print(f"  - {path}", markup=False)
    paths = (*found.credentials, *found.made, *(found.own if everything else ()))
    lines = list(dict.fromkeys([*found.keys, *map(str, paths)]))
    for line in lines[:SHOWN]:
        console.print(f"  - {line}", markup=False)
    if more := len(lines) - SHOWN if len(lines) > SHOWN else 0:
        console.print("  " + several("… and {count} more", "… and {count} more", more))
    stays = [*found.others, *(() if everything else found.own)]
    if stays:
        console.print(_("This stays, it is the venue's own:"))
    for path in stays[:SHOWN]:
        console.print(f"  - {path}", markup=False)


def _leave_first(place: Home, *, asked: bool, told: bool) -> None:
    """Empty the hub where that is wanted; without an answer, nothing is removed: the key would be lost with it."""
    if not told and not asked:
        raise ConfigError(
            _("This venue has not left: without its key, its rows at the hub can no longer be withdrawn. "
              "Say --leave to empty the hub first, or --stay to let them end with the retention.")
        )  # fmt: skip
    if not told and not _agreed(
        _("Take every row of this venue out of the hub first? Later it will not be possible. [y/N]")
    ):
        return
    desk = open_desk(place, CLOCK)
    with at_work(place), errors.status(_("Sending…")):
        farewell = importlib.import_module("venue_agent.rights.leave").leave(desk, Patience())
    if farewell.waiting:
        raise ConfigError(
            _("The vault has not confirmed everything yet. Nothing was removed: run `venue-agent "
              "uninstall --leave` again later.")
        )  # fmt: skip


def _kept(place: Home, keep: str, *, asked: bool) -> list[Path]:
    """Put aside what the DPO must still show; return what was written."""
    if keep == NOTHING or (not keep and not keepsake.worth_keeping(place)):
        return []
    if not keep and asked:
        console.print(_("Folder in which to keep the DPO's proofs and the suppression list (none: lose them):"), end=" ", markup=False)  # fmt: skip
        keep = _typed()
        if keep == NOTHING:
            return []
    if not keep:
        raise ConfigError(
            _("Proofs or a suppression list are here, which the DPO must be able to show. Say --keep "
              "FOLDER, or --keep none to lose them.")
        )  # fmt: skip
    return keepsake.keep(place, Path(keep))


def _agreed(question: str) -> bool:
    console.print(question, end=" ", markup=False)
    return _typed().casefold() in YES


def _typed() -> str:
    try:
        return input().strip()
    except EOFError:
        return ""


def _conclude(found: Survey, kept: list[Path], stays: list[Path], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"removed": len(found.made) + len(found.keys), "kept": [str(path) for path in kept],
                          "stays": [str(path) for path in stays]}, ensure_ascii=False))  # fmt: skip
        return
    console.print(_("Removed. Nothing of the agent is left in {folder}.").format(folder=found.home.path), markup=False)  # fmt: skip
    if kept:
        console.print(_("Kept for the DPO: {folder}").format(folder=kept[0].parent), markup=False)
    if stays:
        told = several("{count} file of the venue's own stays.", "{count} files of the venue's own stay.", len(stays))  # fmt: skip
        console.print(told)
    console.print(_("To remove the program itself: `uv tool uninstall farandole`, or the package."), markup=False)  # fmt: skip
