"""What no merger of an export's e-mails and phones can go beyond, and how consent was read back.

Both need the truth file. The ceiling is generous: within a venue the truth itself joins a person's records, and
an identifier that a household shares joins for each of them; across venues only an identifier that can be read
in both exports does. So it is above what any real reader reaches.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from contracts.linkage import is_placeholder, is_role_address, normalise_email, normalise_phone
from tests.support.real_exports import City
from venue_agent.frames import Consented, Raw

TYPED_IN = frozenset(
    {"guichet@example.com", "sans-mail@example.com", "x@x.xx", "+33000000000", "+33600000000", "+33102030405"}
)  # fmt: skip
"""What the generator writes where there is no e-mail or telephone, normalised."""


@dataclass(frozen=True)
class Truth:
    """``records``: index record; venue_id, person_id, consents (bool). ``rows``: venue_id, ticket_no, record_id."""

    records: pd.DataFrame
    rows: pd.DataFrame


def truth_of(city: City) -> Truth:
    folder = city.folder / "truth"
    records = pd.read_csv(folder / "records.csv", dtype=str, keep_default_na=False)
    rows = pd.read_csv(folder / "rows.csv", dtype=str, keep_default_na=False)
    records["consents"] = records["person_consents_here"] == "True"
    return Truth(records.set_index("record_id"), rows[rows["record_id"] != ""])


def readable(raw: Raw, truth: Truth, venue: str) -> dict[str, set[str]]:
    """Return for each record of the truth the identifiers that *raw* shows of it, normalised.

    A newsletter contact with the same e-mail lends its phone: whoever reads both files has it.
    """
    emails = [_usable("email", text) for text in raw.records["email"]]
    phones = [_usable("phone", text) for text in raw.records["phone"]]
    lent: dict[str, set[str]] = {}
    for email, phone in zip(emails, phones, strict=True):
        if email and phone:
            lent.setdefault(email, set()).add(phone)
    places = dict(zip(raw.tickets["ticket"].astype(str), raw.tickets["record"], strict=True))
    found: dict[str, set[str]] = {}
    mine = truth.rows[truth.rows["venue_id"] == venue]
    for ticket, record in zip(mine["ticket_no"], mine["record_id"], strict=True):
        place = places.get(ticket, -1)
        shown = found.setdefault(record, set())
        if place >= 0:
            shown |= {emails[place], phones[place], *lent.get(emails[place], ())} - {""}
    return found


def ceiling(truth: Truth, shown: dict[str, set[str]]) -> float:
    """Return the recall, over pairs of venues of one consenting person, of a merger that errs never."""
    willing = truth.records[truth.records["consents"]]
    parent: dict[object, object] = {}

    def find(item: object) -> object:
        while parent.setdefault(item, item) != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    units = list(zip(willing["person_id"], willing["venue_id"], strict=True))
    for record, unit in zip(willing.index, units, strict=True):
        for item in shown.get(record, ()):
            parent[find((unit[0], item))] = find(unit)
    lines = pd.DataFrame({"unit": sorted(set(units))})
    lines["person"] = [person for person, _venue in lines["unit"]]
    lines["cluster"] = [str(find(unit)) for unit in lines["unit"]]
    return _pairs(lines.groupby("cluster").size()) / _pairs(lines.groupby("person").size())


def read_back(truth: Truth, venue: str, consented: Consented) -> tuple[int, int, int]:
    """Return (records, refused wrongly, taken wrongly) of one venue: what the agent read of their consent."""
    yes = set(consented.persons.index[consented.persons["statistics"]])
    lines = zip(consented.tickets["ticket"].astype(str), consented.tickets["person"], strict=True)
    sent = {ticket for ticket, person in lines if person in yes}
    mine = truth.rows[truth.rows["venue_id"] == venue]
    told = mine["ticket_no"].isin(sent).groupby(mine["record_id"]).agg(["all", "any"])
    consents = truth.records["consents"].reindex(told.index)
    return len(told), int((consents & ~told["all"]).sum()), int((~consents & told["any"]).sum())


def placeholders_in(identifiers: Iterable[tuple[tuple[str, str], ...]]) -> set[str]:
    """Return the placeholders among what would be evaluated: none may join two people."""
    values = {value for pairs in identifiers for _kind, value in pairs}
    return {v for v in values if v in TYPED_IN or is_placeholder(v) or is_role_address(v)}


def _usable(kind: str, text: str) -> str:
    found = (normalise_email if kind == "email" else normalise_phone)(text) or ""
    return "" if found in TYPED_IN else found


def _pairs(sizes: pd.Series) -> float:
    return float((sizes * (sizes - 1) // 2).sum())
