"""``venue-agent init``: joins the network, shows the charter and signs it."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from contracts.charter import SignedCharter
from contracts.charter_check import charter_hash
from venue_agent.commands.options import CLOCK, YES, HomeOption, LangOption, console
from venue_agent.commands.spoken import SpokenCommand
from venue_agent.config import Home, load_config
from venue_agent.credentials.keys import make_key
from venue_agent.desk import Desk, open_desk
from venue_agent.errors import ConfigError, NotJoined
from venue_agent.network import join
from venue_agent.network.client import Hub, Identity
from venue_agent.network.custodian_client import HttpCustodian
from venue_agent.screen import shown
from venue_agent.words import _, mark

app = typer.Typer()


@app.command(cls=SpokenCommand)
def init(
    home: HomeOption = Path(),
    venue: Annotated[str, typer.Option(help=mark("Short name of the venue in the network."))] = "",
    hub: Annotated[str, typer.Option(help=mark("Address of the hub."))] = "",
    fingerprint: Annotated[
        str, typer.Option(help=mark("Fingerprint of the hub, received by voice."))
    ] = "",
    code: Annotated[str, typer.Option(help=mark("One-time code of the hub."))] = "",
    custodian: Annotated[str, typer.Option(help=mark("Address of the custodian of keys."))] = "",
    custodian_code: Annotated[str, typer.Option(help=mark("One-time code of the custodian."))] = "",
    exports: Annotated[
        str, typer.Option(help=mark("Folder of the box office's exports."))
    ] = "exports",
    yes: Annotated[
        bool, typer.Option("--yes", help=mark("Sign the charter without asking."))
    ] = False,
    _lang: LangOption = "fr",
) -> None:
    """Join the network: make the venue's key, then show the charter and sign it."""
    place = Home(home.resolve())
    invitation = join.Invitation(venue=venue, hub_url=hub, fingerprint=fingerprint, code=code,
                                 custodian_url=custodian, custodian_code=custodian_code,
                                 exports=exports)  # fmt: skip
    if not code and not place.config.exists() and not yes and sys.stdin.isatty():
        invitation = _asked(invitation)
    if invitation.code:
        _enrol(place, invitation)
    desk = open_desk(place, CLOCK)
    signed = join.offered(desk.hub, desk.config)
    if signed is None:
        console.print(_("The venue is enrolled. The charter waits until every venue is: run "
                        "[bold]venue-agent init[/] again when the network tells you."))  # fmt: skip
        return
    _print_terms(signed, desk)
    if desk.config.venue in {s.venue for s in signed.signatures}:
        console.print(_("This venue has signed it already."))
        return
    if not yes and not _agreed():
        raise NotJoined(
            _("The charter was not signed. Nothing was sent; run `init` again to sign.")
        )
    signed = join.sign_charter(desk.hub, signed.charter)
    console.print(
        _("Signed. Signatures so far: {found} of {expected}.").format(
            found=len(signed.signatures), expected=len(signed.charter.members)
        )
    )


def _asked(given: join.Invitation) -> join.Invitation:
    """Ask for each line of the invitation that the command line did not say."""
    console.print(_("This folder has not joined a network. Copy the lines of the invitation:"))
    questions = {
        "venue": _("Short name of the venue in the network."),
        "hub_url": _("Address of the hub."),
        "fingerprint": _("Fingerprint of the hub, received by voice."),
        "code": _("One-time code of the hub."),
        "custodian_url": _("Address of the custodian of keys."),
        "custodian_code": _("One-time code of the custodian."),
    }
    told = {name: _typed(question) for name, question in questions.items() if not getattr(given, name)}  # fmt: skip
    exports = _typed(_("Folder of the box office's exports.") + f" [{given.exports}]")
    return replace(given, **told, exports=exports or given.exports)


def _typed(question: str) -> str:
    console.print(f"  {question}", end=" ", markup=False)
    try:
        return input().strip()
    except EOFError:
        return ""


def _enrol(place: Home, invitation: join.Invitation) -> None:
    named = {"hub": invitation.hub_url, "venue": invitation.venue,
             "fingerprint": invitation.fingerprint, "custodian": invitation.custodian_url}  # fmt: skip
    if missing := [name for name, value in named.items() if not value]:
        raise ConfigError(
            _("`init --code` also needs {options}; see the invitation.").format(
                options=", ".join(f"--{name}" for name in missing)
            )
        )
    if place.config.exists() and load_config(place).venue != invitation.venue:
        raise ConfigError(
            _("This folder belongs to another venue. Choose an empty one with --home.")
        )
    place.path.mkdir(parents=True, exist_ok=True)
    key = make_key(place.keys)
    hub = Hub(invitation.hub_url, Identity(invitation.venue, key), CLOCK)
    keeper = HttpCustodian(invitation.custodian_url, invitation.venue, key, CLOCK)
    join.enrol(place, invitation, hub, keeper)


def _agreed() -> bool:
    """Ask; no answer, or nobody there to answer, is no."""
    console.print(_("Sign this charter in the venue's name? [y/N]"), end=" ", markup=False)
    try:
        answer = input()
    except EOFError:
        return False
    return answer.strip().casefold() in YES


def _print_terms(signed: SignedCharter, desk: Desk) -> None:
    table = Table(title=_("The charter"), show_header=False, title_justify="left")
    for heading, text in shown.terms(signed.charter, desk.config.venue, CLOCK.now()):
        table.add_row(heading, escape(text))
    console.print(table)
    print(_("fingerprint of the charter: {digest}").format(digest=charter_hash(signed.charter)))
