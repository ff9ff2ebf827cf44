"""The public vocabularies of ``contracts.visit`` in words, for whoever reads a preview."""

from types import MappingProxyType
from typing import Final

from venue_agent.words import _, mark

EMPTY: Final = frozenset({"", "unknown", "-1"})
_BLANK: Final = mark("not known")
_WORDS: Final = MappingProxyType(
    {
        "yes": mark("yes"),
        "no": mark("no"),
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
_ONE: Final = mark("1 seat")


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
