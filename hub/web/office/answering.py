"""A house's pages: the requests that partners make of it, and its answer to each; no figure of its public is on them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, abort, flash, redirect, request, url_for
from pydantic import ValidationError
from werkzeug.wrappers import Response as AnyResponse

from contracts.audience import AudienceSpec
from contracts.audience_words import sentence
from contracts.base import canonical
from contracts.charter import Charter
from contracts.clock import Clock, stamp
from contracts.visit import AgeBand
from hub import audience_answers
from hub.audience_answers import GIVEN, Change
from hub.audiences.states import Answer, State
from hub.errors import AudienceRefused
from hub.people.roles import OF_A_VENUE, Grant, Role, Voice
from hub.store import audience_orders, people
from hub.store.audiences import Answered, Kept
from hub.store.database import Control
from hub.store.people import Person
from hub.store.transaction import Reading, Transaction
from hub.web.audience_told import names_of
from hub.web.labels import Labels
from hub.web.office.asking import why
from hub.web.office.asking_form import FormWrong, excluded_by_house
from hub.web.office.dress import say, shown, tongue
from hub.web.office.factors import who

DAY: Final = 10


@dataclass(frozen=True)
class Asked:
    """One request to one house, in words; ``state`` is where its calendar is."""

    kept: Kept
    answer: Answered
    words: str
    state: State
    until: str
    urgent: bool
    voices: frozenset[Voice]

    @property
    def open(self) -> bool:
        """Whether this reader may still answer."""
        return self.state is State.SUBMITTED and bool(self.voices)


class _Answering:
    def __init__(self, control: Control, clock: Clock) -> None:
        self._control = control
        self._clock = clock

    def inbox(self) -> str:
        """Show what each of this person's houses is asked."""
        charter, me = self._charter(), _me()
        with self._control.reading() as reading:
            houses = [
                (venue, self._asked_of(reading, venue, charter)) for venue in _houses(me, charter)
            ]
            lends = [
                (venue, self._lent(reading, venue), _colleagues(reading, venue, me))
                for venue in _marketing_of(me)
            ]
        return shown("inbox", houses=houses, lends=lends, labels=Labels(charter, tongue()))

    def page(self, name: str, venue: str) -> str:
        """Show one request to one house, and the ways to answer it."""
        charter = self._charter()
        one = self._one(name, venue, charter)
        return shown(
            "answer",
            one=one,
            reasons=[reason.value for reason in GIVEN],
            ages=tuple(AgeBand),
            labels=Labels(charter, tongue()),
            waiting=one.answer.state is Answer.WAITING or one.answer.dpo == "waiting",
        )

    def approve(self, name: str, venue: str) -> AnyResponse:
        """Agree."""
        return self._act(
            name, venue, lambda tx, me: audience_answers.approve(tx, name, venue, by=me)
        )

    def modify(self, name: str, venue: str) -> AnyResponse:
        """Agree to fewer people."""
        change = _change_asked()
        if change is None:
            flash(say("refused_not-narrower"), "error")
            return redirect(url_for("answering.page", name=name, venue=venue))
        return self._act(
            name, venue, lambda tx, me: audience_answers.modify(tx, name, venue, change, by=me)
        )

    def refuse(self, name: str, venue: str) -> AnyResponse:
        """Refuse, with a reason of the list."""
        reason = request.form.get("reason", "")
        return self._act(
            name, venue, lambda tx, me: audience_answers.refuse(tx, name, venue, reason, by=me)
        )

    def lend(self, venue: str) -> AnyResponse:
        """Lend the voice of a house's marketing, or take it back."""
        to, until = request.form.get("person", ""), request.form.get("until", "")
        if request.form.get("take"):
            return self._change(
                "lent_back", lambda tx, me: audience_answers.take_back(tx, venue, to, by=me)
            )
        if len(until) != DAY:
            flash(say("refused_lend-until"), "error")
            return redirect(url_for("answering.inbox"))
        return self._change(
            "lent", lambda tx, me: audience_answers.lend(tx, venue, to, until, by=me)
        )

    def _act(
        self, name: str, venue: str, act: Callable[[Transaction, Person], object]
    ) -> AnyResponse:
        self._one(name, venue, self._charter())  # another house's request does not exist here
        return self._change("answer_done", act)

    def _change(self, done: str, act: Callable[[Transaction, Person], object]) -> AnyResponse:
        try:
            with self._control.transaction(self._clock) as tx:
                act(tx, _me())
                tx.commit()
        except AudienceRefused as error:
            flash(why(error), "error")
        else:
            flash(say(done), "success")
        return redirect(url_for("answering.inbox"))

    def _one(self, name: str, venue: str, charter: Charter) -> Asked:
        with self._control.reading() as reading:
            found = [
                one for one in self._asked_of(reading, venue, charter) if one.kept.request == name
            ]
        return found[0] if found and venue in _houses(_me(), charter) else abort(404)

    def _asked_of(self, reading: Reading, venue: str, charter: Charter) -> list[Asked]:
        now = stamp(self._clock.now())
        held = audience_answers.voices_of(reading, _me(), venue, now[:DAY])
        return [
            Asked(
                kept=kept,
                answer=one,
                words=_words(one, charter),
                state=kept.standing(now),
                until=kept.issued_at or "",
                urgent=kept.dates is not None and kept.dates.remind_at <= now,
                voices=held,
            )
            for kept, one in audience_answers.inbox_of(reading, venue, now)
        ]

    def _lent(self, reading: Reading, venue: str) -> list[tuple[str, str, str]]:
        names = {p.person: p.email for p in people.everybody(reading)}
        today = stamp(self._clock.now())[:DAY]
        found = audience_orders.lent(reading, venue, today).values()
        return [(one.person, names.get(one.person, one.person), one.until) for one in found]

    def _charter(self) -> Charter:
        signed = self._control.published().charter()
        return signed.charter if signed else abort(404)


def answering(control: Control, clock: Clock) -> Blueprint:
    """Return a house's pages about partners' requests as a blueprint."""
    views = _Answering(control, clock)
    blueprint = Blueprint("answering", __name__, url_prefix="/demandes-recues")
    blueprint.add_url_rule("/", "inbox", views.inbox)
    for rule, name, view in (
        ("accepter", "approve", views.approve),
        ("restreindre", "modify", views.modify),
        ("refuser", "refuse", views.refuse),
    ):
        blueprint.add_url_rule(f"/<venue>/<name>/{rule}", name, view, methods=["POST"])
    blueprint.add_url_rule("/<venue>/<name>", "page", views.page)
    blueprint.add_url_rule("/<venue>/voix", "lend", views.lend, methods=["POST"])
    return blueprint


def _me() -> Person:
    return (who() or abort(403)).kept


def _houses(person: Person, charter: Charter) -> list[str]:
    """Return the houses whose requests somebody may read: those that she holds a role of; all for the network's DPO."""
    if Grant(Role.DPO) in person.grants:
        return sorted(member.venue for member in charter.members)
    return sorted({grant.venue for grant in person.grants if grant.role in OF_A_VENUE})


def _marketing_of(person: Person) -> list[str]:
    return sorted(grant.venue for grant in person.grants if grant.role is Role.MARKETING)


def _colleagues(reading: Reading, venue: str, me: Person) -> list[Person]:
    return [
        person
        for person in people.everybody(reading)
        if person.active
        and person.person != me.person
        and audience_answers.may_be_lent(person, venue)
    ]


def _words(one: Answered, charter: Charter) -> str:
    told = sentence(one.asked.spec, names_of(charter))
    return told.fr if tongue().code == "fr" else told.en


def _change_asked() -> Change | None:
    """Return the change that the form asks for, or None where it cannot be read."""
    try:
        plain = {"include": [], "exclude": excluded_by_house(request.form)}
        added = AudienceSpec.model_validate_json(canonical(plain)).exclude
        return Change(tuple(added), int(request.form.get("cap", "")))
    except (FormWrong, ValidationError, ValueError):
        return None
