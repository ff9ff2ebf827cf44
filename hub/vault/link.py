"""Joins the contributions of one person over venues, and keeps shared identifiers from joining strangers.

Contributions that carry the same linked identifier P are one person, with four guards, each of which
only ever takes links away:

1. an identifier that one venue gives to too many of its contributions counts for nothing at that venue;
2. a venue that alone joins identifiers which other venues hold apart, beyond a rate, joins none;
3. a telephone that several e-mail persons share (a family, an office) joins none of them;
4. a person larger than the cap falls back to her e-mails, and then to single contributions.

The result depends on the set of rows alone, not on their order.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.int64]
PHONE: Final = 1


@dataclass(frozen=True)
class Guards:
    """Public constants of the linkage."""

    contributions_per_identifier: int = 3  # at one venue, where the agent has merged already
    persons_per_phone: int = 3
    lone_joins_share: float = 0.15  # of the contributions whose identifiers others know as well
    lone_joins_floor: int = 10  # below this many, a share says nothing
    contributions_per_venue: int = 4  # of one person
    contributions: int = 128  # of one person, over all venues


@dataclass(frozen=True)
class Held:
    """Who holds which identifier: one entry per (contribution, identifier)."""

    contribution: Ints  # index into the contributions
    identifier: Ints
    phone: NDArray[np.bool_]

    def only(self, keep: NDArray[np.bool_]) -> "Held":
        """Return the entries where *keep* is true."""
        return Held(self.contribution[keep], self.identifier[keep], self.phone[keep])


@dataclass(frozen=True)
class Linkage:
    """The frozen map: ``persons[i]`` numbers the person of contribution *i*, from 0 without gaps."""

    persons: Ints
    suspects: tuple[int, ...]  # venue codes whose lone joins were too many


def hold(contribution_keys: NDArray[np.uint64], tokens: pa.Table) -> Held:
    """Return *tokens* (contribution_key, kind, point) against sorted distinct *contribution_keys*."""
    keys = tokens["contribution_key"].to_numpy()
    at = np.searchsorted(contribution_keys, keys)
    at = np.minimum(at, max(len(contribution_keys) - 1, 0))
    known = contribution_keys[at] == keys if len(contribution_keys) else np.zeros(len(keys), bool)
    points = tokens["point"].combine_chunks().dictionary_encode()
    rank = np.argsort(pc.array_sort_indices(points.dictionary).to_numpy())  # not order of arrival
    codes = rank[points.indices.to_numpy()].astype(np.int64)
    phone = tokens["kind"].to_numpy() == PHONE
    order = np.unique(
        at.astype(np.int64) * (len(points.dictionary) + 1) + codes, return_index=True
    )[1]
    return Held(at.astype(np.int64), codes, phone).only(np.isin(np.arange(len(at)), order) & known)


def link(venues: NDArray[np.integer], held: Held, guards: Guards) -> Linkage:
    """Return who is whom.

    Args:
        venues: the venue code of each contribution.
        held: which contribution holds which identifier.
        guards: the constants of the four guards.
    """
    venue = venues.astype(np.int64)
    held = _without_shared(venue, held, guards)
    held, suspects = _without_lone_joins(venue, held, guards)
    alone = np.arange(len(venue), dtype=np.int64)
    emails = _components(len(venue), held.only(~held.phone))
    held = _without_shared_phones(emails, held, guards)
    persons = _components(len(venue), held)
    for smaller in (emails, alone):
        persons = np.where(_too_large(persons, venue, guards), smaller + len(venue), persons)
    return Linkage(np.unique(persons, return_inverse=True)[1].astype(np.int64), suspects)


def _without_shared(venue: Ints, held: Held, guards: Guards) -> Held:
    span = int(held.identifier.max(initial=0)) + 1
    _, place, count = np.unique(
        venue[held.contribution] * span + held.identifier, return_inverse=True, return_counts=True
    )
    return held.only(count[place] <= guards.contributions_per_identifier)


def _without_lone_joins(venue: Ints, held: Held, guards: Guards) -> tuple[Held, tuple[int, ...]]:
    contribution, joined, lone = _joins(venue, held)
    if not lone.any():
        return held, ()
    size = int(venue.max(initial=0)) + 1
    joins = np.bincount(venue[np.unique(contribution[joined])], minlength=size)
    alone = np.bincount(venue[np.unique(contribution[lone])], minlength=size)
    over = (alone > guards.lone_joins_floor) & (alone > guards.lone_joins_share * joins)
    if not over.any():
        return held, ()
    guilty = np.zeros(len(venue), bool)
    guilty[contribution[lone]] = True
    guilty &= over[venue]
    first = np.full(len(venue), np.iinfo(np.int64).max)
    np.minimum.at(first, held.contribution, _rank(held))
    kept = ~guilty[held.contribution] | (_rank(held) == first[held.contribution])
    return held.only(kept), tuple(int(code) for code in np.flatnonzero(over))


def _joins(venue: Ints, held: Held) -> tuple[Ints, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return pairs of identifiers in one contribution: known elsewhere both, and joined here alone."""
    left, right = _pairs(held.contribution)
    if not len(left):
        return left, np.zeros(0, bool), np.zeros(0, bool)
    contribution = held.contribution[left]
    low = np.minimum(held.identifier[left], held.identifier[right])
    high = np.maximum(held.identifier[left], held.identifier[right])
    span = int(held.identifier.max(initial=0)) + 1
    spread = _distinct(held.identifier, venue[held.contribution])
    known = (spread[held.identifier[left]] > 1) & (spread[held.identifier[right]] > 1)
    _, pair = np.unique(low * span + high, return_inverse=True)
    return contribution, known, known & (_distinct(pair, venue[contribution])[pair] == 1)


def _pairs(contribution: Ints) -> tuple[Ints, Ints]:
    """Return the positions of every two entries of one contribution (eight identifiers at most)."""
    order = np.argsort(contribution, kind="stable")
    ordered = contribution[order]
    lefts, rights, step = [], [], 1
    while step < len(ordered) and (same := ordered[step:] == ordered[:-step]).any():
        lefts.append(order[:-step][same])
        rights.append(order[step:][same])
        step += 1
    nothing = np.zeros(0, np.int64)
    return np.concatenate([nothing, *lefts]), np.concatenate([nothing, *rights])


def _distinct(group: Ints, value: Ints) -> Ints:
    """Return, for each group number, how many distinct values it has."""
    span = int(value.max(initial=0)) + 1
    seen = np.unique(group * span + value)
    return np.bincount(seen // span, minlength=int(group.max(initial=-1)) + 1).astype(np.int64)


def _rank(held: Held) -> Ints:
    """Return an order of identifiers, e-mails first."""
    return held.identifier + held.phone * (int(held.identifier.max(initial=0)) + 1)


def _without_shared_phones(emails: Ints, held: Held, guards: Guards) -> Held:
    with_email = np.zeros(len(emails), bool)
    with_email[emails[held.contribution[~held.phone]]] = True
    owner = emails[held.contribution]
    counted = held.phone & with_email[owner]
    sharers = np.zeros(int(held.identifier.max(initial=0)) + 1, np.int64)
    found = _distinct(held.identifier[counted], owner[counted])
    sharers[: len(found)] = found
    return held.only(~held.phone | (sharers[held.identifier] <= guards.persons_per_phone))


def _too_large(persons: Ints, venue: Ints, guards: Guards) -> NDArray[np.bool_]:
    _, person, size = np.unique(persons, return_inverse=True, return_counts=True)
    span = int(venue.max(initial=0)) + 1
    _, place, here = np.unique(person * span + venue, return_inverse=True, return_counts=True)
    crowded = np.zeros(len(size), bool)
    crowded[person[here[place] > guards.contributions_per_venue]] = True
    return (crowded | (size > guards.contributions))[person]


def _components(contributions: int, held: Held) -> Ints:
    """Return for each contribution the smallest contribution that it is connected to."""
    label = np.arange(contributions + int(held.identifier.max(initial=-1)) + 1, dtype=np.int64)
    left, right = held.contribution, held.identifier + contributions
    while True:
        one, two = label[left], label[right]
        apart = one != two
        if not apart.any():
            return label[:contributions]
        low, high = np.minimum(one, two)[apart], np.maximum(one, two)[apart]
        np.minimum.at(label, high, low)
        while (label[label] != label).any():
            label = label[label]
