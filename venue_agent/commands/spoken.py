"""Commands whose help and refusals are in the language spoken, and the last word on every error."""

import errno
import importlib
import logging
import re
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import typer
from rich.console import Console
from typer.core import TyperCommand, TyperGroup

from contracts.charter_check import CharterError
from contracts.seal import SealError
from venue_agent.errors import AgentError, CharterRefused, ConfigError, DiskFull
from venue_agent.outbox.spool import disk_is_full
from venue_agent.words import _, mark, say

INTERRUPTED: Final = 130
_TITLES: Final = {
    "ARGUMENTS_PANEL_TITLE": mark("Arguments"),
    "OPTIONS_PANEL_TITLE": mark("Options"),
    "COMMANDS_PANEL_TITLE": mark("Commands"),
    "DEFAULT_STRING": mark("[default: {}]"),
    "ENVVAR_STRING": mark("[env var: {}]"),
    "REQUIRED_LONG_STRING": mark("[required]"),
}
_VALUES: Final = {"str": mark("<text>"), "Path": mark("<path>"), "bool": ""}
_USAGE: Final = (
    (r"No such option: (?P<name>\S+)", mark("There is no option {name}.")),
    (r"No such command '(?P<name>[^']*)'", mark("There is no command {name}.")),
    (r"Got unexpected extra argument\(s\) \((?P<name>.*)\)", mark("Words too many: {name}.")),
    (r"Option '?(?P<name>[^' ]+)'? requires an argument", mark("{name} needs a value.")),
    (r"Missing option '(?P<name>[^']+)'", mark("{name} is required.")),
    (r"Invalid value for '(?P<name>[^']+)'", mark("The value of {name} is not possible.")),
)
errors = Console(stderr=True, soft_wrap=not sys.stderr.isatty(), highlight=False)


class SpokenCommand(TyperCommand):
    """A command; its docstring and the help of its options are messages of the catalogue."""

    def __init__(self, name: str | None, **settings: Any) -> None:
        super().__init__(name, **_translated(settings))

    def get_usage(self, ctx: Any) -> str:
        """Return the line of usage."""
        return _usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """Return ``--help``, which says in the same language what it does."""
        return _help_option(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help under titles in the language spoken."""
        _speak_titles()
        super().format_help(ctx, formatter)


class SpokenGroup(TyperGroup):
    """The tree of commands, as ``SpokenCommand``."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**_translated(settings))

    def get_usage(self, ctx: Any) -> str:
        """Return the line of usage."""
        return _usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """Return ``--help``, which says in the same language what it does."""
        return _help_option(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help under titles in the language spoken."""
        _speak_titles()
        super().format_help(ctx, formatter)


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
    try:
        return int(app(standalone_mode=False) or 0)
    except typer.TyperException as error:
        return _refuse_usage(error)
    except (typer.Abort, KeyboardInterrupt):
        errors.print(_("Interrupted. What was prepared stays where it is."))
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - a traceback could show a person's data
        return _fail(*_told(error))


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


def _refuse_usage(error: typer.TyperException) -> int:
    if type(error).__name__ != "NoArgsIsHelpError":  # it has shown the help already
        told = error.format_message()
        for pattern, sentence in _USAGE:
            if found := re.match(pattern, told):
                told = _(sentence).format(name=found["name"])
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "venue-agent"
        errors.print(_("Error {code}").format(code=error.exit_code), style="bold red")
        errors.print(told, markup=False)
        errors.print(_("What is possible: {command} --help").format(command=command))
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


def _translated(settings: dict[str, Any]) -> dict[str, Any]:
    for param in settings.get("params") or ():
        param.help = _(param.help) if param.help else None
        kind = param.bare_type() if hasattr(param, "bare_type") else None
        if param.metavar is None and kind in _VALUES:
            param.metavar = _VALUES[kind] and _(_VALUES[kind])
    told = settings.get("help")
    return {**settings, "help": _(told)} if told else settings


def _usage(line: str) -> str:
    return line.replace("Usage: ", _("Usage: "), 1)


def _help_option(option: Any) -> Any:
    if option is not None:
        option.help, option.metavar = _("Shows this help."), ""
    return option


def _speak_titles() -> None:
    """Typer keeps its titles as constants of a module that it loads late."""
    titles = importlib.import_module("typer.rich_utils")
    for name, text in _TITLES.items():
        setattr(titles, name, _(text))
