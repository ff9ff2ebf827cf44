"""Partners' requests for programs: the same acts as the office's pages, in JSON; who asks is verified before.

Statuses and lengths do not tell how many people are meant: an estimate is always 200 and always as long.
"""

from collections.abc import Callable

from flask import Blueprint, Response, request

from contracts.base import Wire, canonical
from contracts.charter import Charter
from contracts.clock import Clock, stamp
from contracts.order import RequestDraft
from contracts.problems import ProblemType
from hub import audience_desk
from hub.cube.audience import answer_bytes
from hub.errors import AudienceRefused, IntakeRefused, StateConflict
from hub.store import audiences
from hub.store.audiences import Kept
from hub.store.database import Control
from hub.store.transaction import Transaction
from hub.web.audience_told import request_of, seen
from hub.web.estimator import Estimator

MOST_BYTES = 65_536
Who = Callable[[], tuple[str, str]]
"""Returns the partner's slug and the program's own name, verified; refuses whoever is neither."""


class AudiencesApi:
    """The views; *who* has verified the caller when it returns."""

    def __init__(self, control: Control, clock: Clock, who: Who) -> None:
        self._control = control
        self._clock = clock
        self._who = who
        self._estimator = Estimator(control.published())

    def index(self) -> Response:
        """List the partner's requests, the newest first."""
        partner, _ = self._who()
        charter, now = self._charter(), stamp(self._clock.now())
        with self._control.reading() as reading:
            found = audiences.of_partner(reading, partner)
            told = [seen(reading, kept, charter, now).model_dump(mode="json") for kept in found]
        return _bytes(canonical(told))

    def make(self) -> Response:
        """Keep a new draft."""
        return self._written(audiences.new_name(), 201)

    def rewrite(self, name: str) -> Response:
        """Change a draft."""
        partner, _ = self._who()
        with self._control.reading() as reading:
            _own(lambda: audience_desk.of_partner(reading, partner, name))
        return self._written(name, 200)

    def show(self, name: str) -> Response:
        """Show one request."""
        partner, _ = self._who()
        with self._control.reading() as reading:
            kept = _own(lambda: audience_desk.of_partner(reading, partner, name))
            return _json(seen(reading, kept, self._charter(), stamp(self._clock.now())))

    def estimate(self, name: str) -> Response:
        """Read a request in the newest edition; the same for whoever means the same people."""
        partner, program = self._who()
        charter = self._charter()
        with self._control.transaction(self._clock) as tx:
            kept = _own(lambda: audience_desk.of_partner(tx, partner, name))
            if kept.dates is None:
                audience_desk.estimate(tx, kept, by=program)
            tx.commit()
        houses = audience_desk.sources_of(kept.asked, charter)
        found = self._estimator.read(kept.asked.spec, houses, charter, partner)
        return _bytes(answer_bytes(found))

    def submit(self, name: str) -> Response:
        """Put a request before its houses."""
        charter = self._charter()
        return self._act(name, lambda tx, kept, by: audience_desk.submit(tx, kept, charter, by=by))

    def withdraw(self, name: str) -> Response:
        """Take a request back."""
        return self._act(name, lambda tx, kept, by: audience_desk.withdraw(tx, kept, by=by))

    def _written(self, name: str, status: int) -> Response:
        partner, program = self._who()
        draft = RequestDraft.model_validate_json(_body())
        charter = self._charter()
        with self._control.transaction(self._clock) as tx:
            kept = audience_desk.write(tx, request_of(draft, name, partner), charter, by=program)
            told = seen(tx, kept, charter, tx.now())
            tx.commit()
        return _json(told, status)

    def _act(self, name: str, act: Callable[[Transaction, Kept, str], object]) -> Response:
        partner, program = self._who()
        with self._control.transaction(self._clock) as tx:
            act(tx, _own(lambda: audience_desk.of_partner(tx, partner, name)), program)
            kept = audience_desk.of_partner(tx, partner, name)
            told = seen(tx, kept, self._charter(), tx.now())
            tx.commit()
        return _json(told)

    def _charter(self) -> Charter:
        signed = self._control.published().charter()
        if signed is None:
            raise StateConflict("No charter is in force. Wait until every member has signed it.")
        return signed.charter


def audiences_api(control: Control, clock: Clock, who: Who) -> Blueprint:
    """Return the API of partners' requests as a blueprint, to be put below a prefix of the partners' own."""
    views = AudiencesApi(control, clock, who)
    blueprint = Blueprint("audiences", __name__)
    for rule, name, view, methods in (
        ("/requests", "index", views.index, ["GET"]),
        ("/requests", "make", views.make, ["POST"]),
        ("/requests/<name>", "show", views.show, ["GET"]),
        ("/requests/<name>", "rewrite", views.rewrite, ["PUT"]),
        ("/requests/<name>/estimate", "estimate", views.estimate, ["POST"]),
        ("/requests/<name>/submit", "submit", views.submit, ["POST"]),
        ("/requests/<name>/withdraw", "withdraw", views.withdraw, ["POST"]),
    ):
        blueprint.add_url_rule(rule, name, view, methods=methods, provide_automatic_options=False)
    return blueprint


def _own(find: Callable[[], Kept]) -> Kept:
    """Return a partner's own request; another's is not found, as one that does not exist."""
    try:
        return find()
    except AudienceRefused:
        raise IntakeRefused(ProblemType.NOT_FOUND) from None


def _body() -> bytes:
    body: bytes = request.stream.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise IntakeRefused(ProblemType.TOO_LARGE)
    return body


def _json(told: Wire, status: int = 200) -> Response:
    return _bytes(canonical(told), status)


def _bytes(body: bytes, status: int = 200) -> Response:
    response = Response(body, status=status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
