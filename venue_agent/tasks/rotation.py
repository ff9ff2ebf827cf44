"""Changes the venue's signing key: made, stated with both keys, told to hub and custodian, then put in its place.

Both keys are kept until hub and custodian have confirmed the new one, and each step may be done twice: a run that
was killed anywhere is taken up by the next command. What waits in the spool is signed anew at the end.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from contracts.base import canonical
from contracts.charter import Charter, SignedCharter
from contracts.charter_check import charter_hash
from contracts.clock import parse_stamp, stamp
from contracts.seal import SealError, new_signing_key, signing_public, verify
from contracts.succession import SignedSuccession, succeed
from venue_agent.credentials import keys
from venue_agent.credentials.succession import History, Turned, history, keep
from venue_agent.desk import Desk
from venue_agent.errors import ConfigError, CustodianDown, HubDown, StateDamaged
from venue_agent.network.charters import kept_charter
from venue_agent.outbox.spool import Packed
from venue_agent.pack import seal
from venue_agent.rights.erasure import sealing_of, suppressions
from venue_agent.rights.purge import files_of
from venue_agent.words import _

Reached = Callable[[str], None]
"""Told the name of each point that the work passes; tests stop it there."""
POINTS: Final = (
    "rotation.drawn",
    "rotation.stated",
    "rotation.hub",
    "rotation.custodian",
    "rotation.switched",
    "rotation.signed",
)


def pass_by(_point: str) -> None:
    """Do nothing at a named point: what production does."""


def rotate(desk: Desk, reached: Reached = pass_by) -> Desk:
    """Change the signing key, or finish a change that was begun; return the desk with the new key.

    Raises:
        ConfigError: the key is a systemd credential, which the agent cannot write.
        HubRefused, CustodianRefused: the statement does not follow from the key that is enrolled there.
        HubDown, CustodianDown: nothing is lost; the same command goes on.
    """
    if history(desk.home.path).pending is None:
        _begin(desk, reached)
    return finish(desk, reached)


def finish(desk: Desk, reached: Reached = pass_by) -> Desk:
    """Finish a change that was begun; return the desk with the new key. Without one, the desk as it is.

    Raises:
        As ``rotate``.
    """
    told = history(desk.home.path)
    if told.pending is None:
        return desk
    said = told.pending.statement
    new = replace(desk, key=_key_of(desk, said))
    new.hub.succeed(said)
    reached("rotation.hub")
    new.custodian.succeed(said)
    reached("rotation.custodian")
    keys.put(desk.home.keys, keys.SIGNING, new.key)
    reached("rotation.switched")
    _sign_anew(new)
    reached("rotation.signed")
    done = [each.model_copy(update={"finished": True}) for each in told.turned]
    keep(desk.home.path, History(turned=done))
    keys.remove(desk.home.keys, keys.NEXT)
    return new


def taken_up(desk: Desk) -> Desk:
    """Return the desk after a change that was begun; the desk as it is while hub or custodian cannot be reached."""
    try:
        return finish(desk)
    except (HubDown, CustodianDown):
        return desk


def _begin(desk: Desk, reached: Reached) -> None:
    kept = keys.find(desk.home.keys)
    if kept is None or kept.store == "credential":
        raise ConfigError(
            _(
                "The signing key comes from a systemd credential, which the agent cannot replace. Put "
                "the key in a file first: `venue-agent keys move --to file` from a shell that holds the "
                "credential, take LoadCredential= out of the unit, then rotate."
            )
        )
    charter = desk.charter()
    signed_with_it = _signed_here(desk, charter)
    desk.cache_key  # noqa: B018 - a cache of agent 0.1 takes its key from the signing key, which goes
    new = keys.put(desk.home.keys, keys.NEXT, new_signing_key()[0]).secret
    reached("rotation.drawn")
    statement = succeed(
        (desk.key, new),
        network=charter.network,
        role="venue",
        name=desk.config.venue,
        at=stamp(desk.clock.now()),
    )
    begun = Turned(statement=statement, charters=signed_with_it, finished=False)
    keep(desk.home.path, History(turned=[*history(desk.home.path).turned, begun]))
    reached("rotation.stated")


def _signed_here(desk: Desk, in_force: Charter) -> list[str]:
    """Return the charters that this venue signed with the key that goes: in force, and offered now."""
    found = {charter_hash(in_force)}
    draft: SignedCharter | None = desk.hub.charter(draft=True)
    if draft and any(s.venue == desk.config.venue and _is_ours(desk, draft, s.signature) for s in draft.signatures):  # fmt: skip
        found.add(charter_hash(draft.charter))
    return sorted(found)


def _is_ours(desk: Desk, draft: SignedCharter, signature: str) -> bool:
    return _holds(signing_public(desk.key), canonical(draft.charter), signature)


def _key_of(desk: Desk, said: SignedSuccession) -> bytes:
    """Return the new private key: beside the former one, or already in its place."""
    for name in (keys.NEXT, keys.SIGNING):
        kept = keys.find(desk.home.keys, name)
        if kept is not None and signing_public(kept.secret) == said.succession.key:
            return kept.secret
    raise StateDamaged(
        _(
            "A change of key was begun, and the new key is nowhere. Restore the agent's keys from a "
            "backup, or join again with a new code."
        )
    )


def _sign_anew(desk: Desk) -> None:
    """Seal again, under the new key, what waits in the spool: the vault no longer takes the former one's word."""
    public = signing_public(desk.key)
    for packed in desk.spool.unsent():
        manifest = packed.manifest
        charter = kept_charter(desk.home.path, packed.commit.charter_sha256)
        if charter and not _holds(public, canonical(manifest.manifest), manifest.signature):
            _seal_anew(desk, charter, packed)


def _seal_anew(desk: Desk, charter: Charter, packed: Packed) -> None:
    before = packed.manifest.manifest
    sealing = replace(sealing_of(desk, charter), suppressions=before.suppressions)
    batch = seal(
        packed.month,
        files_of(packed),
        parse_stamp(before.export_read),
        sealing=sealing,
        sequence=sealing.first_sequence,
    )
    suppressions(desk).moved(before.sequence, batch.commit.sequence)
    desk.spool.write(batch)


def _holds(public: str, data: bytes, signature: str) -> bool:
    try:
        verify(public, data, signature)
    except SealError:
        return False
    return True
