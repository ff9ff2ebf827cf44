"""The languages of the public pages and how one is chosen: by the address first, then by the reader's browser."""

from collections.abc import Mapping
from typing import Final

from werkzeug.datastructures import LanguageAccept

from hub.web.english import ENGLISH
from hub.web.french import FRENCH
from hub.web.tongue import Language, Tongue

TONGUES: Final[Mapping[Language, Tongue]] = {"fr": FRENCH, "en": ENGLISH}


def choose(asked: str | None, accepted: LanguageAccept) -> Tongue:
    """Return the language that the address asks for, else the browser's favourite, else French."""
    for code, tongue in TONGUES.items():
        if asked == code:
            return tongue
    best = accepted.best_match(list(TONGUES), default="fr")
    return ENGLISH if best == "en" else FRENCH
