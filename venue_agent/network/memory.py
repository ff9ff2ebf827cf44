"""What this venue remembers of its network, so that a hub cannot take it back: a charter, a head of the chain."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from contracts.base import Hex32, Wire, canonical
from contracts.chain import GENESIS, ChainError, Head, extend
from contracts.charter import Charter
from contracts.charter_check import charter_hash
from contracts.edition import AuditEntry, SignedCheckpoint
from contracts.seal import SealError, verify
from venue_agent.errors import CharterRefused, CheckpointRefused, StateDamaged
from venue_agent.network import hub_key
from venue_agent.network.client import Hub
from venue_agent.words import _

FILE: Final = "network.json"


class Known(Wire):
    """The newest charter that was obeyed, and the longest chain that was seen."""

    revision: int
    charter_sha256: Hex32
    checkpoint: SignedCheckpoint | None


@dataclass(frozen=True)
class Memory:
    """One file in the agent's folder; never restore it from a backup."""

    folder: Path

    def hold(self, hub: Hub, charter: Charter) -> None:
        """Refuse a hub that goes back on what it showed before, and remember what it shows now.

        Raises:
            CharterRefused: an older charter than one obeyed before, or another of the same revision.
            CheckpointRefused: the chain does not extend the head that was kept.
            StateDamaged: the memory cannot be read.
            HubDown, HubRefused: as their names say.
        """
        now = self.look(hub, charter)
        if now != self.known():
            self._write(now)

    def look(self, hub: Hub, charter: Charter) -> Known:
        """Return what the hub shows now, held against what it showed before; remember nothing.

        Raises:
            AgentError: as ``hold``.
        """
        known = self.known()
        if known is not None:
            _check_charter(known, charter)
        checkpoint = _checked(hub, charter, known)
        return Known(
            revision=charter.revision, charter_sha256=charter_hash(charter), checkpoint=checkpoint
        )

    def known(self) -> Known | None:
        """Return what is remembered; None before anything is.

        Raises:
            StateDamaged: it cannot be read.
        """
        try:
            return Known.model_validate_json((self.folder / FILE).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError):
            raise StateDamaged(
                _(
                    "{file} cannot be read: the agent no longer knows which charter and which "
                    "head of the chain it saw last. Ask the network for both, then remove the file."
                ).format(file=FILE)
            ) from None

    def _write(self, known: Known) -> None:
        draft = self.folder / f".{FILE}.new"
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(canonical(known))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.folder / FILE)


def _check_charter(known: Known, charter: Charter) -> None:
    same = charter_hash(charter) == known.charter_sha256
    if charter.revision < known.revision or (charter.revision == known.revision and not same):
        raise CharterRefused(
            _(
                "The hub shows revision {found} of the charter; this venue already obeyed revision "
                "{expected}, another one. Nothing was sent. Tell the network and its DPO."
            ).format(found=charter.revision, expected=known.revision)
        )


def _checked(hub: Hub, charter: Charter, known: Known | None) -> SignedCheckpoint | None:
    """Return the hub's newest head, which its key signed and which extends the one that was kept."""
    shown, kept = hub.checkpoint(), known.checkpoint if known else None
    if shown is None:
        if kept is not None:
            raise _went_back(_("it shows no head any more"))
        return None
    head = shown.checkpoint
    if head.network != charter.network:
        raise _went_back(_("its head is of another network"))
    last = Head(kept.checkpoint.sequence, kept.checkpoint.head_sha256) if kept else GENESIS
    entries = hub.chain(last.sequence) if head.sequence > last.sequence else []
    try:
        found = extend(last, [e for e in entries if e.sequence <= head.sequence])
    except ChainError as error:
        raise _went_back(_("its entries do not link")) from error
    if found != Head(head.sequence, head.head_sha256):
        raise _went_back(_("its head does not follow from the one kept here"))
    seen = known is not None and known.charter_sha256 == charter_hash(charter)
    since = seen or _is_in_force(charter, [e for e in entries if e.sequence <= head.sequence])
    if shown != kept and not _is_signed(hub, charter, shown, since=since):
        raise _went_back(_("its head is not signed by the charter's hub"))
    return shown


def _is_in_force(charter: Charter, entries: Sequence[AuditEntry]) -> bool:
    """Tell whether the chain says by then that the charter is in force."""
    named = [json.loads(entry.body) for entry in entries if entry.kind == "charter-in-force"]
    return charter_hash(charter) in {body.get("sha256") for body in named}


def _is_signed(hub: Hub, charter: Charter, shown: SignedCheckpoint, *, since: bool) -> bool:
    """Tell whether the charter's key signed that head; or, up to the charter's day, a key that it follows."""
    key = charter.hub.signing_key
    formers = set() if since else hub_key.formers(hub_key.successions(hub, charter.network), key)
    return any(_holds(each, shown) for each in (key, *sorted(formers)))


def _holds(key: str, shown: SignedCheckpoint) -> bool:
    try:
        verify(key, canonical(shown.checkpoint), shown.hub_signature)
    except SealError:
        return False
    return True


def _went_back(what: str) -> CheckpointRefused:
    return CheckpointRefused(
        _(
            "The hub's public chain is not the one that this venue saw before: {what}. Nothing was "
            "sent. The hub was restored from an old backup or shows two histories: tell the network "
            "and its DPO."
        ).format(what=what)
    )
