"""Is the hub that answers the one that this venue joined: its key is the confirmed one, or follows it in the chain."""

import re
from collections.abc import Sequence
from pathlib import Path

from contracts.charter import SignedCharter
from contracts.seal import SealError, fingerprint
from contracts.succession import SignedSuccession, follow, statements
from venue_agent.errors import FingerprintMismatch
from venue_agent.network.client import Hub, check_fingerprint, check_hub_key


def check_hub(hub: Hub, signed: SignedCharter, confirmed: str) -> None:
    """Check the charter's hub against the fingerprint that was confirmed at joining.

    A new signing key of the hub counts when the former one signed for it in the public chain, and every member,
    this venue too, signed the charter that names it: the caller checks that.

    Raises:
        FingerprintMismatch: it is another hub.
        HubDown, HubRefused: the chain cannot be read.
    """
    try:
        check_hub_key(signed, confirmed)
    except FingerprintMismatch:
        told = successions(hub, signed.charter.network)
        if not any(_is(f, confirmed) for f in formers(told, signed.charter.hub.signing_key)):
            raise


def formers(told: Sequence[SignedSuccession], key: str) -> set[str]:
    """Return the keys that *key* follows."""
    stood = {statement.succession.former for statement in told}
    return {former for former in stood if former != key and follow(former, told) == key}


def successions(hub: Hub, network: str) -> list[SignedSuccession]:
    """Return the statements by which the hub's key moved, in the order of the chain."""
    return statements(hub.chain(0), "hub", network)


def remember(settings: Path, key: str, confirmed: str) -> None:
    """Put the fingerprint of the key that follows in the settings, and leave every other line as it is."""
    if _is(key, confirmed):
        return
    text = settings.read_text(encoding="utf-8-sig")
    now = re.sub(r"(?m)^(\s*hub_fingerprint\s*=\s*).*$", rf'\g<1>"{fingerprint(key)}"', text)
    draft = settings.with_suffix(".new")
    draft.write_text(now, encoding="utf-8")
    draft.replace(settings)


def _is(public: str, confirmed: str) -> bool:
    try:
        check_fingerprint(fingerprint(public), confirmed)
    except (FingerprintMismatch, SealError):
        return False
    return True
