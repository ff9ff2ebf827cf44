"""Tells who buys for others: schools, works councils, resellers; their visits are nobody's own."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from contracts.visit import Channel
from venue_agent.settings.group_rules import (
    BOXES,
    CATEGORIES,
    ORGANISATIONS,
    SCHOOL,
    SELLERS,
    Groups,
)
from venue_agent.settings.mapping import Values
from venue_agent.sources.tables import same_words
from venue_agent.texts import distinct, each

DAYS: Final = 100_000  # more than there are days in any date that was read
NOT_WORD: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Buyers:
    """Who buys for others, and how many people by what gave them away."""

    persons: frozenset[int]
    notes: Mapping[str, int]


def group_buyers(
    records: pd.DataFrame, person: NDArray[np.int64], tickets: pd.DataFrame, words: "Words"
) -> Buyers:
    """Return the persons who are no single person, each under the first thing that tells.

    ``records``: ``last_name, first_name, email, category`` as written, one per record of *person*.
    ``tickets``: ``person, order, event_at, channel``.
    """
    told: dict[str, set[int]] = {
        "group_named": set(person[_named(records, words.groups)].tolist()),
        "group_mailbox": set(person[_boxes(records["email"])].tolist()),
        "group_channel": _sold_as_group(tickets, words.values),
        "group_volume": _volumes(tickets, words.groups),
    }
    seen: set[int] = set()
    notes = {}
    for what, people in told.items():
        notes[what] = len(people - seen)
        seen |= people
    return Buyers(frozenset(seen), notes)


@dataclass(frozen=True)
class Words:
    """What the mapping says of groups, and of the channels."""

    groups: Groups
    values: Values


def _named(records: pd.DataFrame, groups: Groups) -> NDArray[np.bool_]:
    last = _plain(records["last_name"])
    names = last + " " + _plain(records["first_name"])
    named = names.str.contains(_any_word(ORGANISATIONS, groups), regex=True)
    # « CE Airbus » is a works council; « Ce » alone may be somebody's name.
    council = last.str.contains(r"^ce \w{3}", regex=True) & ("ce" not in groups.not_words)
    category = _plain(records["category"])
    kind = category.str.contains(_any_word((*ORGANISATIONS, *CATEGORIES), groups), regex=True)
    return np.asarray(named | council | kind, dtype=bool)


def _any_word(known: tuple[str, ...], groups: Groups) -> str:
    words = {*map(plain_words, (*known, *groups.words))} - {*map(plain_words, groups.not_words)}
    return rf"\b(?:{'|'.join(sorted(map(re.escape, words)))})\b"


def plain_words(text: str) -> str:
    """Return *text* as words without accents, case or signs, one space between them."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return NOT_WORD.sub(" ", plain).strip()


def _plain(texts: pd.Series) -> pd.Series:
    return each(texts, {text: plain_words(text) for text in distinct(texts)})


def _boxes(emails: pd.Series) -> NDArray[np.bool_]:
    texts = emails.str.strip().str.lower()
    box = rf"^(?:{'|'.join(BOXES)})(?:[.+\-_]\w*)?@|^{SCHOOL}"
    seller = rf"@(?:[^@]*[.-])?(?:{'|'.join(SELLERS)})[.-]"
    return np.asarray(texts.str.contains(f"{box}|{seller}", regex=True), dtype=bool)


def _sold_as_group(tickets: pd.DataFrame, values: Values) -> set[int]:
    """Return whose seats were sold, for more than half of them, through the venue's group desk."""
    known = {same_words(w) for w, channel in values.channel.items() if channel is Channel.GROUP}
    words = [same_words(word) in known for word in tickets["channel"].cat.categories]
    if not any(words):
        return set()
    said = np.array([*words, False])[tickets["channel"].cat.codes.to_numpy()]
    share = pd.Series(said).groupby(tickets["person"].to_numpy()).mean()
    return set(share.index[share > 1 / 2].tolist())


def _volumes(tickets: pd.DataFrame, groups: Groups) -> set[int]:
    """Return who buys more than anybody does for herself and hers."""
    moments = tickets["event_at"].to_numpy()
    days = moments.astype("datetime64[D]").astype("int64")
    coming = tickets["person"].to_numpy(dtype="int64") * DAYS + days
    visits, keys = pd.factorize(coming)  # one number per person and day
    codes = tickets["order"].cat.codes.to_numpy(dtype="int64")
    orders, _ = pd.factorize(visits * (len(tickets["order"].cat.categories) + 1) + codes)
    seats = np.bincount(orders)
    visit_of = np.zeros(len(seats), dtype="int64")
    visit_of[orders] = visits
    buyer, day = np.divmod(keys, DAYS)
    years = day.astype("datetime64[D]").astype("datetime64[Y]").astype("int64")
    much = np.bincount(visits) >= groups.seats_per_event
    much |= np.bincount(visit_of, minlength=len(keys)) >= groups.orders_per_event
    large = buyer[visit_of[seats >= groups.seats_per_order]]
    return {
        *buyer[much].tolist(),
        *_often(large, groups.group_orders),
        *(key // DAYS for key in _often(buyer * DAYS + years, groups.event_days_per_year)),
    }


def _often(keys: NDArray[np.int64], times: int) -> list[int]:
    found, counts = np.unique(keys, return_counts=True)
    often: list[int] = found[counts >= times].tolist()
    return often
