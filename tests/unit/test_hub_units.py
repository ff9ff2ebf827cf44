"""The hub's systemd units start commands that exist, as the web's user, away from the vault."""

import configparser
import shlex
from pathlib import Path

import pytest
import typer.main

from hub.cli import app

FOLDER = Path(__file__).parents[2] / "deploy" / "hub"


def _lines(path: Path, name: str) -> list[str]:
    return [
        line.partition("=")[2]
        for line in path.read_text().splitlines()
        if line.startswith(f"{name}=")
    ]


def test_there_are_units() -> None:
    assert {path.stem for path in FOLDER.glob("*.service")} == {
        "farandole-requests",
        "farandole-webhooks",
    }


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.service")), ids=lambda path: path.stem)
def test_a_service_starts_a_command_of_ours(path: Path) -> None:
    started = _lines(path, "ExecStart")
    assert started
    for line in started:
        program, *words = shlex.split(line)
        assert program.endswith("/hub")
        found = typer.main.get_command(app)
        while words and not words[0].startswith("-"):
            found = found.commands[words.pop(0)]  # type: ignore[attr-defined]
        known = {option for each in found.params for option in each.opts}
        assert {word.partition("=")[0] for word in words} <= known
    assert _lines(path, "User") == ["farandole-web"]
    assert _lines(path, "InaccessiblePaths") == ["-/srv/farandole/vault"]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.timer")), ids=lambda path: path.stem)
def test_a_timer_has_its_service(path: Path) -> None:
    assert path.with_suffix(".service").exists()
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.read(path)
    assert read["Install"]["WantedBy"] == "timers.target"
