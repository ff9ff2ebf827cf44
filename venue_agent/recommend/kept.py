"""The network's model on this machine: fetched once, believed only when signed and told in the public chain."""

import datetime as dt
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from contracts.base import canonical, digest
from contracts.chain import GENESIS, ChainError, Head, extend
from contracts.charter import Charter
from contracts.clock import Clock, parse_stamp
from contracts.edition import AuditEntry
from contracts.model import Model, SignedModel
from contracts.model_check import ModelError, check_signed
from venue_agent.config import Home
from venue_agent.desk import Desk
from venue_agent.errors import CharterRefused, ModelMissing, ModelRefused
from venue_agent.network.charters import kept_charter
from venue_agent.network.client import Hub
from venue_agent.network.memory import Memory
from venue_agent.recommend.programs import NONE, Left, Programs, Show, as_counted, sound, to_come
from venue_agent.words import _, say

FILE: Final = "model.json"
KIND: Final = "model-published"


@dataclass(frozen=True)
class Kept:
    """A model to score with, and the charter whose hub signed it."""

    model: Model
    charter: Charter
    shows: tuple[Show, ...] = ()  # to come at the network's houses
    left: Left = NONE  # of these, what is not looked at
    as_counted: bool | None = None  # whether the catalogues are those that the model counted

    def said_of_shows(self) -> dict[str, Any]:
        """Return what a report says of the catalogues: what is left out of them, whether the model counted them."""
        left = {} if self.left == NONE else {"shows_left_out": asdict(self.left)}
        counted = None if not self.shows else self.as_counted
        return left if counted is None else {"catalogues_as_counted": counted, **left}


def pull(desk: Desk) -> tuple[Kept, bool]:
    """Fetch the newest model unless it is here already; return it, and whether it is new.

    The chain names its digest before anything is fetched: what a hub shows one venue is what it
    told all of them.

    Raises:
        ModelMissing: the network has published none.
        ModelRefused: what the hub sends is not what it told its chain of, or it did not sign it.
        AgentError: the charter, the chain or the hub, as their names say.
    """
    charter, hub = desk.charter(), desk.hub
    edition, sha256 = _newest(hub)
    path = desk.home.path / FILE
    if path.exists() and digest(path.read_bytes()) == sha256:
        return Kept(_checked(_read(path), charter), charter), False
    signed = hub.model(edition)
    if signed is None or digest(canonical(signed)) != sha256:
        raise ModelRefused(
            _(
                "The hub does not send the model that its public chain names for {edition}. "
                "Nothing was kept. Tell the network and its DPO."
            ).format(edition=edition)
        )
    model = _checked(signed, charter)
    _write(path, canonical(signed))
    return Kept(model, charter), True


def kept(home: Home, clock: Clock) -> Kept:
    """Return the model that is here, without any connection, checked again.

    Raises:
        ModelMissing: none was fetched.
        ModelRefused: it was altered since, or the charter's hub has another key now.
        CharterRefused: the charter that this venue obeys has expired.
    """
    known = Memory(home.path).known()
    charter = kept_charter(home.path, known.charter_sha256) if known else None
    path = home.path / FILE
    if charter is None or not path.exists():
        raise ModelMissing(
            _("No recommendation model here yet. Fetch it: `venue-agent model pull`.")
        )
    if parse_stamp(charter.expires) <= clock.now():
        raise CharterRefused(
            _(
                "The charter has expired: nobody is advised under it any more. Ask the network for "
                "the new one, then run `venue-agent model pull`."
            )
        )
    return Kept(_checked(_read(path), charter), charter)


def with_shows(have: Kept, programs: Programs, today: dt.date) -> Kept:
    """Return the model with the shows to come that may be told, and what is to say of the catalogues."""
    catalogues, left = sound(programs.catalogues, today)
    shows = to_come(catalogues, have.model, have.charter, today)
    return replace(have, shows=shows, left=left, as_counted=as_counted(programs, have.model))


def _newest(hub: Hub) -> tuple[str, str]:
    """Return the edition and digest of the newest model told in the signed chain, of an edition that stands."""
    shown = hub.checkpoint()
    standing = set(hub.editions())
    if shown is not None:
        head = shown.checkpoint
        entries = [entry for entry in hub.chain(0) if entry.sequence <= head.sequence]
        try:
            found = extend(GENESIS, entries)
        except ChainError:
            found = GENESIS
        if found != Head(head.sequence, head.head_sha256):
            raise ModelRefused(
                _(
                    "The hub's public chain does not lead to its signed head. Nothing was kept. "
                    "Tell the network and its DPO."
                )
            )
        for edition, sha256 in _told(reversed(entries)):
            if edition in standing:
                return edition, sha256
    raise ModelMissing(_("The network has not published a recommendation model yet."))


def _told(entries: Iterable[AuditEntry]) -> Iterable[tuple[str, str]]:
    for entry in entries:
        if entry.kind == KIND:
            body = json.loads(entry.body)
            yield str(body.get("edition")), str(body.get("sha256"))


def _read(path: Path) -> SignedModel:
    try:
        return SignedModel.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        raise ModelRefused(
            _("{file} cannot be read. Remove it and run `venue-agent model pull`.").format(
                file=path.name
            )
        ) from None


def _checked(signed: SignedModel, charter: Charter) -> Model:
    try:
        return check_signed(signed, charter)
    except ModelError as error:
        raise ModelRefused(say(error)) from error


def _write(path: Path, body: bytes) -> None:
    draft = path.with_suffix(".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
