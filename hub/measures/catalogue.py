"""The catalogue: the name of each measure and the module that is it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.measures import ladder, reach
from hub.measures.base import Measure

MEASURES: Final[Mapping[str, Measure]] = MappingProxyType({"reach": reach, "ladder": ladder})
