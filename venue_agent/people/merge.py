"""Finds which customer records of one venue are one person, and which identifiers several share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

KINDS: Final = ("email", "phone", "customer")
CROWD: Final = 4  # identifiers of one address, above which it is a desk's, not a household's


@dataclass(frozen=True)
class Merged:
    """One number per record, and who carries which identifier.

    ``carried``: ``person, kind, value, people, crowd``, distinct; ``people`` counts the differently
    named people who carry that identifier at this venue, ``crowd`` says that they are too many. ``joined``: kind of key -> records that
    it joined to an earlier one; ``len(person)`` minus their sum is the number of persons.
    """

    person: NDArray[np.int64]
    carried: pd.DataFrame
    joined: Mapping[str, int]


def merge(keys: pd.DataFrame, most: int) -> Merged:
    """Return who is who among records; an identifier of more than *most* people is a crowd's.

    ``keys``: folded or normalised cells, "" unknown: ``email, phone, customer, first, pair,
    street, city, postcode``.

    Two records are one person when they share an identifier *and* a first name or both names in
    either order, or both names and the street address. A record without a name joins the person
    who alone carries its identifier. Two first names behind one address are a household: two
    people, who answer for themselves (they would otherwise answer for each other).
    """
    held = _held(keys)
    person, joined = _join(held, keys)
    found = _count(person)
    person = _adopt_nameless(person, held, keys)
    joined["nameless"] = found - _count(person)
    carried = held.assign(person=person[held["record"].to_numpy()])
    carried = carried[["person", "kind", "value"]].drop_duplicates(ignore_index=True)
    people = carried.groupby(["kind", "value"], sort=False)["person"].transform("size")
    _, numbers = np.unique(person, return_inverse=True)
    carried["person"] = pd.Series(numbers).groupby(person).first()[carried["person"]].to_numpy()
    carried = carried.assign(people=people.to_numpy(), crowd=(people > most).to_numpy())
    return Merged(numbers, carried, joined)


def _join(held: pd.DataFrame, keys: pd.DataFrame) -> tuple[NDArray[np.int64], dict[str, int]]:
    """Return for each record the least record of its person, and how many each kind of key joined.

    Kind after kind, so that a record counts under the first that joins it.
    """
    named = {kind: held[held["kind"] == kind] for kind in ("customer", "email", "phone")}
    links = {
        kind: pd.concat([_links(part, keys["first"]), _links(part, keys["pair"])])
        for kind, part in named.items()
    }
    links["place"] = _places(keys)
    person = np.arange(len(keys), dtype=np.int64)
    joined = {}
    for kind, found in links.items():
        before = _count(person)
        roots = found.assign(record=person[found["record"].to_numpy()])
        person = _components(roots, len(keys))[person]
        joined[kind] = before - _count(person)
    return person, joined


def _count(person: NDArray[np.int64]) -> int:
    """Return how many persons there are, each known by one of her records."""
    return int(np.count_nonzero(np.bincount(person)))  # numbers of records: no need to hash


def _held(keys: pd.DataFrame) -> pd.DataFrame:
    """Return ``record, kind, value`` for each identifier of each record."""
    parts = [
        pd.DataFrame({"record": np.flatnonzero(keys[k] != ""), "kind": k}).assign(
            value=keys.loc[keys[k] != "", k].to_numpy()
        )
        for k in KINDS
    ]
    return pd.concat(parts, ignore_index=True)


def _links(held: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    name = names.to_numpy()[held["record"].to_numpy()]
    node = held["kind"] + ":" + held["value"] + "|" + name
    links = pd.DataFrame({"record": held["record"], "node": node, "named": name != ""})
    return links.loc[links["named"], ["record", "node"]]


def _places(keys: pd.DataFrame) -> pd.DataFrame:
    """Return a node for both names at one address, where nothing says that they are homonyms.

    A blank postcode is the only one that the same names and street have elsewhere in the file.
    """
    known = ((keys["pair"] != "") & (keys["street"] != "")).to_numpy()
    whole = keys[known].assign(record=np.flatnonzero(known))
    whole["node"] = "place:" + whole["pair"] + "|" + whole["street"] + "|" + whole["city"]
    whole["known"] = whole["postcode"].where(whole["postcode"] != "")
    group = whole.groupby("node", sort=False)["known"]
    alone = group.transform("nunique") == 1
    whole["node"] += "|" + whole["postcode"].where(~alone, "")
    return whole.loc[~_desks(whole), ["record", "node"]]


def _desks(whole: pd.DataFrame) -> pd.Series:
    """Return the records of addresses with too many e-mails or phones for one person."""
    desk = pd.Series(data=False, index=whole.index)
    for kind in ("email", "phone"):
        filled = whole[kind].where(whole[kind] != "")
        desk |= filled.groupby(whole["node"], sort=False).transform("nunique") > CROWD
    return desk


def _components(links: pd.DataFrame, count: int) -> NDArray[np.int64]:
    """Return for each record the least record that it is linked to, by sweeps of minima."""
    labels = np.arange(count, dtype=np.int64)
    members = links["record"].to_numpy(dtype=np.int64)
    nodes, names = pd.factorize(links["node"])
    while True:
        least = np.full(len(names), count, dtype=np.int64)
        np.minimum.at(least, nodes, labels[members])
        swept = labels.copy()
        np.minimum.at(swept, members, least[nodes])
        swept = swept[swept]
        if np.array_equal(swept, labels):
            return labels
        labels = swept


def _adopt_nameless(
    person: NDArray[np.int64], held: pd.DataFrame, keys: pd.DataFrame
) -> NDArray[np.int64]:
    """Give each nameless record to the one person who carries its identifier, if there is one."""
    nameless = (keys["pair"] == "").to_numpy()
    owned = held.assign(person=person[held["record"].to_numpy()])
    named = owned[~nameless[owned["record"].to_numpy()]]
    owners = named.groupby(["kind", "value"])["person"].agg(["min", "max"])
    sole = owners.loc[owners["min"] == owners["max"], "min"].rename("owner").reset_index()
    orphans = owned[nameless[owned["record"].to_numpy()]]
    adopted = orphans.merge(sole, on=["kind", "value"]).drop_duplicates("record")
    person = person.copy()
    person[adopted["record"].to_numpy()] = adopted["owner"].to_numpy()
    # Those whom nobody adopts are one person when they share an identifier.
    left = orphans[~orphans["record"].isin(adopted["record"])]
    links = pd.DataFrame({"record": left["record"], "node": left["kind"] + ":" + left["value"]})
    together = _components(links, len(person))
    return np.where(nameless & np.isin(np.arange(len(person)), left["record"]), together, person)
