"""The glossary: each word of the pages, once, with an anchor that a page can point at."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.web.pages import Page, Visit
from hub.web.words import said
from hub.web.words.glossary import MEANINGS, TERMS, WORDS


@dataclass(frozen=True)
class Term:
    """One word and what it means here."""

    anchor: str
    name: str
    meaning: str


def terms(visit: Visit) -> list[Term]:
    """Return every word in the order of its language's alphabet."""
    names, meanings = said(TERMS, visit.tongue), said(MEANINGS, visit.tongue)
    found = [Term(key, names[key], meanings[key]) for key in TERMS]
    return sorted(found, key=lambda term: term.name.casefold().replace("é", "e"))


def read(visit: Visit) -> Mapping[str, object]:
    """Return the words."""
    return {"terms": terms(visit)}


PAGE = Page("glossary", "/glossaire", WORDS, read, needs_edition=False)
