"""The navigation of the site: one line for each page, in the order in which it is read."""

from dataclasses import dataclass
from typing import Final, Literal

from hub.web.pages import Page
from hub.web.site import (
    budget,
    charter,
    circulation,
    compare,
    delays,
    editions,
    foresee,
    glossary,
    home,
    interval,
    loyalty,
    notice,
    provenance,
    questions,
    tastes,
    venues,
    verify,
)
from hub.web.words.office import WORDS as OFFICE_WORDS

Group = Literal["read", "do", "about", ""]
"""read: the audiences; do: questions and accounts; about: how to understand; "": reached from elsewhere."""


@dataclass(frozen=True)
class Line:
    """One page and where it stands in the navigation."""

    group: Group
    page: Page


OFFICE: Final = Page("office", "/bureau", OFFICE_WORDS)  # another blueprint serves it
NAVIGATION: Final = (
    Line("read", home.PAGE),
    Line("read", circulation.PAGE),
    Line("read", delays.PAGE),
    Line("read", provenance.PAGE),
    Line("read", loyalty.PAGE),
    Line("read", tastes.PAGE),
    Line("read", venues.INDEX),
    Line("", venues.ONE),
    Line("do", questions.PAGE),
    Line("", questions.ONE),
    Line("do", editions.PAGE),
    Line("", compare.PAGE),
    Line("do", budget.PAGE),
    Line("do", charter.PAGE),
    Line("do", OFFICE),
    Line("about", notice.PAGE),
    Line("about", verify.PAGE),
    Line("about", foresee.PAGE),
    Line("about", interval.PAGE),
    Line("about", glossary.PAGE),
)
