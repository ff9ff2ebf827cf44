"""Turns what was written into comparable identifiers, and records into the venue's own people."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from contracts.linkage import is_placeholder, is_role_address, normalise_email, normalise_phone
from contracts.visit import YesNo
from venue_agent import geo
from venue_agent.consents.contact import last_contacts
from venue_agent.frames import Normalised, Raw, Tally
from venue_agent.people import folding
from venue_agent.people.groups import Words, group_buyers
from venue_agent.people.merge import Merged, merge
from venue_agent.people.merge_report import SIZES, MergeReport
from venue_agent.settings.group_rules import Groups
from venue_agent.settings.mapping import DATE_FORMATS, NO, YES, Values
from venue_agent.sources.dates import parse
from venue_agent.texts import distinct, each, listed

MAX_IDENTIFIERS: Final = 8
LINKING: Final = ("email", "phone")  # kinds that other venues may know too
MAX_AGE: Final = 120
NOBODY_IN_PARTICULAR: Final = Groups()
PLACES: Final = (("postcode", "postcode"), ("country", "country"), ("city", "postcode"))
"""What is kept of where a person lives, and the column whose newest filled cell says from which record."""


def normalise(raw: Raw, values: Values, groups: Groups = NOBODY_IN_PARTICULAR) -> Normalised:
    """Return the people behind the records, under numbers that mean nothing elsewhere.

    Placeholders, role addresses and identifiers of a crowd identify nobody: dropped, and counted.
    Who buys for others is told apart: no visit of theirs is one person's.
    """
    records, tally = _comparable(raw.records, raw.tally)
    merged = merge(records, groups.people_per_contact)
    tally = tally.note("identifier_of_a_crowd", int(merged.carried["crowd"].sum()))
    tally = tally.note("records_merged", len(records) - _count(merged.person))
    tickets, tally = _named_lines(raw.tickets, merged, tally)
    buyers = group_buyers(raw.records, merged.person, tickets, Words(groups, values))
    only = _behind_crowds(merged) - buyers.persons
    found = {**buyers.notes, "group_contact": len(only)}
    for what, people in found.items():
        tally = tally.note(what, people)
    persons = _persons(records, merged, tickets, values)
    return Normalised(
        tickets=tickets,
        persons=persons.assign(
            age=_ages(raw, merged), last_contact=_last_contacts(raw, merged, tickets)
        ),
        answers=raw.answers.assign(person=merged.person[raw.answers["record"]]).drop(
            columns="record"
        ),
        opposed=_opposed(raw.oppositions, merged),
        groups=buyers.persons | only,
        likenesses=_likenesses(records, merged),
        merging=_report(merged, tally, found),
        tally=tally,
        read_at=raw.read_at,
    )


def _comparable(records: pd.DataFrame, tally: Tally) -> tuple[pd.DataFrame, Tally]:
    """Return the records with folded names and normalised identifiers, "" where unusable."""
    first, last = folding.fold_all(records["first_name"]), folding.fold_all(records["last_name"])
    street, city = folding.fold_all(records["street"]), folding.fold_all(records["city"])
    country = each(
        records["country"], {c: geo.country_code(c) for c in distinct(records["country"])}
    )
    plain = pd.DataFrame(
        {
            "first": first.where(first != "", last),
            "pair": folding.pair(first, last),
            "street": street,
            "city": city,
            "country": country,
            "postcode": [
                geo.french_postcode(text, where)
                for text, where in zip(listed(records["postcode"]), listed(country), strict=True)
            ],
            "customer": records["customer"].str.strip(),
            "qpv": records["qpv"],
        }
    )
    for kind in LINKING:
        table, notes = identifiers(kind, records[kind])
        plain[kind] = each(records[kind], table)
        for what, count in notes.items():
            tally = tally.note(what, count)
    return plain, tally


def identifiers(kind: str, texts: pd.Series) -> tuple[dict[str, str], dict[str, int]]:
    """Return the normalised form of each distinct text ("" when unusable), and why others are not."""
    table: dict[str, str] = {}
    notes: dict[str, int] = {}
    for text in distinct(texts):
        found = (normalise_email if kind == "email" else normalise_phone)(text)
        reason = _unusable(kind, text, found)
        table[text] = "" if reason or found is None else found
        if reason:
            notes[f"{kind}_{reason}"] = notes.get(f"{kind}_{reason}", 0) + 1
    return table, notes


def _unusable(kind: str, text: str, found: str | None) -> str:
    if not text.strip():
        return ""
    if found is None:
        return "unreadable"
    if is_placeholder(found):
        return "placeholder"
    return "role_address" if kind == "email" and is_role_address(found) else ""


def _behind_crowds(merged: Merged) -> frozenset[int]:
    """Return the people whose only contact is that of a crowd: a payer's guests, a class."""
    linking = merged.carried[merged.carried["kind"].isin(LINKING)]
    own, shared = linking[~linking["crowd"]], linking[linking["crowd"]]
    return frozenset(set(shared["person"].tolist()) - set(own["person"].tolist()))


def _report(merged: Merged, tally: Tally, groups: Mapping[str, int]) -> MergeReport:
    """Return the counts of the merger; of identifiers, the distinct ones."""
    sizes = np.bincount(merged.person)
    places = np.searchsorted(list(SIZES.values()), sizes, side="right") - 1
    notes = tally.notes
    dropped = {
        f"{kind}_{reason}": notes.get(f"{kind}_{reason}", 0)
        for kind in LINKING
        for reason in ("unreadable", "placeholder", "role_address")
    }
    shared = merged.carried[merged.carried["people"] > 1]
    crowd = shared["crowd"]
    for reason, frame in (("crowd", shared[crowd]), ("household", shared[~crowd])):
        for kind, values in frame.groupby("kind")["value"].nunique().items():
            dropped[f"{kind}_{reason}"] = int(values)
    return MergeReport(
        records=len(merged.person),
        persons=_count(merged.person),
        joined=merged.joined,
        sizes={name: int((places == at).sum()) for at, name in enumerate(SIZES)},
        dropped={what: count for what, count in dropped.items() if count},
        groups={what: count for what, count in groups.items() if count},
    )


def _named_lines(tickets: pd.DataFrame, merged: Merged, tally: Tally) -> tuple[pd.DataFrame, Tally]:
    named = tickets["record"] >= 0
    tally = tally.drop("nobody_named", int((~named).sum()))
    lines = tickets[named].reset_index(drop=True)
    person = merged.person[lines["record"].to_numpy()]
    return lines.assign(person=person).drop(columns="record"), tally


def _persons(
    records: pd.DataFrame, merged: Merged, tickets: pd.DataFrame, values: Values
) -> pd.DataFrame:
    """Return one row per person; the newest filled cell wins (records come in the file's order)."""
    index = pd.RangeIndex(_count(merged.person), name="person")
    persons = pd.DataFrame(index=index)
    for column, told_by in PLACES:
        filled = (records[told_by] != "").to_numpy()
        last = pd.Series(records[column].to_numpy()[filled], index=merged.person[filled])
        persons[column] = last.groupby(level=0).last().reindex(index).fillna("").astype("str")
    persons["qpv"] = _yes_no(records["qpv"], merged, index)
    persons["subscriber"] = _subscribers(tickets, values, index)
    carried = merged.carried[~merged.carried["crowd"]]
    linking = carried[carried["kind"].isin(LINKING)]
    pairs = list(zip(listed(linking["kind"]), listed(linking["value"]), strict=True))
    persons["identifiers"] = _tuples(linking["person"], pairs, index)
    shared = carried["people"] > 1
    firsts = records["first"].groupby(merged.person).first()[carried["person"]].to_numpy()
    whose = pd.Series(np.where(shared, "|" + firsts, ""), index=carried.index)
    keys = carried["kind"] + ":" + carried["value"] + whose
    persons["keys"] = _tuples(carried["person"], listed(keys), index)
    return persons


def _tuples(owners: pd.Series, items: Sequence[object], index: pd.Index) -> pd.Series:
    """Return the items of each owner as a tuple, e-mails before phones as they come."""
    held = owners.to_numpy()
    order = np.argsort(held, kind="stable")
    ordered = [items[place] for place in order.tolist()]
    edges = np.searchsorted(held[order], np.arange(len(index) + 1))
    least = np.minimum(edges[1:], edges[:-1] + MAX_IDENTIFIERS)
    found = [tuple(ordered[a:b]) for a, b in zip(edges[:-1].tolist(), least.tolist(), strict=True)]
    return pd.Series(found, index=index, dtype=object)


def _yes_no(texts: pd.Series, merged: Merged, index: pd.Index) -> pd.Series:
    words = texts.str.strip().str.casefold()
    said = np.where(words.isin(YES), YesNo.YES, np.where(words.isin(NO), YesNo.NO, ""))
    last = pd.Series(said[said != ""], index=merged.person[said != ""]).groupby(level=0).last()
    return last.reindex(index).fillna(YesNo.UNKNOWN.value).astype("str")


def _subscribers(tickets: pd.DataFrame, values: Values, index: pd.Index) -> pd.Series:
    """A person is a subscriber when one of her tickets is a subscription line."""
    if not values.subscriber:
        return pd.Series(YesNo.UNKNOWN.value, index=index, dtype="str")
    said = tickets["product"].astype("str").str.strip().map(values.subscriber).fillna("unknown")
    yes = set(tickets.loc[said == YesNo.YES, "person"])
    no = set(tickets.loc[said == YesNo.NO, "person"])
    words = [YesNo.YES if p in yes else YesNo.NO if p in no else YesNo.UNKNOWN for p in index]
    return pd.Series([word.value for word in words], index=index, dtype="str")


def _ages(raw: Raw, merged: Merged) -> pd.Series:
    """Return the least age that any of her records states, in years; -1 unknown.

    The least, for a minor must not leave because another record is wrong.
    """
    stated = pd.to_numeric(raw.records["age"].str.replace(",", "."), errors="coerce")
    born = parse(raw.records["birth_date"], (*DATE_FORMATS, "%d-%m-%Y", "%Y%m%d"))
    today = pd.Timestamp(raw.read_at).tz_localize(None)
    not_yet = (born.dt.month * 100 + born.dt.day) > (today.month * 100 + today.day)
    ages = stated.fillna(today.year - born.dt.year - not_yet)
    ages = ages.where(ages.between(0, MAX_AGE)).groupby(merged.person).min()
    return ages.fillna(-1).astype("int64")


def _last_contacts(raw: Raw, merged: Merged, tickets: pd.DataFrame) -> pd.Series:
    acts = raw.contacts[raw.contacts["record"] >= 0]
    acts = acts.assign(person=merged.person[acts["record"].to_numpy()])
    index = pd.RangeIndex(_count(merged.person), name="person")
    return last_contacts(tickets, acts, index, pd.Timestamp(raw.read_at).tz_localize(None))


def _opposed(oppositions: pd.DataFrame, merged: Merged) -> frozenset[int]:
    """Return everybody who carries an identifier of an opposition list, shared or not."""
    named = []
    for kind in ("email", "phone", "customer"):
        texts = oppositions[kind]
        plain = (
            texts.str.strip() if kind == "customer" else each(texts, identifiers(kind, texts)[0])
        )
        named += [f"{kind}:{value}" for value in plain.unique() if value]
    whole = merged.carried["kind"] + ":" + merged.carried["value"]
    return frozenset(merged.carried.loc[whole.isin(named), "person"].tolist())


def _likenesses(records: pd.DataFrame, merged: Merged) -> pd.DataFrame:
    """Return ``person, likeness, street, postcode``: by what she might be somebody else's twin."""
    area = records["city"].where(records["city"] != "", records["postcode"])
    known = (records["pair"] != "") & (area != "")
    frame = pd.DataFrame(
        {
            "person": merged.person,
            "likeness": records["pair"] + "|" + area,
            "street": records["street"] != "",
            "postcode": records["postcode"],
        }
    )
    return frame[known].drop_duplicates(ignore_index=True)


def _count(person: np.ndarray) -> int:
    return int(person.max()) + 1 if len(person) else 0
