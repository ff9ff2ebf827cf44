"""Every command and every setting is on its reference page."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel

from docs import build_reference
from hub.cli import app as hub_app
from hub.config import VaultConfig, WebConfig
from hub.custodian.cli import app as custodian_app
from venue_agent.cli import app as agent_app
from venue_agent.config import AgentConfig

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
PROGRAMMES = {"hub": hub_app, "venue-agent": agent_app, "farandole-custodian": custodian_app}


def commands(name: str, command: Any) -> list[tuple[str, Any]]:
    """Every leaf of a tree of commands, by the words one types."""
    inside = getattr(command, "commands", None)
    if inside is None:
        return [(name, command)]
    return [leaf for word, inner in inside.items() for leaf in commands(f"{name} {word}", inner)]


ALL = [
    pair for name, app in PROGRAMMES.items() for pair in commands(name, typer.main.get_command(app))
]


def test_the_three_programmes_have_their_commands() -> None:
    assert {"hub verify", "venue-agent push", "farandole-custodian serve"} <= {
        name for name, _ in ALL
    }


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_a_command_and_its_options_are_documented(name: str, command: Any) -> None:
    text = (REFERENCE / "cli.md").read_text()
    assert name in text
    options = {word for p in command.params for word in p.opts if word.startswith("--")}
    assert {word for word in options - {"--help"} if word not in text} == set()


@pytest.mark.parametrize("settings", [WebConfig, VaultConfig, AgentConfig])
def test_a_setting_is_documented(settings: type[BaseModel]) -> None:
    described = set(re.findall(r"`([a-z_]+)`", (REFERENCE / "settings.md").read_text()))
    assert set(settings.model_fields) - {"home"} <= described


@pytest.mark.parametrize("name", build_reference.PAGES)
def test_the_page_is_what_make_docs_would_write(name: str) -> None:
    assert (REFERENCE / name).read_text() == build_reference.PAGES[name]()


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_a_command_says_what_it_and_its_options_are_for(name: str, command: Any) -> None:
    assert command.help
    assert [p.name for p in command.params if p.name != "help" and not p.help] == []


def test_every_variable_of_the_environment_is_documented() -> None:
    sources = [path.read_text() for top in ("hub", "venue_agent", "deploy") for path in (ROOT / top).rglob("*.py")]  # fmt: skip
    named = {name for text in sources for name in re.findall(r"FARANDOLE_[A-Z_]+", text)}
    assert {"FARANDOLE_WEB_CONFIG", "FARANDOLE_CUSTODIAN_HOME"} <= named
    assert named == set(re.findall(r"FARANDOLE_[A-Z_]+", (REFERENCE / "settings.md").read_text()))
