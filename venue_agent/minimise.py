"""Keeps what the charter allows, in bands: no name, address, amount, title or hour goes further."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from contracts.charter import Charter, Member
from contracts.season import first_day, first_month
from contracts.visit import EPCI, VISIT_COLUMNS, person_columns
from venue_agent import bands, geo
from venue_agent.catalogue import LocalCatalogue
from venue_agent.errors import FieldRefused
from venue_agent.frames import Consented, HandleBook, Minimised, Tally
from venue_agent.settings.mapping import Values
from venue_agent.visits import VisitRules, make_visits
from venue_agent.words import _

ADULT: Final = 18
AHEAD_MONTHS: Final = 24
NEUTRAL: Final = {
    "age_band": "unknown",
    "departement": "",
    "country": "",
    "subscriber": "unknown",
    "qpv": "unknown",
    "event_id": "",
    "lead_days": "-1",
    "channel": "",
    "party_band": "unknown",
    "price_band": "unknown",
    "distance_band": "unknown",
    "first_time_here": "unknown",
    "satisfaction": "",
}
"""What stands in a column that the charter does not allow."""
ALWAYS: Final = frozenset(
    {
        "contribution_id",
        "tokens",
        "statistics",
        "recommendation",
        "partner_offers",
        "discipline",
        "event_date",
    }
)
"""Columns without which a row says nothing; a charter that wants less has no use for the hub."""


@dataclass(frozen=True)
class Rules:
    """What the charter and the venue's own files say about its rows."""

    member: Member
    fields: frozenset[str]
    granularity: Literal["day", "week"]
    retention_months: int
    catalogue: LocalCatalogue
    values: Values
    since: str | None = None  # the first season that may leave; None: all that retention allows


def rules_of(charter: Charter, venue: str, catalogue: LocalCatalogue, values: Values) -> Rules:
    """Return the rules of *venue* under *charter*.

    Raises:
        FieldRefused: the venue is no member, or the charter forbids what a row cannot do without.
    """
    member = next((m for m in charter.members if m.venue == venue), None)
    if member is None:
        raise FieldRefused(
            _("The charter does not name {venue} among its members. Ask the network.").format(
                venue=venue
            )
        )
    fields = frozenset(charter.fields)
    if missing := sorted({"discipline", "event_date"} - fields):
        raise FieldRefused(
            _(
                "The charter does not allow {name}, without which no visit can be counted. Ask "
                "the network for a charter that does."
            ).format(name=missing[0])
        )
    return Rules(
        member=member,
        fields=fields,
        granularity=charter.date_granularity,
        retention_months=charter.retention_months,
        catalogue=catalogue,
        values=values,
        since=charter.linkage_from,
    )


def minimise(consented: Consented, rules: Rules, handles: HandleBook) -> Minimised:
    """Return the rows that may leave, identifiers still attached, and the withdrawals to announce.

    Only adults who consent to statistics, with an identifier of their own, and visits between the
    charter's retention and 24 months ahead. Whoever is out and had a handle is withdrawn.
    """
    persons, lines, tally = _eligible(consented, rules)
    handles.withdraw([*consented.refused, *_unfit(consented.persons)["keys"]])
    persons = persons[persons.index.isin(lines["person"])]
    ids = pd.Series(handles.assign(list(persons["keys"])), index=persons.index, dtype="str")
    visits = make_visits(
        lines,
        VisitRules(rules.catalogue, rules.values, rules.member.discipline, rules.granularity),
    )
    whose = persons.index.get_indexer(pd.Index(visits["person"]))
    visits["distance_band"] = _distances(persons, rules.member).array.take(whose)
    visits["contribution_id"] = ids.array.take(whose)
    visits = visits.iloc[_order(visits["month"], ids, whose)]
    return Minimised(
        persons=_person_rows(persons, ids, rules.fields),
        visits=_allowed(visits, VISIT_COLUMNS, rules.fields, ("month",)),
        erasures=_erasures(handles.withdrawn()),
        tally=tally.note("visits", len(visits)).note("persons", len(persons)),
        read_at=consented.read_at,
        decisions=_decided(consented.decisions, ids),
    )


def _order(months: pd.Series, ids: pd.Series, whose: NDArray[np.integer]) -> NDArray[np.integer]:
    """Return the order by month, then by handle; each person's visits stay as they come, by day."""
    handles = np.argsort(np.argsort(ids.to_numpy(dtype=object)))
    return np.lexsort((handles[whose], pd.factorize(months, sort=True)[0]))


def _decided(decisions: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    """Return what was decided of the people who leave, under their handles."""
    hers = decisions[decisions["person"].isin(ids.index)]
    handles = ids.reindex(hers["person"]).to_numpy()
    return hers.drop(columns="person").assign(contribution_id=handles).reset_index(drop=True)


def _eligible(consented: Consented, rules: Rules) -> tuple[pd.DataFrame, pd.DataFrame, Tally]:
    persons, lines = consented.persons, consented.tickets
    now = pd.Timestamp(consented.read_at).tz_localize(None)
    oldest = now - pd.DateOffset(months=rules.retention_months)
    farthest = now + pd.DateOffset(months=AHEAD_MONTHS)
    unfit = _unfit(persons)
    who = lines["person"]
    reasons = {
        "no_statistics_consent": who.isin(persons.index[~persons["statistics"]]),
        "under_18": who.isin(persons.index[_minor(persons)]),
        "no_identifier": who.isin(unfit.index),
        "older_than_retention": lines["event_at"] < oldest.normalize(),
        "before_linkage": _left(lines["event_at"], rules) < _start(rules),
        "too_far_ahead": lines["event_at"] > farthest,
    }
    tally = consented.tally
    out = pd.Series(data=False, index=lines.index)
    for reason, mask in reasons.items():
        tally = tally.drop(reason, int((mask & ~out).sum()))
        out |= mask
    return persons.drop(unfit.index), lines[~out], tally


def _left(event_at: pd.Series, rules: Rules) -> pd.Series:
    """Return the day that leaves: the event's, or the Monday of its week."""
    days: pd.Series = event_at.dt.normalize()
    if rules.granularity == "week":
        days = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
    return days


def _start(rules: Rules) -> pd.Timestamp:
    return pd.Timestamp(first_day(first_month(rules.since)) if rules.since else dt.date(1900, 1, 1))


def _minor(persons: pd.DataFrame) -> pd.Series:
    return persons["age"].between(0, ADULT - 1)


def _unfit(persons: pd.DataFrame) -> pd.DataFrame:
    """Return those of whom nothing may leave, whatever they said."""
    nameless = ~persons["identifiers"].map(bool).astype(bool)
    return persons[~persons["statistics"] | _minor(persons) | nameless]


def _person_rows(persons: pd.DataFrame, ids: pd.Series, fields: frozenset[str]) -> pd.DataFrame:
    columns = (np.asarray(persons[name], dtype=object) for name in ("postcode", "country"))
    places = zip(*columns, strict=True)
    abroad = ~persons["country"].isin(["", geo.FRANCE])
    rows = pd.DataFrame(
        {
            "contribution_id": ids,
            "statistics": bands.yes_no(persons["statistics"]),
            "recommendation": bands.yes_no(persons["recommendation"]),
            "partner_offers": persons["partner_offers"].map(" ".join).astype("str"),
            "age_band": bands.age_bands(persons["age"]),
            "departement": pd.Series([geo.departement_of(p, c) for p, c in places], persons.index),
            "country": persons["country"].where(abroad, ""),
            "subscriber": persons["subscriber"],
            "qpv": persons["qpv"],
            "identifiers": persons["identifiers"],
        }
    )
    if EPCI in fields:
        where = zip(persons["postcode"].tolist(), persons["city"].tolist(), strict=True)
        found = pd.Series([geo.epci_of(p, c) for p, c in where], persons.index, dtype="str")
        rows[EPCI] = found.where(~abroad, "")
    sent = tuple(name for name in person_columns(fields) if name != "tokens")
    kept = _allowed(rows, sent, fields, ("identifiers",))
    return kept.sort_values("contribution_id", ignore_index=True)


def _allowed(
    rows: pd.DataFrame, columns: tuple[str, ...], fields: frozenset[str], extra: tuple[str, ...]
) -> pd.DataFrame:
    """Return *columns*, neutral where the charter does not allow them: an allow-list, not a filter."""
    allowed = {name: rows[name] if name in fields | ALWAYS else NEUTRAL[name] for name in columns}
    kept = pd.DataFrame(allowed, index=rows.index, columns=list(columns)).astype("str")
    return kept.assign(**{name: rows[name] for name in extra}).reset_index(drop=True)


def _distances(persons: pd.DataFrame, member: Member) -> pd.Series:
    return geo.distance_bands(
        persons["postcode"], member.latitude_microdeg / 1e6, member.longitude_microdeg / 1e6
    )


def _erasures(withdrawn: list[str]) -> pd.DataFrame:
    rows = {"scope": "venue", "contribution_id": withdrawn, "identifiers": [()] * len(withdrawn)}
    return pd.DataFrame(rows, columns=["scope", "contribution_id", "identifiers"])
