"""The catalogue: the name of each measure and the module that is it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.measures import (
    channels,
    crossing,
    firsts,
    flows,
    ladder,
    lead_time,
    pairs,
    provenance,
    reach,
    season_spread,
    tourists,
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
    }
)
"""In the order in which an edition does well to draw them: each reads those before it."""
