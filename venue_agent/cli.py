"""The agent's commands, as venue IT types them; each says what was found and what to do."""

import os
import sys

import typer

from venue_agent import words
from venue_agent.commands import (
    approve,
    audiences,
    consents,
    doctor,
    join,
    keys,
    map,  # noqa: A004 - the command's own name
    preview,
    profiles,
    push,
    recommend,
    report,
    rights,
    rotate,
    run,
    schedule,
    spoken,
    uninstall,
    version,
)
from venue_agent.commands.spoken import SpokenGroup
from venue_agent.words import mark

app = typer.Typer(cls=SpokenGroup, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False,
                  help=mark("The Farandole agent: prepares, shows and sends what the charter allows."))  # fmt: skip
app.callback()(version.root)
app.registered_commands += join.app.registered_commands
app.registered_commands += preview.app.registered_commands
app.registered_commands += approve.app.registered_commands
app.registered_commands += report.app.registered_commands
app.registered_commands += push.app.registered_commands
app.registered_commands += run.app.registered_commands
app.registered_commands += schedule.app.registered_commands
app.registered_commands += map.app.registered_commands
app.registered_commands += rights.app.registered_commands
app.registered_commands += doctor.app.registered_commands
app.registered_commands += uninstall.app.registered_commands
keys.app.registered_commands += rotate.app.registered_commands
app.add_typer(keys.app, name="keys")
app.add_typer(consents.app, name="consents")
app.registered_commands += recommend.app.registered_commands
app.add_typer(recommend.model, name="model")
app.registered_commands += profiles.app.registered_commands
app.add_typer(audiences.app, name="audiences")


def main() -> None:
    """Run a command; an error is a few words on stderr and an exit code of its own."""
    os.umask(0o077)  # previews, state and settings are the venue's alone
    spoken.hush()
    words.speak(words.chosen(sys.argv[1:], os.environ))
    sys.exit(spoken.run(app))


__all__ = ["app", "main"]
