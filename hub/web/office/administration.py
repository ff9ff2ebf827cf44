"""Administration: the network as the charter and the store tell it, the people, and what takes two of them."""

import json
import re
from typing import Any, Final

from email_validator import EmailNotValidError, validate_email
from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from contracts.clock import Clock, stamp
from hub import two_people
from hub.config import WebConfig
from hub.errors import HubError, StateConflict
from hub.people.roles import Grant, Role, may_give
from hub.people.states import Kind, why_not_decide
from hub.store import invitations, ledger, members, people, proposals
from hub.store.database import Control
from hub.web.labels import Labels
from hub.web.office.datastore import User
from hub.web.office.dress import say, shown, tongue
from hub.web.office.factors import who
from hub.web.office.told import network_told, proposals_told

VENUE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
MICRO: Final = 1_000_000


class _Administration:
    """The views; a writing one does one thing in one transaction, and sends back to its page."""

    def __init__(self, config: WebConfig, control: Control, clock: Clock) -> None:
        self._config = config
        self._control = control
        self._clock = clock

    def network(self) -> str:
        """Show members, clusters, keys, budgets and the calendar of editions."""
        return shown("network", net=network_told(self._control, tongue()))

    def enrol(self) -> AnyResponse | str:
        """Issue the one-time code with which a venue joins; it is shown once.

        Never for a venue that has a key: its code would let whoever holds it put another key in its place. A
        lost key is replaced from the server's own terminal.
        """
        venue = request.form.get("venue", "").strip()
        if not VENUE.fullmatch(venue):
            return _back("network", "venue_wrong")
        with self._control.transaction(self._clock) as tx:
            if members.member_key(tx, venue) is not None:
                return _back("network", "venue_known")
            code = members.issue_code(tx, venue)
            people.note(tx, _me().id, "venue-code-issued")
            tx.commit()
        return shown("network", net=network_told(self._control, tongue()), code=code, venue=venue)

    def people(self, link: str = "", email: str = "") -> str:
        """Show who may sign in, and who is invited."""
        with self._control.reading() as reading:
            known = people.everybody(reading)
            waiting = invitations.open_ones(reading, stamp(self._clock.now()))
            venues = sorted(members.member_keys(reading))
        given = [role for role in Role if may_give(_me().held, role)]
        signed = self._control.published().charter()
        return shown(
            "people",
            known=known,
            invited=waiting,
            given=given,
            venues=venues,
            partners=sorted(signed.charter.partners) if signed else [],
            link=link,
            email=email,
        )

    def invite(self) -> AnyResponse | str:
        """Make a one-time link; it is shown once, to who invites."""
        grant = _grant_asked()
        try:
            email = validate_email(
                request.form.get("email", ""), check_deliverability=False
            ).normalized
        except EmailNotValidError:
            return _back("people", "email_wrong")
        if grant is None:
            return _back("people", "role_wrong")
        self._require_may_give(grant, email)
        with self._control.transaction(self._clock) as tx:
            token = invitations.invite(tx, email, grant, by=_me().id)
            tx.commit()
        link = f"{self._config.public_url.rstrip('/')}/bureau/invitation/{token}"
        return self.people(link=link, email=email)

    def uninvite(self, mark: str) -> AnyResponse:
        """Let a link die."""
        with self._control.transaction(self._clock) as tx:
            found = invitations.revoke(tx, mark, by=_me().id)
            tx.commit()
        return _back("people", "uninvited" if found else "not_now", good=found)

    def revoke(self, person: str) -> AnyResponse:
        """Take all access from a person."""
        return self._change("people", "revoked", lambda tx: people.revoke(tx, person, by=_me().id))

    def role(self, person: str) -> AnyResponse:
        """Give a role, or take one back."""
        grant = _grant_asked()
        if grant is None:
            return _back("people", "role_wrong")
        change = people.withdraw if request.form.get("take") else people.grant
        return self._change(
            "people", "role_changed", lambda tx: change(tx, person, grant, by=_me().id)
        )

    def proposals(self) -> str:
        """Show what waits for a second person, and what was decided."""
        with self._control.reading() as reading:
            scopes = [state.scope for state in ledger.budgets(reading)]
            told = proposals_told(reading, _me().id, self._clock.now(), Labels(None, tongue()))
            new = sorted(
                set(_planned(self._control))
                - two_people.families(reading)
                - proposals.approved_families(reading)
            )
        return shown("proposals", told_=told, scopes=scopes, families=new)

    def propose(self) -> AnyResponse:
        """Keep a proposal for another person to decide."""
        kind = request.form.get("kind", "")
        if kind not in set(Kind):
            abort(400)
        body = _body_asked(Kind(kind))
        if body is None:
            return _back("proposals", "proposal_wrong")
        return self._change(
            "proposals",
            "proposed",
            lambda tx: two_people.propose(tx, Kind(kind), body, by=_me().id),
        )

    def decide(self, name: str) -> AnyResponse:
        """Confirm a proposal of somebody else, or refuse one."""
        with self._control.reading() as reading:
            found = proposals.find(reading, name) or abort(404)
        confirmed = request.form.get("decision") == "confirm"
        problem = why_not_decide(
            state=found.state,
            expires_at=found.expires_at,
            now=stamp(self._clock.now()),
            proposed_by=found.proposed_by,
            person=_me().id if confirmed else "",
        )
        if problem:
            return _back("proposals", problem)
        decide = two_people.confirm if confirmed else two_people.refuse
        return self._change("proposals", "decided", lambda tx: decide(tx, name, by=_me().id))

    def journal(self) -> str:
        """Show who signed in and when."""
        with self._control.reading() as reading:
            lines = people.journal_lines(reading)
            names = {p.person: p.email for p in people.everybody(reading)}
        return shown("journal", entries=lines, names=names)

    def _require_may_give(self, grant: Grant, email: str) -> None:
        """Refuse a role that one may not give, and a new link for somebody who has more than one may give.

        A link for a known address opens that person's account anew: for an administrator's, it would be a way up.
        So would one in the place of a link that promises more.
        """
        address, now = people.normalised(email), stamp(self._clock.now())
        with self._control.reading() as reading:
            known = people.by_email(reading, email)
            promised = {
                i.grant.role for i in invitations.open_ones(reading, now) if i.email == address
            }
        wanted = {grant.role} | promised | (known.roles if known else frozenset())
        if not all(may_give(_me().held, role) for role in wanted):
            abort(403)

    def _change(self, page: str, done: str, change: Any) -> AnyResponse:
        try:
            with self._control.transaction(self._clock) as tx:
                change(tx)
                tx.commit()
        except (StateConflict, HubError) as error:
            return _back(
                page, "last_administrator" if "last administrator" in str(error) else "not_now"
            )
        return _back(page, done, good=True)


def administration(config: WebConfig, control: Control, clock: Clock) -> Blueprint:
    """Return the administration's pages as a blueprint."""
    views = _Administration(config, control, clock)
    blueprint = Blueprint("administration", __name__, url_prefix="/administration")
    blueprint.add_url_rule("/", "network", views.network)
    blueprint.add_url_rule("/lieux", "enrol", views.enrol, methods=["POST"])
    blueprint.add_url_rule("/personnes", "people", views.people)
    blueprint.add_url_rule("/personnes", "invite", views.invite, methods=["POST"])
    blueprint.add_url_rule("/invitations/<mark>", "uninvite", views.uninvite, methods=["POST"])
    blueprint.add_url_rule("/personnes/<person>/retirer", "revoke", views.revoke, methods=["POST"])
    blueprint.add_url_rule("/personnes/<person>/role", "role", views.role, methods=["POST"])
    blueprint.add_url_rule("/propositions", "proposals", views.proposals)
    blueprint.add_url_rule("/propositions", "propose", views.propose, methods=["POST"])
    blueprint.add_url_rule("/propositions/<name>", "decide", views.decide, methods=["POST"])
    blueprint.add_url_rule("/journal", "journal", views.journal)
    return blueprint


def _me() -> User:
    return who() or abort(403)


def _back(page: str, key: str, *, good: bool = False) -> AnyResponse:
    flash(say(key), "success" if good else "error")
    return redirect(url_for(f"administration.{page}"))


def _grant_asked() -> Grant | None:
    """Return the role that the form asks for: its value is ``role`` or ``role venue``."""
    role, _, venue = request.form.get("role", "").partition(" ")
    venue = venue or request.form.get("venue", "")
    if venue and not VENUE.fullmatch(venue):
        return None
    try:
        return Grant(Role(role), venue)
    except ValueError:
        return None


def _body_asked(kind: Kind) -> dict[str, Any] | None:
    form = request.form
    if kind is Kind.CAP:
        return _cap_asked(form.get("scope", ""), form.get("cap", ""))
    if kind is Kind.FAMILY:
        return {"measure": form.get("measure", "")}
    file = request.files.get("charter")
    try:
        body = json.loads(file.read()) if file else None
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _cap_asked(scope: str, cap: str) -> dict[str, Any] | None:
    number = re.fullmatch(r"(\d{1,2})(?:[.,](\d{1,6}))?", cap.strip())
    if number is None:
        return None
    micro = int(number[1]) * MICRO + int((number[2] or "").ljust(6, "0"))
    return {"scope": scope, "cap_rho_micro": micro}


def _planned(control: Control) -> list[str]:
    signed = control.published().draft()
    editions = signed.charter.editions if signed else []
    return [spec.measure for edition in editions for spec in edition.measures]
