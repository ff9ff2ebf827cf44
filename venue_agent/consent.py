"""Keeps who said yes, purpose by purpose: the latest answer wins, and no answer means no."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from contracts.visit import Purpose
from venue_agent.consents.contact import lapsed
from venue_agent.consents.verdicts import Hearing, Question, dated, questions
from venue_agent.frames import Consented, Normalised
from venue_agent.settings.mapping import LONGEST_MONTHS, ConsentRule


@dataclass(frozen=True)
class Allowed:
    """What the charter lets people be asked: its purposes, and the partners it names."""

    purposes: frozenset[Purpose]
    partners: frozenset[str]


def consent(
    normalised: Normalised,
    rules: tuple[ConsentRule, ...],
    allowed: Allowed,
    months: int = LONGEST_MONTHS,
) -> Consented:
    """Return the people who consent to something, and the local keys of those who do not.

    - The latest dated answer wins; an undated yes is older than all, an undated no newer than all,
      and an answer that is dated in the future is undated.
    - Yes and no at the same instant is no; nothing said is no; an opposition list is no.
    - Somebody who may be the same person (same names, same town, nothing that tells them apart)
      and who said no later counts too: a doubt never sends anyone.
    - Who buys for others is no person; who has not been in touch for *months* months is out.
    - An identifier that somebody who did not consent carries too is not sent.
    """
    now = pd.Timestamp(normalised.read_at).tz_localize(None)
    hearing = Hearing(
        index=normalised.persons.index,
        answers=dated(normalised.answers, now),
        opposed=normalised.opposed,
        likenesses=normalised.likenesses,
        rules=rules,
    )
    asked = questions(rules, allowed.purposes, allowed.partners)
    silent = lapsed(normalised.persons["last_contact"], now, months)
    out = silent | normalised.persons.index.isin(normalised.groups)
    verdicts = {question: _outside(hearing.verdict(question), out) for question in asked}
    return _keep(normalised, _with_purposes(normalised.persons, verdicts), verdicts, silent)


def _outside(verdict: pd.DataFrame, out: pd.Series) -> pd.DataFrame:
    return verdict.assign(given=verdict["given"] & ~out)


def _with_purposes(
    persons: pd.DataFrame, verdicts: Mapping[Question, pd.DataFrame]
) -> pd.DataFrame:
    persons = persons.copy()
    for purpose in (Purpose.STATISTICS, Purpose.RECOMMENDATION):
        verdict = verdicts.get(Question(purpose))
        persons[purpose.value] = False if verdict is None else verdict["given"]
    named: dict[int, dict[str, None]] = {}
    for question, verdict in verdicts.items():
        if question.partner:
            for person in verdict.index[verdict["given"]]:
                named.setdefault(person, {})[question.partner] = None
    persons["partner_offers"] = pd.Series(
        [tuple(named.get(p, ())) for p in persons.index], index=persons.index
    )
    return persons


def _keep(
    normalised: Normalised,
    persons: pd.DataFrame,
    verdicts: Mapping[Question, pd.DataFrame],
    silent: pd.Series,
) -> Consented:
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
    reasons = {
        "opposed": lines.isin(normalised.opposed),
        "group_buyer": lines.isin(normalised.groups),
        "no_contact_for_long": lines.isin(silent.index[silent]),
        "never_answered": ~lines.isin(set(normalised.answers["person"])),
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
        decisions=_decisions(verdicts, kept.index),
        refused=tuple(out["keys"]),
        tally=tally,
        read_at=normalised.read_at,
    )


def _decisions(verdicts: Mapping[Question, pd.DataFrame], kept: pd.Index) -> pd.DataFrame:
    """Return ``person, purpose, partner, channel, given, rule, at``: what was decided, and by which answer."""
    told = [
        verdict.loc[kept].rename_axis("person").reset_index().assign(
            purpose=question.purpose.value, partner=question.partner, channel=question.channel
        )
        for question, verdict in verdicts.items()
    ]  # fmt: skip
    columns = ["person", "purpose", "partner", "channel", "given", "rule", "at"]
    if not told:
        return pd.DataFrame(columns=columns)
    whole = pd.concat(told, ignore_index=True)[columns]
    texts = dict.fromkeys(("purpose", "partner", "channel"), "category")
    return whole.astype(texts)
