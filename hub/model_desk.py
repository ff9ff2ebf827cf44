"""Make, sign and keep the model of a published edition; no visit row is read, nothing is charged."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from contracts.base import canonical
from contracts.clock import Clock
from contracts.edition import PublishedEdition
from contracts.model import SignedModel
from contracts.seal import sign
from hub import hub_keys
from hub.config import VAULT_FILE, VaultConfig
from hub.errors import ConfigError
from hub.recommend.bundle import model_of
from hub.store import charters, checkpoints, editions, guard, models, pinned
from hub.store.database import Control, open_control


def make_model(home: Path, edition: str, clock: Clock) -> bytes:
    """Return the signed model of *edition*, made now or before, with the hub's own key.

    Raises:
        ConfigError: the edition is not published here.
        NoModel: it does not hold what a model is made from.
    """
    config = VaultConfig.load(home / VAULT_FILE)
    control = open_control(config.url(config.control_url))
    keys = hub_keys.standing(config, control)
    control.migrate()  # a hub that was made before models has no place for one yet
    try:
        signing = partial(sign, keys.signing_private)
        body = publish_model(control, edition, signing, clock)
        with control.transaction(clock) as tx:  # agents believe no entry that no signed head covers
            head = checkpoints.checkpoint(tx, config.network, signing)
            tx.commit()
        guard.keep(config.at(config.checkpoint), head)
        return body
    finally:
        control.close()


def publish_model(
    control: Control, edition: str, signing: Callable[[bytes], str], clock: Clock
) -> bytes:
    """Return the model's bytes, kept beside the edition and told to the chain; errors as ``make_model``."""
    with control.reading() as reading:
        kept = models.model_bytes(reading, edition)
        file = editions.published_bytes(reading, edition)
        if kept is not None:
            return kept
        if file is None:
            raise ConfigError(
                "No published edition {edition} here. Publish it first.", edition=edition
            )
        published = PublishedEdition.model_validate_json(file)
        signed = charters.by_hash(reading, published.edition.charter_sha256)
        shown = pinned.read(reading, edition) or ()  # as the edition read them, whatever came since
    if signed is None:
        raise ConfigError("The charter that the edition names is not kept here. Restore it first.")
    model = model_of(published, signed.charter, shown)
    with control.transaction(clock) as tx:
        body = models.keep(tx, SignedModel(model=model, signature=signing(canonical(model))))
        tx.commit()
    return body
