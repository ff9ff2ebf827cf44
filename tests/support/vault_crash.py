"""A child process that dies at a named point of an ingest, and nothing else."""

import dataclasses
import os
import signal
from pathlib import Path

from contracts.batch import Commit
from contracts.charter import Charter
from hub.vault.keys import load_keys
from hub.vault.open import Terms
from hub.vault.vault import open_vault
from tests.support.wire import CLOCK


@dataclasses.dataclass
class Errand:
    """Everything the child needs, as plain values."""

    url: str
    folder: str
    keys: str
    charter: str
    commit: str
    parts: list[bytes]


def receive_and_die(errand: Errand, point: str) -> None:
    """Receive one commit; kill this process without warning when it reaches *point*."""

    def reached(name: str) -> None:
        if name == point:
            os.kill(os.getpid(), signal.SIGKILL)

    folder = Path(errand.folder)
    vault = open_vault(errand.url, folder, load_keys(Path(errand.keys)), CLOCK)
    vault = dataclasses.replace(vault, reached=reached)
    terms = Terms(Charter.model_validate_json(errand.charter))
    vault.receive(Commit.model_validate_json(errand.commit), lambda: errand.parts, terms)
