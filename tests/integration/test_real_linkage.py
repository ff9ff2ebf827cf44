"""Real visits through the agent's front, held against the truth file (issue: linkage targets)."""

import functools
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import linkage_ceiling
from tests.support.agent_world import front, member, rules
from tests.support.real_exports import (
    CITIES,
    City,
    link_plainly,
    make_city,
    score_linkage,
    ticket_contributions,
)
from venue_agent.minimise import minimise
from venue_agent.people.handles import Handles
from venue_agent.settings.mapping import load_preset

TARGETS = {"edinburgh": (0.98, 0.92), "toronto": (0.96, 0.90)}
SEEDS = (1, 2, 3, 4, 5)
OF_THE_CEILING = 0.97
SAME_ANSWERS = 0.999
# In one world of ten, two partners have the same first name, the same family name and the same
# e-mail, one answered and the other did not: nothing in the file tells them from one person who moved.
COUPLES = {("edinburgh", 4): 2}


@dataclass(frozen=True)
class Scores:
    """Of one city: the scorer's, the ceiling, and (records, refused wrongly, taken wrongly)."""

    precision: float
    recall: float
    ceiling: float
    sent_without_consent: float
    answers: tuple[int, int, int]
    placeholders: frozenset[str]
    groups: int


@functools.cache
def scores_of(name: str, seed: int, workplace: Path) -> Scores:
    city: City = make_city(name, seed)
    truth = linkage_ceiling.truth_of(city)
    persons, tickets, shown, answers, groups = {}, [], {}, [], 0
    for venue, facts in city.venues.items():
        folder = city.lay_out(venue, workplace / venue)
        mapping = load_preset(facts["layout"])
        raw, normalised, consented = front(folder, mapping)
        handles = Handles(folder / "state.sqlite", venue)
        where = member(venue, facts["lat"], facts["lon"])
        minimised = minimise(consented, rules(mapping, where), handles)
        assert minimised.tally.read == facts["tickets"]
        persons[venue] = minimised.persons
        sent = ticket_contributions(consented, minimised, handles)
        assert len(sent) == minimised.tally.kept
        tickets += [(venue, ticket, contribution) for ticket, contribution in sent.items()]
        shown |= linkage_ceiling.readable(raw, truth, venue)
        answers.append(linkage_ceiling.read_back(truth, venue, consented))
        groups += len(normalised.groups)
    clusters = link_plainly(persons)
    told = score_linkage(city, [(v, t, clusters[v, c]) for v, t, c in tickets])
    identifiers = [pairs for frame in persons.values() for pairs in frame["identifiers"]]
    found = Scores(
        told["precision"],
        told["recall"],
        linkage_ceiling.ceiling(truth, shown),
        told["sent_without_consent"],
        (sum(a[0] for a in answers), sum(a[1] for a in answers), sum(a[2] for a in answers)),
        frozenset(linkage_ceiling.placeholders_in(identifiers)),
        groups,
    )
    print(name, seed, found)
    return found


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("venues")


@pytest.mark.parametrize("name", CITIES)
def test_people_are_linked_and_nobody_is_sent_without_consent(name: str, workplace: Path) -> None:
    scores = scores_of(name, 1, workplace / f"{name}-1")
    assert scores.sent_without_consent == 0
    precision, recall = TARGETS[name]
    assert scores.precision >= precision
    assert scores.recall >= recall
    assert scores.recall >= OF_THE_CEILING * scores.ceiling
    assert scores.ceiling < 1  # some people wrote no identifier that two houses share
    assert not scores.placeholders
    assert scores.groups == 0  # nobody there buys for others: the thresholds take nobody


@pytest.mark.long
def test_ten_worlds_reach_the_goals(workplace: Path) -> None:
    worlds = {
        (name, seed): scores_of(name, seed, workplace / f"{name}-{seed}")
        for name in CITIES
        for seed in SEEDS
    }
    assert sum(w.precision for w in worlds.values()) / len(worlds) >= 0.97
    assert {k for k, w in worlds.items() if w.recall < OF_THE_CEILING * w.ceiling} == set()
    assert {k for k, w in worlds.items() if w.placeholders or w.groups} == set()
    sent = {k: w.sent_without_consent for k, w in worlds.items() if w.sent_without_consent}
    assert sent == COUPLES
    records, refused, taken = (sum(w.answers[n] for w in worlds.values()) for n in range(3))
    print("read back", records, refused, taken)
    assert 1 - (refused + taken) / records >= SAME_ANSWERS
    assert taken <= 1  # the couple: all other differences are a yes that was not taken
