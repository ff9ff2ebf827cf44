"""Finds the answer that decides: the latest explicit one of a person to one question; a tie means no."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from contracts.visit import Purpose
from venue_agent.settings.mapping import CHANNELS, DEFAULT_CHANNELS, ConsentRule

OLDEST: Final = pd.Timestamp("1900-01-01")
NEWEST: Final = pd.Timestamp("2099-12-31")
TOMORROW: Final = pd.Timedelta(days=1)  # time zones differ by less
NO_RULE: Final = -1  # an entry of an opposition list


@dataclass(frozen=True)
class Question:
    """What may be consented to: a purpose and, for offers, whose and through which channel."""

    purpose: Purpose
    partner: str = ""
    channel: str = ""


@dataclass(frozen=True)
class Hearing:
    """All that was said, and who may be whose double.

    ``answers``: ``person, rule, yes, at`` (dated by ``dated``). ``opposed``: said no to everything.
    """

    index: pd.Index
    answers: pd.DataFrame
    opposed: frozenset[int]
    likenesses: pd.DataFrame
    rules: tuple[ConsentRule, ...]
    heard: dict[tuple[frozenset[int], frozenset[int]], pd.DataFrame] = field(default_factory=dict)

    def verdict(self, question: Question) -> pd.DataFrame:
        """Return for each person ``given`` (bool), and ``rule, at`` of the answer that decided.

        ``rule`` is NO_RULE and ``at`` is NaT where nothing was said, or without a date.
        """
        grants, denies = _bearing(self.rules, question)
        key = (frozenset(grants), frozenset(denies))
        if key not in self.heard:
            self.heard[key] = self._decide(grants, denies)
        return self.heard[key]

    def _decide(self, grants: Sequence[int], denies: Sequence[int]) -> pd.DataFrame:
        answers = self.answers
        heard = answers["rule"].isin(grants) | (answers["rule"].isin(denies) & ~answers["yes"])
        last = latest(pd.concat([answers[heard], opposing(self.opposed)], ignore_index=True))
        given = last["yes"].reindex(self.index, fill_value=False).astype(bool)
        at = last["at"].reindex(self.index)
        refused = ~given & at.notna()
        given &= ~_doubted(given, refused, at, self.likenesses)
        dated = at.where((at > OLDEST) & (at < NEWEST))
        rule = last["rule"].reindex(self.index, fill_value=NO_RULE)
        return pd.DataFrame({"given": given, "rule": rule, "at": dated})


def questions(
    rules: tuple[ConsentRule, ...], purposes: Iterable[Purpose], partners: Iterable[str]
) -> list[Question]:
    """Return what may be asked: purposes of the charter, for its partners, by channels that a text opens."""
    asked = [
        Question(purpose)
        for purpose in (Purpose.STATISTICS, Purpose.RECOMMENDATION)
        if purpose in purposes
    ]
    if Purpose.PARTNER_OFFERS not in purposes:
        return asked
    opened = {
        (partner, channel)
        for rule in rules
        if Purpose.PARTNER_OFFERS in rule.grants
        for partner in rule.partners
        for channel in rule.channels or DEFAULT_CHANNELS
    }
    return asked + [
        Question(Purpose.PARTNER_OFFERS, partner, channel)
        for partner in sorted(set(partners))
        for channel in CHANNELS
        if (partner, channel) in opened
    ]


def dated(answers: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Return *answers* with an instant each: without one, a yes is older than all, a no newer than all.

    An answer that is dated after it was read has no date that can be believed.
    """
    at = answers["at"].where(answers["at"] <= now + TOMORROW)
    undated = answers["yes"].map({True: OLDEST, False: NEWEST}).astype("datetime64[s]")
    return answers.assign(at=at.fillna(undated))


def latest(said: pd.DataFrame) -> pd.DataFrame:
    """Return the last word of each person (index): at the same instant, a no comes after a yes."""
    order = np.lexsort((~said["yes"], said["at"].astype("int64"), said["person"]))
    return said.iloc[order].drop_duplicates("person", keep="last").set_index("person")


def opposing(opposed: frozenset[int]) -> pd.DataFrame:
    """Return the entries of opposition lists as answers: no, newer than everything."""
    said = pd.DataFrame({"person": np.array(sorted(opposed), dtype="int64")})
    at = pd.Series(NEWEST, index=said.index, dtype="datetime64[s]")
    return said.assign(rule=NO_RULE, yes=False, at=at)


def _bearing(rules: tuple[ConsentRule, ...], asked: Question) -> tuple[list[int], list[int]]:
    """Return the rules whose yes grants what is *asked*, and those of which only a no counts."""
    grants, denies = [], []
    for number, rule in enumerate(rules):
        about = not asked.partner or asked.partner in rule.partners
        if asked.purpose in rule.grants and about:
            if _through(asked.channel, rule.channels or DEFAULT_CHANNELS):
                grants.append(number)
            elif not rule.channels:  # a no to a text that names no channel closes them all
                denies.append(number)
        elif (
            asked.purpose in rule.denies
            and (about or not rule.partners)
            and _through(asked.channel, rule.channels or CHANNELS)
        ):
            denies.append(number)
    return grants, denies


def _through(channel: str, channels: Sequence[str]) -> bool:
    return not channel or channel in channels


def _doubted(
    given: pd.Series, refused: pd.Series, at: pd.Series, likenesses: pd.DataFrame
) -> pd.Series:
    """Return who may be the same person as somebody whose refusal is the newer answer.

    Same names, same town, and nothing that tells them apart.
    """
    refusers = likenesses[likenesses["person"].isin(refused.index[refused])]
    willing = likenesses[likenesses["person"].isin(given.index[given])]
    twins = willing.merge(refusers, on="likeness", suffixes=("", "_no"))
    alike = (twins["postcode"] == twins["postcode_no"]) | (
        (twins["postcode"] == "") | (twins["postcode_no"] == "")
    )
    twins = twins[alike & ~(twins["street"] & twins["street_no"])]
    later = at.reindex(twins["person_no"]).to_numpy() >= at.reindex(twins["person"]).to_numpy()
    return pd.Series(given.index.isin(twins.loc[later, "person"]), index=given.index)
