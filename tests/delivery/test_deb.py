"""``make deb``: the package installs, brings its timer, runs without Python, and purge leaves nothing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.agent import deb
from tests.support import delivered
from venue_agent.credentials.key_stores import credential_name
from venue_agent.schedule import systemd

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="chroot wants root"),
]
TOOLS = ("/bin/sh", "/bin/rm", "/bin/true")
# The package's own debts to the C library; a machine has them before anything else.
C_LIBRARY = ("libc.so.6", "libm.so.6", "librt.so.1", "libutil.so.1", "libresolv.so.2", "libdl.so.2", "libpthread.so.0", "libgcc_s.so.1", "libz.so.1", "libstdc++.so.6")  # fmt: skip


class Root:
    """A system in a folder: dpkg's database, a shell, the C library."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/triggers", "tmp", "dev", "etc", "run"):  # fmt: skip
            (folder / name).mkdir(parents=True)
        (folder / "var/lib/dpkg/status").touch()
        (folder / "dev/null").touch()
        for tool in TOOLS:
            self._bring(Path(tool))
        for name in C_LIBRARY:
            self._bring(Path("/usr/lib/x86_64-linux-gnu") / name)
        self.before = self.files()

    def _bring(self, file: Path) -> None:
        if not file.exists():
            return
        said = subprocess.run(["ldd", file], capture_output=True, text=True, check=False).stdout
        for name in (str(file), *(word for word in said.split() if word.startswith("/"))):
            place = self.folder / name.lstrip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(name, place)

    def files(self) -> set[str]:
        own = {p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*")}
        return {name for name in own if not name.startswith(("var/lib/dpkg", "var/log", "tmp"))}

    def dpkg(self, *words: str | Path) -> str:
        command = ["dpkg", f"--root={self.folder}", "--force-depends", "--log=/dev/null", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = ["/usr/sbin/chroot", self.folder, *words]
        return subprocess.run(command, env={"HOME": "/tmp", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False)  # fmt: skip


@pytest.fixture(scope="module")
def package() -> Path:
    return delivered.artefact("farandole-agent_*.deb")


@pytest.fixture(scope="module")
def root(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Root]:
    made = Root(tmp_path_factory.mktemp("root"))
    made.dpkg("-i", package)
    yield made
    shutil.rmtree(made.folder)


def test_the_agent_runs_there(root: Root) -> None:
    done = root.run("/usr/bin/venue-agent", "--version")
    assert done.stdout.startswith(f"venue-agent {deb.version()} "), done.stderr
    assert "Rejoint le réseau" in root.run("/usr/bin/venue-agent", "--help").stdout


def test_its_units_are_those_that_schedule_writes(root: Root) -> None:
    units = root.folder / "usr/lib/systemd/system"
    service = (units / systemd.SERVICE).read_text()
    assert service == systemd.service(deb.job(), system=True)
    assert (units / systemd.TIMER).read_text() == systemd.timer(deb.job())
    assert "DynamicUser=yes" in service
    assert "ExecStart=/usr/bin/venue-agent run" in service
    assert not (root.folder / "etc/systemd").exists()  # off until the venue has joined


def test_both_languages_have_their_page(root: Root) -> None:
    pages = root.folder / "usr/share/man"
    assert (pages / "man1/venue-agent.1.gz").is_file()
    assert (pages / "fr/man1/venue-agent.1.gz").is_file()


def test_the_same_folder_makes_the_same_package(package: Path, tmp_path: Path) -> None:
    frozen = tmp_path / "frozen"
    (frozen / "_internal").mkdir(parents=True)
    for name in ("venue-agent", "_internal/lib.so"):
        (frozen / name).write_bytes(b"\x7fELF" + name.encode())
    first = deb.build(frozen, tmp_path).read_bytes()
    (frozen / "venue-agent").touch()
    assert deb.build(frozen, tmp_path).read_bytes() == first


def test_lintian_finds_no_error(package: Path) -> None:
    if shutil.which("lintian") is None:
        pytest.skip("lintian is not there")
    command = ["lintian", "--allow-root", "--fail-on", "error", str(package)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_removing_keeps_what_the_venue_made_and_purging_leaves_nothing(root: Root) -> None:
    """Last: it takes the package away."""
    kept = [
        "var/lib/private/farandole-agent/agent.toml",
        f"etc/credstore.encrypted/{credential_name('signing')}",
        f"etc/systemd/system/{systemd.TIMER}",
        "var/lib/systemd/timers/stamp-venue-agent.timer",
    ]
    for name in kept:
        (root.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (root.folder / name).write_text("made after the package was installed")
    root.dpkg("-r", deb.NAME)
    assert all((root.folder / name).exists() for name in kept)
    assert not (root.folder / "usr/bin/venue-agent").is_symlink()
    root.dpkg("--purge", deb.NAME)
    files = {name for name in root.files() if not (root.folder / name).is_dir()}
    assert files - root.before == set()
    assert not (root.folder / "usr/lib/farandole-agent").exists()
