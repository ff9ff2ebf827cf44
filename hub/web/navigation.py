"""The navigation of the site: one line for each page, in the order in which it is read."""

from dataclasses import dataclass
from typing import Final, Literal

from hub.web.pages import Page
from hub.web.site import circulation, delays, glossary, home, interval, questions

Group = Literal["read", "do", "about", ""]
"""read: the audiences; do: questions and accounts; about: how to understand; "": reached from elsewhere."""


@dataclass(frozen=True)
class Line:
    """One page and where it stands in the navigation."""

    group: Group
    page: Page


NAVIGATION: Final = (
    Line("read", home.PAGE),
    Line("read", circulation.PAGE),
    Line("read", delays.PAGE),
    Line("do", questions.PAGE),
    Line("", questions.ONE),
    Line("about", interval.PAGE),
    Line("about", glossary.PAGE),
)
