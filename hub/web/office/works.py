"""Work in progress, as the office shows it: the stage that each piece is at; and where an edition is asked for or called off.

The page asks for itself anew every two seconds while it is looked at; a reload shows the same, for all of it stands in
the control database. There is no count of rows, bytes or people to show.
"""

from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from contracts.clock import Clock
from hub.errors import StateConflict
from hub.people.states import why_not_ask, why_not_cancel
from hub.store import editions, people, work
from hub.store.database import Control
from hub.store.work import Work
from hub.web.labels import Labels
from hub.web.office.dress import part, say, shown, tongue
from hub.web.office.factors import who
from hub.web.tongue import Tongue

DRAW: Final = "draw "


@dataclass(frozen=True)
class Doing:
    """One piece of work in words; ``step`` and ``steps`` count stages of the public plan."""

    kind: str
    subject: str
    name: str
    state: str
    stage: str
    step: int
    steps: int
    at: str
    cancel: bool


class _Works:
    def __init__(self, control: Control, clock: Clock) -> None:
        self._control = control
        self._clock = clock

    def page(self) -> str:
        """Show what is under way, and what may be asked for."""
        return shown("works", doing=self._doing(), can_ask=self._open())

    def state(self) -> str:
        """Show what is under way alone: what the page asks for again and again."""
        return part("doing", doing=self._doing())

    def ask(self) -> AnyResponse:
        """Ask for an edition to be published."""
        edition = request.form.get("edition", "")
        if edition not in {one for one, _ in self._open()}:
            return _back("work_wrong")
        return self._change("work_asked", lambda tx, me: work.ask(tx, edition, by=me))

    def cancel(self, edition: str) -> AnyResponse:
        """Call an edition off, before its charge."""
        with self._control.reading() as reading:
            found = work.find(reading, work.EDITION, edition) or abort(404)
        problem = why_not_cancel(state=found.state, paid=found.at > 0)
        if problem:
            return _back(problem)
        return self._change("work_cancelled", lambda tx, _me: work.cancel(tx, edition))

    def _change(self, done: str, change: Any) -> AnyResponse:
        me = (who() or abort(403)).id
        try:
            with self._control.transaction(self._clock) as tx:
                change(tx, me)
                people.note(tx, me, done.replace("_", "-"))
                tx.commit()
        except StateConflict:
            return _back("not_now")
        return _back(done, good=True)

    def _doing(self) -> list[Doing]:
        charter = self._control.published().charter()
        labels = Labels(charter.charter if charter else None, tongue())
        titles = {e.edition: e.title for e in charter.charter.editions} if charter else {}
        with self._control.reading() as reading:
            found = work.everything(reading)
        return [_told(one, labels, titles) for one in found]

    def _open(self) -> list[tuple[str, str]]:
        """Return the editions of the charter that may be asked for."""
        charter = self._control.published().charter()
        planned = charter.charter.editions if charter else []
        with self._control.reading() as reading:
            return [
                (one.edition, one.title)
                for one in planned
                if editions.state(reading, one.edition) not in ("published", "withdrawn")
                and why_not_ask(state=_state(work.find(reading, work.EDITION, one.edition))) is None
            ]


def works(control: Control, clock: Clock) -> Blueprint:
    """Return the pages of work in progress as a blueprint."""
    views = _Works(control, clock)
    blueprint = Blueprint("works", __name__, url_prefix="/administration/travaux")
    blueprint.add_url_rule("/", "page", views.page)
    blueprint.add_url_rule("/etat", "state", views.state)
    blueprint.add_url_rule("/", "ask", views.ask, methods=["POST"])
    blueprint.add_url_rule("/<edition>/annuler", "cancel", views.cancel, methods=["POST"])
    return blueprint


def _told(one: Work, labels: Labels, titles: dict[str, str]) -> Doing:
    edition = one.kind == work.EDITION
    return Doing(
        kind=one.kind,
        subject=one.subject,
        name=titles.get(one.subject, one.subject) if edition else labels.key(one.subject, "place"),
        state=one.state,
        stage=_stage(one.stage, labels.tongue),
        step=one.at + 1,
        steps=one.stages,
        at=f"{labels.tongue.day(one.began_at[:10])}, {one.began_at[11:16]} UTC",
        cancel=edition and why_not_cancel(state=one.state, paid=one.at > 0) is None,
    )


def _stage(stage: str, words: Tongue) -> str:
    if not stage.startswith(DRAW):
        return say(f"stage_{stage}") if stage else ""
    measure = stage.removeprefix(DRAW)
    return say("stage_draw").format(measure=words.measures.get(measure, (measure, ""))[0])


def _state(one: Work | None) -> str:
    return one.state if one else ""


def _back(key: str, *, good: bool = False) -> AnyResponse:
    flash(say(key), "success" if good else "error")
    return redirect(url_for("works.page"))
