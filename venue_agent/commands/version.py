"""``venue-agent --version``: which agent this is, and that what it computes with can be loaded."""

import importlib.metadata
from typing import Annotated

import typer

from contracts import sodium
from venue_agent.words import mark

PACKAGE = "farandole"


def told() -> str:
    """Return the line that a support call begins with."""
    return f"venue-agent {importlib.metadata.version(PACKAGE)} (libsodium {sodium.version()})"


def _tell(asked: bool) -> None:
    if asked:
        print(told())
        raise typer.Exit


def root(
    _version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_tell,
                                           help=mark("Says which version this is."))] = False,
) -> None:  # fmt: skip
    """Take the options that stand before any command."""
