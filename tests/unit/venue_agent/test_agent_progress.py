"""Bars in a terminal, in both languages; not a byte anywhere else."""

import io
from contextlib import suppress
from pathlib import Path

import pytest
from rich.console import Console

from tests.support.agent_world import CLOCK, write_export
from venue_agent.commands.progress import bars
from venue_agent.config import SourceConfig
from venue_agent.read import read
from venue_agent.settings.mapping import load_mapping
from venue_agent.sources import text
from venue_agent.words import speak

PRESETS = Path(__file__).parents[3] / "venue_agent" / "presets"


def terminal(*, real: bool) -> Console:
    return Console(file=io.StringIO(), force_terminal=real, width=100, height=20)


def drawn(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(
    ("language", "told", "count"),
    [("fr", "Scellement…", "1\u202f200/2\u202f400"), ("en", "Sealing…", "1,200/2,400")],
)
def test_a_terminal_sees_the_step_and_how_much_is_left(
    language: str, told: str, count: str
) -> None:
    speak(language)
    console = terminal(real=True)
    with bars(console) as progress:
        progress("read")
        progress("pack", 1200, 2400)
    assert told in drawn(console)
    assert count in drawn(console).replace("\u00a0", "\u202f")


def test_nobody_else_sees_a_byte() -> None:
    console = terminal(real=False)
    with bars(console) as progress:
        progress("read")
        progress("pack", 1200, 2400)
    assert drawn(console) == ""


def test_an_error_leaves_no_bar_behind() -> None:
    console = terminal(real=True)
    with suppress(KeyError), bars(console) as progress:
        progress("read", 1, 2)
        raise KeyError
    assert "\x1b[?25h" in drawn(console)  # the cursor is back


def test_a_read_tells_its_rows_and_about_how_many_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "CHUNK_ROWS", 100)
    (tmp_path / "mapping.toml").write_text(
        (PRESETS / "fr23plus.toml").read_text().split("[[oppositions]]")[0]
    )
    write_export(tmp_path, *({"Email": f"p{n}@mail.example"} for n in range(350)))
    heard: list[tuple[int, int]] = []
    source = SourceConfig(load_mapping(tmp_path / "mapping.toml"), tmp_path)
    read(source, CLOCK, lambda done, total: heard.append((done, total)))
    assert [done for done, _total in heard] == sorted({done for done, _total in heard})
    assert heard[-1] == (350, 350)
    assert all(done <= total <= 2 * 350 for done, total in heard)
