"""``hub audience request|submit|list|due|issue``: partners' requests from the server's own terminal.

Nobody answers for a house from here: a house's yes comes from its own people, in the office.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from contracts.charter import Charter
from contracts.clock import SystemClock, stamp
from contracts.order import Request, RequestDraft
from contracts.phrase import as_words
from hub.errors import ConfigError
from hub.store.database import Control
from hub.words import _, mark

app = typer.Typer()
console = Console(soft_wrap=True)

Home = Annotated[Path, typer.Option("--home", envvar="FARANDOLE_HUB_HOME",
                                    help=mark("The hub's folder."))]  # fmt: skip
Name = Annotated[
    str, typer.Argument(help=mark("Name of the request (d…), as in `hub audience list`."))
]
STATES = {
    "draft": mark("draft"),
    "estimated": mark("estimated"),
    "submitted": mark("submitted"),
    "answered": mark("answers known"),
    "active": mark("in campaign"),
    "measured": mark("measured"),
    "closed": mark("closed"),
    "expired": mark("expired"),
}
ANSWERS = {
    "waiting": mark("waited for"),
    "approved": mark("agreed"),
    "modified": mark("agreed in part"),
    "refused": mark("refused"),
}


@app.command()
def request(
    draft: Annotated[Path, typer.Argument(help=mark("The whole request, in JSON (RequestDraft)."))],
    partner: Annotated[str, typer.Option("--partner", help=mark("Short name of the partner."))],
    home: Home = Path(),
) -> None:
    """Keeps the draft of a partner who has no access, and gives its name."""
    audiences, desk = _late("store.audiences"), _late("audience_desk")
    try:
        told = RequestDraft.model_validate_json(draft.read_bytes())
    except (OSError, ValidationError) as error:
        raise ConfigError(
            "{draft} is no request. See docs/how-to/demander-un-public.md.", draft=draft
        ) from error
    asked = Request(request=audiences.new_name(), partner=partner, **dict(told))
    operator = _late("store.people").OPERATOR
    with _opened(home) as (control, charter), control.transaction(SystemClock()) as tx:
        kept = desk.write(tx, asked, charter, by=operator)
        desk.estimate(tx, kept, by=operator)
        tx.commit()
    print(asked.request)


@app.command()
def submit(name: Name, home: Home = Path()) -> None:
    """Submits a request to the venues; its calendar is then fixed."""
    audiences, desk = _late("store.audiences"), _late("audience_desk")
    with _opened(home) as (control, charter), control.transaction(SystemClock()) as tx:
        kept = audiences.find(tx, name)
        if kept is None:
            raise ConfigError("No request {name} here. `hub audience list` names them.", name=name)
        kept = desk.submit(tx, kept, charter, by=_late("store.people").OPERATOR)
        tx.commit()
    console.print(
        _("Submitted; the venues answer until {issued_at}.").format(issued_at=kept.issued_at[:10])
    )


@app.command("list")
def list_(home: Home = Path()) -> None:
    """Shows the requests submitted: state in the calendar, answers of the venues, without any quantity."""
    audiences, now = _late("store.audiences"), stamp(SystemClock().now())
    table = Table(_("request"), _("partner"), _("state"), _("answers on"), _("places"))
    with _opened(home) as (control, _url), control.reading() as reading:
        for kept in audiences.submitted(reading):
            answers = ", ".join(
                _("{venue}: {answers}").format(venue=one.venue, answers=_(ANSWERS[one.state.value]))
                for one in audiences.answers(reading, kept.request)
            )
            state = _(STATES[kept.standing(now).value])
            table.add_row(kept.request, kept.partner, state, (kept.issued_at or "")[:10], answers)
    console.print(table)


@app.command()
def due(home: Home = Path()) -> None:
    """Says which venues have yet to answer within the week: to be reminded."""
    answers, now = _late("audience_answers"), stamp(SystemClock().now())
    with _opened(home) as (control, _url), control.reading() as reading:
        waiting = answers.reminders(reading, now)
    for kept, one in waiting:
        told = _("{venue}: answer {partner} ({request}) before {issued_at}").format(
            venue=one.venue,
            partner=as_words(kept.asked.partner_name),
            request=kept.request,
            issued_at=kept.issued_at[:10],
        )
        console.print(told, markup=False, highlight=False)
    if not waiting:
        console.print(_("Nobody to remind."))


@app.command()
def issue(home: Home = Path()) -> None:
    """Signs the orders of the requests whose day has come; the vault also does so by itself."""
    settings, keys = _late("config"), _late("hub_keys")
    config = settings.VaultConfig.load(home / settings.VAULT_FILE)
    sign = import_module("contracts.seal").sign
    with _opened(home) as (control, _url):
        private = keys.standing(config, control).signing_private
        settled = _late("audience_issue").issue_due(control, SystemClock(), partial(sign, private))
    console.print(_("{settled} request(s) settled.").format(settled=settled))


def _late(module: str) -> Any:
    return import_module(f"hub.{module}")


@contextmanager
def _opened(home: Path) -> Iterator[tuple[Control, Charter]]:
    settings = _late("config")
    config = settings.VaultConfig.load(home / settings.VAULT_FILE)
    control: Control = _late("store.database").open_control(config.url(config.control_url))
    control.migrate()
    try:
        signed = control.published().charter()
        if signed is None:
            raise ConfigError("No charter is in force: every member must sign it first.")
        yield control, signed.charter
    finally:
        control.close()
