"""What the agent makes is on one list: a file that some module names and the list does not would survive `uninstall`."""

import ast
import fnmatch
import re
from collections.abc import Iterator
from pathlib import Path

import venue_agent
from venue_agent.home import inventory
from venue_agent.home.lock import FILE as LOCK

AGENT = Path(venue_agent.__file__).parent
NAME = re.compile(r"[\w.-]+\.(json|jsonl|csv|sqlite|bin|npz|html|pdf|key|lock|xml|toml)")
VENUES_OWN = {"mapping.toml", "audiences.toml"}
INSIDE_A_MONTH = {"manifest.json", "commit.json", "receipt.json", "erasures.csv"}  # spool/2026-01
ELSEWHERE = {"suppressions.sqlite"}  # put aside for the DPO


def named() -> Iterator[tuple[str, str]]:
    """Every file name that a module of the agent has as a constant."""
    for path in sorted(AGENT.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            value = getattr(node, "value", None)
            if isinstance(value, ast.Constant) and NAME.fullmatch(str(value.value)):
                yield path.relative_to(AGENT).as_posix(), str(value.value)


def test_every_file_that_a_module_names_is_on_the_list() -> None:
    patterns = [pattern.rpartition("/")[2] for pattern in inventory.MADE]
    known = VENUES_OWN | INSIDE_A_MONTH | ELSEWHERE | {LOCK}
    found = list(named())
    assert len(found) > 15
    assert [(m, n) for m, n in found if n not in known and not any(fnmatch.fnmatch(n, p) for p in patterns)] == []  # fmt: skip


def test_every_list_and_sheet_that_advice_writes_goes_away_with_the_agent(tmp_path: Path) -> None:
    """Names in a call of ``files.write`` or ``files.stream``, whatever their ending."""
    written = {
        node.value
        for path in sorted((AGENT / "recommend").glob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {"files.write", "files.stream"}
        for node in ast.walk(call.args[1])
        if isinstance(node, ast.Constant) and "." in str(node.value)
    }
    assert {"counter-sheet.pdf", "counter-sheet.html", "suggestions.csv", "report.json"} <= written
    (tmp_path / "recommend").mkdir()
    paths = {tmp_path / "recommend" / f"x{name}" for name in written}
    for path in paths:
        path.touch()
    assert set(inventory.made(tmp_path)) == paths


def test_settings_go_last_and_no_pattern_takes_what_is_the_venues() -> None:
    assert inventory.MADE[-1] == "agent.toml"
    own = ("mapping.toml", "mapping.old.toml", "catalogue.csv", "exports/billetterie.csv", "log/autre.txt", "preview/a.pdf")  # fmt: skip
    taken = [name for name in own for pattern in inventory.MADE if Path(name).match(pattern)]
    assert [name for name in taken if Path(name).parts[0] != "exports"] == []


def test_a_pattern_stays_in_the_agents_folder(tmp_path: Path) -> None:
    assert not [name for name in inventory.MADE if name.startswith("/") or ".." in name]
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "counts.json").touch()
    (tmp_path / "exports" / "a.new").touch()
    (tmp_path / "log").mkdir()
    for name in ("affiche.new", "saison.tmp", ".brouillon.new", "log/autre.new", "agent.new.txt"):
        (tmp_path / name).touch()
    assert list(inventory.made(tmp_path)) == []


def test_what_a_crash_left_half_written_is_the_agents(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "charters").mkdir()
    names = {"agent.new", "layouts.json.new", ".network.json.new", ".version.json.new", "elements.tmp",
             "keys/.signing.key.new", "keys/.keyring.json.new", "charters/ab12.new"}  # fmt: skip
    for name in names:
        (tmp_path / name).touch()
    assert {path.relative_to(tmp_path).as_posix() for path in inventory.made(tmp_path)} == names
