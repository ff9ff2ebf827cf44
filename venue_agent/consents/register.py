"""Keeps, on this machine alone, every answer that decided and by which text: the proof that consent was given.

``<home>/consents/records.csv``: one row per event (a new answer, another one, the end), oldest first; a run
that changes nothing adds nothing. ``notices.json``: each version of each text. Both 0600, never sent.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from contracts.base import canonical
from venue_agent.consents.record import ENDED, GIVEN, REFUSED, Event
from venue_agent.consents.verdicts import NO_RULE
from venue_agent.errors import StateDamaged
from venue_agent.home.durable import write_private
from venue_agent.settings.mapping import ConsentRule
from venue_agent.words import _

FOLDER: Final = "consents"
QUESTION: Final = ["handle", "purpose", "partner", "channel"]
ANSWER: Final = ["state", "at", "notice"]
COLUMNS: Final = [*QUESTION, *ANSWER, "recorded"]


@dataclass(frozen=True)
class Run:
    """One reading: what was decided of whom, under which rules, and who is out since."""

    decisions: pd.DataFrame  # as in frames.Minimised
    rules: Sequence[ConsentRule]
    withdrawn: Collection[str]  # handles that were retired, of this run or before
    now: str  # wire instant
    forget_before: str  # wire instant: what ended before it is forgotten


class Register:
    """The consent records of one venue, in its agent's folder."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER
        self._records = self._folder / "records.csv"
        self._notices = self._folder / "notices.json"

    def keep(self, run: Run) -> int:
        """Record what changed since the last run; return how many events that is.

        Raises:
            StateDamaged: the records cannot be read.
        """
        keys = [_key(rule) for rule in run.rules]
        self._keep_notices(keys, run)
        kept, said = self._read(), _said(run.decisions, keys)
        newest = ~_joined(kept, QUESTION).duplicated(keep="last")
        last = kept[newest & (kept["state"] != ENDED)]
        news = said[~_among(_joined(said, QUESTION + ANSWER), _joined(last, QUESTION + ANSWER))]
        asked = _among(last["handle"], run.decisions.get("contribution_id", last["handle"][:0]))
        unsaid = asked & ~_among(_joined(last, QUESTION), _joined(said, QUESTION))
        gone = _among(last["handle"], pd.Series(list(run.withdrawn), dtype="str"))
        ends = last[unsaid | gone].assign(state=ENDED, at="")
        events = pd.concat([news, ends], ignore_index=True).assign(recorded=run.now)
        old = kept[newest & (kept["state"] == ENDED) & (kept["recorded"] < run.forget_before)]
        stale = _among(_joined(kept, QUESTION), _joined(old, QUESTION))
        if len(events) or len(old) or not self._records.exists():
            self._write(pd.concat([kept[~stale], events], ignore_index=True)[COLUMNS])
        return len(events)

    def forget(self, handles: Collection[str]) -> None:
        """Erase the records of *handles*: their people asked for it."""
        if self._records.exists():
            kept = self._read()
            self._write(kept[~kept["handle"].isin(handles)])

    def events(self, handles: Collection[str] | None = None) -> Iterator[tuple[str, list[Event]]]:
        """Yield each handle (of *handles*, or all) with its events, oldest first.

        Raises:
            StateDamaged: the records cannot be read.
        """
        kept = self._read()
        if handles is not None:
            kept = kept[kept["handle"].isin(handles)]
        for handle, events in kept.groupby("handle", sort=True):
            rows = events[COLUMNS].itertuples(index=False, name=None)
            yield str(handle), [Event(*row) for row in rows]

    def notices(self) -> dict[str, dict[str, Any]]:
        """Return each text that was shown, by its key: text, source, since, purposes, partners, channels."""
        try:
            told: dict[str, dict[str, Any]] = json.loads(self._notices.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise _damaged(self._notices) from error
        return told

    def _keep_notices(self, keys: list[str], run: Run) -> None:
        kept = self.notices()
        new = {
            key: {
                "text": rule.text,
                "source": rule.column or rule.says,
                "since": run.now,
                "grants": [purpose.value for purpose in rule.grants],
                "denies": [purpose.value for purpose in rule.denies],
                "partners": list(rule.partners),
                "channels": list(rule.channels),
            }
            for key, rule in zip(keys, run.rules, strict=True)
            if key not in kept
        }
        if new:
            text = json.dumps(kept | new, ensure_ascii=False, indent=1)
            write_private(self._notices, text.encode() + b"\n")

    def _read(self) -> pd.DataFrame:
        if not self._records.exists():
            return pd.DataFrame(columns=COLUMNS, dtype="str")
        try:
            kept = pd.read_csv(self._records, dtype="str", keep_default_na=False)
        except (OSError, ValueError) as error:
            raise _damaged(self._records) from error
        if list(kept.columns) != COLUMNS:
            raise _damaged(self._records)
        return kept

    def _write(self, kept: pd.DataFrame) -> None:
        write_private(self._records, kept.to_csv(index=False, lineterminator="\n").encode())


def _said(decisions: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return the decisions as events, those that an answer made."""
    if decisions.empty:
        return pd.DataFrame(columns=[*QUESTION, *ANSWER], dtype="str")
    told = decisions[decisions["rule"] != NO_RULE]
    texts = {name: told[name].astype("str") for name in ("purpose", "partner", "channel")}
    notices = pd.Series(keys, dtype="str").iloc[told["rule"].to_numpy()]
    return pd.DataFrame(
        {
            "handle": told["contribution_id"].astype("str"),
            **texts,
            "state": told["given"].map({True: GIVEN, False: REFUSED}).astype("str"),
            "at": np.where(
                told["at"].isna(), "", np.datetime_as_string(told["at"].to_numpy(), "s")
            ),
            "notice": notices.to_numpy(),
        }
    )


def _joined(frame: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Return the cells of *columns* in one text a row: none of them holds a vertical bar."""
    joined = frame[columns[0]]
    for name in columns[1:]:
        joined = joined + "|" + frame[name]
    return joined


def _among(texts: pd.Series, others: pd.Series) -> NDArray[np.bool_]:
    """Return which of *texts* are among *others*; pandas' own ``isin`` is slow on Arrow texts."""
    codes, distinct = pd.factorize(pd.concat([others, texts], ignore_index=True))
    known = np.zeros(len(distinct), dtype=bool)
    known[codes[: len(others)]] = True
    return known[codes[len(others) :]]


def _key(rule: ConsentRule) -> str:
    """Return the version of a text: a digest of it and of what it grants."""
    return hashlib.sha256(canonical(rule.model_dump(mode="json"))).hexdigest()[:16]


def _damaged(path: Path) -> StateDamaged:
    return StateDamaged(
        _(
            "{file} cannot be read: it holds the proofs of consent. Restore it from a backup, or "
            "move it away: the next preview writes what the exports say today."
        ).format(file=f"{FOLDER}/{path.name}")
    )
