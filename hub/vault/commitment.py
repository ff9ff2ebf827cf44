"""What the public chain is told of withdrawals: one keyed commitment a day, alike whether there were any.

The commitment of a day is HMAC(key of that day, digest of the whole log of tombstones at its end). It is
as long on a day without withdrawals as on any other, and no two are alike. Whoever is shown the key of
one day and the log can check that day and no other. An old backup of the log extends none of them.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence

from hub.errors import VaultBehind
from hub.vault.erase import lines_of
from hub.vault.keys import VaultKeys
from hub.vault.vault import LOG, Vault


def commitments(vault: Vault, days: Sequence[str]) -> dict[str, str]:
    """Return the commitment of each of *days* to every withdrawal so far, in hexadecimal.

    Raises:
        VaultUnavailable: the vault database does not answer.
    """
    with vault.database.locked():  # nobody withdraws meanwhile
        *_, now = _states(lines_of(vault.folder / LOG))
    return {day: _commitment(vault.keys, day, now) for day in days}


def refuse_if_behind(vault: Vault, day: str, told: str) -> None:
    """Refuse to go on with a vault that has forgotten withdrawals which the chain was told of.

    Args:
        vault: the vault.
        day: the last day whose commitment the chain holds.
        told: that commitment.

    Raises:
        VaultBehind: an old backup of the facts folder was restored.
        VaultUnavailable: the vault database does not answer.
    """
    with vault.database.locked():
        states = _states(lines_of(vault.folder / LOG))
        if not any(hmac.compare_digest(_commitment(vault.keys, day, s), told) for s in states):
            raise VaultBehind(
                "The vault's log of withdrawals ({log}) does not hold what the chain was told on {day}: an "
                "old backup of the facts folder was restored, and people who withdrew would come back. Put "
                "the newest log back; like the checkpoint, it is never restored from a backup.",
                log=LOG,
                day=day,
            )


def _states(lines: Iterable[str]) -> Iterator[bytes]:
    """Yield the digest of the log before its first line and after each."""
    running = hashlib.sha256()
    yield running.digest()
    for line in lines:
        running.update(line.encode())
        yield running.digest()


def _commitment(keys: VaultKeys, day: str, state: bytes) -> str:
    return hmac.digest(keys.mac("erasures", day), state, hashlib.sha256).hex()
