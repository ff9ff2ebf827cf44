"""``hub people``: invite somebody by a one-time link, see who may sign in, and take an access back."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from email_validator import EmailNotValidError, validate_email
from rich.console import Console
from rich.table import Table

from contracts.clock import SystemClock, stamp
from hub.errors import ConfigError
from hub.people.roles import Grant, Role
from hub.people.states import INVITATION_LIFETIME
from hub.store.database import Control
from hub.words import _, mark

app = typer.Typer(no_args_is_help=True, help=mark("People: invite, see, take an access back."))
console = Console(soft_wrap=True)

Home = Annotated[Path, typer.Option("--home", envvar="FARANDOLE_HUB_HOME",
                                    help=mark("The hub's folder."))]  # fmt: skip
GIVEN = [role.value for role in Role if role is not Role.VISITOR]


@app.command()
def invite(
    email: Annotated[str, typer.Argument(help=mark("The person's e-mail address."))],
    role: Annotated[
        str,
        typer.Option(help=mark("Her role. A name that is none is answered with the list of all.")),
    ],
    venue: Annotated[
        str, typer.Option(help=mark("Short name of the venue, for a venue's roles."))
    ] = "",
    home: Home = Path(),
) -> None:
    """Gives the one-time link (three days) with which a person opens or recovers her access."""
    invitations, people = (
        import_module("hub.store.invitations"),
        import_module("hub.store.people"),
    )
    grant = _grant(role, venue)
    try:
        address = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ConfigError("This is no e-mail address; expected one like name@house.fr.") from error
    with _opened(home) as (control, url), control.transaction(SystemClock()) as tx:
        token = invitations.invite(tx, address, grant, by=people.OPERATOR)
        tx.commit()
    console.print(
        _(
            "Link to hand to the person, and to her alone; it holds for {days} days and once:"
        ).format(days=INVITATION_LIFETIME.days)
    )
    print(f"{url.rstrip('/')}/bureau/invitation/{token}")


@app.command("list")
def list_(home: Home = Path()) -> None:
    """Shows who has an access, and the invitations that wait."""
    people, invitations = (
        import_module("hub.store.people"),
        import_module("hub.store.invitations"),
    )
    with _opened(home) as (control, _url), control.reading() as reading:
        known = people.everybody(reading)
        waiting = invitations.open_ones(reading, stamp(SystemClock().now()))
    table = Table(_("name"), _("address"), _("roles"), _("second factor"), _("state"))
    for person in known:
        roles = ", ".join(_shown(grant) for grant in person.grants)
        state = _("active") if person.active else _("taken back")
        table.add_row(person.person, person.email, roles, person.second or "—", state)
    for one in waiting:
        table.add_row(
            "—",
            one.email,
            _shown(one.grant),
            "—",
            _("invited until {expires_at}").format(expires_at=one.expires_at),
        )
    console.print(table)


@app.command()
def revoke(
    person: Annotated[str, typer.Argument(help=mark("Name that `hub people list` gives (p…)."))],
    home: Home = Path(),
) -> None:
    """Takes all access from a person: her sessions end at once."""
    people = import_module("hub.store.people")
    with _opened(home) as (control, _url), control.transaction(SystemClock()) as tx:
        people.revoke(tx, person, by=people.OPERATOR)
        tx.commit()
    console.print(_("Access taken back."))


def _grant(role: str, venue: str) -> Grant:
    try:
        return Grant(Role(role), venue)
    except ValueError as error:
        raise ConfigError(
            "Found role {role!r} and venue {venue!r}; expected one of {given}, with --venue for "
            "venue-marketing and venue-it alone.",
            role=role,
            venue=venue,
            given=", ".join(GIVEN),
        ) from error


def _shown(grant: Grant) -> str:
    return f"{grant.role.value} ({grant.venue})" if grant.venue else grant.role.value


@contextmanager
def _opened(home: Path) -> Iterator[tuple[Control, str]]:
    """Give the control database and the hub's public address."""
    settings = import_module("hub.config")
    config = settings.WebConfig.load(home / settings.WEB_FILE)
    control: Control = import_module("hub.store.database").open_control(
        config.url(config.control_url)
    )
    control.migrate()
    try:
        yield control, config.public_url
    finally:
        control.close()
