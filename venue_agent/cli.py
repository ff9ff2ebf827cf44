"""The agent's commands, as venue IT types them; each says what was found and what to do."""

import os
import sys

import typer

from venue_agent import (
    cli_approve,
    cli_consents,
    cli_doctor,
    cli_join,
    cli_keys,
    cli_map,
    cli_preview,
    cli_push,
    cli_recommend,
    cli_report,
    cli_rights,
    cli_rotate,
    cli_run,
    cli_schedule,
    cli_uninstall,
    cli_version,
    spoken,
    words,
)
from venue_agent.spoken import SpokenGroup
from venue_agent.words import mark

app = typer.Typer(cls=SpokenGroup, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False,
                  help=mark("The Farandole agent: prepares, shows and sends what the charter allows."))  # fmt: skip
app.callback()(cli_version.root)
app.registered_commands += cli_join.app.registered_commands
app.registered_commands += cli_preview.app.registered_commands
app.registered_commands += cli_approve.app.registered_commands
app.registered_commands += cli_report.app.registered_commands
app.registered_commands += cli_push.app.registered_commands
app.registered_commands += cli_run.app.registered_commands
app.registered_commands += cli_schedule.app.registered_commands
app.registered_commands += cli_map.app.registered_commands
app.registered_commands += cli_rights.app.registered_commands
app.registered_commands += cli_doctor.app.registered_commands
app.registered_commands += cli_uninstall.app.registered_commands
cli_keys.app.registered_commands += cli_rotate.app.registered_commands
app.add_typer(cli_keys.app, name="keys")
app.add_typer(cli_consents.app, name="consents")
app.registered_commands += cli_recommend.app.registered_commands
app.add_typer(cli_recommend.model, name="model")


def main() -> None:
    """Run a command; an error is a few words on stderr and an exit code of its own."""
    os.umask(0o077)  # previews, state and settings are the venue's alone
    spoken.hush()
    words.speak(words.chosen(sys.argv[1:], os.environ))
    sys.exit(spoken.run(app))


__all__ = ["app", "main"]
