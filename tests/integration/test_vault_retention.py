"""Months older than the charter's retention leave the disk; younger ones stay."""

from pathlib import Path

from hub.vault import index
from hub.vault.retention import expire
from tests.support.vault_world import VaultWorld, batch_files, person, vault_world, visit


def months(world: VaultWorld) -> list[str]:
    with world.vault.database.reading() as connection:
        return sorted({ref.place.month for ref in index.parts(connection)})


def test_old_months_go_with_their_files(database_url: str, tmp_path: Path) -> None:
    world = vault_world(database_url, tmp_path / "facts")
    ana = person("ana", "email:a")
    sent = ["2023-09", "2023-10", "2025-10"]
    for sequence, month in enumerate(sent, 1):
        files = batch_files([ana], [visit("ana", f"{month}-07")])
        world.send(files, month=month, sequence=sequence)
    expire(world.vault, 26)  # the clock says November 2025: September 2023 is the oldest kept
    assert months(world) == sent
    expire(world.vault, 25)
    assert months(world) == sent[1:]
    expire(world.vault, 25)
    assert len(world.on_disk()) == 6
    late = world.send(batch_files([ana], [visit("ana", "2023-09-07")]), month="2023-09", sequence=1)
    assert late.receipt.problem == "sequence"
    assert months(world) == sent[1:]
