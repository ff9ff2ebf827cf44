"""Dresses a page of the office in the layout of the site, in the reader's language."""

from typing import Any

from flask import get_flashed_messages, render_template, request, session, url_for

from hub.people.roles import Act, may
from hub.web.desk import dressed
from hub.web.languages import TONGUES, choose
from hub.web.office.factors import who
from hub.web.tongue import Tongue
from hub.web.words import said
from hub.web.words.administration import WORDS as ADMINISTRATION
from hub.web.words.audiences import WORDS as AUDIENCES
from hub.web.words.common import WORDS as COMMON
from hub.web.words.office import WORDS as OFFICE
from hub.web.words.programs import WORDS as PROGRAMS
from hub.web.words.works import WORDS as WORKS

WORDS = {**OFFICE, **ADMINISTRATION, **AUDIENCES, **PROGRAMS, **WORKS}
MENU = (
    (Act.OWN_ACCOUNT, "office.home", "home_nav"),
    (Act.SEE_NETWORK, "administration.network", "network_nav"),
    (Act.SEE_PEOPLE, "administration.people", "people_nav"),
    (Act.SEE_PROPOSALS, "administration.proposals", "proposals_nav"),
    (Act.ASK_AUDIENCE, "asking.index", "requests_nav"),
    (Act.SEE_AUDIENCES, "answering.inbox", "inbox_nav"),
    (Act.OWN_PROGRAMS, "programs.page", "programs_nav"),
    (Act.SEE_WORK, "works.page", "works_nav"),
    (Act.SEE_JOURNAL, "administration.journal", "journal_nav"),
    (Act.OWN_ACCOUNT, "office.account", "account_nav"),
)


def tongue() -> Tongue:
    """Return the language that the address asks for, else the one asked for before, else the reader's."""
    asked = request.args.get("lang")
    if asked in TONGUES and session.get("lang") != asked:
        session["lang"] = asked
    return choose(asked or session.get("lang"), request.accept_languages)


def shown(page: str, **values: Any) -> str:
    """Return the page *page*: its template, its title and its lead go by that name."""
    own = {**WORDS, "title": WORDS[f"{page}_title"], "lead": WORDS[f"{page}_lead"]}
    user = who()
    held = user.held if user else frozenset()
    speech = tongue()
    words = said({key: WORDS[key] for _, _, key in MENU}, speech)
    menu = [(url_for(end), words[key], end) for act, end, key in MENU if user and may(held, act)]
    return dressed(
        f"office/{page}",
        speech,
        own,
        menu=menu,
        user=user,
        may=lambda act: may(held, Act(act)),
        told=get_flashed_messages(with_categories=True),
        **values,
    )


def part(piece: str, **values: Any) -> str:
    """Return a piece of a page by itself, for the page to put in its place."""
    user = who()
    held = user.held if user else frozenset()
    speech = tongue()
    say_ = {**speech.phrases, **said(COMMON, speech), **said(WORDS, speech)}
    return render_template(
        f"site/office/{piece}.html",
        say=say_,
        tongue=speech,
        may=lambda act: may(held, Act(act)),
        **values,
    )


def from_security(template: str, **values: Any) -> str:
    """Return a page that Flask-Security asks for by the template that its settings name."""
    return shown(template.removeprefix("office/").removesuffix(".html"), **values)


def say(key: str) -> str:
    """Return one phrase of the office in the reader's language."""
    return said({key: WORDS[key]}, tongue())[key]
