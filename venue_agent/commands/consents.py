"""``venue-agent consents``: the proofs of consent that this machine keeps, for the DPO."""

import importlib
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from venue_agent.commands.options import CLOCK, HomeOption, Json, LangOption, console
from venue_agent.commands.spoken import SpokenCommand, SpokenGroup
from venue_agent.config import Home
from venue_agent.consents.purposes import in_words
from venue_agent.desk import open_desk
from venue_agent.words import _, mark, number, several

app = typer.Typer(cls=SpokenGroup, no_args_is_help=True,
                  help=mark("The proofs of consent, which never leave this machine."))  # fmt: skip


@app.command(cls=SpokenCommand)
def export(
    out: Annotated[Path, typer.Argument(help=mark("File to write, JSON-LD."))] = Path(
        "consents.jsonld"
    ),
    home: HomeOption = Path(),
    as_json: Json = False,
    _lang: LangOption = "fr",
) -> None:
    """Write every consent record (ISO/IEC TS 27560, W3C DPV) for the DPO: text, source, date, history."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    told: dict[str, Any] = importlib.import_module("venue_agent.rights.proofs").export(desk, out)
    if as_json:
        print(json.dumps({"file": str(out.resolve())} | told))
        return
    written = several("{count} consent record written:", "{count} consent records written:", told["records"])  # fmt: skip
    console.print(written, str(out.resolve()), markup=False)
    for state, count in told["states"].items():
        console.print(
            "  " + _("{about}: {count}").format(about=_(state), count=number(count)), markup=False
        )
    console.print(_("It stays here: this file is for the DPO, under the random numbers of this venue."))  # fmt: skip


@app.command("show", cls=SpokenCommand)
def summary(home: HomeOption = Path(), as_json: Json = False, _lang: LangOption = "fr") -> None:
    """Count the answers by purpose and state, and show each text with its version."""
    desk = open_desk(Home(home.resolve()), CLOCK)
    told: dict[str, Any] = importlib.import_module("venue_agent.rights.proofs").summary(desk)
    if as_json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for line in told["questions"]:
        about = [in_words(line["purpose"]), line["partner"], line["channel"], _(line["words"])]
        text = " · ".join(filter(None, about))
        console.print(
            _("{about}: {count}").format(about=text, count=number(line["count"])), markup=False
        )
    for key, notice in told["notices"].items():
        since = notice["since"][:10]
        console.print(_("Text {key}, since {day}: « {text} »").format(
            key=key, day=since, text=notice["text"]), markup=False)  # fmt: skip
