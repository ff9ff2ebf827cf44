"""The house's own figures: how complete its file is, what it covers, who said yes. Nothing of it is ever sent.

It reads the export as a preview does, but asks nobody and remembers nothing: the charter is the last
that was obeyed, and the handles are thrown away.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from contracts.charter import Charter
from contracts.clock import stamp
from contracts.visit import VISIT_COLUMNS, Purpose, person_columns
from venue_agent.config import source_of
from venue_agent.desk import Desk
from venue_agent.errors import CharterRefused
from venue_agent.frames import Consented, Minimised, Normalised, Tally
from venue_agent.hearing import Progress
from venue_agent.minimise import minimise, rules_of
from venue_agent.network.charters import newest_charter
from venue_agent.people.handles import Handles
from venue_agent.people.known import Keys
from venue_agent.people.merge_report import MergeReport
from venue_agent.pipeline import consenting
from venue_agent.rights.suppress import Suppressions
from venue_agent.screen import fields
from venue_agent.screen.values import EMPTY
from venue_agent.words import _

SEATS: Final = frozenset({"not_valid", "refunded", "unreadable_date", "duplicate_line"})
NAMED: Final = frozenset({"nobody_named", "group_buyer"})
CONSENT: Final = frozenset(
    {"opposed", "no_contact_for_long", "never_answered", "said_no", "no_statistics_consent"}
)
UNTOLD: Final = fields.ALWAYS | {"country"}
"""Columns of which a blank is no lack: everybody has the first, and no country is France."""
STAGES: Final = MappingProxyType({"seats": SEATS, "named": NAMED, "consenting": CONSENT})
"""Reasons that end each stage of the funnel; any other one ends the last, what may leave."""


@dataclass(frozen=True)
class Report:
    """What the page shows; counts and shares of this house alone.

    ``funnel``: stage → ticket lines that reached it, the export first.
    ``filled``: column → share of the rows that may leave which hold a value.
    ``contacts``: people with an e-mail address, a telephone, both, neither.
    ``consents``: purpose, or ``partner_offers/partner`` → people who said yes.
    ``months``: month of the event → visits that may leave.
    """

    venue: str
    made: str
    charter: Charter = field(repr=False)
    tally: Tally
    people: int
    funnel: Mapping[str, int]
    filled: Mapping[str, float]
    contacts: Mapping[str, int]
    consents: Mapping[str, int]
    months: Mapping[str, int]
    merging: MergeReport

    @property
    def coverage(self) -> float:
        """Share of the seats sold whose buyer is identified and consents to statistics."""
        return self.funnel["consenting"] / max(self.funnel["seats"], 1)


class NoMemory:
    """Handles for one reading: nothing of them is kept."""

    def assign(self, people: Sequence[Keys]) -> list[str]:
        """Return a number for each."""
        return [f"{number:032x}" for number in range(len(people))]

    def withdraw(self, people: Iterable[Keys]) -> None:
        """Retire nobody."""

    def withdrawn(self) -> list[str]:
        """Return that nobody was retired."""
        return []


def make(desk: Desk, progress: Progress) -> Report:
    """Return the report of the exports as they are now.

    Raises:
        CharterRefused: no charter was obeyed yet: nobody knows which fields would leave.
        AgentError: as reading and consent.
    """
    charter = newest_charter(desk.home.path)
    if charter is None:
        raise CharterRefused(
            _("The agent has not seen the network's charter yet. Run `venue-agent preview` once.")
        )
    source = source_of(desk.home, desk.config)
    barred = Suppressions(Handles(desk.home.state, desk.config.venue)).barred()
    normalised, consented = consenting(source, barred, charter, desk.clock, progress)
    progress("minimise")
    rules = rules_of(charter, desk.config.venue, desk.catalogue(), source.mapping.values)
    minimised = minimise(consented, rules, NoMemory())
    return Report(
        venue=desk.config.venue,
        made=stamp(desk.clock.now()),
        charter=charter,
        tally=minimised.tally,
        people=len(normalised.persons),
        funnel=funnel(minimised.tally),
        filled=dict(_filled(minimised, charter)),
        contacts=_contacts(normalised),
        consents=dict(_consents(consented, charter)),
        months={str(m): int(n) for m, n in minimised.visits["month"].value_counts().sort_index().items()},
        merging=normalised.merging,
    )  # fmt: skip


def funnel(tally: Tally) -> dict[str, int]:
    """Return how many ticket lines reached each stage: read, seats, named, consenting, leaving."""
    reached = {"read": tally.read}
    left = tally.read
    for stage, reasons in STAGES.items():
        left -= sum(lines for reason, lines in tally.dropped.items() if reason in reasons)
        reached[stage] = left
    return reached | {"leaving": tally.kept}


def plain(report: Report) -> dict[str, Any]:
    """Return the report for machines."""
    told = {k: v for k, v in asdict(report).items() if k not in ("charter", "tally")}
    dropped = dict(report.tally.dropped)
    return told | {"coverage": report.coverage, "dropped": dropped, "sent": False}


def _filled(minimised: Minimised, charter: Charter) -> Iterator[tuple[str, float]]:
    own = person_columns(charter.fields)
    for columns, rows in ((own, minimised.persons), (VISIT_COLUMNS, minimised.visits)):
        for name in columns:
            if name in charter.fields and name not in UNTOLD and len(rows):
                yield name, 1 - float(rows[name].isin(EMPTY).mean())


def _contacts(normalised: Normalised) -> dict[str, int]:
    kinds = normalised.persons["identifiers"].map(lambda held: frozenset(kind for kind, _v in held))
    email = kinds.map(lambda held: "email" in held).astype(bool)
    phone = kinds.map(lambda held: "phone" in held).astype(bool)
    told = {"both": email & phone, "email": email & ~phone, "phone": phone & ~email}
    return {k: int(v.sum()) for k, v in (told | {"neither": ~email & ~phone}).items()}


def _consents(consented: Consented, charter: Charter) -> Iterator[tuple[str, int]]:
    persons = consented.persons
    for purpose in charter.purposes:
        if purpose != Purpose.PARTNER_OFFERS:
            yield purpose.value, int(pd.Series(persons[purpose.value]).sum())
            continue
        for partner in charter.partners:
            named = persons["partner_offers"].map(lambda held, one=partner: one in held)
            yield f"{purpose.value}/{partner}", int(named.sum())
