"""``python -m hub.web.exports.maker FOLDER``: makes one report apart from the site, which goes on serving pages.

It reads what to make on its standard input (a published edition, its charter, a language: nothing else), writes each stage as
it begins, and ends at once when somebody calls it off. The lock that it inherited is let go when it ends, however that is.
"""

import fcntl
import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from contracts.base import canonical
from contracts.charter import Charter
from contracts.edition import PublishedEdition
from hub.web.exports.report import report
from hub.web.exports.source import Source
from hub.web.languages import TONGUES

NICE: Final = 10  # pages come before reports
MOST_SECONDS: Final = 600  # of processor
LOOK_SECONDS: Final = 0.2
BESIDE_CHARTS: Final = 2  # laying out and writing


def main(arguments: list[str]) -> int:
    """Make the report that standard input asks for, below the folder that is named."""
    place = Path(arguments[0])
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    threading.Thread(target=_watch, args=(place / "cancel",), daemon=True).start()
    source = _source(sys.stdin.buffer.read())
    with (place.parent / "turn").open("w") as turn:
        _await(turn.fileno(), place)
        body = report(source.pairs, source, _teller(place, source))
    _put(place / "report.pdf", body)
    return 0


def _await(turn: int, place: Path) -> None:
    """Wait until no other report is being written on this machine, and say so if that is a while."""
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        _put(place / "state.json", json.dumps({"stage": "wait", "at": 0, "of": 0, "table": ""}).encode())  # fmt: skip
        fcntl.flock(turn, fcntl.LOCK_EX)


def _source(asked: bytes) -> Source:
    plain = json.loads(asked)
    charter = Charter.model_validate_json(canonical(plain["charter"])) if plain["charter"] else None
    published = PublishedEdition.model_validate_json(canonical(plain["published"]))
    return Source(published, charter, TONGUES[plain["lang"]])


def _teller(place: Path, source: Source) -> Callable[[str, str], None]:
    """Return what writes each stage of the plan, which has as many as the edition has tables, and two."""
    of, at = len(source.pairs) + BESIDE_CHARTS, 0

    def tell(stage: str, table: str) -> None:
        nonlocal at
        at += 1
        told = {"stage": stage, "at": at, "of": of, "table": table}
        _put(place / "state.json", json.dumps(told).encode())

    return tell


def _put(path: Path, body: bytes) -> None:
    """Write a file whole or not at all."""
    beside = path.with_suffix(".part")
    beside.write_bytes(body)
    beside.replace(path)


def _watch(cancel: Path) -> None:
    while not cancel.exists():
        time.sleep(LOOK_SECONDS)
    os._exit(0)  # in the middle of whatever it was: nothing but its folder knows of it


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
