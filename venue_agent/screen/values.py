"""The public vocabularies of ``contracts.visit`` in words, for whoever reads a preview."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from contracts.visit import AgeBand, DistanceBand, PartyBand, PriceBand
from venue_agent.words import _, mark

EMPTY: Final = frozenset({"", "unknown", "-1"})
_BLANK: Final = mark("not known")
_WORDS: Final = MappingProxyType(
    {
        "yes": mark("yes"),
        "no": mark("no"),
        "contacted": mark("written to"),
        "held-out": mark("left alone"),
        "free": mark("free of charge"),
        "online": mark("online"),
        "counter": mark("at the counter"),
        "phone": mark("by telephone"),
        "reseller": mark("by a reseller"),
        "group": mark("as a group"),
        "other": mark("other"),
        "museum": mark("museum"),
        "contemporary-art": mark("contemporary art"),
        "heritage": mark("heritage"),
        "science": mark("science"),
        "theatre": mark("theatre"),
        "dance": mark("dance"),
        "ballet": mark("ballet"),
        "opera": mark("opera"),
        "classical-music": mark("classical music"),
        "contemporary-music": mark("contemporary music"),
        "circus": mark("circus"),
        "cinema": mark("cinema"),
        "young-audience": mark("young audience"),
        "sport": mark("sport"),
    }
)
_BLANKS: Final = MappingProxyType(
    {
        "partner_offers": mark("no partner"),
        "country": mark("France, or not known"),
        "event_id": mark("not named"),
        "satisfaction": mark("not asked"),
    }
)
_UNITS: Final = MappingProxyType(
    {
        "age_band": mark("{band} years"),
        "price_band": mark("€{band}"),
        "distance_band": mark("{band} km"),
        "party_band": mark("{band} seats"),
        "lead_days": mark("{band} days"),
    }
)
LEADS: Final = ((2, "0-2"), (7, "3-7"), (30, "8-30"), (90, "31-90"), (730, "91-730"))
"""Days from purchase to visit, as a page shows them."""
_BANDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "age_band": tuple(AgeBand),
        "distance_band": tuple(DistanceBand),
        "party_band": tuple(PartyBand),
        "price_band": tuple(PriceBand),
        "lead_days": tuple(band for _most, band in LEADS),
        "satisfaction": tuple(map(str, range(11))),
    }
)
_ONE: Final = mark("1 seat")


def ordered(field: str, shown: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return counted values in the order of their bands; as they are where there is none, blanks last."""
    places = {value: at for at, value in enumerate(_BANDS.get(field, ()))}
    return sorted(shown, key=lambda pair: (pair[0] in EMPTY, places.get(pair[0], 0)))


def said(field: str, value: str) -> str:
    """Return a value of *field* in words."""
    if value in EMPTY:
        return _(_BLANKS.get(field, _BLANK))
    if value in _WORDS:
        return _(_WORDS[value])
    if (field, value) == ("party_band", "1"):
        return _(_ONE)
    if field in _UNITS:
        return _(_UNITS[field]).format(band=value.replace("-", "–"))
    return value
