"""``venue-agent map``: shows what each column of an export seems to say, asks the rest, writes it."""

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from contracts.clock import SystemClock
from contracts.visit import Purpose
from venue_agent import words
from venue_agent.commands.spoken import SpokenCommand
from venue_agent.config import Home, load_config
from venue_agent.errors import AgentError, ConfigError, NotJoined
from venue_agent.words import _, mark

CLOCK = SystemClock()
DEFAULT = "mapping.toml"
app = typer.Typer()
console = Console(soft_wrap=not sys.stdout.isatty(), highlight=False)


@app.command("map", cls=SpokenCommand)
def map_command(
    file: Annotated[Path, typer.Argument(help=mark("The export of the box office."), exists=True, dir_okay=False)],
    home: Annotated[Path, typer.Option("--home", envvar="FARANDOLE_AGENT_HOME", help=mark("The agent's folder."))] = Path(),
    contacts: Annotated[Path | None, typer.Option(help=mark("The file of the newsletter tool that holds the answers."), exists=True, dir_okay=False)] = None,
    chosen: Annotated[list[str] | None, typer.Option("--set", help=mark("FIELD=COLUMN: name a column yourself; FIELD= for none."))] = None,
    consent: Annotated[str, typer.Option(help=mark("Column that holds people's yes or no."))] = "",
    text: Annotated[str, typer.Option(help=mark("The very text shown to people beside the box."))] = "",
    grants: Annotated[list[Purpose] | None, typer.Option(help=mark("What that text grants."))] = None,
    partner: Annotated[list[str] | None, typer.Option(help=mark("A partner that the text names."))] = None,
    dated_by: Annotated[str, typer.Option(help=mark("Column that dates the answers."))] = "",
    sheet: Annotated[str, typer.Option(help=mark("Sheet of the spreadsheet."))] = "",
    yes: Annotated[bool, typer.Option("--yes", help=mark("Ask nothing: what is not recognised is an error."))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=mark("For machines."))] = False,
    _lang: Annotated[Literal["fr", "en"], typer.Option("--lang", envvar=words.VARIABLE, help=mark("Language of the messages."))] = "fr",
) -> None:  # fmt: skip
    """Propose what each column of an export says, ask what is not known, write the mapping."""
    ask = None if yes or as_json or not _is_a_person() else _ask
    session = _mapper("session")
    tickets = session.look_at(file, sheet)
    for wish in chosen or []:
        tickets = session.put(tickets, *_wish(wish))
    second = session.look_at(contacts, contacts=True) if contacts else None
    if not as_json:
        for seen in (tickets, second) if second else (tickets,):
            _show(seen)
    tickets = _corrected(tickets, ask)
    tickets = session.complete(tickets, _asking(ask) if ask else None)
    question = {"column": consent, "text": text, "grants": tuple(p.value for p in grants or []),
                "partners": tuple(partner or []), "dated_by": dated_by}  # fmt: skip
    if ask:
        question = _asked(second or tickets, question, ask)
    kept = _mapper("consents")
    blocks = kept.blocks(tickets, second, kept.Question(**question))
    target = _target(home)
    body = _mapper("write").toml_of(target.stem, tickets, blocks, CLOCK.now().date())
    _keep(home, target, body, [tickets, *([second] if second else [])])
    _conclude(tickets, target, as_json=as_json)


def _show(seen: Any) -> None:
    """Print what was found; a shape is never a value."""
    if seen.layout:
        console.print(_("Recognised: {name}.").format(name=seen.layout.name()), markup=False)
        console.print(seen.layout.provenance(), style="dim", markup=False)
    table = Table(_("field"), _("column"), _("sure"), _("shapes"), title=escape(seen.path.name))
    for field, proposal in seen.found.items():
        shapes = "   ".join(proposal.shapes)
        table.add_row(field, escape(proposal.column), f"{proposal.confidence:.0%}", escape(shapes))
    console.print(table)
    proposing = _mapper("propose")
    for sentence, columns in (
        (_("Not read: {columns}"), proposing.unmapped(seen.cells, seen.found)),
        (_("Never read (health, religion, opinion): {columns}"), proposing.sensitive(seen.cells)),
        (_("The day could be the month in: {columns}"), [f for f, d in seen.dates.items() if d.doubtful]),
    ):  # fmt: skip
        if columns:
            console.print(sentence.format(columns=", ".join(columns)), markup=False)


def _corrected(tickets: Any, ask: Callable[[str], str] | None) -> Any:
    """Let somebody name columns until all is well; a wrong one is refused, with the reason."""
    while ask and (typed := ask(_("To correct: FIELD=COLUMN. All is well: Enter."))):
        try:
            tickets = _mapper("session").put(tickets, *_wish(typed))
        except AgentError as error:
            console.print(str(error), style="red", markup=False)
    return tickets


def _asking(ask: Callable[[str], str]) -> Callable[[Any, str], str]:
    def column_for(seen: Any, field: str) -> str:
        for number, name in enumerate(seen.header, 1):
            console.print(f"  {number}. {name}", markup=False)
        while True:
            typed = ask(_("Which column is {field}?").format(field=field))
            if column := _mapper("session").choose(seen.header, typed):
                return str(column)

    return column_for


def _asked(seen: Any, question: dict[str, Any], ask: Callable[[str], str]) -> dict[str, Any]:
    """Ask what the command line did not say of the consent; nothing of it is guessed."""
    found = _mapper("consents").candidates(seen)
    by_file = bool(seen.layout and seen.layout.states)
    if not question["column"] and not by_file and len(found) != 1:
        told = ", ".join(found) or ", ".join(seen.header)
        question["column"] = ask(
            _("Which column holds people's yes or no? ({columns})").format(columns=told)
        )
    if not question["text"]:
        question["text"] = ask(_("What was written beside the box, word for word?"))
    if not question["grants"]:
        purposes = ", ".join(purpose.value for purpose in Purpose)
        typed = ask(_("What does that text grant? ({purposes})").format(purposes=purposes))
        question["grants"] = tuple(word.strip() for word in typed.split(",") if word.strip())
    if Purpose.PARTNER_OFFERS in question["grants"] and not question["partners"]:
        typed = ask(_("Which partners does it name? (short names, with commas)"))
        question["partners"] = tuple(word.strip() for word in typed.split(",") if word.strip())
    return question


def _is_a_person() -> bool:
    return sys.stdin.isatty()


def _ask(sentence: str) -> str:
    console.print(sentence, end=" ", markup=False)
    try:
        return input().strip()
    except EOFError:
        return ""


def _wish(typed: str) -> tuple[str, str]:
    field, equals, column = typed.partition("=")
    if not equals:
        raise ConfigError(_("« {typed} » is not FIELD=COLUMN.").format(typed=typed))
    return field.strip(), column.strip()


def _target(home: Path) -> Path:
    place = Home(home.resolve())
    try:
        return place.inside(load_config(place).mapping)
    except NotJoined:
        return place.inside(DEFAULT)  # a mapping may be made before the venue joins


def _keep(home: Path, target: Path, body: str, seen: list[Any]) -> None:
    """Write the mapping; the one before stays beside it, and the headers are remembered."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.replace(target.with_suffix(".old.toml"))
    draft = target.with_suffix(".new")
    draft.write_text(body, encoding="utf-8")
    draft.replace(target)
    for file in seen:
        _mapper("drift").remember(file.rule, file.header, home.resolve(), CLOCK.now())


def _conclude(tickets: Any, target: Path, *, as_json: bool) -> None:
    if as_json:
        found = {f: {"column": p.column, "confidence": round(p.confidence, 2), "shapes": p.shapes}
                 for f, p in tickets.found.items()}  # fmt: skip
        print(json.dumps({"mapping": str(target), "columns": found}, ensure_ascii=False))
        return
    console.print(_("Written: {path}. Read it, then: venue-agent preview").format(path=target), markup=False)  # fmt: skip


def _mapper(name: str) -> Any:
    """Load pandas and the mapper for this command, and no other."""
    return importlib.import_module(f"venue_agent.mapper.{name}")
