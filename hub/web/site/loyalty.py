"""« Fidélité » : the ladder, first visits, returns, the young and the moments."""

from collections.abc import Mapping

from hub.web.pages import Page, Shown, Visit
from hub.web.summary import teller
from hub.web.words.loyalty import WORDS

PARTS = (
    ("spread", "reach", ("reach-spread", "reach-shares")),
    ("firsts", "firsts", ("firsts", "firsts-elsewhere")),
    ("returns", "returns", ("returns-network", "returns", "returns-lost")),
    ("when", "season_spread", ("season-months", "season-weekdays", "season-cells")),
    ("young", "young", ("young-network", "young-places")),
    ("channels", "channels", ("channels-age", "channels-new")),
)
"""Each part of the page: its name, the measure to ask for when it is absent, its tables."""


def read(visit: Visit) -> Mapping[str, object]:
    """Return the ladder and its sentence, then each part with the tables that the edition holds."""
    words = teller(visit.published, visit.labels) if visit.published else None
    return {
        "people": visit.shown("ladder-persons"),
        "visits": visit.shown("ladder-visits"),
        "ladder_words": next((s.text for s in words.loyal()), "") if words else "",
        "parts": [(name, measure, held(visit, slugs)) for name, measure, slugs in PARTS],
    }


def held(visit: Visit, slugs: tuple[str, ...]) -> list[Shown]:
    """Return those of the tables that the edition holds, ready to draw."""
    return [shown for shown in map(visit.shown, slugs) if shown is not None]


PAGE = Page("loyalty", "/fidelite", WORDS, read, explores=True)
