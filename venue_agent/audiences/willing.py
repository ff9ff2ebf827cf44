"""Who may be written to for one order: adults who told this house yes for that named partner and that channel, before it was asked.

A partner that the house added to its text afterwards was not in what earlier people said yes to.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from contracts.clock import parse_stamp
from contracts.order import Order
from contracts.visit import Purpose
from venue_agent.frames import Consented
from venue_agent.settings.mapping import DEFAULT_CHANNELS, LONGEST_MONTHS, ConsentRule

Flags = NDArray[np.bool_]
ADULT: Final = 18
A_DAY: Final = dt.timedelta(days=1)
"""An answer may be dated by its day alone, and by a clock of another time zone: it must be older by this much."""


@dataclass(frozen=True)
class Terms:
    """What an answer must be for one order."""

    partner: str
    channel: str
    before: dt.datetime  # aware: when the partner's request was submitted
    now: dt.datetime  # aware
    retention_months: int  # the charter's; never more than three years


def terms_of(order: Order, retention_months: int, now: dt.datetime) -> Terms:
    """Return the terms of an order."""
    asked = order.request
    return Terms(
        partner=asked.partner,
        channel=asked.channel.value,
        before=parse_stamp(order.submitted_at),
        now=now,
        retention_months=min(retention_months, LONGEST_MONTHS),
    )


def willing(
    consented: Consented,
    rules: Sequence[ConsentRule],
    notices: Mapping[str, Mapping[str, Any]],
    terms: Terms,
) -> Flags:
    """Return, in the order of ``consented.persons``, who may be written to.

    Args:
        consented: of the export as it is today: whoever objected since is not in it.
        rules: of the mapping, by position, as ``decisions`` names them.
        notices: every version of every text that previews have seen, as the consent records keep them.
        terms: what counts.

    An answer without a date proves nothing of when it was given: it does not count.
    """
    said = consented.decisions
    asked = said["given"].astype(bool) & said["at"].notna()
    asked &= said["purpose"].astype("str") == Purpose.PARTNER_OFFERS.value
    asked &= said["partner"].astype("str") == terms.partner
    asked &= said["channel"].astype("str") == terms.channel
    yes = said[asked]
    latest = _naive(terms.before) - A_DAY
    oldest = _naive(terms.now) - pd.DateOffset(months=terms.retention_months)
    since = {n: _named_since(rule, notices, terms) for n, rule in enumerate(rules)}
    named = yes["rule"].map(since).astype("datetime64[s]")
    good = yes[(yes["at"] <= latest) & (yes["at"] >= oldest) & (yes["at"] >= named)]
    people = consented.persons
    adult = ~people["age"].between(0, ADULT - 1).to_numpy(dtype=bool)
    return np.asarray(people.index.isin(good["person"]) & adult, dtype=np.bool_)


def _named_since(
    rule: ConsentRule, notices: Mapping[str, Mapping[str, Any]], terms: Terms
) -> pd.Timestamp:
    """Return since when the text behind *rule* names the partner for the channel; the year 1900 from the beginning.

    Texts are followed by their source, a column or what a whole file says: a version that did not name
    the partner, older than the first that did, means that it was added between the two. Where no preview
    has seen the version of today, it is of today.
    """
    source = rule.column or rule.says
    versions = [told for told in notices.values() if told["source"] == source]
    named = [_instant(told) for told in versions if _names(told, terms)]
    first = min(named, default=_naive(terms.now))
    earlier = any(_instant(told) < first and not _names(told, terms) for told in versions)
    return first if earlier else pd.Timestamp("1900-01-01")


def _names(told: Mapping[str, Any], terms: Terms) -> bool:
    channels = told["channels"] or DEFAULT_CHANNELS
    grants = Purpose.PARTNER_OFFERS.value in told["grants"]
    return grants and terms.partner in told["partners"] and terms.channel in channels


def _instant(told: Mapping[str, Any]) -> pd.Timestamp:
    return _naive(parse_stamp(str(told["since"])))


def _naive(instant: dt.datetime) -> pd.Timestamp:
    return pd.Timestamp(instant).tz_localize(None)
