"""Keeps who said yes, purpose by purpose: the latest answer wins, and no answer means no."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from contracts.visit import Purpose
from venue_agent.frames import Consented, Normalised
from venue_agent.mapping import ConsentRule

OLDEST: Final = pd.Timestamp("1900-01-01")
NEWEST: Final = pd.Timestamp("2099-12-31")
DECIDED: Final = ("person", "yes", "at")


@dataclass(frozen=True)
class Allowed:
    """What the charter lets people be asked: its purposes, and the partners it names."""

    purposes: frozenset[Purpose]
    partners: frozenset[str]


def consent(normalised: Normalised, rules: tuple[ConsentRule, ...], allowed: Allowed) -> Consented:
    """Return the people who consent to something, and the local keys of those who do not.

    - The latest dated answer wins; an undated yes is older than all, an undated no newer than all.
    - Yes and no at the same instant is no; nothing said is no; an opposition list is no.
    - Somebody who may be the same person (same names, same town, nothing that tells them apart)
      and who said no later counts too: a doubt never sends anyone.
    - An identifier that somebody who did not consent carries too is not sent.
    """
    answers = normalised.answers.assign(at=_dated(normalised.answers))
    opposed = pd.DataFrame({"person": sorted(normalised.opposed), "yes": False, "at": NEWEST})
    persons = normalised.persons.copy()
    for purpose in (Purpose.STATISTICS, Purpose.RECOMMENDATION):
        said = _about(answers, rules, purpose, None) if purpose in allowed.purposes else None
        persons[purpose.value] = _granted(persons, said, opposed, normalised.likenesses)
    partners = allowed.partners if Purpose.PARTNER_OFFERS in allowed.purposes else frozenset()
    persons["partner_offers"] = _partners(
        persons,
        {
            partner: _granted(
                persons,
                _about(answers, rules, Purpose.PARTNER_OFFERS, partner),
                opposed,
                normalised.likenesses,
            )
            for partner in sorted(partners)
        },
    )
    return _keep(normalised, persons)


def _dated(answers: pd.DataFrame) -> pd.Series:
    undated = answers["yes"].map({True: OLDEST, False: NEWEST})
    return answers["at"].fillna(undated.astype("datetime64[s]"))


def _about(
    answers: pd.DataFrame, rules: tuple[ConsentRule, ...], purpose: Purpose, partner: str | None
) -> pd.DataFrame:
    """Return the answers that bear on *purpose* (for *partner*)."""
    grants = [
        n
        for n, rule in enumerate(rules)
        if purpose in rule.grants and (partner is None or partner in rule.partners)
    ]
    denies = [
        n
        for n, rule in enumerate(rules)
        if purpose in rule.denies and (not rule.partners or partner in rule.partners)
    ]
    heard = answers["rule"].isin(grants) | (answers["rule"].isin(denies) & ~answers["yes"])
    return answers.loc[heard, list(DECIDED)]


def _granted(
    persons: pd.DataFrame,
    said: pd.DataFrame | None,
    opposed: pd.DataFrame,
    likenesses: pd.DataFrame,
) -> pd.Series:
    if said is None:
        return pd.Series(data=False, index=persons.index)
    said = pd.concat([said, opposed], ignore_index=True) if len(opposed) else said
    yes_at = said[said["yes"]].groupby("person")["at"].max().reindex(persons.index)
    no_at = said[~said["yes"]].groupby("person")["at"].max().reindex(persons.index)
    granted = yes_at.notna() & ~(no_at >= yes_at)
    return granted & ~_doubted(granted, yes_at, no_at, likenesses)


def _doubted(
    granted: pd.Series, yes_at: pd.Series, no_at: pd.Series, likenesses: pd.DataFrame
) -> pd.Series:
    """Return who may be the same person as somebody whose refusal is the newer answer."""
    refusers = likenesses[likenesses["person"].isin(no_at.index[no_at.notna() & ~granted])]
    willing = likenesses[likenesses["person"].isin(granted.index[granted])]
    twins = willing.merge(refusers, on="likeness", suffixes=("", "_no"))
    alike = (twins["postcode"] == twins["postcode_no"]) | (
        (twins["postcode"] == "") | (twins["postcode_no"] == "")
    )
    twins = twins[alike & ~(twins["street"] & twins["street_no"])]
    later = (
        no_at.reindex(twins["person_no"]).to_numpy() >= yes_at.reindex(twins["person"]).to_numpy()
    )
    return pd.Series(granted.index.isin(twins.loc[later, "person"]), index=granted.index)


def _partners(persons: pd.DataFrame, granted: dict[str, pd.Series]) -> pd.Series:
    named: dict[int, list[str]] = {}
    for partner, yes in granted.items():
        for person in yes.index[yes]:
            named.setdefault(person, []).append(partner)
    return pd.Series([tuple(named.get(p, ())) for p in persons.index], index=persons.index)


def _keep(normalised: Normalised, persons: pd.DataFrame) -> Consented:
    willing = persons["statistics"] | persons["recommendation"]
    willing |= persons["partner_offers"].map(bool).astype(bool)
    out = persons[~willing]
    burnt = {pair for pairs in out["identifiers"] for pair in pairs}
    kept = persons[willing].copy()
    kept["identifiers"] = kept["identifiers"].map(
        lambda pairs: tuple(pair for pair in pairs if pair not in burnt)
    )
    tally = normalised.tally
    lines = normalised.tickets["person"]
    asked = set(normalised.answers["person"])
    reasons = {
        "opposed": lines.isin(normalised.opposed),
        "never_answered": ~lines.isin(asked),
        "said_no": lines.isin(out.index),
    }
    gone = pd.Series(data=False, index=lines.index)
    for reason, mask in reasons.items():
        here = mask & lines.isin(out.index) & ~gone
        tally = tally.drop(reason, int(here.sum()))
        gone |= here
    return Consented(
        tickets=normalised.tickets[~gone].reset_index(drop=True),
        persons=kept,
        refused=tuple(out["keys"]),
        tally=tally,
        read_at=normalised.read_at,
    )
