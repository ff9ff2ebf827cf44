"""What the local pages share: their head and foot, titled sections, figures, tables that scroll."""

from collections.abc import Iterable
from typing import Protocol

from contracts.charter import Charter
from venue_agent.network.join import member_of
from venue_agent.pages.markup import Content, Html, tag
from venue_agent.screen import shown
from venue_agent.words import _


class About(Protocol):
    """Whose page it is, and when it was made."""

    @property
    def venue(self) -> str:
        """Short name of the venue."""

    @property
    def made(self) -> str:
        """Instant."""

    @property
    def charter(self) -> Charter:
        """The charter that it speaks of."""


def name_of(about: About) -> str:
    """Return the name of the venue, as the charter says it."""
    return member_of(about.charter, about.venue).name


def top(about: About, title: str) -> Html:
    """Return the head of a page."""
    return tag(
        "header",
        tag("p", tag("strong", name_of(about)), " ", tag("span", about.charter.name), class_="network"),
        tag("h1", title),
        tag("p", _("Made on {moment}, at this venue and for it.").format(moment=shown.moment(about.made)),
            class_="period"),
    )  # fmt: skip


def bottom(about: About) -> Html:
    """Return the foot of a page."""
    charter = _("Charter revision {revision}, in force until {expires}").format(
        revision=about.charter.revision, expires=shown.day(about.charter.expires)
    )
    dpo = f"{_('DPO')}{_(':')} {about.charter.dpo.name}, {about.charter.dpo.contact}"
    return tag("footer", tag("p", charter), tag("p", dpo))


def section(name: str, title: str, *content: Content) -> Html:
    """Return a part of a page under its title."""
    return tag("section", tag("h2", title, id=name), *content, aria_labelledby=name)


def figures(pairs: Iterable[tuple[str, str]]) -> Html:
    """Return large figures with what they count."""
    return tag(
        "ul",
        *(tag("li", tag("strong", count), " ", tag("span", what)) for count, what in pairs),
        class_="figures",
    )


def heads(*columns: tuple[str, str]) -> Html:
    """Return the head of a table: pairs of a heading and a class."""
    cells = (tag("th", text, scope="col", class_=kind or None) for text, kind in columns)
    return tag("thead", tag("tr", *cells))


def scrolling(label: str, table: Html) -> Html:
    """Return a table that scrolls by itself where the window is narrow, by keyboard too."""
    return tag("div", table, class_="scroll", tabindex=0, role="region", aria_label=label)


def sentence(text: str) -> str:
    """Return *text* with a capital, and a full stop if it has no end."""
    return text[:1].upper() + text[1:] + ("" if text[-1:] in ".!?" else ".")
