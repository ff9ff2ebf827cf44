"""A partner's pages: write a request, read it back, see its estimate, submit it, and follow its calendar."""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from contracts.audience import AudienceSpec, Level, Rung
from contracts.audience_words import sentence
from contracts.charter import Charter
from contracts.clock import Clock, stamp
from contracts.order import Aim, Channel
from contracts.order_check import is_measured
from contracts.visit import ARM, AgeBand, Discipline, DistanceBand
from hub import audience_desk
from hub.audiences.states import ANSWER_DAYS, State
from hub.cube.audience import Estimated, nearest_spec
from hub.cube.sought import FEWEST
from hub.errors import AudienceRefused
from hub.people.roles import partners_of
from hub.store import audiences
from hub.store.audiences import Kept
from hub.store.database import Control
from hub.store.transaction import Transaction
from hub.web.audience_told import names_of, request_of, seen
from hub.web.estimator import Estimator
from hub.web.labels import Labels
from hub.web.office.asking_form import FormWrong, draft_of, filled
from hub.web.office.dress import WORDS, say, shown, tongue
from hub.web.office.factors import who

CHOICES: Final = {
    "aims": tuple(Aim),
    "channels": tuple(Channel),
    "levels": tuple(Level),
    "ages": tuple(AgeBand),
    "distances": tuple(DistanceBand),
    "rungs": tuple(Rung),
    "disciplines": tuple(Discipline),
}


class _Asking:
    def __init__(self, control: Control, clock: Clock) -> None:
        self._control = control
        self._clock = clock
        self._estimator = Estimator(control.published())

    def index(self) -> str:
        """List the requests of the partners that this person asks for."""
        partners = _partners()
        with self._control.reading() as reading:
            found = [kept for one in partners for kept in audiences.of_partner(reading, one)]
        now = stamp(self._clock.now())
        told = [(kept, kept.standing(now)) for kept in found]
        return shown("requests", found=told, partners=partners)

    def form(self) -> str:
        """Show the form, empty or with a draft of one's own in it."""
        name = request.args.get("d", "")
        return self._form(name, filled(self._own(name).asked if name else None))

    def write(self) -> AnyResponse | str:
        """Keep a draft."""
        name, partner = request.form.get("d", ""), request.form.get("partner", "")
        if name:
            partner = self._own(name).partner
        if partner not in _partners():
            abort(404)
        try:
            draft = draft_of(request.form)
        except FormWrong as error:
            fields = ", ".join(say(f) if f in WORDS else f for f in error.fields)
            flash(say("request_wrong").format(fields=fields), "error")
            return self._form(name, request.form.to_dict(flat=False))
        asked = request_of(draft, name or audiences.new_name(), partner)
        charter = self._charter()
        return self._act(
            asked.request,
            "request_kept",
            lambda tx, me: audience_desk.write(tx, asked, charter, by=me),
        )

    def page(self, name: str) -> str:
        """Show one request: its words, its estimate, its calendar, its houses from their day on."""
        kept, charter = self._own(name), self._charter()
        now = stamp(self._clock.now())
        with self._control.reading() as reading:
            told = seen(reading, kept, charter, now)
        state = kept.standing(now)
        found = self._estimated(kept, charter) if state is not State.DRAFT else None
        return shown(
            "request",
            kept=kept,
            told_=told,
            state=state,
            rows=_rows(found, Labels(charter, tongue())),
            read_in=found.cube.edition if found else "",
            local=_local(found, charter),
            nearest=_nearest(found, charter),
            fewest=FEWEST,
            measured_in=self._measured_in(name),
            measurable=ARM in charter.fields and is_measured(kept.asked, charter.fields),
            labels=Labels(charter, tongue()),
        )

    def estimate(self, name: str) -> AnyResponse:
        """Read the request in the newest edition."""
        self._own(name)
        return self._act(
            name,
            "",
            lambda tx, me: audience_desk.estimate(tx, _found(tx, name), by=me),
        )

    def submit(self, name: str) -> AnyResponse:
        """Put the request before its houses."""
        self._own(name)
        charter = self._charter()
        return self._act(
            name,
            "request_submitted",
            lambda tx, me: audience_desk.submit(tx, _found(tx, name), charter, by=me),
        )

    def withdraw(self, name: str) -> AnyResponse:
        """Take the request back."""
        self._own(name)
        return self._act(
            name,
            "request_withdrawn",
            lambda tx, me: audience_desk.withdraw(tx, _found(tx, name), by=me),
        )

    def _form(self, name: str, values: Any) -> str:
        charter = self._charter()
        members = [member.venue for member in charter.members]
        return shown(
            "request_form",
            name=name,
            values=values,
            partners=_partners(),
            members=members,
            asked_of=[venue for venue in members if venue not in _partners()],
            visited=list(dict.fromkeys((*_partners(), *members))),
            labels=Labels(charter, tongue()),
            days=ANSWER_DAYS,
            **CHOICES,
        )

    def _act(self, name: str, done: str, act: Callable[[Transaction, str], object]) -> AnyResponse:
        me = (who() or abort(403)).id
        try:
            with self._control.transaction(self._clock) as tx:
                act(tx, me)
                tx.commit()
        except AudienceRefused as error:
            flash(why(error), "error")
        else:
            if done:
                flash(say(done), "success")
        with self._control.reading() as reading:
            known = audiences.find(reading, name) is not None
        return redirect(url_for("asking.page", name=name) if known else url_for("asking.index"))

    def _own(self, name: str) -> Kept:
        with self._control.reading() as reading:
            found = audiences.find(reading, name)
        return found if found is not None and found.partner in _partners() else abort(404)

    def _estimated(self, kept: Kept, charter: Charter) -> Estimated | None:
        houses = audience_desk.sources_of(kept.asked, charter)
        return self._estimator.read(kept.asked.spec, houses, charter, kept.partner)

    def _measured_in(self, name: str) -> list[str]:
        """Return the published editions that tell of a request, the newest first: what anybody can read there."""
        shelf, told = self._control.published(), f'"{name}"'.encode()
        return [e for e in reversed(shelf.editions()) if told in (shelf.edition(e) or b"")]

    def _charter(self) -> Charter:
        signed = self._control.published().charter()
        return signed.charter if signed else abort(404)


def asking(control: Control, clock: Clock) -> Blueprint:
    """Return the partner's pages as a blueprint."""
    views = _Asking(control, clock)
    blueprint = Blueprint("asking", __name__, url_prefix="/demandes")
    blueprint.add_url_rule("/", "index", views.index)
    blueprint.add_url_rule("/ecrire", "form", views.form)
    blueprint.add_url_rule("/ecrire", "write", views.write, methods=["POST"])
    blueprint.add_url_rule("/<name>", "page", views.page)
    blueprint.add_url_rule("/<name>/estimer", "estimate", views.estimate, methods=["POST"])
    blueprint.add_url_rule("/<name>/soumettre", "submit", views.submit, methods=["POST"])
    blueprint.add_url_rule("/<name>/retirer", "withdraw", views.withdraw, methods=["POST"])
    return blueprint


def why(error: AudienceRefused) -> str:
    """Return why an act on a request is refused, in the reader's language."""
    key = f"refused_{error.problem}"
    return say(key if key in WORDS else "refused_other")


def _partners() -> list[str]:
    user = who()
    return sorted(partners_of(user.grants)) if user else []


def _found(tx: Transaction, name: str) -> Kept:
    found = audiences.find(tx, name)
    if found is None:
        raise AudienceRefused("audience-unknown")
    return found


def _rows(found: Estimated | None, labels: Labels) -> list[tuple[str, str, str]]:
    """Return the estimate's rows in words: place, people, interval."""
    if found is None:
        return []
    rows = [(say("estimate_all"), found.total)]
    rows += [(labels.key(line.place, "house"), line.found) for line in found.lines]
    speech = tongue()

    def told(people: int | None, low: int | None, high: int | None, *, most: bool) -> tuple[str, str]:  # fmt: skip
        if people is None:
            return say("estimate_no"), ""
        if people == 0:
            return say("estimate_few").format(fewest=FEWEST), ""
        if most:
            return say("estimate_most").format(high=speech.grouped(high or 0)), ""
        return speech.grouped(people), f"{speech.grouped(low or 0)} – {speech.grouped(high or 0)}"

    return [(name, *told(s.people, s.low, s.high, most=bool(s.left))) for name, s in rows]


def _local(found: Estimated | None, charter: Charter) -> str:
    """Return what of the request the houses alone can apply, as a sentence."""
    if found is None or not found.total.left:
        return ""
    form, left = found.total.spec, found.total.left
    rest = AudienceSpec(
        include=[p for p in form.include if p in left],
        exclude=[p for p in form.exclude if p in left],
    )
    return _said(rest, charter)


def _nearest(found: Estimated | None, charter: Charter) -> str:
    spec = nearest_spec(found.cube, found.total) if found else None
    return "" if spec is None else _said(spec, charter)


def _said(spec: AudienceSpec, charter: Charter) -> str:
    told = sentence(spec, names_of(charter))
    return told.fr if tongue().code == "fr" else told.en
