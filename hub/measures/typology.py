"""Typology (Q20): how many assiduous people each of five families counts, and how many profiles do not suffice.

Question: combien d'assidus (au moins 2 venues par saison sur 2 saisons) dans chacune des 5 familles, et
combien de profils insuffisants ? / How many assiduous people (at least 2 visits a season over 2 seasons)
in each of the 5 families, and how many insufficient profiles?

Keys: the five families of ``contracts.typology`` and insufficient; public.

Bounds and sensitivity, add or remove one person_key with all her rows:
- ``typology-family``: 1 in exactly one of six cells. Squared norm 1. Remove one season of hers only: she
  leaves her family for another cell, squared distance 2; the plan doubles the square
  (``seasons.for_one_season``) and the ledger charges both seasons.

Noise: discrete Gaussian, the whole rho on one vector.

Estimand: distinct linked persons with consent to statistics, each counted once, by the rule of
``contracts.typology`` over all her visits of the two seasons; no bound takes anything.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from contracts.charter import MeasureSpec
from contracts.edition import Table
from contracts.typology import FAMILIES
from hub.measures import assiduous_words as words
from hub.measures.assiduous import tastes
from hub.measures.base import Query
from hub.measures.frame import Frame
from hub.measures.seasons import turn
from hub.measures.shares import shares
from hub.measures.tables import Row, holding, write
from hub.privacy.consistency import whole_number
from hub.privacy.intervals import amounts, around, sigma
from hub.privacy.values import Noised, VectorPlan

CLASSES: Final = (*FAMILIES, "insufficient")

_FAMILY = """
SELECT person_key, coalesce(family, $insufficient) AS cell, 1 AS weight
FROM (SELECT DISTINCT person_key FROM visit) LEFT JOIN (
    SELECT person_key,
           CASE WHEN len(counts) = 1 THEN 0 WHEN 3 * counts[1] >= 2 * total THEN 1
                WHEN 5 * (counts[1] + counts[2]) >= 4 * total THEN 2
                WHEN len(counts) >= 4 THEN 3 ELSE 4 END AS family
    FROM (SELECT person_key, list(visits ORDER BY visits DESC) AS counts, sum(visits) AS total
          FROM tastes GROUP BY person_key)) USING (person_key)
"""


def plan(spec: MeasureSpec, frame: Frame) -> tuple[VectorPlan, ...]:
    """Return the one vector of the measure.

    Raises:
        ConfigError: the window does not read two seasons.
    """
    turn(frame)
    keys = tuple((name,) for name in CLASSES)
    return (VectorPlan("typology-family", keys, 1, 1, spec.rho_micro),)


def queries(plan: tuple[VectorPlan, ...], frame: Frame) -> tuple[Query, ...]:
    """Return its query."""
    del plan
    return (Query("typology-family", _FAMILY, {"insufficient": len(FAMILIES)}, (tastes(frame),)),)


def read(noised: Mapping[str, Noised], frame: Frame) -> tuple[Table, ...]:
    """Return the people of each family, and the shares of the assiduous."""
    del frame
    cells = noised["typology-family"]
    counts, spread = amounts(cells), sigma(cells)
    people: list[Row] = []
    for name, noisy in zip(CLASSES, counts, strict=True):
        people.append(((name,), holding(whole_number(noisy), around(float(noisy), spread))))
    found = shares(np.asarray(counts[: len(FAMILIES)]), spread)
    mix: list[Row] = [((name,), each) for name, each in zip(FAMILIES, found, strict=True)]
    return write(words.PEOPLE, people), write(words.MIX, mix)
