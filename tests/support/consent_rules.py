"""The rules of consent, one small scenario each: what a mutant must not survive.

Each function fails when its rule does not hold. They build frames in memory, so all of them take a second.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import pytest

from contracts.visit import Purpose
from venue_agent import read
from venue_agent.consent import Allowed, consent
from venue_agent.consents.answers import answer_columns, read_answers
from venue_agent.consents.contact import last_contacts
from venue_agent.errors import (
    BoughtFile,
    ConfigError,
    StaleConsent,
    UnreadableAnswer,
    UnreadableDate,
)
from venue_agent.frames import Consented, Normalised, Tally
from venue_agent.people.merge_report import MergeReport
from venue_agent.settings.mapping import ConsentFile, ConsentRule, Values, parse_mapping
from venue_agent.sources.tables import Table

NOW = dt.datetime(2025, 9, 15, 8, 0, tzinfo=dt.UTC)
TODAY = pd.Timestamp("2025-09-15 08:00")
STATISTICS, OFFERS, RECOMMEND = (
    Purpose.STATISTICS,
    Purpose.PARTNER_OFFERS,
    Purpose.RECOMMENDATION,
)
Said = tuple[int, int, bool, str]  # person, rule, yes, day ("" undated)
Double = tuple[int, bool, str]  # person, whether a street is known, postcode


def _rule(**changes: object) -> ConsentRule:
    return ConsentRule.model_validate({"column": "A", "text": "J'accepte."} | changes)


RULES = (
    _rule(grants=(STATISTICS,)),
    _rule(grants=(OFFERS,), partners=("friends",)),
    _rule(denies=(OFFERS,), channels=("email",)),
    _rule(grants=(OFFERS,), partners=("friends",), channels=("sms",)),
    _rule(denies=(OFFERS,)),
    _rule(grants=(RECOMMEND,)),
    _rule(grants=(OFFERS,), partners=("strangers",)),
    _rule(denies=(STATISTICS,)),
    _rule(denies=(OFFERS,), partners=("theatre-b",)),
    _rule(grants=(OFFERS,), partners=("theatre-b",)),
)
STATS, FRIENDS, NO_MAIL, SMS, NO_OFFERS, ADVICE, STRANGERS, NO_STATS, NOT_B, B = range(10)
STATISTICS_ALONE = Allowed(frozenset({STATISTICS}), frozenset())
EVERYTHING = Allowed(frozenset(Purpose), frozenset({"friends", "theatre-b"}))


def decided(
    *said: Said,
    people: int = 1,
    opposed: Iterable[int] = (),
    groups: Iterable[int] = (),
    last: str = "2025-06-01",
    doubles: Iterable[Double] = (),
    identifiers: Iterable[str] = (),
    allowed: Allowed = EVERYTHING,
) -> Consented:
    """What consent() makes of people who answered so; each has a ticket."""
    answers = pd.DataFrame(said, columns=["person", "rule", "yes", "at"])
    answers["at"] = pd.to_datetime(answers["at"], format="mixed").astype("datetime64[s]")
    answers = answers.astype({"person": "int64", "rule": "int64", "yes": bool})
    shared = tuple(("email", each) for each in identifiers)
    index = pd.RangeIndex(people, name="person")
    persons = pd.DataFrame(
        {
            "identifiers": [(("email", f"own{n}"), *shared) for n in index],
            "keys": [(f"key{n}",) for n in index],
            "last_contact": pd.Series(pd.Timestamp(last), index=index).astype("datetime64[s]"),
        },
        index=index,
    )
    likenesses = pd.DataFrame(
        [(person, "zoe durand|lyon", street, postcode) for person, street, postcode in doubles],
        columns=["person", "likeness", "street", "postcode"],
    )
    normalised = Normalised(
        tickets=pd.DataFrame({"person": list(index)}),
        persons=persons,
        answers=answers,
        opposed=frozenset(opposed),
        groups=frozenset(groups),
        likenesses=likenesses.astype({"person": "int64", "street": bool}),
        merging=MergeReport(),
        tally=Tally(people, {}, {}),
        read_at=NOW,
    )
    return consent(normalised, RULES, allowed)


def says_yes(*said: Said, **more: object) -> bool:
    """Whether person 0 may be counted, and whether whoever is out is out everywhere."""
    more.setdefault("allowed", STATISTICS_ALONE)
    found = decided(*said, **more)  # type: ignore[arg-type]
    kept = 0 in found.persons.index and bool(found.persons.loc[0, "statistics"])
    assert ("key0",) in found.refused or 0 in found.persons.index
    assert (0 in set(found.tickets["person"])) == (0 in found.persons.index)
    return kept


def offers(*said: Said, **more: object) -> tuple[str, ...]:
    """The channels by which « friends » may write to person 0."""
    found = decided((0, STATS, True, "2025-01-01"), *said, **more).decisions  # type: ignore[arg-type]
    mine = found[(found["partner"] == "friends") & found["given"]]
    return tuple(mine["channel"])


def partners(*said: Said, **more: object) -> tuple[str, ...]:
    found = decided((0, STATS, True, "2025-01-01"), *said, **more)  # type: ignore[arg-type]
    return tuple(found.persons.loc[0, "partner_offers"])


def the_latest_answer_wins() -> None:
    assert says_yes((0, STATS, False, "2025-01-01"), (0, STATS, True, "2025-01-02"))
    assert not says_yes((0, STATS, True, "2025-01-01"), (0, STATS, False, "2025-01-02"))


def a_tie_is_no() -> None:
    assert not says_yes((0, STATS, True, "2025-01-01"), (0, STATS, False, "2025-01-01"))
    assert not says_yes((0, STATS, False, "2025-01-01"), (0, STATS, True, "2025-01-01"))
    assert not says_yes((0, STATS, True, ""), (0, STATS, False, ""))


def silence_is_no() -> None:
    assert not says_yes()
    assert decided().tally.dropped == {"never_answered": 1}
    assert decided((0, STATS, False, "2025-01-01")).tally.dropped == {"said_no": 1}
    assert decided().refused == (("key0",),)


def an_undated_yes_is_the_oldest() -> None:
    assert says_yes((0, STATS, True, ""))
    assert not says_yes((0, STATS, True, ""), (0, STATS, False, "1999-01-01"))


def an_undated_no_is_the_newest() -> None:
    assert not says_yes((0, STATS, True, "2025-09-14"), (0, STATS, False, ""))


def a_date_in_the_future_is_none() -> None:
    assert not says_yes((0, STATS, True, "2099-01-01"), (0, STATS, False, "2025-01-01"))
    assert not says_yes((0, STATS, True, "2025-01-01"), (0, STATS, False, "2099-01-01"))
    assert says_yes((0, STATS, False, "2025-09-14"), (0, STATS, True, "2025-09-16"))  # another zone
    at_most = (0, STATS, True, "2025-09-16 08:00")
    assert says_yes((0, STATS, False, "2025-09-14"), at_most)
    assert not says_yes((0, STATS, False, "2025-09-14"), (0, STATS, True, "2025-09-17"))


def an_objection_outlives_every_yes() -> None:
    assert not says_yes((0, STATS, True, "2025-09-14"), opposed=[0])
    assert decided((0, STATS, True, "2025-09-14"), opposed=[0]).tally.dropped == {"opposed": 1}
    assert says_yes((0, STATS, True, "2025-09-14"), people=2, opposed=[1])
    for said in (FRIENDS, ADVICE):
        found = decided((0, said, True, "2025-09-14"), opposed=[0])
        assert len(found.persons) == 0


def who_buys_for_others_is_no_person() -> None:
    found = decided((0, STATS, True, "2025-01-01"), (0, FRIENDS, True, "2025-01-01"), groups=[0])
    assert found.tally.dropped == {"group_buyer": 1}
    assert len(found.persons) == 0
    assert found.refused == (("key0",),)


def three_years_without_contact_end_it() -> None:
    yes = (0, STATS, True, "2022-01-01")
    assert says_yes(yes, last="2022-09-15")
    assert not says_yes(yes, last="2022-09-14")
    assert decided(yes, last="2022-09-14").tally.dropped == {"no_contact_for_long": 1}
    assert not decided((0, FRIENDS, True, "2025-01-01"), last="2020-01-01").persons.size


def an_act_is_a_purchase_a_visit_or_a_click() -> None:
    def last(tickets: list[tuple[str, str]], clicks: list[str]) -> str:
        sold = pd.DataFrame(tickets, columns=["booked", "event_at"]).assign(person=0)
        sold["booked"] = pd.to_datetime(sold["booked"]).astype("datetime64[s]")
        sold["event_at"] = pd.to_datetime(sold["event_at"], format="mixed").astype("datetime64[s]")
        acts = pd.DataFrame({"at": pd.to_datetime(clicks)}).astype("datetime64[s]").assign(person=0)
        found = last_contacts(sold, acts, pd.RangeIndex(1), TODAY)
        return "" if pd.isna(found[0]) else f"{found[0]:%Y-%m-%d}"

    assert last([("2024-01-01", "2024-02-01")], []) == "2024-02-01"
    assert last([("2024-01-01", "2026-02-01")], []) == "2024-01-01"  # not come yet
    assert last([("", "2026-02-01")], []) == "2025-09-15"  # bought, who knows when
    assert last([("", "2020-02-01")], ["2023-05-01", "2022-05-01"]) == "2023-05-01"
    assert last([("2030-01-01", "2020-02-01")], ["2031-05-01"]) == "2020-02-01"
    assert last([("", "2025-09-15 08:00")], []) == "2025-09-15"  # this very moment
    assert last([], ["2025-09-15 08:00"]) == "2025-09-15"
    assert last([], []) == ""


def an_opened_message_is_no_act() -> None:
    assert ConsentFile.model_validate(_contacts(active=["LAST_CLICK"])).active == ("LAST_CLICK",)
    for column in ("LAST_OPEN", "Dernière ouverture", "date_opened"):
        with pytest.raises(ValueError, match="active"):
            ConsentFile.model_validate(_contacts(active=[column]))


def _contacts(**more: object) -> dict[str, object]:
    rule = {"column": "OPTIN", "text": "x", "grants": ["statistics"]}
    return {"pattern": "c.csv", "columns": {"email": "EMAIL"}, "consent": [rule], **more}


def a_doubt_sends_nobody() -> None:
    yes, no = (0, STATS, True, "2025-01-02"), (1, STATS, False, "2025-01-03")
    alike = [(0, False, "69003"), (1, False, "69003")]
    assert says_yes(yes, no, people=2)
    assert not says_yes(yes, no, people=2, doubles=alike)
    assert not says_yes((0, STATS, True, ""), no, people=2, doubles=alike)  # undated: the oldest
    assert not says_yes(yes, (1, STATS, False, "2025-01-02"), people=2, doubles=alike)
    assert says_yes(yes, (1, STATS, False, "2025-01-01"), people=2, doubles=alike)
    assert says_yes(yes, (1, STATS, True, "2025-01-03"), people=2, doubles=alike)
    assert says_yes(yes, no, people=2, doubles=[(0, False, "69003"), (1, False, "69001")])
    assert not says_yes(yes, no, people=2, doubles=[(0, False, "69003"), (1, False, "")])
    assert not says_yes(yes, no, people=2, doubles=[(0, False, ""), (1, False, "69003")])
    assert says_yes(yes, no, people=2, doubles=[(0, True, "69003"), (1, True, "69003")])
    assert not says_yes(yes, no, people=2, doubles=[(0, True, "69003"), (1, False, "69003")])


def a_text_grants_what_it_says() -> None:
    found = decided((0, ADVICE, True, "2025-01-01")).persons.loc[0]
    assert (found["statistics"], found["recommendation"]) == (False, True)
    assert found["partner_offers"] == ()
    found = decided((0, STATS, True, "2025-01-01")).persons.loc[0]
    assert (found["statistics"], found["recommendation"]) == (True, False)


def a_partner_is_named() -> None:
    assert partners((0, FRIENDS, True, "2025-01-01")) == ("friends",)
    assert partners((0, STRANGERS, True, "2025-01-01")) == ()  # the charter does not know them
    both = ((0, FRIENDS, True, "2025-01-01"), (0, B, True, "2025-01-01"))
    assert partners(*both) == ("friends", "theatre-b")
    assert partners(*both, (0, B, False, "2025-01-02")) == ("friends",)
    assert partners(*both, (0, NOT_B, False, "2025-01-02")) == ("friends",)
    assert partners(*both, (0, NO_OFFERS, False, "2025-01-02")) == ()


def the_charter_says_what_may_be_asked() -> None:
    yes = ((0, STATS, True, "2025-01-01"), (0, ADVICE, True, "2025-01-01"), (0, FRIENDS, True, "2025-01-01"))  # fmt: skip
    only = Allowed(frozenset({STATISTICS}), frozenset({"friends"}))
    found = decided(*yes, allowed=only).persons.loc[0]
    assert (found["statistics"], found["recommendation"]) == (True, False)
    assert found["partner_offers"] == ()
    others = Allowed(frozenset({RECOMMEND, OFFERS}), frozenset({"friends"}))
    found = decided(*yes, allowed=others).persons.loc[0]
    assert (found["statistics"], found["recommendation"]) == (False, True)
    assert found["partner_offers"] == ("friends",)


def a_denial_takes_and_never_gives() -> None:
    assert not says_yes((0, NO_STATS, True, "2025-01-01"))
    assert says_yes((0, STATS, True, "2025-01-01"), (0, NO_STATS, True, "2025-01-02"))
    assert not says_yes((0, STATS, True, "2025-01-01"), (0, NO_STATS, False, "2025-01-02"))
    assert says_yes((0, STATS, True, "2025-01-03"), (0, NO_STATS, False, "2025-01-02"))


def a_channel_is_opened_and_closed_by_itself() -> None:
    yes = (0, FRIENDS, True, "2025-01-01")
    assert offers(yes) == ("email",)  # a text that names no channel opens e-mail alone
    assert offers((0, SMS, True, "2025-01-01")) == ("sms",)
    both = (yes, (0, SMS, True, "2025-01-01"))
    assert offers(*both) == ("email", "sms")
    assert offers(*both, (0, NO_MAIL, False, "2025-01-02")) == ("sms",)
    assert offers(*both, (0, NO_OFFERS, False, "2025-01-02")) == ()
    assert offers((0, SMS, True, "2025-01-01"), (0, FRIENDS, False, "2025-01-02")) == ()
    assert offers(yes, (0, SMS, False, "2025-01-02")) == ("email",)


def what_a_refuser_carries_is_not_sent() -> None:
    yes, no = (0, STATS, True, "2025-01-01"), (1, STATS, False, "2025-01-01")
    found = decided(yes, no, people=2, identifiers=["foyer"])
    assert found.persons.loc[0, "identifiers"] == (("email", "own0"),)
    found = decided(yes, (1, STATS, True, "2025-01-01"), people=2, identifiers=["foyer"])
    assert found.persons.loc[0, "identifiers"] == (("email", "own0"), ("email", "foyer"))


def the_answer_that_decided_is_kept() -> None:
    found = decided((0, STATS, False, "2024-01-01"), (0, STATS, True, "2025-01-01")).decisions
    mine = found[found["purpose"] == "statistics"].iloc[0]
    assert (mine["rule"], mine["given"], f"{mine['at']:%Y-%m-%d}") == (STATS, True, "2025-01-01")
    unsaid = found[found["purpose"] == "recommendation"].iloc[0]
    assert (unsaid["rule"], unsaid["given"], pd.isna(unsaid["at"])) == (-1, False, True)
    undated = decided((0, STATS, True, "")).decisions
    assert pd.isna(undated[undated["purpose"] == "statistics"].iloc[0]["at"])
    late = decided((0, STATS, True, "2025-01-01"), (0, ADVICE, False, "")).decisions
    refused = late[late["purpose"] == "recommendation"].iloc[0]
    assert (refused["rule"], refused["given"], pd.isna(refused["at"])) == (ADVICE, False, True)


def heard(cells: list[str], **changes: object) -> list[bool]:
    frame = pd.DataFrame({"A": pd.Series(cells, dtype="category"), "record": range(len(cells))})
    rule = _rule(grants=(STATISTICS,), **changes)
    return [bool(yes) for yes in read_answers(frame, rule, Values(), None)["yes"]]


def words_are_read_as_the_mapping_says() -> None:
    assert heard(["oui", "non", "Oui ", "0"]) == [True, False, True, False]
    assert heard(["", "", ""]) == []
    assert heard(["oui", "", "non"]) == [True, False]  # a blank says nothing where no is written
    assert heard(["oui", "", ""]) == [True, False, False]  # a box that is only ever ticked
    assert heard(["oui", ""], blank="none") == [True]
    assert heard(["oui", "", "non"], blank="no") == [True, False, False]
    assert heard(["oui"] * 200 + ["peut-être"] + ["non"]).count(True) == 200  # unknown: no
    with pytest.raises(UnreadableAnswer):
        heard(["oui", "peut-être", "non"])


def an_answer_is_dated_as_the_mapping_says() -> None:
    booked = pd.Series(pd.to_datetime(["2025-03-01", "2025-03-02"])).astype("datetime64[s]")

    def days(dated_by: str, cells: list[str], orders: pd.Series | None) -> list[str]:
        frame = pd.DataFrame(
            {"A": ["oui", "non"] * (len(cells) // 2), "D": cells}, dtype="category"
        )
        rule = _rule(grants=(STATISTICS,), dated_by=dated_by, date_formats=("%d/%m/%Y",))
        found = read_answers(frame.assign(record=range(len(cells))), rule, Values(), orders)
        return ["" if pd.isna(at) else f"{at:%Y-%m-%d}" for at in found["at"]]

    assert days("D", ["01/02/2025", ""], booked) == ["2025-02-01", ""]
    assert days("booked", ["", ""], booked) == ["2025-03-01", "2025-03-02"]
    assert days("booked", ["", ""], None) == ["", ""]
    assert days("", ["", ""], booked) == ["", ""]
    assert days("D", ["01/02/2025"] * 99 + ["x"], None).count("") == 1
    with pytest.raises(UnreadableDate):
        days("D", ["01/02/2025"] * 98 + ["x"] * 2, None)


def a_rule_reads_the_columns_that_it_names() -> None:
    """Whoever reads a file asks first which columns it must hold."""
    asked = _rule(grants=(STATISTICS,))
    assert answer_columns(asked) == ("A",)
    assert answer_columns(asked.model_copy(update={"dated_by": "booked"})) == ("A",)
    assert answer_columns(asked.model_copy(update={"dated_by": "D"})) == ("A", "D")
    whole = asked.model_copy(update={"column": "", "says": "yes"})
    assert answer_columns(whole) == ()
    assert answer_columns(whole.model_copy(update={"dated_by": "D"})) == ("D",)


def an_inverse_flag_is_read_backwards() -> None:
    assert heard(["Oui", "Non"], inverse=True) == [False, True]
    assert heard(["Oui", "Non", ""], inverse=True, blank="none") == [False, True]


def a_whole_file_may_speak() -> None:
    frame = pd.DataFrame({"record": [0, 1, -1]})
    for says, yes in (("yes", True), ("no", False)):
        rule = ConsentRule(says=says, text="x", grants=(STATISTICS,))  # type: ignore[arg-type]
        assert list(read_answers(frame, rule, Values(), None)["yes"]) == [yes, yes]


def stale_consent_is_refused() -> None:
    export = (Table("a.csv", 100_000.0), Table("b.csv", 90_000.0))
    assert read._is_ours(Table("c.csv", 100_000.0 - 24 * 3600), export)
    with pytest.raises(StaleConsent):
        read._is_ours(Table("c.csv", 100_000.0 - 24 * 3600 - 1), export)


def a_bought_file_is_refused() -> None:
    export = (Table("a.csv", 0.0),)
    for name in ("adresses louées.csv", "fichier-achete.xlsx", "rented_list.csv"):
        with pytest.raises(BoughtFile):
            read._is_ours(Table(name, 0.0, Path(name)), export)
    assert read._is_ours(Table("contacts.csv", 0.0), export)
    for table in ("[tickets]", "[[consent_files]]"):
        with pytest.raises(BoughtFile):
            parse_mapping(MAPPING.replace(table, f"{table}\nbought = true"), "m.toml")
    parse_mapping(MAPPING, "m.toml")


MAPPING = """
name = "x"
[tickets]
pattern = "t.csv"
[columns]
ticket = "T"
order = "O"
event_date = "D"
title = "S"
[[consent_files]]
pattern = "c.csv"
columns = { email = "E" }
[[consent_files.consent]]
column = "C"
text = "J'accepte."
grants = ["statistics"]
"""


def nobody_is_kept_longer_than_the_law() -> None:
    assert parse_mapping(MAPPING + "[contact]\nmonths = 24\n", "m.toml").contact.months == 24
    with pytest.raises(ConfigError):
        parse_mapping(MAPPING + "[contact]\nmonths = 37\n", "m.toml")


ALL: dict[str, Callable[[], None]] = {
    rule.__name__: rule
    for rule in (
        the_latest_answer_wins,
        a_tie_is_no,
        silence_is_no,
        an_undated_yes_is_the_oldest,
        an_undated_no_is_the_newest,
        a_date_in_the_future_is_none,
        an_objection_outlives_every_yes,
        who_buys_for_others_is_no_person,
        three_years_without_contact_end_it,
        an_act_is_a_purchase_a_visit_or_a_click,
        an_opened_message_is_no_act,
        a_doubt_sends_nobody,
        a_text_grants_what_it_says,
        a_partner_is_named,
        the_charter_says_what_may_be_asked,
        a_denial_takes_and_never_gives,
        a_channel_is_opened_and_closed_by_itself,
        what_a_refuser_carries_is_not_sent,
        the_answer_that_decided_is_kept,
        words_are_read_as_the_mapping_says,
        an_answer_is_dated_as_the_mapping_says,
        a_rule_reads_the_columns_that_it_names,
        an_inverse_flag_is_read_backwards,
        a_whole_file_may_speak,
        stale_consent_is_refused,
        a_bought_file_is_refused,
        nobody_is_kept_longer_than_the_law,
    )
}
