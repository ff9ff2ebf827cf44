"""The purposes that people may consent to, in words."""

from types import MappingProxyType
from typing import Final

from contracts.visit import Purpose
from venue_agent.words import _, mark

_WORDS: Final = MappingProxyType(
    {
        Purpose.STATISTICS: mark("statistics"),
        Purpose.RECOMMENDATION: mark("recommendation"),
        Purpose.PARTNER_OFFERS: mark("offers of named partners"),
    }
)


def in_words(purpose: str) -> str:
    """Return *purpose* in the language spoken.

    Raises:
        ValueError: it is none of ``contracts.visit.Purpose``.
    """
    return _(_WORDS[Purpose(purpose)])
