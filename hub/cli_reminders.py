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

app = typer.Typer()
console = Console(soft_wrap=True)
SENDMAIL: Final = Path("/usr/sbin/sendmail")
SECONDS: Final = 60

Home = Annotated[Path, typer.Option("--home", envvar="FARANDOLE_HUB_HOME",
                                    help="Dossier du hub.")]  # fmt: skip


@app.command()
def remind(
    home: Home = Path(),
    sender: Annotated[
        str, typer.Option("--from", help="Adresse d'expéditeur : écrit à chacun, par le programme d'envoi.")
    ] = "",
    program: Annotated[Path, typer.Option(help="Programme d'envoi, qui comprend `-t -oi`.")] = SENDMAIL,
) -> None:  # fmt: skip
    """Dit qui relancer dans la dernière semaine ; avec --from, leur écrit sept, trois et un jours avant le terme."""
    now = stamp(SystemClock().now())
    with _opened(home) as (control, url), control.reading() as reading:
        found = audience_reminders.reminders(reading, now, whenever=not sender)
    if not found:
        console.print("Personne à relancer.")
    elif sender:
        _send_all([audience_reminders.letter(each, sender, url) for each in found], program)
    else:
        for each in found:
            told = f"{each.email} : {each.requests} réponse(s), dernier jour le {each.last_day}"
            console.print(told, markup=False, highlight=False)


@app.command()
def purge(home: Home = Path()) -> None:
    """Efface les brouillons que personne n'a soumis : expirés depuis un mois, ou vieux d'un an."""
    with _opened(home) as (control, _), control.transaction(SystemClock()) as tx:
        gone = audience_reminders.purge(tx)
        tx.commit()
    console.print(f"{gone} brouillon(s) effacé(s).")


def _send_all(letters: list[EmailMessage], program: Path) -> None:
    """Send each; one address that is refused keeps no other letter back."""
    failures: list[ConfigError] = []
    for letter in letters:
        try:
            _send(letter.as_bytes(), program)
        except ConfigError as error:
            failures.append(error)
    console.print(f"{len(letters) - len(failures)} lettre(s) envoyée(s) sur {len(letters)}.")
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
