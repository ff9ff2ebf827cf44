"""The spool: whole after any crash, readable, and honest about a full disk."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from contracts.base import digest
from tests.support.sending import receipt, rows, sealing
from tests.support.wire import CLOCK, NOW, Network, network
from venue_agent.errors import DiskFull, SpoolDamaged
from venue_agent.outbox.batches import Batch
from venue_agent.outbox.spool import Spool
from venue_agent.pack import pack


@pytest.fixture(scope="module")
def net() -> Network:
    return network()


def packed(net: Network, day: str = "2025-10-03", sequence: int = 1) -> Batch:
    (batch,) = pack(rows({1: [day]}), sealing(net, sequence))
    return batch


def test_a_month_is_kept_as_it_was_packed(tmp_path: Path, net: Network) -> None:
    batch = packed(net)
    Spool(tmp_path / "spool").write(batch)
    (found,) = Spool(tmp_path / "spool").months()
    assert (found.manifest, found.commit, found.receipt) == (batch.manifest, batch.commit, None)
    assert found.part(batch.commit.parts[0].sha256) == batch.parts[0]
    assert {path.name: path.read_bytes() for path in found.plaintext.iterdir()} == batch.files
    assert found.folder == tmp_path / "spool" / "2025-10"
    if os.name != "nt":
        assert found.plaintext.stat().st_mode & 0o077 == 0


def test_an_empty_spool(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    assert spool.months() == []
    assert spool.next_sequence(CLOCK) == int(NOW.timestamp() * 1000)


def test_sequences_grow_even_when_the_clock_does_not(tmp_path: Path, net: Network) -> None:
    spool = Spool(tmp_path)
    ahead = int(NOW.timestamp() * 1000) + 10**9
    spool.write(packed(net, sequence=ahead))
    assert spool.next_sequence(CLOCK) == ahead + 1


def test_months_come_in_the_order_of_sequence(tmp_path: Path, net: Network) -> None:
    spool = Spool(tmp_path)
    spool.write(packed(net, "2025-10-03", sequence=2))
    spool.write(packed(net, "2025-11-03", sequence=1))
    assert [found.month for found in spool.unsent()] == ["2025-11", "2025-10"]


def test_a_receipt_ends_the_wait_and_frees_the_parts(tmp_path: Path, net: Network) -> None:
    spool, batch = Spool(tmp_path), packed(net)
    spool.write(batch)
    told = receipt(batch.commit, list(batch.parts), net, {})
    spool.confirm(spool.unsent()[0], told)
    assert spool.unsent() == []
    assert list(spool.sent()) == ["2025-10"]
    assert not (tmp_path / "2025-10" / "parts").exists()
    spool.write(packed(net, sequence=2))
    assert len(spool.unsent()) == 1


def test_a_refused_month_is_neither_unsent_nor_confirmed(tmp_path: Path, net: Network) -> None:
    spool, batch = Spool(tmp_path), packed(net)
    spool.write(batch)
    told = receipt(batch.commit, list(batch.parts), net, {"state": "refused", "problem": "quota"})
    spool.confirm(spool.unsent()[0], told)
    assert spool.unsent() == []
    assert spool.sent() == {}


class Killed(BaseException):
    """What kill -9 is to a process: no handler runs."""


def states(tmp_path: Path, net: Network, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Replace a month, and copy the spool's folder before each rename, fsync and removal."""
    import shutil  # noqa: PLC0415 - the module that is patched

    spool = Spool(tmp_path / "spool")
    spool.write(packed(net, sequence=1))
    copies: list[Path] = []
    copytree = shutil.copytree

    def snap(call: Callable[..., object]) -> Callable[..., object]:
        def wrapped(*args: object, **named: object) -> object:
            copy = tmp_path / f"copy-{len(copies)}"
            copytree(tmp_path / "spool", copy)
            copies.append(copy)
            return call(*args, **named)

        return wrapped

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", snap(os.fsync))
        patch.setattr(Path, "rename", snap(Path.rename))
        patch.setattr(shutil, "rmtree", snap(shutil.rmtree))
        spool.write(packed(net, sequence=2))
    return copies


def test_killed_at_any_step_one_whole_month_stands(
    tmp_path: Path, net: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = states(tmp_path, net, monkeypatch)
    assert len(copies) > 10
    seen = []
    for copy in copies:
        (reading,) = Spool(copy).months()  # without a lock, nothing mended
        Spool(copy).recover()
        (found,) = Spool(copy).months()
        assert reading.commit == found.commit
        seen.append(found.commit.sequence)
        for part in found.commit.parts:
            found.part(part.sha256)
        names = {path.name: digest(path.read_bytes()) for path in found.plaintext.iterdir()}
        assert names == {entry.name: entry.sha256 for entry in found.manifest.manifest.files}
        assert [path.name for path in copy.iterdir()] == ["2025-10"]
    assert seen == sorted(seen)
    assert set(seen) == {1, 2}


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_loses_nothing(
    tmp_path: Path, net: Network, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    spool = Spool(tmp_path)
    spool.write(packed(net, sequence=1))
    for step in range(8):
        left = [step]

        def full(_handle: int, left: list[int] = left) -> None:
            if not left[0]:
                raise OSError(code, "full")
            left[0] -= 1

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            if step < 7:
                with pytest.raises(DiskFull):
                    spool.write(packed(net, sequence=2))
        (found,) = Spool(tmp_path).months()
        assert found.part(found.commit.parts[0].sha256)
        assert [path.name for path in tmp_path.iterdir()] == ["2025-10"]


def test_other_disk_errors_are_not_called_full(
    tmp_path: Path, net: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_handle: int) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="broken"):
        Spool(tmp_path).write(packed(net))


@pytest.mark.parametrize("name", ["manifest.json", "commit.json"])
@pytest.mark.parametrize("text", [None, b"", b"{}"])
def test_damage_is_named(tmp_path: Path, net: Network, name: str, text: bytes | None) -> None:
    spool = Spool(tmp_path)
    spool.write(packed(net))
    path = tmp_path / "2025-10" / name
    path.unlink()
    if text is not None:
        path.write_bytes(text)
    with pytest.raises(SpoolDamaged, match=name):
        spool.months()


def test_an_altered_or_missing_part_is_named(tmp_path: Path, net: Network) -> None:
    spool, batch = Spool(tmp_path), packed(net)
    spool.write(batch)
    path = tmp_path / "2025-10" / "parts" / batch.commit.parts[0].sha256
    path.write_bytes(b"x" + path.read_bytes()[1:])
    (found,) = spool.months()
    with pytest.raises(SpoolDamaged):
        found.part(path.name)
    path.unlink()
    with pytest.raises(SpoolDamaged):
        found.part(path.name)


def test_a_month_in_the_folder_of_another_is_named(tmp_path: Path, net: Network) -> None:
    spool = Spool(tmp_path)
    spool.write(packed(net))
    (tmp_path / "2025-10").rename(tmp_path / "2025-09")
    with pytest.raises(SpoolDamaged):
        spool.months()
