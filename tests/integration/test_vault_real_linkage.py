"""The vault's linkage, guards and all, over what the agents send of real visits (issue: targets)."""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from hub.vault.link import Guards, hold, link
from hub.vault.rows import TOKENS_SCHEMA
from tests.support.agent_world import member, whole_front
from tests.support.real_exports import Unit, make_city, score_linkage, ticket_contributions
from venue_agent.settings.mapping import load_preset


def link_in_vault(persons: dict[str, pd.DataFrame]) -> tuple[dict[Unit, str], tuple[int, ...]]:
    """(venue, contribution) -> person; a hash stands for the point, which the linkage only compares."""
    units = [(v, c) for v, frame in persons.items() for c in frame["contribution_id"]]
    pairs = [p for frame in persons.values() for p in frame["identifiers"]]
    rows = [(i, kind, text) for i, held in enumerate(pairs) for kind, text in held]
    tokens = pa.table(
        {
            "contribution_key": [i for i, _, _ in rows],
            "kind": [int(kind == "phone") for _, kind, _ in rows],
            "point": [hashlib.sha256(f"{k}:{text}".encode()).digest() for _, k, text in rows],
        },
        schema=TOKENS_SCHEMA,
    )
    codes = {venue: code for code, venue in enumerate(persons)}
    venues = np.array([codes[venue] for venue, _ in units], np.int64)
    linkage = link(venues, hold(np.arange(len(units), dtype=np.uint64), tokens), Guards())
    return dict(zip(units, map(str, linkage.persons), strict=True)), linkage.suspects


@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [
        ("edinburgh", 0.98, 0.92),
        pytest.param("toronto", 0.96, 0.90, marks=pytest.mark.long),
    ],
)
def test_guards_cost_no_recall_on_real_visits(
    name: str, precision: float, recall: float, tmp_path: Path
) -> None:
    city = make_city(name)
    persons, tickets = {}, []
    for venue, facts in city.venues.items():
        folder = city.lay_out(venue, tmp_path / venue)
        where = member(venue, facts["lat"], facts["lon"])
        consented, minimised, handles = whole_front(
            folder, load_preset(facts["layout"]), folder / "state.sqlite", where
        )
        persons[venue] = minimised.persons
        sent = ticket_contributions(consented, minimised, handles)
        tickets += [(venue, ticket, contribution) for ticket, contribution in sent.items()]
    clusters, suspects = link_in_vault(persons)
    scores = score_linkage(city, [(v, t, clusters[v, c]) for v, t, c in tickets])
    print(name, scores)
    assert suspects == ()
    assert scores["sent_without_consent"] == 0
    assert scores["precision"] >= precision
    assert scores["recall"] >= recall
