"""``hub audience remind|purge``: what a timer does every day about partners' requests, as the web's own user."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from contracts.clock import SystemClock, stamp
from hub import audience_reminders
from hub.config import WEB_FILE, WebConfig
from hub.errors import ConfigError
from hub.store.database import Control, open_control
from hub.words import _, mark

app = typer.Typer()
console = Console(soft_wrap=True)
SENDMAIL: Final = Path("/usr/sbin/sendmail")
SECONDS: Final = 60

Home = Annotated[Path, typer.Option("--home", envvar="FARANDOLE_HUB_HOME",
                                    help=mark("The hub's folder."))]  # fmt: skip


@app.command()
def remind(
    home: Home = Path(),
    sender: Annotated[
        str, typer.Option("--from", help=mark("Sender's address: writes to each, by the mail program."))
    ] = "",
    program: Annotated[Path, typer.Option(help=mark("Mail program, which understands `-t -oi`."))] = SENDMAIL,
) -> None:  # fmt: skip
    """Says whom to remind in the last week; with --from, writes to them seven, three and one days before the term."""
    now = stamp(SystemClock().now())
    with _opened(home) as (control, url), control.reading() as reading:
        found = audience_reminders.reminders(reading, now, whenever=not sender)
    if not found:
        console.print(_("Nobody to remind."))
    elif sender:
        _send_all([audience_reminders.letter(each, sender, url) for each in found], program)
    else:
        for each in found:
            told = _("{email}: {requests} answer(s), last day on {last_day}").format(
                email=each.email, requests=each.requests, last_day=each.last_day
            )
            console.print(told, markup=False, highlight=False)


@app.command()
def purge(home: Home = Path()) -> None:
    """Erases the drafts that nobody submitted: expired for a month, or a year old."""
    with _opened(home) as (control, _url), control.transaction(SystemClock()) as tx:
        gone = audience_reminders.purge(tx)
        tx.commit()
    console.print(_("{gone} draft(s) erased.").format(gone=gone))


def _send_all(letters: list[EmailMessage], program: Path) -> None:
    """Send each; one address that is refused keeps no other letter back."""
    failures: list[ConfigError] = []
    for letter in letters:
        try:
            _send(letter.as_bytes(), program)
        except ConfigError as error:
            failures.append(error)
    console.print(
        _("{sent} letter(s) sent of {all}.").format(
            sent=len(letters) - len(failures), all=len(letters)
        )
    )
    if failures:
        raise failures[0]


def _send(letter: bytes, program: Path) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own program
            [str(program), "-t", "-oi"], input=letter, check=False, timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ConfigError(
            "{program} does not start or does not end. Name the machine's mail program with --program.",
            program=program,
        ) from error
    if done.returncode:
        raise ConfigError(
            "{program} ended with {returncode}; expected 0. See its own log.",
            program=program,
            returncode=done.returncode,
        )


@contextmanager
def _opened(home: Path) -> Iterator[tuple[Control, str]]:
    config = WebConfig.load(home / WEB_FILE)
    control = open_control(config.url(config.control_url))
    control.migrate()
    try:
        yield control, config.public_url
    finally:
        control.close()
