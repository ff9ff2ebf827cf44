"""Nobody's data in what the agent prints, logs or leaves behind: an export full of birds, every command, every way to fail.

The export itself is the only file that may hold one; handles are keyed, caches are encrypted.
"""

import base64
import hashlib
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from tests.support.agent_world import write_export
from tests.support.venue_it import (  # noqa: F401 - fixtures
    Post,
    Town,
    _visit,
    joined,
    post,
    prepared,
    town,
)
from venue_agent.cli import app
from venue_agent.commands import spoken

ROOT = Path(__file__).parents[2]
BIRDS = 24
BORN = "13/07/1961"


def bird(number: int) -> dict[str, str]:
    letters = f"{chr(97 + number // 26)}{chr(97 + number % 26)}"
    return {
        "Nom": f"Kanarix{letters}",
        "Prenom": f"Sserinette{letters}",
        "Email": f"Kanarix.{letters}@Voliere.example",
        "Telephone": f"06 47 31 {number + 10} 02",
        "Adresse": f"{number + 11} impasse du Ssserin",
        "Code postal": "69003",
        "Reservation": f"99{number:05d}",
    }


def hashes(text: str) -> Iterator[bytes]:
    for kind in ("md5", "sha1", "sha256", "blake2b"):
        digest = hashlib.new(kind, text.encode()).digest()
        yield digest
        yield digest.hex().encode()
        yield base64.b64encode(digest).lower()


NEEDLES = [b"kanarix", b"sserin", b"voliere", b"impasse", b"064731", b"3364731", b"06 47 31", b"6 47 31"]  # fmt: skip
NEEDLES += [b"13/07/1961", b"1961-07-13", b"allergique"]
NEEDLES += [
    needle
    for number in range(BIRDS)
    for text in (bird(number)["Email"].lower(), f"+3364731{number + 10}02")
    for needle in (*hashes(text), *hashes(f"email:{text}"), *hashes(f"phone:{text}"))
]
WIDE = [needle.decode().encode("utf-16-le") for needle in NEEDLES[:9]]


def found(data: bytes) -> list[bytes]:
    low = data.lower()
    return [needle for needle in (*NEEDLES, *WIDE) if needle in low or needle in data]


@pytest.fixture
def house(post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Post:  # noqa: F811
    """A house whose export holds birds alone, in columns that are mapped and in others."""
    monkeypatch.setattr(
        "venue_agent.tasks.review.wait_for_yes", lambda server: server.server_close()
    )
    monkeypatch.setattr("venue_agent.push._collect", lambda *_a, **_n: [])  # no vault answers here
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    extra = {"Date de naissance": BORN, "Commentaire": "allergique"}
    rows = [_visit(n) | bird(n % BIRDS) | extra for n in range(2 * BIRDS)]
    write_export(post.export.parent, *rows)
    text = (post.home / "mapping.toml").read_text()
    (post.home / "mapping.toml").write_text(text.split("[[oppositions]]")[0])
    (post.home / "layouts.json").unlink(missing_ok=True)
    return post


def left_behind(house: Post, *allowed: str) -> dict[str, list[bytes]]:
    """Every file that the agent may have written and that names a bird, exports excepted."""
    roots = (house.home, Path(tempfile.gettempdir()))
    files = [p for root in roots for p in root.rglob("*") if p.is_file()]
    held = {
        p.name: found(p.read_bytes())
        for p in files
        if not p.is_relative_to(house.export.parent) and p.name not in allowed
    }
    return {name: birds for name, birds in held.items() if birds}


def commands(words: tuple[str, ...], command: Any) -> Iterator[tuple[str, ...]]:
    inside = getattr(command, "commands", None)
    if inside is None:
        yield words
        return
    for word, inner in inside.items():
        yield from commands((*words, word), inner)


EMAIL, PHONE = bird(1)["Email"], bird(2)["Telephone"]
ARGUMENTS: dict[tuple[str, ...], list[tuple[str, ...]]] = {
    ("init",): [(), ("--yes",)],
    ("preview",): [(), ("--json",), ("--full", "--quiet")],
    ("review",): [(), ("--json",)],
    ("approve",): [("--who", "Ada Lovelace", "--yes"), ("--json", "--yes", "--who", "Ada")],
    ("report",): [(), ("--json",)],
    ("push",): [("--no-wait",), ("--no-wait", "--json")],
    ("status",): [(), ("--json",)],
    ("run",): [("--json",)],
    ("schedule",): [("--show",)],
    ("map",): [("EXPORT", "--yes"), ("EXPORT", "--json")],
    ("show",): [("--email", EMAIL), ("--phone", PHONE, "--json"), ("--email", "kanarix")],
    ("forget",): [("--email", EMAIL, "--yes"), ("--phone", "06 47 31 xx", "--yes"), ("--json",)],
    ("doctor",): [(), ("--json",)],
    ("recommend",): [(), ("--json",)],
    ("profiles",): [(), ("--json",)],
    ("audiences", "policy"): [(), ("--json",)],
    ("audiences", "pull"): [(), ("--json",)],
    ("audiences", "list"): [(), ("--json",)],
    ("audiences", "show"): [("1",), (EMAIL, "--json")],
    ("audiences", "approve"): [("1", "--who", "Ada Lovelace", "--yes"), (PHONE, "--yes", "--json")],
    ("audiences", "refuse"): [("1", "--who", "Ada Lovelace", "--yes")],
    ("audiences", "run"): [("1", "--dry-run"), ("1", "--for", "csv", "--json")],
    ("keys", "show"): [(), ("--json",)],
    ("keys", "move"): [("--to", "nowhere")],
    ("keys", "rotate"): [()],
    ("consents", "show"): [(), ("--json",)],
    ("consents", "export"): [("OUT",)],
    ("model", "pull"): [()],
    ("model", "show"): [(), ("--json",)],
    ("model", "allies"): [()],
    ("leave",): [("--yes",)],
    ("uninstall",): [("--stay", "--yes")],
}
WELL = {("preview",), ("approve",), ("report",), ("push",), ("status",), ("show",)}
"""Commands that must do their work here: a test of refusals alone would be worth little."""


def test_every_command_is_tried() -> None:
    """A new command says here with what it is tried; that is how it is known to be silent."""
    assert set(commands((), typer.main.get_command(app))) == set(ARGUMENTS)


def test_no_command_prints_logs_or_leaves_anybody(house: Post, tmp_path: Path) -> None:
    well: set[tuple[str, ...]] = set()
    for words, runs in ARGUMENTS.items():
        for given in runs:
            typed = [{"EXPORT": str(house.export), "OUT": str(tmp_path / "out")}.get(w, w) for w in given]  # fmt: skip
            code, said = house.run(*words, *typed)
            echoed = [n for n in found(said.encode()) if n not in " ".join(given).lower().encode()]
            assert echoed == [], (words, given)
            if code == 0:
                well.add(words)
        assert left_behind(house) == {}, words
    assert well >= WELL


def test_these_eyes_see_a_bird() -> None:
    assert found(b"... KANARIXab ...")
    assert found(f"+3364731{12}02".encode())
    assert found(hashlib.sha256(b"kanarix.ab@voliere.example").digest())
    assert found("kanarix".encode("utf-16-le"))
    assert not found(b"canary")


def broken(kind: type[BaseException]) -> Callable[..., Any]:
    def fail(*_arguments: object, **_named: object) -> Any:
        held = list(bird(3).values())  # in a frame that a traceback could show
        try:
            {}[held[2]]
        except KeyError as error:
            if kind is UnicodeDecodeError:
                raise UnicodeDecodeError("utf-8", held[2].encode(), 0, 1, held[0]) from error
            raise kind(*held) from error

    return fail


PLACES = (
    "venue_agent.pipeline.read",
    "venue_agent.normalise.merge",
    "venue_agent.pipeline.minimise",
    "venue_agent.tasks.preview.sheet_of",
)
KINDS = (
    KeyboardInterrupt,
    UnicodeDecodeError,
    *(pytest.param(kind, marks=pytest.mark.long) for kind in (ValueError, MemoryError, OSError)),
)


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_breaks_is_told_without_what_it_held(
    house: Post, monkeypatch: pytest.MonkeyPatch, kind: type[BaseException]
) -> None:
    for place in PLACES:
        with monkeypatch.context() as patch:
            patch.setattr(place, broken(kind))
            code, said = house.run("preview")
        assert code != 0, place
        assert found(said.encode()) == [], place
    assert left_behind(house) == {}


def spill(house: Post) -> Callable[..., Any]:
    """Break nothing, but talk: a warning, a log line, an exception that nobody can catch."""

    class Lost:
        def __del__(self) -> None:
            raise ValueError(EMAIL)

    def talk(*_arguments: object, **_named: object) -> Any:
        warnings.warn(EMAIL, stacklevel=1)
        logging.getLogger("pandas").error(EMAIL)
        Lost()
        raise ValueError(EMAIL)

    return talk


def test_what_python_itself_would_print_is_not_printed(
    house: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = sys.unraisablehook, sys.excepthook, logging.lastResort, warnings.filters[:]
    monkeypatch.setattr("venue_agent.pipeline.read", spill(house))
    try:
        _code, said = house.run("preview")
    finally:
        sys.unraisablehook, sys.excepthook, logging.lastResort = kept[:3]
        warnings.filters[:] = kept[3]  # type: ignore[index]
    assert found(said.encode()) == []
    assert "ValueError" in said


HARMS = ("header", "ragged", "answers", "truncated", "binary", "hub")


@pytest.mark.parametrize(
    "harm",
    ["dates", "swapped", "mapping", *(pytest.param(h, marks=pytest.mark.long) for h in HARMS)],
)
def test_a_broken_export_is_named_by_its_place_not_by_what_stands_there(
    house: Post, harm: str
) -> None:
    lines = house.export.read_text("cp1252").splitlines()
    columns = lines[0].split(";")
    cells = [line.split(";") for line in lines[1:]]

    def fill(name: str, value: Callable[[int], str]) -> list[str]:
        at = columns.index(name)
        return [lines[0], *(";".join([*row[:at], value(n), *row[at + 1 :]]) for n, row in enumerate(cells))]  # fmt: skip

    harmed = {
        "header": lines[1:],
        "dates": fill("Date representation", lambda n: bird(n % BIRDS)["Nom"]),
        "ragged": [*lines[:5], lines[5] + ";" + EMAIL + ';"' + PHONE, *lines[6:]],
        "swapped": fill("Code postal", lambda _n: BORN),
        "answers": fill("Optin partenaires", lambda n: bird(n % BIRDS)["Email"]),
        "truncated": [*lines[:9], lines[9][:40]],
    }
    if harm in harmed:
        house.export.write_text("\n".join(harmed[harm]) + "\n", "cp1252")
    elif harm == "binary":
        house.export.write_bytes(house.export.read_bytes() + b"\0\x81\x8d" + EMAIL.encode())
    elif harm == "mapping":
        (house.home / "mapping.toml").write_text(f'version = 1\nname = "{EMAIL}" {PHONE}\n')
    else:
        house.rewrite("agent.toml", house.town.hub_url, "http://127.0.0.1:9")
    for words in (("preview",), ("report",), ("preview", "--json", "--lang", "en")):
        _code, said = house.run(*words)
        assert found(said.encode()) == [], words
    assert left_behind(house, "mapping.toml" if harm == "mapping" else "") == {}


def test_an_interrupted_process_says_nothing_of_anybody(house: Post) -> None:
    """A real process in Python's own development mode, stopped by Ctrl-C while it works."""
    running = subprocess.Popen(
        [sys.executable, "-X", "dev", "-X", "faulthandler", "-m", "venue_agent", "preview", "--home", str(house.home)],
        cwd=ROOT, env=os.environ | {"PYTHONFAULTHANDLER": "1"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    log = house.home / "log" / "agent.jsonl"
    size = log.stat().st_size if log.exists() else 0
    while running.poll() is None and not (log.exists() and log.stat().st_size > size):
        time.sleep(0.02)
    time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    said, complained = running.communicate(timeout=300)
    assert found(said + complained) == []
    assert b"Traceback" not in complained
    assert left_behind(house) == {}


def test_the_journal_tells_what_was_done_all_the_same(house: Post) -> None:
    house.run("preview")
    text = (house.home / "log" / "agent.jsonl").read_text()
    assert '"command": "preview"' in text
    assert spoken.INTERRUPTED == 130
