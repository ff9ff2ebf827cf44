"""What the agent's commands share: their common options, their console and their clock."""

import sys
from pathlib import Path
from typing import Annotated, Final, Literal

import typer
from rich.console import Console

from contracts.clock import SystemClock
from venue_agent import words
from venue_agent.words import mark

CLOCK: Final = SystemClock()
YES: Final = frozenset({"o", "oui", "y", "yes"})
console = Console(soft_wrap=not sys.stdout.isatty(), highlight=False)  # a log keeps its lines whole

HomeOption = Annotated[Path, typer.Option("--home", envvar="FARANDOLE_AGENT_HOME",
                                          help=mark("The agent's folder."))]  # fmt: skip
LangOption = Annotated[Literal["fr", "en"], typer.Option("--lang", envvar=words.VARIABLE,
                                                         help=mark("Language of the messages."))]  # fmt: skip
Json = Annotated[bool, typer.Option("--json", help=mark("For machines."))]
Quiet = Annotated[bool, typer.Option("--quiet", help=mark("Say nothing on success."))]
