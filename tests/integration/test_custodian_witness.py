"""The custodian co-signs one history of the hub's chain, and no second one."""

from pathlib import Path

import pytest
import requests

from contracts.api import WitnessRequest, WitnessResponse
from contracts.base import canonical
from contracts.chain import GENESIS, Head, next_entry
from contracts.edition import AuditEntry, Checkpoint
from contracts.seal import new_signing_key, sign, verify
from hub.custodian.errors import ConfigError
from hub.custodian.witness import pin_hub
from tests.support.custodian import URL, World, make_world

HUB, HUB_PUBLIC = new_signing_key()
AT = "2025-11-03T09:00:00Z"


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = make_world(tmp_path / "custodian")
    with made.desk.store.transaction(made.clock) as tx:
        pin_hub(tx, "demo", HUB_PUBLIC)
        pin_hub(tx, "demo", HUB_PUBLIC)
        tx.commit()
    return made


def chain(count: int, head: Head = GENESIS, word: str = "x") -> list[AuditEntry]:
    made = []
    for _ in range(count):
        entry = next_entry(head, at=AT, kind="charge", body={"what": word})
        head = Head(entry.sequence, entry.sha256)
        made.append(entry)
    return made


def ask(
    world: World,
    entries: list[AuditEntry],
    *,
    network: str = "demo",
    key: bytes = HUB,
    end: AuditEntry | None = None,
) -> tuple[Checkpoint, requests.Response]:
    last = end or entries[-1]
    checkpoint = Checkpoint(network=network, sequence=last.sequence, head_sha256=last.sha256, at=AT)
    body = WitnessRequest(
        checkpoint=checkpoint, hub_signature=sign(key, canonical(checkpoint)), entries=entries
    )
    sent = requests.Request("POST", f"{URL}/v1/witness", data=canonical(body)).prepare()
    return checkpoint, world.adapter.send(sent)


def test_heads_that_extend_are_signed(world: World) -> None:
    entries = chain(6)
    for part in (entries[:3], entries[3:], entries[4:], entries):
        checkpoint, answer = ask(world, part)
        assert answer.status_code == 200, answer.text
        signature = WitnessResponse.model_validate_json(answer.content).signature
        verify(world.desk.keys.public().signing_key, canonical(checkpoint), signature)


def test_the_witnessed_head_may_be_asked_again_without_entries(world: World) -> None:
    entries = chain(2)
    ask(world, entries)
    assert ask(world, [], end=entries[-1])[1].status_code == 200


def test_a_second_history_is_refused(world: World) -> None:
    entries = chain(4)
    ask(world, entries)
    early, late = chain(5, word="y"), chain(2, Head(3, entries[2].sha256), word="y")
    for fork in (early, late, early[4:]):
        assert ask(world, fork)[1].json()["type"].endswith(":conflict")
    assert ask(world, chain(1, Head(4, entries[3].sha256)))[1].status_code == 200


def test_an_old_backup_is_refused(world: World) -> None:
    entries = chain(4)
    ask(world, entries)
    for behind in (entries[:3], [], entries[2:3]):
        assert ask(world, behind, end=entries[2])[1].status_code == 409


def test_a_gap_or_a_changed_entry_is_refused(world: World) -> None:
    entries = chain(4)
    changed = [*entries[:2], entries[2].model_copy(update={"body": '{"what":"z"}'}), entries[3]]
    for broken in (entries[1:], entries[:2] + entries[3:], changed):
        assert ask(world, broken)[1].status_code == 409
    assert ask(world, entries, end=entries[2])[1].status_code == 409


def test_another_key_or_network_is_refused(world: World) -> None:
    other, other_public = new_signing_key()
    assert ask(world, chain(1), key=other)[1].json()["type"].endswith(":unsigned")
    assert ask(world, chain(1), network="elsewhere")[1].json()["type"].endswith(":forbidden")
    with world.desk.store.transaction(world.clock) as tx:
        with pytest.raises(ConfigError, match="another key"):
            pin_hub(tx, "demo", other_public)
        with pytest.raises(ConfigError, match="64 hexadecimal"):
            pin_hub(tx, "other", "abc")
