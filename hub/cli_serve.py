"""``hub serve``: the web process, as its operator starts it."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from hub.config import WEB_FILE, WebConfig
from hub.web.office.secret import secret_of
from hub.words import mark

app = typer.Typer()
Home = Annotated[
    Path, typer.Option("--home", envvar="FARANDOLE_HUB_HOME", help=mark("The hub's folder."))
]


@app.command()
def serve(
    home: Home = Path(),
    bind: Annotated[str, typer.Option(help=mark("Address to listen on."))] = "127.0.0.1:8600",
    threads: Annotated[int, typer.Option(help=mark("Threads of each process."))] = 8,
    workers: Annotated[
        int, typer.Option(help=mark("Processes; one per core for many readers."))
    ] = 1,
) -> None:
    """Serves the intake of batches and the public pages (gunicorn)."""
    secret_of(
        WebConfig.load(home / WEB_FILE)
    )  # what is wrong in the settings is said here, not in each process's log
    os.environ["FARANDOLE_WEB_CONFIG"] = str((home / WEB_FILE).resolve())
    command = ["gunicorn", "--worker-class", "gthread", "--threads", str(threads), "--workers", str(workers),
               "--bind", bind, "--no-control-socket", "hub.wsgi:app"]  # fmt: skip
    os.execv(Path(sys.executable).parent / "gunicorn", command)  # noqa: S606 - no shell is wanted
