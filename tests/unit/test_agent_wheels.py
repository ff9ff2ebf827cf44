"""The agent installs from wheels alone wherever venues are: no compiler, no header, no surprise."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.tags import Tag
from packaging.utils import canonicalize_name, parse_wheel_filename

from deploy.agent.wheels import LIST, Locked, of_pylock, read_list, written

ROOT = Path(__file__).parents[2]
PYTHONS = ("3.11", "3.12", "3.13")
# What uv calls it, what the markers see, and the newest platform tags that such a machine takes: RHEL 8 and
# Debian 10 have glibc 2.28, Windows one tag, and macOS 12 is the oldest that numpy and pyarrow still serve.
PLATFORMS = {
    "x86_64-unknown-linux-gnu": ("linux", "Linux", "x86_64", (2, 28)),
    "aarch64-unknown-linux-gnu": ("linux", "Linux", "aarch64", (2, 28)),
    "x86_64-pc-windows-msvc": ("win32", "Windows", "AMD64", (0, 0)),
    "x86_64-apple-darwin": ("darwin", "Darwin", "x86_64", (13, 0)),
    "aarch64-apple-darwin": ("darwin", "Darwin", "arm64", (13, 0)),
}
MACS = {"x86_64": "(x86_64|universal2|intel)", "arm64": "(arm64|universal2)"}


def serves(tag: Tag, python: str, platform: str) -> bool:
    """Return whether a wheel of that tag installs on that Python of that machine."""
    minor = int(python.split(".")[1])
    interpreter = re.fullmatch(r"(cp|py)3(\d*)", tag.interpreter)
    if interpreter is None or int(interpreter[2] or 0) > minor:
        return False
    if tag.abi not in ("none", "abi3", f"cp3{minor}"):
        return False
    if tag.abi == "none" and interpreter[1] == "cp" and int(interpreter[2]) != minor:
        return False
    return tag.platform == "any" or of_platform(tag.platform, platform)


def of_platform(tag: str, platform: str) -> bool:
    system, _, machine, newest = PLATFORMS[platform]
    if system == "win32":
        return tag == "win_amd64"
    if system == "linux":
        tag = re.sub("manylinux(1|2010|2014)_", "manylinux_2_17_", tag)
        found = re.fullmatch(rf"manylinux_(\d+)_(\d+)_{machine}", tag)
    else:
        found = re.fullmatch(rf"macosx_(\d+)_(\d+)_{MACS[machine]}", tag)
    return found is not None and (int(found[1]), int(found[2])) <= newest


def environment(python: str, platform: str) -> dict[str, str]:
    system, name, machine, _ = PLATFORMS[platform]
    return {
        "sys_platform": system,
        "platform_system": name,
        "platform_machine": machine,
        "os_name": "nt" if system == "win32" else "posix",
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
    }


def wanted(packages: list[Locked], python: str, platform: str) -> list[Locked]:
    here = environment(python, platform)
    return [p for p in packages if not p.marker or Marker(p.marker).evaluate(here)]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_package_of_the_agent_has_a_wheel(python: str, platform: str) -> None:
    without = [
        f"{package.name}=={package.version}"
        for package in wanted(read_list(LIST.read_text()), python, platform)
        if not any(
            serves(tag, python, platform)
            for file in package.wheels
            for tag in parse_wheel_filename(file)[3]
        )
    ]
    assert without == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_package_is_had_at_one_version_on_one_machine(platform: str) -> None:
    names = [p.name for p in wanted(read_list(LIST.read_text()), "3.12", platform)]
    assert sorted(names) == sorted(set(names))


def test_the_list_is_of_the_packages_that_are_pinned() -> None:
    """A dependency added or moved without ``make lock`` would leave the list behind, and this test blind."""
    pinned = (ROOT / "requirements.lock").read_text()
    versions = set(re.findall(r"^(\S+==\S+)", pinned, re.MULTILINE))
    hashes = set(re.findall(r"sha256:(\w{64})", pinned))
    for package in read_list(LIST.read_text()):
        assert f"{package.name}=={package.version}" in versions
        assert set(package.wheels.values()) <= hashes, package.name


def test_every_dependency_of_the_agent_is_in_the_list() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["agent"]]
    listed = {package.name for package in read_list(LIST.read_text())}
    assert {canonicalize_name(Requirement(text).name) for text in asked} <= listed


def test_the_list_is_read_as_it_is_written() -> None:
    lock = {
        "packages": [
            {"name": "plain", "version": "1.0"},
            {
                "name": "made",
                "version": "2.0",
                "marker": "sys_platform == 'win32'",
                "wheels": [
                    {
                        "url": "https://an.example/made-2.0-py3-none-any.whl",
                        "hashes": {"sha256": "ab"},
                    }
                ],
            },
        ]
    }
    packages = list(of_pylock(lock))
    assert read_list("\n".join(written(packages))) == packages
    assert packages[1].wheels == {"made-2.0-py3-none-any.whl": "ab"}


def test_a_wheel_of_elsewhere_does_not_serve() -> None:
    def one(file: str, python: str = "3.12", platform: str = "x86_64-unknown-linux-gnu") -> bool:
        tags = parse_wheel_filename(file)[3]
        return any(serves(tag, python, platform) for tag in tags)

    assert one("a-1-cp312-cp312-manylinux_2_28_x86_64.whl")
    assert one("a-1-cp39-abi3-manylinux2014_x86_64.whl")
    assert not one("a-1-cp313-cp313-manylinux_2_28_x86_64.whl")
    assert not one("a-1-cp313-abi3-manylinux_2_28_x86_64.whl")
    assert not one("a-1-cp312-cp312-musllinux_1_2_x86_64.whl")
    assert not one("a-1-cp312-cp312-manylinux_2_39_x86_64.whl")
    assert not one("a-1-cp312-cp312-win32.whl", platform="x86_64-pc-windows-msvc")
    assert not one("a-1-cp312-cp312-macosx_11_0_arm64.whl", platform="x86_64-apple-darwin")


@pytest.mark.long
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_uv_resolves_the_agent_to_wheels_only(python: str, platform: str) -> None:
    """Asks the registry: what a venue would get today under our pins."""
    words = ["--quiet", "--python-platform", platform, "--python-version", python]
    command = [ROOT / ".venv/bin/uv", "pip", "compile", *words, "--only-binary", ":all:"]
    pins = ["--extra", "agent", "pyproject.toml", "-c", "requirements.lock"]
    done = subprocess.run([*command, *pins], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "pyarrow==" in done.stdout
