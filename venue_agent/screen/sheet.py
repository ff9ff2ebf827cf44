"""What a preview says, read back from the very files that would be sent: counts, shapes, changes, digests."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from contracts.charter import Charter
from contracts.charter_check import charter_hash
from contracts.clock import stamp
from contracts.visit import ACTIVATION_COLUMNS, VISIT_COLUMNS, person_columns
from venue_agent.config import Home
from venue_agent.desk import Desk
from venue_agent.frames import Tally
from venue_agent.home.durable import write_private
from venue_agent.outbox import marks
from venue_agent.outbox.approval import digests_of
from venue_agent.outbox.spool import Packed
from venue_agent.screen import fields
from venue_agent.screen.spread import Labels, Seen, Spread
from venue_agent.screen.values import LEADS

FOLDER: Final = "preview"
COUNTS: Final = "counts.json"
HANDLE: Final = "contribution_id"
UNCOUNTED: Final = frozenset({HANDLE, "tokens", "event_date", "day"})
"""Every person has her own, or the months tell it better."""


@dataclass(frozen=True)
class Counts:
    """Where every ticket line went at the last preview: read = kept + each reason."""

    read: int
    dropped: Mapping[str, int]
    notes: Mapping[str, int]

    @property
    def kept(self) -> int:
        """Ticket lines that are in what leaves."""
        return self.read - sum(self.dropped.values())


@dataclass(frozen=True)
class Month:
    """One month that would be sent."""

    month: str
    persons: int
    visits: int
    withdrawals: int
    change: marks.Change | None
    files: Mapping[str, str]  # name → SHA-256
    activations: int = 0


@dataclass(frozen=True)
class Sheet:
    """Everything that the page shows."""

    venue: str
    made: str  # instant
    charter: Charter = field(repr=False)
    counts: Counts | None
    persons: int
    months: tuple[Month, ...]
    spreads: Mapping[str, Spread]

    @property
    def visits(self) -> int:
        """Visits in all months."""
        return sum(month.visits for month in self.months)

    @property
    def activations(self) -> int:
        """Rows of partners' requests in all months."""
        return sum(month.activations for month in self.months)

    @property
    def withdrawals(self) -> int:
        """Withdrawals announced in all months."""
        return sum(month.withdrawals for month in self.months)


def sheet_of(desk: Desk, charter: Charter, months: Sequence[Packed]) -> Sheet:
    """Return what *months* of the spool say, from their readable files."""
    seen, people = _seen(months, charter)
    return Sheet(
        venue=desk.config.venue,
        made=stamp(desk.clock.now()),
        charter=charter,
        counts=_kept_counts(desk.home),
        persons=len(people),
        months=tuple(_month(desk, packed) for packed in sorted(months, key=lambda p: p.month)),
        spreads={name: one.spread() for name, one in seen.items()},
    )


def keep_counts(home: Home, tally: Tally) -> None:
    """Keep where the lines of the export went, for the page to say."""
    told = {"read": tally.read, "dropped": dict(tally.dropped), "notes": dict(tally.notes)}
    write_private(home.path / FOLDER / COUNTS, json.dumps(told).encode())


def plain(sheet: Sheet) -> dict[str, Any]:
    """Return the sheet for machines: no value of any row, counts and digests alone."""
    return {
        "venue": sheet.venue,
        "charter": charter_hash(sheet.charter),
        "counts": asdict(sheet.counts) | {"kept": sheet.counts.kept} if sheet.counts else None,
        "persons": sheet.persons,
        "visits": sheet.visits,
        "withdrawals": sheet.withdrawals,
        "fields": list(fields.leaving(sheet.charter)),
        "months": [asdict(month) for month in sheet.months],
    }


def _seen(months: Iterable[Packed], charter: Charter) -> tuple[dict[str, Seen], set[str]]:
    """Return what each column holds; a person of several months is counted once, as she is in the last."""
    leaving = [name for name in fields.leaving(charter) if name not in UNCOUNTED]
    seen = {name: Seen() for name in leaving}
    people: set[str] = set()
    for packed in sorted(months, key=lambda p: p.month, reverse=True):
        persons = _read(packed.plaintext / "persons.csv", person_columns(charter.fields))
        fresh = persons.loc[
            [handle not in people for handle in persons[HANDLE]]
        ]  # a month may be empty
        people.update(fresh[HANDLE])
        visits = _read(packed.plaintext / "visits.csv", VISIT_COLUMNS)
        arms = _read_arms(packed.plaintext / "activations.csv")
        for name, one in seen.items():
            frame = next(f for f in (fresh, arms, visits) if name in f.columns)
            one.add(frame[name], frame[HANDLE], LABELS.get(name, lambda value: (value,)))
    return seen, people


def _lead(days: str) -> tuple[str, ...]:
    return (next((band for most, band in LEADS if 0 <= int(days) <= most), "-1"),)


LABELS: Final[Mapping[str, Labels]] = MappingProxyType(
    {"lead_days": _lead, "partner_offers": lambda named: named.split(" ")}
)


def _read(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Return the named columns; one that an earlier charter did not have is blank."""
    kinds = {name: "str" if name == HANDLE else "category" for name in columns if name != "tokens"}
    frame = pd.read_csv(path, dtype="str", usecols=lambda name: name in kinds, na_filter=False)
    return frame.reindex(columns=list(kinds), fill_value="").astype(kinds)


def _read_arms(path: Path) -> pd.DataFrame:
    """Return the activations of a month; most months have none, and no file of them."""
    if path.exists():
        return _read(path, ACTIVATION_COLUMNS)
    return pd.DataFrame(columns=list(ACTIVATION_COLUMNS)).astype("category")


def _month(desk: Desk, packed: Packed) -> Month:
    rows = Counter({str(entry.name): entry.rows for entry in packed.manifest.manifest.files})
    return Month(
        month=packed.month,
        persons=rows["persons.csv"],
        visits=rows["visits.csv"],
        withdrawals=rows["erasures.csv"],
        change=marks.change(desk.home, desk.cache_key, packed),
        files=digests_of(packed),
        activations=rows["activations.csv"],
    )


def _kept_counts(home: Home) -> Counts | None:
    try:
        told = json.loads((home.path / FOLDER / COUNTS).read_text(encoding="utf-8"))
        return Counts(int(told["read"]), dict(told["dropped"]), dict(told["notes"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None  # the export was not read by this version: the page says nothing of it
