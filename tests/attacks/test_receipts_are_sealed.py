"""What the web and a thief of either database learn from receipts, and what a venue learns from its quota."""

import json
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import create_engine, text

from contracts.base import canonical
from contracts.receipts import BUCKET, disclose, enclose
from contracts.seal import SealError
from hub.vault import tables
from hub.vault.quota import count, exceeds, sketch
from hub.vault.rows import TOKENS_SCHEMA, Erasure
from tests.support.vault_world import (
    A,
    B,
    VaultWorld,
    batch_files,
    erasure,
    person,
    vault_world,
    visit,
)

OTHERS = "cd" * 64


@pytest.fixture
def world(tmp_path: Path) -> VaultWorld:
    return vault_world(f"sqlite:///{tmp_path / 'vault.sqlite'}", tmp_path / "facts")


def people(numbers: range, month: str = "2025-10") -> dict[str, bytes]:
    rows = [person(f"p{n}", f"email:{n}") for n in numbers]
    return batch_files(rows, [visit(f"p{n}", f"{month}-07") for n in numbers])


def test_the_web_cannot_read_how_many_rows_or_whether_anybody_withdrew(world: VaultWorld) -> None:
    plain, parts = world.sealed(people(range(137)))
    leaving, more = world.sealed(
        batch_files([], [], [erasure("venue", f"p{n}") for n in range(41)]), sequence=2
    )
    first = world.vault.receive(plain, lambda: parts, world.terms)
    second = world.vault.receive(leaving, lambda: more, world.terms)
    assert world.told(first).receipt.files[0].rows == 137  # the venue itself can
    for envelope in (first, second):
        assert envelope.receipt is None
        body = canonical(envelope).decode()
        for word in ("rows", "137", "erasures", "refusals", "persons"):
            assert word not in json.dumps({**json.loads(body), "sealed": ""})
    assert len(canonical(first)) == len(canonical(second))
    assert len(first.sealed or "") // 2 == BUCKET + 12 + 16
    with pytest.raises(SealError):
        disclose(first, OTHERS)
    with pytest.raises(SealError):  # the answer to one batch does not pass for that of another
        disclose(
            first.model_copy(update={"commit_sha256": second.commit_sha256}),
            world.signatures[first.commit_sha256],
        )


def test_a_thief_of_the_vaults_database_reads_no_count_either(world: VaultWorld) -> None:
    world.send(people(range(137)))
    engine = create_engine(world.url)
    with engine.connect() as connection:
        rows = [
            repr(tuple(row))
            for table in tables.metadata.sorted_tables
            if table.name != "vault_claim"
            for row in connection.execute(text(f"SELECT * FROM {table.name}"))
        ]
    assert not any('"rows"' in row or "persons.csv" in row for row in rows)


def test_a_receipt_is_dated_before_anybody_elses_rows_are_looked_at(world: VaultWorld) -> None:
    seen: list[str] = []

    def reached(point: str) -> None:
        seen.append(point)

    object.__setattr__(world.vault, "reached", reached)
    commit, parts = world.sealed(people(range(3)))
    envelope = world.vault.receive(commit, lambda: parts, world.terms)
    assert seen[0] == "ingest.opened"
    assert world.told(envelope).receipt.opened == "2025-11-03T12:00:00Z"


def test_months_together_may_not_pass_the_quota(tmp_path: Path) -> None:
    """U12: each month is below the quota, and their sum is not."""
    world = small(tmp_path, 400)
    assert world.send(people(range(400))).receipt.state == "accepted"
    again = world.send(people(range(400), "2025-11"), month="2025-11", sequence=2)
    assert again.receipt.state == "accepted"  # the same people: nothing more
    more = world.send(people(range(400, 800), "2025-12"), month="2025-12", sequence=3)
    assert more.receipt.problem == "quota"
    assert world.send(people(range(400, 800)), sequence=4).receipt.problem == "quota"
    other = world.send(people(range(400), "2025-12"), venue=B, month="2025-12", sequence=1)
    assert other.receipt.state == "accepted"


def test_the_quota_does_not_tell_who_withdrew_elsewhere(tmp_path: Path) -> None:
    """A tombstone takes rows away; were the quota counted after it, room would tell of it."""
    world = small(tmp_path, 400)
    points = [[f"email:{n}" for n in range(200)]]
    world.send(
        batch_files([], [], [erasure("network", "", *mails[:8]) for mails in points]), venue=B
    )
    world.vault.erase(B, [Erasure(network=True, contribution_key=n, points=()) for n in range(50)])
    world.send(people(range(400)))
    more = world.send(people(range(400, 800), "2025-12"), month="2025-12", sequence=3)
    assert more.receipt.problem == "quota"


@pytest.mark.parametrize("people_", [0, 1, 500, 5_000, 60_000])
def test_the_estimate_errs_by_less_than_its_margin(world: VaultWorld, people_: int) -> None:
    import pyarrow as pa  # noqa: PLC0415

    half = people_ // 2
    points = [n.to_bytes(32, "big") for n in range(people_)]

    def table(these: list[bytes]) -> pa.Table:
        size = len(these)
        return pa.table(
            {"contribution_key": np.zeros(size), "kind": np.zeros(size), "point": these},
            schema=TOKENS_SCHEMA,
        )

    months = [sketch(world.keys, A, table(points[:half])), sketch(world.keys, A, table(points))]
    assert abs(count(months) - people_) <= 0.05 * people_
    assert not exceeds(months, people_)
    assert people_ == 0 or exceeds(months, int(people_ * 0.88))


def small(tmp_path: Path, declared: int) -> VaultWorld:
    made = vault_world(f"sqlite:///{tmp_path / 'v.sqlite'}", tmp_path / "f")
    members = [
        {**m.model_dump(mode="json"), "declared_identifiers": declared}
        for m in made.net.charter.members
    ]
    world = vault_world(made.url, made.folder, members=members)
    world.net.keys.update(made.net.keys)  # the members' keys are those of the first charter
    return world


def test_an_envelope_that_lies_about_its_receipt_is_refused(world: VaultWorld) -> None:
    signed = world.send(people(range(2)))
    envelope = enclose(signed, OTHERS)
    assert disclose(envelope, OTHERS) == signed
    for change in ({"state": "refused"}, {"venue": B}, {"sealed": None}):
        with pytest.raises(SealError):
            disclose(envelope.model_copy(update=change), OTHERS)
