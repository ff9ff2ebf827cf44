"""``hub webhooks``: tells partners' own servers of their requests' states, as the web's own user."""

import time
from pathlib import Path
from typing import Annotated

import typer

from contracts.clock import SystemClock
from hub.config import WEB_FILE, WebConfig
from hub.outbound import Sender
from hub.store.database import open_control
from hub.web.office.keys import OfficeKeys
from hub.webhooks import Post, by_calendar, secret_of, send_due
from hub.words import _, mark

app = typer.Typer()
SECONDS = 60


@app.command()
def webhooks(
    home: Annotated[
        Path, typer.Option("--home", envvar="FARANDOLE_HUB_HOME", help=mark("The hub's folder."))
    ] = Path(),
    once: Annotated[
        bool, typer.Option("--once", help=mark("Sends what is due, then ends."))
    ] = False,
) -> None:
    """Tells partners' servers at the instants of their requests' calendar, until Ctrl-C."""
    config = WebConfig.load(home / WEB_FILE)
    keys = OfficeKeys.at(config.at(config.office_keys))
    control = open_control(config.url(config.control_url))
    post = Post(control, SystemClock(), secret_of(keys.mac), by_calendar, Sender())
    try:
        while True:
            sent = send_due(post)
            if once:
                print(_("{sent} sent").format(sent=sent))
                return
            time.sleep(SECONDS)
    finally:
        control.close()
