"""Real processes on loopback: start them, wait until they answer, stop them, keep what they said."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from deploy.demo.season_clock import settings_of
from deploy.demo.warm import run_warm

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[2]
NO_KEYRING: Final = "keyring.backends.fail.Keyring"


class CommandFailed(Exception):
    """A command of the network ended with an error."""


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of every process: no proxy stands on loopback, the user's keyring stays out."""
    ours = {"NO_PROXY": "127.0.0.1,localhost", "NO_COLOR": "1"}
    return {**os.environ, **ours, "PYTHON_KEYRING_BACKEND": NO_KEYRING, **(extra or {})}


def run(
    command: Sequence[str],
    *,
    log: Path | None = None,
    check: bool = True,
    calendar: Path | None = None,
) -> str:
    """Run one command of ours to its end and return what it printed; *calendar* is its clock, if not the machine's.

    Raises:
        CommandFailed: it ended with an error, whose last lines are the message.
    """
    code, said, complained = run_warm(command, environment(settings_of(calendar)))
    if log is not None:
        with log.open("a", encoding="utf-8") as out:
            out.write(f"$ {' '.join(command)}\n{said}{complained}\n")
    if check and code != 0:
        tail = "\n".join((said + complained).strip().splitlines()[-15:])
        raise CommandFailed(f"{' '.join(command)} ended with {code}:\n{tail}")
    return said


class Service:
    """A long-running process of ours, in its own process group."""

    def __init__(self, command: Sequence[str], log: Path, calendar: Path | None = None) -> None:
        self.log = log
        self._out = log.open("ab")
        line = [str(BIN / command[0]), *command[1:]]
        if calendar is not None:
            line = [sys.executable, "-m", "deploy.demo.season_clock", *command]
        self.process = subprocess.Popen(
            line, cwd=ROOT, stdout=self._out, stderr=subprocess.STDOUT,
            env=environment(settings_of(calendar)), start_new_session=True,
        )  # fmt: skip

    def wait_for(self, url: str, seconds: float = 240.0) -> None:
        """Return once *url* answers anything at all.

        Raises:
            CommandFailed: the process died, or nothing answered in time.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise CommandFailed(f"The service died; its last words are in {self.log.name}:\n"
                                    + "\n".join(self.log.read_text().splitlines()[-15:]))  # fmt: skip
            try:
                with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - loopback, http
                    return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
        raise CommandFailed(
            f"Nothing answered at {url} within {seconds:.0f} s; see {self.log.name}"
        )

    def stop(self) -> None:
        """End the process and all its children."""
        if self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(timeout=10)
        self._out.close()

    def kill(self) -> None:
        """End it as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)
        self._out.close()
