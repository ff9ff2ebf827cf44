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

app = typer.Typer()
console = Console(soft_wrap=True)

Home = Annotated[Path, typer.Option("--home", envvar="FARANDOLE_HUB_HOME",
                                    help="Dossier du hub.")]  # fmt: skip
Name = Annotated[str, typer.Argument(help="Nom de la demande (d…), comme `hub audience list`.")]
STATES = {
    "draft": "brouillon",
    "estimated": "estimée",
    "submitted": "soumise",
    "answered": "réponses connues",
    "active": "en campagne",
    "measured": "mesurée",
    "closed": "close",
    "expired": "expirée",
}
ANSWERS = {
    "waiting": "attendu",
    "approved": "accord",
    "modified": "accord restreint",
    "refused": "refus",
}


@app.command()
def request(
    draft: Annotated[Path, typer.Argument(help="La demande entière, en JSON (RequestDraft).")],
    partner: Annotated[str, typer.Option("--partner", help="Nom court du partenaire.")],
    home: Home = Path(),
) -> None:
    """Garde le brouillon d'un partenaire qui n'a pas d'accès, et rend son nom."""
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
    """Soumet une demande aux lieux ; son calendrier est alors fixé."""
    audiences, desk = _late("store.audiences"), _late("audience_desk")
    with _opened(home) as (control, charter), control.transaction(SystemClock()) as tx:
        kept = audiences.find(tx, name)
        if kept is None:
            raise ConfigError("No request {name} here. `hub audience list` names them.", name=name)
        kept = desk.submit(tx, kept, charter, by=_late("store.people").OPERATOR)
        tx.commit()
    console.print(f"Soumise ; les lieux répondent jusqu'au {kept.issued_at[:10]}.")


@app.command("list")
def list_(home: Home = Path()) -> None:
    """Montre les demandes soumises : état au calendrier, réponses des lieux, sans aucune quantité."""
    audiences, now = _late("store.audiences"), stamp(SystemClock().now())
    table = Table("demande", "partenaire", "état", "réponses le", "lieux")
    with _opened(home) as (control, _), control.reading() as reading:
        for kept in audiences.submitted(reading):
            answers = ", ".join(
                f"{one.venue} : {ANSWERS[one.state.value]}"
                for one in audiences.answers(reading, kept.request)
            )
            state = STATES[kept.standing(now).value]
            table.add_row(kept.request, kept.partner, state, (kept.issued_at or "")[:10], answers)
    console.print(table)


@app.command()
def due(home: Home = Path()) -> None:
    """Dit quels lieux doivent encore répondre dans la semaine : à relancer."""
    answers, now = _late("audience_answers"), stamp(SystemClock().now())
    with _opened(home) as (control, _), control.reading() as reading:
        waiting = answers.reminders(reading, now)
    for kept, one in waiting:
        told = f"{one.venue} : répondre à {as_words(kept.asked.partner_name)} ({kept.request}) avant le {kept.issued_at[:10]}"
        console.print(told, markup=False, highlight=False)
    if not waiting:
        console.print("Personne à relancer.")


@app.command()
def issue(home: Home = Path()) -> None:
    """Signe les ordres des demandes dont le jour est venu ; le coffre le fait aussi de lui-même."""
    settings, keys = _late("config"), _late("hub_keys")
    config = settings.VaultConfig.load(home / settings.VAULT_FILE)
    sign = import_module("contracts.seal").sign
    with _opened(home) as (control, _):
        private = keys.standing(config, control).signing_private
        settled = _late("audience_issue").issue_due(control, SystemClock(), partial(sign, private))
    console.print(f"{settled} demande(s) réglée(s).")


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
