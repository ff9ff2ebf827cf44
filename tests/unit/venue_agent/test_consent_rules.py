"""Every rule of consent holds, and an error planted in any of them is found out by the scenario of that rule."""

from types import ModuleType

import pytest

from tests.support import consent_rules
from tests.support.planting import SEEN, mutants, planted, source, swapped
from venue_agent import consent, read
from venue_agent.consents import answers, contact, verdicts
from venue_agent.settings import outside

Plant = tuple[ModuleType, str, str, str]
PLANTS: tuple[Plant, ...] = (
    # which answer decides
    (verdicts, 'keep="last"', 'keep="first"', "the_latest_answer_wins"),
    (verdicts, '~said["yes"], said["at"]', 'said["yes"], said["at"]', "a_tie_is_no"),
    (verdicts, "fill_value=False", "fill_value=True", "silence_is_no"),
    (verdicts, "{True: OLDEST, False: NEWEST}", "{True: NEWEST, False: NEWEST}", "an_undated_yes_is_the_oldest"),
    (verdicts, "{True: OLDEST, False: NEWEST}", "{True: OLDEST, False: OLDEST}", "an_undated_no_is_the_newest"),
    (verdicts, 'answers["at"] <= now + TOMORROW', 'answers["at"] < NEWEST', "a_date_in_the_future_is_none"),
    (verdicts, 'answers["at"] <= now + TOMORROW', 'answers["at"] <= now', "a_date_in_the_future_is_none"),
    (verdicts, "[answers[heard], opposing(self.opposed)]", "[answers[heard]]", "an_objection_outlives_every_yes"),
    (verdicts, "pd.Series(NEWEST, index", "pd.Series(OLDEST, index", "an_objection_outlives_every_yes"),
    # who is out whatever was said
    (consent, 'given=verdict["given"] & ~out', 'given=verdict["given"]', "who_buys_for_others_is_no_person"),
    (consent, "silent | normalised", "silent & normalised", "three_years_without_contact_end_it"),
    (contact, "last < oldest.normalize()", "last <= oldest.normalize()", "three_years_without_contact_end_it"),
    (contact, "DateOffset(months=months)", "DateOffset(months=months * 2)", "three_years_without_contact_end_it"),
    (contact, "last < oldest.normalize()", "last < oldest", "three_years_without_contact_end_it"),
    (contact, 'tickets["event_at"] <= now)', 'tickets["event_at"] != now)', "an_act_is_a_purchase_a_visit_or_a_click"),
    (contact, 'tickets["booked"] <= now)', 'tickets["booked"] != now)', "an_act_is_a_purchase_a_visit_or_a_click"),
    (contact, 'contacts["at"] <= now', 'contacts["at"] != now', "an_act_is_a_purchase_a_visit_or_a_click"),
    (contact, '["at"].max()', '["at"].min()', "an_act_is_a_purchase_a_visit_or_a_click"),
    # doubts
    (verdicts, "given &= ~_doubted", "given |= ~_doubted", "silence_is_no"),
    (verdicts, ".to_numpy() >= at.", ".to_numpy() > at.", "a_doubt_sends_nobody"),
    (verdicts, 'twins[alike & ~(twins["street"] & twins["street_no"])]', "twins[alike]", "a_doubt_sends_nobody"),
    (verdicts, "twins[alike & ~(", "twins[~(", "a_doubt_sends_nobody"),
    (verdicts, '(twins["postcode"] == "") | (twins["postcode_no"] == "")', '(twins["postcode"] == "")', "a_doubt_sends_nobody"),
    (verdicts, '(twins["postcode"] == "") | (twins["postcode_no"] == "")', '(twins["postcode_no"] == "")', "a_doubt_sends_nobody"),
    # purposes, partners, channels
    (verdicts, "if asked.purpose in rule.grants and about", "if rule.grants and about", "a_text_grants_what_it_says"),
    (verdicts, "asked.partner in rule.partners", "bool(rule.partners)", "a_partner_is_named"),
    (verdicts, "sorted(set(partners))", "sorted({p for p, _c in opened})", "a_partner_is_named"),
    (verdicts, "(about or not rule.partners)", "about", "a_partner_is_named"),
    (verdicts, "if purpose in purposes", "if purposes", "the_charter_says_what_may_be_asked"),
    (verdicts, "if Purpose.PARTNER_OFFERS not in purposes:", "if not purposes:", "the_charter_says_what_may_be_asked"),
    (verdicts, 'answers["rule"].isin(denies) & ~answers["yes"]', 'answers["rule"].isin(denies)', "a_denial_takes_and_never_gives"),
    (verdicts, "rule.channels or DEFAULT_CHANNELS):", "rule.channels or CHANNELS):", "a_channel_is_opened_and_closed_by_itself"),
    (verdicts, "elif not rule.channels:", "elif rule.channels:", "a_channel_is_opened_and_closed_by_itself"),
    (verdicts, "rule.channels or CHANNELS)", "CHANNELS)", "a_channel_is_opened_and_closed_by_itself"),
    # what leaves
    (consent, "if pair not in burnt", "if pair", "what_a_refuser_carries_is_not_sent"),
    (consent, 'refused=tuple(out["keys"])', "refused=()", "silence_is_no"),
    (consent, "normalised.tickets[~gone]", "normalised.tickets[gone | ~gone]", "silence_is_no"),
    (verdicts, "(at > OLDEST) & (at < NEWEST)", "at < NEWEST", "the_answer_that_decided_is_kept"),
    # how cells and files are read
    (answers, "assign(yes=~kept", "assign(yes=kept", "an_inverse_flag_is_read_backwards"),
    (answers, "NO if m is None", "YES if m is None", "words_are_read_as_the_mapping_says"),
    (answers, "YES in meanings and NO not in meanings and None", "YES in meanings and None", "words_are_read_as_the_mapping_says"),
    (answers, 'YES if rule.says == "yes"', 'YES if rule.says != "yes"', "a_whole_file_may_speak"),
    (read, "table.written < newest - STALE_SECONDS", "table.written < newest - 2 * STALE_SECONDS", "stale_consent_is_refused"),
    (read, "max(export.written", "min(export.written", "stale_consent_is_refused"),
    (outside, "if speaks_of(name", "if not name and speaks_of(name", "a_bought_file_is_refused"),
)  # fmt: skip


@pytest.mark.parametrize("rule", consent_rules.ALL)
def test_a_rule_of_consent_holds(rule: str) -> None:
    consent_rules.ALL[rule]()


@pytest.mark.parametrize(
    ("module", "old", "new", "rule"),
    PLANTS,
    ids=[f"{module.__name__.rpartition('.')[2]}-{n}-{rule}" for n, (module, _, _, rule) in enumerate(PLANTS)],
)  # fmt: skip
def test_a_planted_error_is_found_out_by_the_scenario_of_its_rule(
    module: ModuleType, old: str, new: str, rule: str
) -> None:
    with planted(module, old, new), pytest.raises((*SEEN, pytest.fail.Exception)):
        consent_rules.ALL[rule]()


def test_planting_what_was_there_changes_nothing() -> None:
    for module in (verdicts, consent, contact, answers):
        with swapped(module, source(module)):
            consent_rules.the_latest_answer_wins()
            consent_rules.a_partner_is_named()


HARMLESS = frozenset(
    {
        # Bought or coming this very second: either way the last contact is now.
        "tickets['booked'] <= now → tickets['booked'] < now",
        "tickets['event_at'] > now → tickets['event_at'] >= now",
    }
)
"""Mutants that change nothing which anybody could see."""


@pytest.mark.long
@pytest.mark.parametrize("module", [verdicts, consent, contact, answers])
def test_no_operator_may_be_changed_unseen(module: ModuleType) -> None:
    survivors = []
    for told, text in mutants(module):
        try:
            with swapped(module, text):
                for rule in consent_rules.ALL.values():
                    rule()
        except (*SEEN, pytest.fail.Exception):
            continue
        survivors.append(told)
    assert set(survivors) <= HARMLESS
