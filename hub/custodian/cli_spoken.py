"""The custodian's commands as an operator meets them: their order, their language, what a wrong word is answered."""

import errno
import sys
from typing import Any, Final

import typer

from contracts import spoken
from hub.custodian.errors import CustodianError
from hub.custodian.words import VOICE, _

PROGRAMME: Final = "farandole-custodian"
ORDER: Final = ("init", "enrol", "pin-hub", "serve", "quota", "season", "log")


class CustodianCommand(spoken.SpokenCommand):
    """A command of the custodian."""

    voice = VOICE


class CustodianGroup(spoken.SpokenGroup):
    """A group of the custodian's commands."""

    voice = VOICE


class CustodianRoot(CustodianGroup):
    """All of the custodian's commands, in the order in which one comes to need them."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {name: self.commands[name] for name in ORDER} | dict(self.commands)

    def list_commands(self, _ctx: Any) -> list[str]:
        """Return the names in the order of ``ORDER``."""
        return list(self.commands)


def run_app(app: typer.Typer) -> int:
    """Run a command line and return its exit code; a command says its own refusals (``cli_shared``)."""
    try:
        return int(app(prog_name=PROGRAMME, standalone_mode=False) or 0)
    except typer.TyperException as error:
        return spoken.refuse_usage(error, VOICE, PROGRAMME)
    except (typer.Abort, KeyboardInterrupt):
        print(_("Interrupted."), file=sys.stderr)
        return spoken.INTERRUPTED
    except OSError as error:
        if error.filename is None:
            raise
        reason = errno.errorcode.get(error.errno or 0, type(error).__name__)
        print(_("The system refuses {path} ({reason}).").format(path=error.filename, reason=reason), file=sys.stderr)  # fmt: skip
        return CustodianError.exit_code
