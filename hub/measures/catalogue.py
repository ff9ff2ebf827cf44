"""The catalogue: the name of each measure and the module that is it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.measures import (
    affinity,
    bridges,
    bubble,
    channels,
    conflicts,
    cooperation,
    coverage,
    crossing,
    cube,
    firsts,
    flows,
    ladder,
    lead_drift,
    lead_time,
    model_pairs,
    overlaps,
    pairs,
    penetration,
    potential,
    provenance,
    provenance_epci,
    qpv,
    reach,
    reciprocity,
    returns,
    satisfaction,
    season_spread,
    shop,
    tags,
    tourists,
    typology,
    young,
)
from hub.measures.base import Measure

MEASURES: Final[Mapping[str, Measure]] = MappingProxyType(
    {
        "reach": reach,
        "ladder": ladder,
        "pairs": pairs,
        "flows": flows,
        "lead-time": lead_time,
        "provenance": provenance,
        "channels": channels,
        "young": young,
        "firsts": firsts,
        "season-spread": season_spread,
        "tourists": tourists,
        "crossing": crossing,
        "penetration": penetration,
        "shop": shop,
        "bridges": bridges,
        "conflicts": conflicts,
        "qpv": qpv,
        "satisfaction": satisfaction,
        "potential": potential,
        "coverage": coverage,
        "returns": returns,
        "lead-drift": lead_drift,
        "typology": typology,
        "affinity": affinity,
        "bubble": bubble,
        "cube": cube,
        "overlaps": overlaps,
        "cooperation": cooperation,
        "reciprocity": reciprocity,
        "tags": tags,
        "model-pairs": model_pairs,
        "provenance-epci": provenance_epci,
    }
)
"""In the order in which an edition does well to draw them: each reads those before it."""

OVER_TWO_SEASONS: Final = frozenset({"returns", "lead-drift", "typology", "affinity", "bubble"})
"""Measures that follow people from one season to the next: an edition of two seasons plans them."""
OF_BOTH_SEASONS: Final = frozenset({"affinity", "bubble"})
"""Of these, measures in which nobody has a part but by rows of each season: without either, she is in none."""
