"""The hub's commands as an operator meets them: their order and panels, their language, and the last word on every error."""

import errno
import sys
from typing import Any, Final

import typer
from rich.console import Console

from contracts import spoken
from contracts.charter_check import CharterError
from contracts.phrase import as_words
from contracts.seal import SealError
from hub.errors import CharterRefused, HubError
from hub.words import VOICE, _, mark, say

PROGRAMME: Final = "hub"
PANELS: Final = (
    (mark("The network"), ("init", "enrol", "charter", "season", "keys")),
    (mark("Batches and vault"), ("serve", "vault")),
    (mark("Editions"), ("calendar", "forecast", "plan", "budget", "publish", "export", "withdraw")),
    (mark("Verifying"), ("verify", "audit")),
    (mark("Understanding"), ("cube", "model", "synthetic", "evaluate")),
    (mark("People and partners"), ("people", "audience", "webhooks")),
)
"""Every command, in the order in which a network comes to need it."""


class HubCommand(spoken.SpokenCommand):
    """A command of the hub."""

    voice = VOICE


class HubGroup(spoken.SpokenGroup):
    """A group of the hub's commands."""

    voice = VOICE


class HubRoot(HubGroup):
    """All of the hub's commands, in the panels and the order of ``PANELS``."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        places = {name: _(title) for title, names in PANELS for name in names}
        self.commands = {name: self.commands[name] for name in places if name in self.commands} | dict(self.commands)  # fmt: skip
        for name, command in self.commands.items():
            setattr(command, "rich_help_panel", places.get(name))  # noqa: B010 - Typer's own attribute, on both kinds

    def list_commands(self, _ctx: Any) -> list[str]:
        """Return the names in the order of ``PANELS``."""
        return list(self.commands)


def run(app: typer.Typer) -> int:
    """Run a command line and return its exit code; a refusal is said on stderr in the language spoken.

    An error that nobody foresaw is left to Python, which shows where it happened and no value.
    """
    try:
        return int(app(prog_name=PROGRAMME, standalone_mode=False) or 0)
    except typer.TyperException as error:
        return spoken.refuse_usage(error, VOICE, PROGRAMME)
    except (typer.Abort, KeyboardInterrupt):
        _errors().print(_("Interrupted. What was done stands; what was not can be asked for again."))  # fmt: skip
        return spoken.INTERRUPTED
    except BrokenPipeError:
        return HubError.exit_code  # whoever reads what we print has gone; there is nobody to tell
    except (HubError, CharterError, SealError, OSError) as error:
        return _fail(*_told(error))


def _told(error: Exception) -> tuple[HubError, str]:
    """Return the error to name, with its exit code, and what to say of it."""
    if isinstance(error, HubError):
        return error, say(error)
    if isinstance(error, OSError):
        return HubError(), _system(error)
    return CharterRefused(), say(error)


def _fail(error: HubError, message: str) -> int:
    title = _("Error {code}").format(code=error.exit_code)
    _errors().print(f"[bold red]{title}[/] ({type(error).__name__})")
    _errors().print(as_words(message), markup=False)
    return error.exit_code


def _system(error: OSError) -> str:
    if error.filename is None:
        raise error
    return _(
        "The system refuses {path} ({reason}). Check the path, its rights and the disk, then start again."
    ).format(path=error.filename, reason=errno.errorcode.get(error.errno or 0, type(error).__name__))  # fmt: skip


def _errors() -> Console:
    return Console(stderr=True, soft_wrap=not sys.stderr.isatty(), highlight=False)
