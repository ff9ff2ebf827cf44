"""``--version`` answers before any command, and says what the agent computes with."""

import re

import pytest
from typer.testing import CliRunner

from venue_agent import __main__, cli
from venue_agent.commands import version as cli_version
from venue_agent.sources import child


def test_version_says_agent_and_libsodium() -> None:
    done = CliRunner().invoke(cli.app, ["--version"])
    assert done.exit_code == 0
    assert re.fullmatch(r"venue-agent \d+\.\d+\.\d+ \(libsodium \d+\.\d+\.\d+\)\n", done.stdout)
    assert done.stdout.strip() == cli_version.told()


def test_the_single_file_is_its_own_child(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(child, "main", lambda *words: asked.append(words) or 4)
    words = ["parquet", "/a/file", "", "1", "2"]
    monkeypatch.setattr("sys.argv", ["venue-agent", __main__.DECODE, *words])
    with pytest.raises(SystemExit) as ended:
        __main__.main()
    assert ended.value.code == 4
    assert asked == [tuple(words)]
