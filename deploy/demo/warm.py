"""Runs a command in a fork of a process that has loaded all of them: a demonstration starts a hundred.

Each command is a process of its own, with its own memory, output and exit code, as if somebody had typed it;
only loading Python, pandas and the rest, more than a second each time, is done once.
"""

import os
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from deploy.demo.season_clock import WHERE, follow

LOADED: Final = (
    "hub.cli", "hub.custodian.cli", "hub.ingest", "hub.model_desk", "hub.publish", "hub.season_desk", "hub.setup",
    "hub.vault_desk", "venue_agent.cli", "venue_agent.pipeline", "venue_agent.tasks.sending",
)  # fmt: skip
"""What most commands need, by name: the two sides never meet but here, in a demonstration.

A process has one server to fork from, which loads what the first to ask for it names: tests that use one too
name this as well.
"""


def run_warm(command: Sequence[str], environment: dict[str, str]) -> tuple[int, str, str]:
    """Run one of our commands to its end; return its exit code, what it printed and what it complained of.

    Raises:
        KeyError: no such command is installed.
    """
    start = {each.name: each.value for each in entry_points(group="console_scripts")}[command[0]]
    with TemporaryDirectory() as folder:
        said = [Path(folder) / name for name in ("out", "err", "code")]
        process = _server().Process(
            target=_become, args=(start, list(command), environment, [str(path) for path in said])
        )
        process.start()
        process.join()
        out, err, code = (path.read_text("utf-8") if path.exists() else "" for path in said)
        # Not process.exitcode alone: whoever starts another process meanwhile looks at this one too, and of two
        # threads that read its end at once the second finds nothing to read, and calls it 255.
        return int(code) if code else process.exitcode or 1, out, err


@cache
def _server() -> ForkServerContext:
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__, *LOADED])
    return context


def _become(start: str, command: list[str], environment: dict[str, str], said: list[str]) -> None:
    *shown, ended = said
    for number, path in enumerate(shown, 1):
        opened = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(environment)
    if WHERE in environment:
        follow(Path(environment[WHERE]))
    sys.argv = command
    module, _, function = start.partition(":")
    code: object = 1
    try:
        code = getattr(import_module(module), function)()
    except SystemExit as end:
        code = end.code
        raise
    finally:
        Path(ended).write_text(str(code or 0), "utf-8")
