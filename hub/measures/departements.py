"""The public list of French départements and territories by code, with unknown and abroad."""

from typing import Final

UNKNOWN: Final = ""
ABROAD: Final = "99"

_METROPOLE = (
    *(f"{number:02d}" for number in range(1, 20)),
    "2A",
    "2B",
    *(f"{number:02d}" for number in range(21, 96)),
)
_OUTRE_MER = (
    "971",
    "972",
    "973",
    "974",
    "975",
    "976",
    "977",
    "978",
    "984",
    "986",
    "987",
    "988",
    "989",
)

DEPARTEMENTS: Final = (*_METROPOLE, *_OUTRE_MER, ABROAD, UNKNOWN)
"""Code officiel géographique (INSEE), as ``contracts.visit`` writes the column."""
