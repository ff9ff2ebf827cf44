"""Ask the custodian to co-sign the head of the chain: no edition counts as published without it."""

import requests
from pydantic import ValidationError

from contracts.api import PATH_KEYS, PATH_WITNESS, CustodianKeys, WitnessRequest, WitnessResponse
from contracts.base import Hex32, canonical
from contracts.edition import AuditEntry, SignedCheckpoint
from contracts.seal import SealError, verify
from hub.errors import WitnessRefused, WitnessUnreachable

TIMEOUT_SECONDS = 20


def fetch_custodian_keys(url: str) -> CustodianKeys:
    """Return the custodian's public keys, to be written into the charter and compared by voice.

    Raises:
        WitnessUnreachable: nobody answers there, or what answers is not a custodian.
    """
    try:
        answer = requests.get(url.rstrip("/") + PATH_KEYS, timeout=TIMEOUT_SECONDS)
        answer.raise_for_status()
        return CustodianKeys.model_validate_json(answer.content)
    except (requests.RequestException, ValidationError) as error:
        raise WitnessUnreachable(
            "No custodian answers at {url}. Expected its public keys; check that it is running.",
            url=url,
        ) from error


def witness(
    url: str, signed: SignedCheckpoint, entries: list[AuditEntry], *, key: Hex32
) -> SignedCheckpoint:
    """Return the checkpoint with the custodian's signature, which *key* must verify.

    Args:
        url: the custodian's address, from the charter.
        signed: the head that the hub signed.
        entries: every entry after the last head that was witnessed.
        key: the custodian's Ed25519 public key, from the charter.

    Raises:
        WitnessUnreachable: nobody answers; ask again later, the edition stays unpublished.
        WitnessRefused: the custodian does not accept this head (a fork, or an old backup).
    """
    request = WitnessRequest(
        checkpoint=signed.checkpoint, hub_signature=signed.hub_signature, entries=entries
    )
    try:
        answer = requests.post(
            url.rstrip("/") + PATH_WITNESS,
            data=canonical(request),
            headers={"Content-Type": "application/json"},
            timeout=TIMEOUT_SECONDS,
        )
    except requests.RequestException as error:
        raise WitnessUnreachable(
            "The custodian at {url} does not answer. The edition is kept; publish again later.",
            url=url,
        ) from error
    if not answer.ok:
        raise WitnessRefused(
            "The custodian refused the head of the chain (status {status_code}). It has seen another "
            "history: do not restore old backups; call the custodian.",
            status_code=answer.status_code,
        )
    try:
        signature = WitnessResponse.model_validate_json(answer.content).signature
        verify(key, canonical(signed.checkpoint), signature)
    except (ValidationError, SealError) as error:
        raise WitnessRefused(
            "The custodian's signature does not verify with the key in the charter."
        ) from error
    return signed.model_copy(update={"custodian_signature": signature})
