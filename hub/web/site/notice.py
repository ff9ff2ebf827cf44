"""The spectator's notice, in plain words: what is kept of somebody, and how one word to one venue ends it."""

from collections.abc import Mapping

from hub.web.pages import Page, Visit
from hub.web.words.notice import WORDS


def read(visit: Visit) -> Mapping[str, object]:
    """Return whom to write to."""
    return {"dpo": visit.charter.dpo if visit.charter else None}


PAGE = Page("notice", "/notice", WORDS, read, needs_edition=False)
