"""Dresses a page of the office in the layout of the site, in the reader's language."""

from typing import Any

from flask import get_flashed_messages, url_for

from hub.people.roles import Act, may
from hub.web.desk import dressed, tongue
from hub.web.office.factors import who
from hub.web.words import said
from hub.web.words.administration import WORDS as ADMINISTRATION
from hub.web.words.office import WORDS as OFFICE

WORDS = {**OFFICE, **ADMINISTRATION}
MENU = (
    (Act.OWN_ACCOUNT, "office.home", "home_nav"),
    (Act.SEE_NETWORK, "administration.network", "network_nav"),
    (Act.SEE_PEOPLE, "administration.people", "people_nav"),
    (Act.SEE_PROPOSALS, "administration.proposals", "proposals_nav"),
    (Act.SEE_JOURNAL, "administration.journal", "journal_nav"),
    (Act.OWN_ACCOUNT, "office.account", "account_nav"),
)


def shown(page: str, **values: Any) -> str:
    """Return the page *page*: its template, its title and its lead go by that name."""
    own = {**WORDS, "title": WORDS[f"{page}_title"], "lead": WORDS[f"{page}_lead"]}
    user = who()
    held = user.held if user else frozenset()
    words = said(WORDS, tongue())
    menu = [(url_for(end), words[key], end) for act, end, key in MENU if user and may(held, act)]
    return dressed(
        f"office/{page}",
        tongue(),
        own,
        menu=menu,
        user=user,
        may=lambda act: may(held, Act(act)),
        told=get_flashed_messages(with_categories=True),
        **values,
    )


def from_security(template: str, **values: Any) -> str:
    """Return a page that Flask-Security asks for by the template that its settings name."""
    return shown(template.removeprefix("office/").removesuffix(".html"), **values)


def say(key: str) -> str:
    """Return one phrase of the office in the reader's language."""
    return said({key: WORDS[key]}, tongue())[key]
