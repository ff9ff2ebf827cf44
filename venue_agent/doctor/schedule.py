"""Checks that the agent runs by itself: the last daily round, by the agent's own log."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from contracts.clock import parse_stamp
from venue_agent.config import Home
from venue_agent.doctor.causes import ill
from venue_agent.doctor.finding import Finding, well
from venue_agent.doctor.patient import Patient
from venue_agent.outbox.journal import FILE, FOLDER
from venue_agent.schedule.found import in_place
from venue_agent.words import _

ROUND: Final = "run"
LATE_DAYS: Final = 2
_TAIL: Final = 256 * 1024


def schedule(patient: Patient) -> Iterator[Finding]:
    """Check when the daily round last ended, and how; nothing to check before the venue joins."""
    if patient.settings is not None and not patient.has_left:
        scheduled = in_place(patient.home.path, patient.environment) is not None
        yield judge_rounds(lines(patient.home), patient.clock.now(), scheduled=scheduled)


def judge_rounds(told: Sequence[dict[str, Any]], now: dt.datetime, *, scheduled: bool) -> Finding:
    """Judge the lines of the log, oldest first: the newest end of a round counts, whatever starts it."""
    ends = [each for each in told if each["command"] == ROUND and each["step"] == "end"]
    if not ends:
        return ill("never-run") if scheduled else ill("timer-missing")
    at, code = parse_stamp(ends[-1]["time"]), int(ends[-1]["exit_code"])
    day, days = f"{at:%Y-%m-%d}", (now - at).days
    if code:
        return ill("run-failed", day=day, code=code)
    if days >= LATE_DAYS:
        return ill("run-late", days=days) if scheduled else ill("timer-missing")
    return well("schedule", _("last run {moment} UTC, exit code 0").format(moment=f"{at:%Y-%m-%d %H:%M}"))  # fmt: skip


def lines(home: Home) -> list[dict[str, Any]]:
    """Return the newest lines of the agent's log that can be read, oldest first."""
    try:
        with (home.path / FOLDER / FILE).open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - _TAIL))
            found = file.read().splitlines()
    except OSError:
        return []
    return [each for line in found if (each := _parsed(line))]


def _parsed(line: bytes) -> dict[str, Any]:
    """Return a line of the log; {} for one that was cut."""
    try:
        told = json.loads(line)
        return {"exit_code": 0, **told} if {"command", "step", "time"} <= set(told) else {}
    except (ValueError, TypeError):
        return {}
