"""Distances on the Earth, taken as a sphere: to tell near from far, not to measure land."""

import math
from typing import Final

EARTH_KM: Final = 6371.0
"""Mean radius."""

Point = tuple[float, float]
"""Latitude and longitude, degrees."""


def kilometres(one: Point, other: Point) -> float:
    """Return the great-circle distance between two points (haversine)."""
    a, b, c, d = (math.radians(angle) for angle in (*one, *other))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))
