"""Makes the Debian package of the agent from the frozen folder: ``python -m deploy.agent.deb FOLDER INTO``.

The units are those that ``venue-agent schedule`` writes, for the one folder /var/lib/farandole-agent. Needs dpkg-deb.
"""

import datetime as dt
import gzip
import os
import platform
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

from venue_agent.schedule import systemd
from venue_agent.schedule.job import Job, time_of

NAME: Final = "farandole-agent"
ROOT: Final = Path(__file__).parents[2]
SCRIPTS: Final = Path(__file__).parent / "debian"
STATE: Final = Path("/var/lib") / NAME
PROGRAM: Final = "/usr/bin/venue-agent"
LIBRARY: Final = Path("usr/lib") / NAME
MACHINES: Final = {"x86_64": "amd64", "aarch64": "arm64"}
CLOCK: Final = "04:30"
EXECUTABLE, PLAIN = 0o755, 0o644


def build(frozen: Path, into: Path) -> Path:
    """Return the package made of the frozen folder; the same bytes for the same folder and SOURCE_DATE_EPOCH."""
    tree = into / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(frozen, tree / LIBRARY, symlinks=True)
    link = tree / PROGRAM.lstrip("/")
    link.parent.mkdir(parents=True)
    link.symlink_to(f"../lib/{NAME}/venue-agent")
    _units(tree / "usr/lib/systemd/system")
    _documents(tree)
    _control(tree)
    _rights(tree)
    package = into / f"{NAME}_{version()}_{architecture()}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z2", "--build", str(tree), str(package)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch())})  # fmt: skip
    shutil.rmtree(tree)
    return package


def version() -> str:
    """Return the version of the project."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def architecture() -> str:
    """Return what Debian calls this machine."""
    return MACHINES[platform.machine()]


def epoch() -> int:
    """Return the second since 1970 that every file is dated."""
    return int(os.environ.get("SOURCE_DATE_EPOCH", "1767225600"))


def job() -> Job:
    """Return the daily round that the package brings: off until the venue has joined."""
    return Job((PROGRAM,), STATE, time_of(CLOCK), "fr")


def _units(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / systemd.SERVICE).write_text(systemd.service(job(), system=True), encoding="utf-8")
    (folder / systemd.TIMER).write_text(systemd.timer(job()), encoding="utf-8")


def _documents(tree: Path) -> None:
    shared = tree / "usr/share"
    for page in sorted(SCRIPTS.glob("venue-agent*.1")):
        _, *language, _ = page.name.split(".")
        place = shared / "man" / Path(*language) / "man1" / "venue-agent.1.gz"
        place.parent.mkdir(parents=True)
        _compressed(page.read_bytes(), place)
    documents = shared / "doc" / NAME
    documents.mkdir(parents=True)
    shutil.copy(SCRIPTS / "copyright", documents / "copyright")
    overrides = shared / "lintian/overrides"
    overrides.mkdir(parents=True)
    shutil.copy(SCRIPTS / "lintian-overrides", overrides / NAME)
    when = dt.datetime.fromtimestamp(epoch(), dt.UTC)
    entry = (
        f"{NAME} ({version()}) unstable; urgency=medium\n\n  * See CHANGELOG.md of the project.\n\n"
        f" -- Farandole <farandole@example.org>  {when:%a, %d %b %Y %H:%M:%S +0000}\n"
    )
    _compressed(entry.encode(), documents / "changelog.gz")


def _compressed(content: bytes, path: Path) -> None:
    path.write_bytes(gzip.compress(content, mtime=0))


def _control(tree: Path) -> None:
    size = sum(p.lstat().st_size for p in tree.rglob("*") if p.is_file()) // 1024
    folder = tree / "DEBIAN"
    folder.mkdir()
    filled = {"version": version(), "architecture": architecture(), "size": size}
    text = (SCRIPTS / "control").read_text(encoding="utf-8").format(**filled)
    (folder / "control").write_text(text, encoding="utf-8")
    for script in ("postinst", "prerm", "postrm"):
        shutil.copy(SCRIPTS / script, folder / script)


def _rights(tree: Path) -> None:
    """Give each file the rights that a package gives, whatever those of whoever builds it."""
    starters = {tree / LIBRARY / "venue-agent", *(tree / "DEBIAN" / n for n in ("postinst", "prerm", "postrm"))}  # fmt: skip
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            is_open = path.is_dir() or path in starters
            path.chmod(EXECUTABLE if is_open else PLAIN)
            os.utime(path, (epoch(), epoch()))


if __name__ == "__main__":
    print(build(Path(sys.argv[1]), Path(sys.argv[2])))
