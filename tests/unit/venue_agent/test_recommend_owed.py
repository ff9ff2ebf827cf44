"""What lists owe by the charter: the houses to support and the small ones are told of, to the people likeliest to go."""

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pytest

from contracts.advice import AdviceRules
from contracts.base import canonical
from contracts.charter import Charter
from contracts.charter_check import RulesBroken, check_rules
from contracts.clock import FixedClock
from hub.recommend.bundle import model_of
from tests.support.control_world import VENUES
from tests.support.control_world import charter as three_venues
from tests.support.model_world import Tastes, charter_of, kinds_of, published
from venue_agent.recommend import advise
from venue_agent.recommend.advise import Asked, lists_for, report
from venue_agent.recommend.courtesy import Courtesy
from venue_agent.recommend.dial import choose, small
from venue_agent.recommend.kept import Kept
from venue_agent.recommend.owed import Kinds, assign, debts
from venue_agent.recommend.places import places_of
from venue_agent.recommend.public import Public
from venue_agent.recommend.scores import People, Scorer
from venue_agent.words import speak

COUNT, OWN = 20, "v00"
PLAIN = charter_of(kinds_of(COUNT))


def charter(**rules: object) -> Charter:
    return Charter.model_validate_json(canonical(PLAIN.model_dump(mode="json") | {"advice": rules}))


def kept(**rules: object) -> Kept:
    law = charter(**rules)
    return Kept(model_of(published(law, Tastes(items=COUNT).observed(sigma=60.0)), law), law)


def people(count: int = 300, seed: int = 1) -> People:
    source = np.random.default_rng(seed)
    seen = np.zeros((count, COUNT), dtype=bool)
    seen[:, 0] = True
    theatre = source.integers(0, 4, count) / 3
    return People(np.column_stack([theatre, 1 - theatre]), seen, np.full(count, 3))


def run(have: Kept, openness: int = 20, who: People | None = None) -> advise.Advice:
    who = who or people()
    public = Public(
        tuple((f"customer:{n}",) for n in range(len(who))),
        who,
        np.full(len(who), 2),
        np.zeros((len(who), 15), dtype=int),
    )
    places = places_of(have.model, have.charter, OWN)
    return lists_for(have, public, places, Asked(openness=openness), lambda *_: None)


@pytest.fixture(autouse=True)
def french() -> None:
    speak("fr")


def told_of(advice: advise.Advice) -> np.ndarray:
    return np.bincount(advice.lists.items[advice.lists.told], minlength=COUNT)


def test_a_charter_without_these_rules_keeps_its_bytes() -> None:
    assert b"advice" not in canonical(PLAIN)
    assert charter(least=30).advice == AdviceRules(least=30)
    law = three_venues()
    check_rules(law.model_copy(update={"advice": AdviceRules(supported=[VENUES[0]])}))
    with pytest.raises(RulesBroken, match="supports"):
        check_rules(law.model_copy(update={"advice": AdviceRules(supported=["elsewhere"])}))


def test_without_rules_the_lists_are_what_they_were() -> None:
    have = kept(openness=20)
    advice = run(have)
    alone = choose(Scorer(have.model), people(), 20, 3)
    assert np.array_equal(advice.lists.items, alone.items)
    assert advice.owed == {}


@pytest.mark.parametrize("openness", [0, 20, 100])
def test_a_supported_house_gets_its_part_of_the_lists_whatever_the_dial_says(openness: int) -> None:
    have = kept(supported=["v17", "v18"], supported_percent=10)
    advice = run(have, openness)
    due = int(np.ceil(300 * 3 * 0.05))
    assert (told_of(advice)[[17, 18]] >= due).all()
    assert advice.owed["v17"]["due"] == due
    assert advice.owed["v17"]["told"] == told_of(advice)[17]


@pytest.mark.parametrize("openness", [0, 20, 100])
def test_every_small_house_gets_its_floor(openness: int) -> None:
    have = kept(floor_percent=60)
    advice, scorer = run(have, openness), Scorer(have.model)
    share = np.where(np.arange(COUNT) == 0, 0.0, scorer.popularity)
    share /= share.sum()
    least = np.where(small(scorer), 0.6 * share * 300 * 3, 0.0)
    assert (told_of(advice) >= least).all()
    assert (told_of(run(kept(floor_percent=0), 0)) < least).any()  # it is the rule that does it


def test_the_likeliest_people_are_told_of_a_supported_house() -> None:
    have, who = kept(supported=["v17"], supported_percent=10), people()
    advice = run(have, 0, who)
    hers = (advice.lists.items == 17).any(axis=1)
    assert who.mix[hers, 1].min() >= who.mix[~hers, 1].max() - 1e-9  # v17 is a dance house


def test_debts_that_cannot_all_be_paid_are_said() -> None:
    have = kept(supported=["v17", "v18"], supported_percent=30, floor_percent=100)
    scorer, who = Scorer(have.model), people(20)
    due = debts(scorer, have.charter, OWN, 20 * 30)
    given = assign(scorer, Kinds(who, *who.distinct()), due)
    assert (given >= 0).all()
    assert sum(due.values()) > 20
    assert 0 not in due  # its own house owes itself nothing


def test_a_place_that_the_charter_put_there_is_never_called_popular() -> None:
    have = kept(supported=["v16"], supported_percent=30)
    told = [r for r in run(have, 0).rows() if r[4] == "v16"]
    assert told
    assert all("fréquenté" not in str(r[8]) for r in told)


def test_the_dial_goes_no_lower_and_no_more_lists_than_the_charter_says() -> None:
    have = kept(openness=40, least=30, lists=1)
    assert have.model.dial.least == 30
    assert [advise._openness(have, asked) for asked in (None, 0, 35, 90)] == [40, 30, 35, 90]
    assert [advise._courtesy(have, Courtesy(lists=n)).lists for n in (0, 1, 5)] == [1, 1, 1]
    assert advise._courtesy(kept(), Courtesy(lists=5)).lists == 5


def test_the_report_says_what_was_owed() -> None:
    have = kept(supported=["v17"], supported_percent=5)
    desk = SimpleNamespace(clock=FixedClock(dt.datetime(2025, 9, 1, tzinfo=dt.UTC)))
    assert report(desk, run(have))["owed"]["v17"]["told"] > 0  # type: ignore[arg-type]
