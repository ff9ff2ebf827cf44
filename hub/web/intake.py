"""The intake: enrolment, charter, catalogue, sealed parts, commits and receipts; it opens nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final, TypeVar, cast

from flask import Blueprint, Flask, Response, request

from contracts import api
from contracts.base import Wire, canonical, digest
from contracts.batch import Commit
from contracts.catalogue import Catalogue, wrong_title
from contracts.charter import MemberSignature
from contracts.clock import stamp
from contracts.problems import ProblemType
from contracts.seal import fingerprint
from contracts.signing import Verified, check_body
from contracts.succession import SignedSuccession
from hub.errors import IntakeRefused, TitleRefused
from hub.receive import Inbox, has_part, receive_commit, receive_part
from hub.store import audience_orders, charters, inbox, members
from hub.web.authentication import Gate

SMALL_BODY: Final = 1024 * 1024
CATALOGUE_BODY: Final = 32 * 1024 * 1024
CHAIN_PAGE: Final = 1000

Model = TypeVar("Model", bound=Wire)


@dataclass(frozen=True)
class Intake:
    """The views of the intake, over one hub's gate and inbox."""

    gate: Gate
    folder: Inbox
    hub_key: str

    def enrol(self) -> Response:
        """Exchange a one-time code for the venue's key; answer with the hub's fingerprint."""
        body = _body(SMALL_BODY)
        enrolment = api.Enrolment.model_validate_json(body)
        check_body(self.gate.admit_newcomer(enrolment.venue, enrolment.signing_key), body)
        with self.gate.control.transaction(self.gate.clock) as tx:
            members.enrol(tx, enrolment)
            tx.commit()
        signed = (
            self.gate.control.published().charter()
        )  # which may name a newer key than the settings
        key = self.hub_key if signed is None else signed.charter.hub.signing_key
        return _json(api.Enrolled(venue=enrolment.venue, fingerprint=fingerprint(key)))

    def succession(self, venue: str) -> Response:
        """Let the venue's new key stand in the place of its former one; both signed the statement."""
        body = _body(SMALL_BODY)
        signed = SignedSuccession.model_validate_json(body)
        said = signed.succession
        check_body(self.gate.admit_newcomer(venue, said.key), body)
        if (said.role, said.name) != ("venue", venue):
            raise IntakeRefused(ProblemType.FORBIDDEN)
        with self.gate.control.transaction(self.gate.clock) as tx:
            members.succeed(tx, signed)
            tx.commit()
        return _json(api.Enrolled(venue=venue, fingerprint=fingerprint(said.key)))

    def charter(self) -> Response:
        """Show the charter in force; with ``?state=draft``, or before the first one, the newest."""
        published = self.gate.control.published()
        in_force = None if request.args.get("state") == "draft" else published.charter()
        return _json(_found(in_force or published.draft()))

    def sign(self) -> Response:
        """Add one member's signature to the newest draft."""
        body = _body(SMALL_BODY)
        signature = MemberSignature.model_validate_json(body)
        check_body(self.gate.admit(signature.venue), body)
        with self.gate.control.transaction(self.gate.clock) as tx:
            signed = charters.add_signature(tx, signature)
            tx.commit()
        return _json(signed)

    def catalogue(self, venue: str) -> Response:
        """Replace a venue's public catalogue."""
        catalogue = self._signed(venue, Catalogue, CATALOGUE_BODY)
        if catalogue.venue != venue:
            raise IntakeRefused(ProblemType.FORBIDDEN)
        if (number := wrong_title(catalogue)) is not None:
            raise TitleRefused(number)
        with self.gate.control.transaction(self.gate.clock) as tx:
            inbox.save_catalogue(tx, catalogue)
            tx.commit()
        return Response(status=204)

    def program(self, venue: str) -> Response:
        """Show a venue's public catalogue, which names no person; 304 to whoever has it.

        Anybody may ask, as often as they like: nothing is parsed, and whoever has it costs one short row.
        """
        with self.gate.control.reading() as reading:
            sha256 = _found(inbox.shown_sha256(reading, venue))
            has = sha256 in request.if_none_match
            body = b"" if has else _found(inbox.shown_bytes(reading, venue))
        response = _bytes(body)
        response.set_etag(sha256)
        response.make_conditional(request)
        return response

    def part(self, venue: str, sha256: str) -> Response:
        """PUT: stream one sealed part to disk. HEAD: say whether it is here."""
        verified = self.gate.admit(venue)
        if request.method == "HEAD":
            return Response(status=200 if has_part(self.folder, venue, sha256) else 404)
        if verified.content_sha256 != sha256:
            raise IntakeRefused(ProblemType.DIGEST)
        if (request.content_length or 0) > self.folder.max_part_bytes:
            raise IntakeRefused(ProblemType.TOO_LARGE)
        state = receive_part(self.folder, venue, sha256, cast(BinaryIO, request.stream))
        return Response(status=201 if state == "received" else 200)

    def commit(self, venue: str) -> Response:
        """Acknowledge a batch whose parts are all here."""
        commit = self._signed(venue, Commit, SMALL_BODY)
        if commit.venue != venue:
            raise IntakeRefused(ProblemType.FORBIDDEN)
        return _json(receive_commit(self.gate.control, self.folder, commit, self.gate.clock))

    def receipt(self, venue: str, sha256: str) -> Response:
        """Show the vault's receipt of one of this venue's commits."""
        self.gate.admit(venue)
        with self.gate.control.reading() as reading:
            body = inbox.receipt_bytes(reading, venue, sha256)
        return _bytes(_found(body))

    def orders(self, venue: str) -> Response:
        """Show a house the signed orders that partners' requests led to, for as long as they hold."""
        self.gate.admit(venue)
        with self.gate.control.reading() as reading:
            found = audience_orders.orders_of(reading, venue, stamp(self.gate.clock.now()))
        return _bytes(canonical([signed.model_dump(mode="json") for signed in found]))

    def checkpoint(self) -> Response:
        """Show the newest signed head of the chain."""
        return _json(_found(self.gate.control.published().checkpoint()))

    def chain(self) -> Response:
        """Show the public chain after entry ``?after=N``, a page at a time."""
        after = request.args.get("after", "0")
        if not after.isascii() or not after.isdigit() or len(after) > 15:  # noqa: PLR2004 - of an int64
            raise IntakeRefused(ProblemType.MALFORMED)
        entries = self.gate.control.published().chain(int(after), CHAIN_PAGE)
        return _bytes(canonical([entry.model_dump(mode="json") for entry in entries]))

    def editions(self) -> Response:
        """List the editions that stand published."""
        return _bytes(canonical(list(self.gate.control.published().editions())))

    def edition(self, edition: str) -> Response:
        """Show one published edition, the same bytes for ever."""
        return _bytes(_found(self.gate.control.published().edition(edition)))

    def model(self, edition: str) -> Response:
        """Show the model of one published edition, the same bytes for ever; 304 to whoever has it."""
        body = _found(self.gate.control.published().model(edition))
        response = _bytes(body)
        response.set_etag(digest(body))
        response.headers["Cache-Control"] = (
            "public, no-cache"  # keep it, and ask: an erratum may withdraw it
        )
        response.make_conditional(request)
        return response

    def _signed(self, venue: str, model: type[Model], limit: int) -> Model:
        verified: Verified = self.gate.admit(venue)
        body = _body(limit)
        check_body(verified, body)
        return model.model_validate_json(body)


def install(app: Flask, intake: Intake) -> None:
    """Put the intake's views on their paths, which ``contracts.api`` lists."""
    routes = Blueprint("intake", __name__)
    views: dict[tuple[str, str], Callable[..., Response]] = {
        (api.PATH_ENROL, "POST"): intake.enrol,
        (api.PATH_CHARTER, "GET"): intake.charter,
        (api.PATH_SIGNATURES, "POST"): intake.sign,
        (api.PATH_CATALOGUE, "PUT"): intake.catalogue,
        (api.PATH_CATALOGUE, "GET"): intake.program,
        (api.PATH_SUCCESSION, "POST"): intake.succession,
        (api.PATH_PART, "PUT HEAD"): intake.part,
        (api.PATH_COMMITS, "POST"): intake.commit,
        (api.PATH_RECEIPT, "GET"): intake.receipt,
        (api.PATH_ORDERS, "GET"): intake.orders,
        (api.PATH_CHECKPOINT, "GET"): intake.checkpoint,
        (api.PATH_CHAIN, "GET"): intake.chain,
        (api.PATH_EDITIONS, "GET"): intake.editions,
        (api.PATH_EDITION, "GET"): intake.edition,
        (api.PATH_MODEL, "GET"): intake.model,
    }
    for (path, methods), view in views.items():
        rule = path.replace("{", "<").replace("}", ">")
        routes.add_url_rule(
            rule, view.__name__, view, methods=methods.split(), provide_automatic_options=False
        )
    app.register_blueprint(routes)


def _body(limit: int) -> bytes:
    if (request.content_length or 0) > limit:
        raise IntakeRefused(ProblemType.TOO_LARGE)
    body: bytes = request.stream.read(limit + 1)
    if len(body) > limit:
        raise IntakeRefused(ProblemType.TOO_LARGE)
    return body


Found = TypeVar("Found")


def _found(value: Found | None) -> Found:
    if value is None:
        raise IntakeRefused(ProblemType.NOT_FOUND)
    return value


def _json(model: Wire) -> Response:
    return _bytes(canonical(model))


def _bytes(body: bytes) -> Response:
    return Response(body, mimetype="application/json")
