"""Lists the wheels that the agent may be made of, so that a test without network can tell where it installs.

``make lock`` calls it: ``python -m deploy.agent.wheels PYLOCK`` writes ``wheels.txt`` beside this file: a line
``name==version ; marker`` for each package, and under it one line for each wheel, its sha256 and its name.
"""

import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

LIST: Final = Path(__file__).with_name("wheels.txt")


@dataclass(frozen=True)
class Locked:
    """One package of the agent at one version, where *marker* (PEP 508, "" everywhere) holds."""

    name: str
    version: str
    marker: str
    wheels: dict[str, str]  # file name -> sha256


def read_list(text: str) -> list[Locked]:
    """Return the packages of a list as ``written`` makes it."""
    found: list[Locked] = []
    for line in text.splitlines():
        if line.startswith(" "):
            digest, file = line.split()
            found[-1].wheels[file] = digest
        else:
            package, _, marker = line.partition(" ; ")
            name, _, version = package.partition("==")
            found.append(Locked(name, version, marker, {}))
    return found


def written(packages: Iterable[Locked]) -> Iterator[str]:
    """Yield the lines of the list."""
    for package in packages:
        marker = f" ; {package.marker}" if package.marker else ""
        yield f"{package.name}=={package.version}{marker}"
        yield from (f"  {digest} {file}" for file, digest in sorted(package.wheels.items()))


def of_pylock(lock: dict[str, Any]) -> Iterator[Locked]:
    """Yield the packages of a lock of PEP 751, without the addresses that it was made from."""
    for package in lock["packages"]:
        wheels = {
            str(wheel.get("name") or wheel["url"].rsplit("/", 1)[1]): wheel["hashes"]["sha256"]
            for wheel in package.get("wheels", ())
        }
        yield Locked(package["name"], package["version"], package.get("marker", ""), wheels)


def main(pylock: str) -> None:
    """Write the list from the lock at *pylock*."""
    lines = written(of_pylock(tomllib.loads(Path(pylock).read_text(encoding="utf-8"))))
    LIST.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
