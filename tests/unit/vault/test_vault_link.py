"""The linkage joins one person's contributions, and each guard keeps strangers apart."""

import dataclasses
import hashlib
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest

from hub.vault.link import Guards, Linkage, hold, link
from hub.vault.rows import TOKENS_SCHEMA

Row = tuple[int, str]  # contribution, "email:…" or "phone:…"


def linked(venues: Sequence[int], rows: Sequence[Row], guards: Guards | None = None) -> Linkage:
    tokens = pa.table(
        {
            "contribution_key": [c for c, _ in rows],
            "kind": [int(text.startswith("phone")) for _, text in rows],
            "point": [hashlib.sha256(text.encode()).digest() for _, text in rows],
        },
        schema=TOKENS_SCHEMA,
    )
    held = hold(np.arange(len(venues), dtype=np.uint64), tokens)
    return link(np.array(venues, np.int64), held, guards or Guards())


def groups(linkage: Linkage) -> set[frozenset[int]]:
    persons = linkage.persons.tolist()
    return {frozenset(i for i, p in enumerate(persons) if p == one) for one in set(persons)}


def test_same_email_at_two_venues_is_one_person() -> None:
    found = linked([0, 1, 2], [(0, "email:a"), (1, "email:a"), (2, "email:b")])
    assert groups(found) == {frozenset({0, 1}), frozenset({2})}


def test_email_here_and_phone_there_meet_over_a_third() -> None:
    rows = [(0, "email:a"), (1, "phone:1"), (2, "email:a"), (2, "phone:1")]
    assert groups(linked([0, 1, 2], rows)) == {frozenset({0, 1, 2})}


def test_contributions_without_identifier_stay_alone() -> None:
    assert groups(linked([0, 1], [])) == {frozenset({0}), frozenset({1})}
    assert linked([], []).persons.tolist() == []


def test_persons_are_numbered_without_gaps() -> None:
    found = linked([0, 1, 2, 3], [(0, "email:a"), (3, "email:a")])
    assert sorted(set(found.persons.tolist())) == [0, 1, 2]


def test_an_identifier_that_one_venue_gives_to_many_counts_for_nothing_there() -> None:
    rows = [(i, "email:accueil") for i in range(6)]
    assert len(groups(linked([0, 0, 0, 0, 1, 2], rows))) == 5  # 4 alone; venues 1 and 2 still meet
    assert groups(linked([0, 0, 0, 1, 2, 3], rows)) == {frozenset(range(6))}


def test_a_couple_on_one_phone_is_joined_but_an_office_is_not() -> None:
    def office(size: int) -> Linkage:
        rows = [(i, f"email:{i}") for i in range(size)] + [(i, "phone:1") for i in range(size)]
        return linked(list(range(size)), rows)

    assert len(groups(office(2))) == 1  # the same person with two addresses looks just so
    assert len(groups(office(4))) == 4


def test_an_office_phone_does_not_part_what_emails_join() -> None:
    rows = [(i, f"email:{i % 5}") for i in range(10)] + [(i, "phone:1") for i in range(10)]
    assert groups(linked(list(range(10)), rows)) == {frozenset({i, i + 5}) for i in range(5)}


def bridging(lone: int, agreed: int) -> tuple[list[int], list[Row]]:
    """Venue 9 joins *lone* pairs that venues 0 and 1 hold apart, and *agreed* that venue 0 joins too."""
    venues: list[int] = []
    rows: list[Row] = []

    def add(venue: int, *names: str) -> None:
        rows.extend((len(venues), name) for name in names)
        venues.append(venue)

    for i in range(lone):
        add(0, f"email:a{i}")
        add(1, f"email:b{i}")
        add(9, f"email:a{i}", f"email:b{i}")
    for i in range(agreed):
        add(0, f"email:c{i}", f"phone:c{i}")
        add(9, f"email:c{i}", f"phone:c{i}")
    return venues, rows


def test_a_venue_that_alone_joins_a_few_is_believed() -> None:
    venues, rows = bridging(lone=8, agreed=100)
    found = linked(venues, rows)
    assert found.suspects == ()
    assert len(groups(found)) == 8 + 100


def test_a_venue_that_alone_joins_many_joins_nobody_alone() -> None:
    venues, rows = bridging(lone=60, agreed=40)
    found = linked(venues, rows)
    assert found.suspects == (9,)
    at = [g for g in groups(found) if len({venues[i] for i in g} & {0, 1}) == 2]
    assert at == []
    assert len(groups(found)) == 2 * 60 + 40  # what others confirm stands


def test_two_venues_that_agree_are_no_lone_join() -> None:
    venues, rows = bridging(lone=60, agreed=40)
    start = len(venues)
    venues += [8] * 60
    rows += [(start + i, f"email:{x}{i}") for i in range(60) for x in "ab"]
    assert linked(venues, rows).suspects == ()


def chain(length: int) -> tuple[list[int], list[Row]]:
    """Strangers chained by one phone between each two of them; every one has an e-mail of her own."""
    rows = [(i, f"email:{i}") for i in range(length)]
    rows += [(i, f"phone:{i}") for i in range(length)]
    rows += [(i, f"phone:{i + 1}") for i in range(length - 1)]
    return list(range(length)), rows


def test_a_person_beyond_the_cap_falls_back_to_her_emails() -> None:
    trusting = dataclasses.replace(Guards(), lone_joins_floor=10**6)
    venues, rows = chain(20)
    assert len(groups(linked(venues, rows, trusting))) == 1
    capped = dataclasses.replace(trusting, contributions=19)
    assert len(groups(linked(venues, rows, capped))) == 20


def test_emails_beyond_the_cap_fall_back_to_contributions() -> None:
    rows = [(i, "email:a") for i in range(9)]
    small = dataclasses.replace(Guards(), contributions=8)
    assert len(groups(linked(list(range(9)), rows, small))) == 9


def test_too_many_contributions_at_one_venue_are_not_one_person() -> None:
    rows = [(i, f"email:{i // 2}") for i in range(10)] + [(i, f"phone:{i // 3}") for i in range(10)]
    crowd = linked([0] * 10, rows)
    assert max(len(group) for group in groups(crowd)) <= Guards().contributions_per_venue


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    draw = np.random.default_rng(seed)
    venues = draw.integers(0, 6, 200).tolist()
    rows = [
        (int(c), f"{kind}:{int(i)}")
        for kind in ("email", "phone")
        for c, i in zip(draw.integers(0, 200, 200), draw.integers(0, 90, 200), strict=True)
    ]
    mixed = [rows[i] for i in draw.permutation(len(rows))]
    assert groups(linked(venues, rows)) == groups(linked(venues, mixed + mixed[:50]))
