"""Commands whose help and refusals are in the language spoken, and the last word on every error."""

import errno
import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path

import typer
from rich.console import Console

from contracts import spoken
from contracts.charter_check import CharterError
from contracts.seal import SealError
from contracts.spoken import INTERRUPTED, refuse_usage
from venue_agent.errors import AgentError, CharterRefused, ConfigError, DiskFull
from venue_agent.network.again import ATTENDED, hear_waits
from venue_agent.outbox.spool import disk_is_full
from venue_agent.words import VOICE, _, say

errors = Console(stderr=True, soft_wrap=not sys.stderr.isatty(), highlight=False)


class SpokenCommand(spoken.SpokenCommand):
    """A command of the agent."""

    voice = VOICE


class SpokenGroup(spoken.SpokenGroup):
    """The tree of the agent's commands."""

    voice = VOICE


def hush() -> None:
    """Keep Python itself from printing: a warning, a log line or a lost exception could quote a file."""
    warnings.simplefilter("ignore")
    logging.lastResort = None
    sys.unraisablehook = lambda _lost: None
    threading.excepthook = lambda _lost: None
    sys.excepthook = lambda kind, _error, _trace: errors.print(kind.__name__, markup=False)


def run(app: typer.Typer) -> int:
    """Run a command line and return its exit code; whatever goes wrong is said on stderr, in words.

    No message echoes what stands in a file: even an unforeseen error names only its kind and place.
    """
    if errors.is_terminal:
        hear_waits(_still_waiting)
    try:
        return int(app(standalone_mode=False) or 0)
    except typer.TyperException as error:
        return refuse_usage(error, VOICE, "venue-agent")
    except (typer.Abort, KeyboardInterrupt):
        errors.print(_("Interrupted. What was prepared stays where it is."))
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - a traceback could show a person's data
        return _fail(*_told(error))


def _still_waiting() -> None:
    told = _("No answer yet: trying again for {seconds} seconds at most. Ctrl-C stops.")
    errors.print(told.format(seconds=round(ATTENDED.seconds)), style="dim")


def _told(error: Exception) -> tuple[AgentError, str]:
    """Return the error to name, with its exit code, and what to say of it."""
    if isinstance(error, AgentError):
        return error, str(error)
    if isinstance(error, CharterError):
        return CharterRefused(), say(error)
    if isinstance(error, SealError):
        return ConfigError(), say(error)
    if isinstance(error, OSError):
        return _system(error)
    return AgentError(), _unforeseen(error)


def _fail(error: AgentError, message: str) -> int:
    title = _("Error {code}").format(code=error.exit_code)
    errors.print(f"[bold red]{title}[/] ({type(error).__name__})")
    errors.print(message, markup=False)
    return error.exit_code


def _system(error: OSError) -> tuple[AgentError, str]:
    where = Path(str(error.filename or "?"))
    if disk_is_full(error):
        return DiskFull(), _(
            "The disk is full. Nothing that was there is lost; free some space and start again."
        )
    return AgentError(), _(
        "The system refuses {path} ({reason}). Check its rights and the disk, then start again."
    ).format(path=where, reason=errno.errorcode.get(error.errno or 0, type(error).__name__))


def _unforeseen(error: Exception) -> str:
    ours = list(_places(error))
    return _(
        "The agent met something that it does not know ({kind}, {place}). Nothing was sent by this "
        "command after that. Send these lines to whoever looks after the network: they hold no "
        "personal data."
    ).format(kind=type(error).__name__, place=ours[-1] if ours else "?")


def _places(error: Exception) -> Iterator[str]:
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.parent.name in ("venue_agent", "contracts"):
            yield f"{path.parent.name}/{path.name}:{frame.lineno}"
