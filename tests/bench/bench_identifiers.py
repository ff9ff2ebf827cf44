"""Identifiers per second and core, agent and custodian, as ratios to bare libsodium multiplications of the same run."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import requests

from contracts import ristretto, voprf
from contracts.api import MAX_POINTS
from contracts.clock import SystemClock
from contracts.linkage import IdentifierKind, identifier, normalise_email, normalise_phone
from contracts.seal import new_signing_key
from hub.vault.fields import parse_tokens
from venue_agent.network.custodian_client import HttpCustodian

ROOT = Path(__file__).parents[2]
REFERENCE_MICROSECONDS = 49.6  # one bare multiplication on the machine that the targets were set on
ROUNDS = 5
ALL_IN_PER_SECOND = (
    4_444  # 225 µs an identifier; four multiplications and one hash to the group are 214
)
SEASON = "2025-2026"
BIND = "127.0.0.1:8799"


@dataclass(frozen=True)
class Row:
    """One line of the bench table."""

    what: str
    microseconds: float  # of CPU, per identifier
    bare: float  # of CPU, per bare multiplication in the same rounds
    target: int  # identifiers a second and core, at the reference multiplication

    @property
    def at_reference(self) -> float:
        return 1e6 * self.bare / (self.microseconds * REFERENCE_MICROSECONDS)

    def __str__(self) -> str:
        return (
            f"{self.what:<52} {self.microseconds:7.1f} µs {self.microseconds / self.bare:6.3f} × bare"
            f" {self.at_reference:9,.0f}/s at {REFERENCE_MICROSECONDS} µs (target {self.target:,})"
        )


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU microseconds of this process that *work* takes, per identifier."""
    start = time.process_time()
    work()
    return (time.process_time() - start) / MAX_POINTS * 1e6


def texts() -> list[tuple[IdentifierKind, str]]:
    emails = [f" Camille.Martin{i}+billets@Mail.Example" for i in range(MAX_POINTS // 2)]
    phones = [f"06 {i:08d}"[:5] + " " + f"{i:06d}" for i in range(10_000, 10_000 + MAX_POINTS // 2)]
    mixed = [(IdentifierKind.EMAIL, text) for text in emails]
    return mixed + [(IdentifierKind.PHONE, text) for text in phones]


def agent_side(raw: list[tuple[IdentifierKind, str]], evaluated: bytes) -> bytes:
    items = []
    for kind, text in raw:
        normalised = (
            normalise_email(text) if kind is IdentifierKind.EMAIL else normalise_phone(text)
        )
        items.append(identifier(kind, normalised or ""))
    return voprf.unblind(voprf.blind(items), evaluated)


def agent(rounds: int) -> Row:
    raw, key = texts(), ristretto.random_scalar()
    points = b"".join(ristretto.random_point() for _ in range(MAX_POINTS))
    work, bare = 0.0, 0.0
    for _ in range(rounds):
        bare += cpu(lambda: ristretto.multiply_many(key, points)) / rounds
        work += cpu(lambda: agent_side(raw, points)) / rounds
    return Row("agent: normalise, blind, unblind", work, bare, 7_500)


@contextmanager
def served() -> Iterator[tuple[HttpCustodian, int]]:
    """Yield a client of a real custodian process on loopback, and the process id of its worker."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hub.custodian.cli"]
        home = ["--home", f"{folder}/custodian"]

        def call(*words: str) -> str:
            return subprocess.run([*command, *words, *home], cwd=ROOT, check=True, capture_output=True, text=True).stdout  # fmt: skip

        call("init", "--operator", "bench", "--season", SEASON)
        quota = ("--season-quota", "10000000", "--daily-quota", "10000000")
        code = call("enrol", "bench", *quota).splitlines()[0].removeprefix("code: ")
        session = requests.Session()
        session.trust_env = False
        private, public = new_signing_key()
        client = HttpCustodian(f"http://{BIND}", "bench", private, SystemClock(), session)
        with subprocess.Popen(
            [*command, "serve", "--bind", BIND, *home], cwd=ROOT, stderr=subprocess.DEVNULL
        ) as server:
            try:
                wait_for(session)
                client.enrol(code, public)
                children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text()
                yield client, int(children.split()[0])
            finally:
                server.terminate()


def wait_for(session: requests.Session) -> None:
    for _ in range(600):
        try:
            session.get(f"http://{BIND}/v1/keys", timeout=1)
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the custodian does not answer")


def cpu_of(process: int) -> float:
    """Return the CPU microseconds that another process has used, over all its threads."""
    total = 0.0
    for thread in Path(f"/proc/{process}/task").iterdir():
        fields = (thread / "schedstat").read_text().split()
        total += int(fields[0]) / 1000
    return total


def custodian(rounds: int) -> Row:
    key, work, bare = ristretto.random_scalar(), 0.0, 0.0
    with served() as (client, worker):
        for turn in range(rounds + 1):
            points = b"".join(ristretto.random_point() for _ in range(MAX_POINTS))
            alone = cpu(partial(ristretto.multiply_many, key, points))
            before = cpu_of(worker)
            client.evaluate(SEASON, points)
            if turn:  # the first round warms up
                bare += alone / rounds
                work += (cpu_of(worker) - before) / MAX_POINTS / rounds
    return Row("custodian: signed request over HTTP, metered, kept", work, bare, 18_000)


def crossing(items: list[bytes], key: bytes, points: bytes) -> None:
    """Do what one identifier costs agent and vault once it is normalised: blind, unblind, write, read, P = h·N."""
    elements = voprf.unblind(voprf.blind(items), points)
    texts = [
        f"email:{elements[at : at + ristretto.POINT_BYTES].hex()}"
        for at in range(0, len(elements), ristretto.POINT_BYTES)
    ]
    read = [token[1] for text in texts for token in parse_tokens(text)]
    ristretto.multiply_many(key, b"".join(read))


def all_in(rounds: int, served: Row) -> Row:
    """Agent, custodian and vault together; the custodian's part is *served*, in multiplications of its rounds."""
    key = ristretto.random_scalar()
    points = b"".join(ristretto.random_point() for _ in range(MAX_POINTS))
    items = [identifier(IdentifierKind.EMAIL, f"a{n}@mail.example") for n in range(MAX_POINTS)]
    work, bare = 0.0, 0.0
    for _ in range(rounds):
        bare += cpu(partial(ristretto.multiply_many, key, points)) / rounds
        work += cpu(partial(crossing, items, key, points)) / rounds
    work += served.microseconds * bare / served.bare
    return Row("agent, custodian and vault, all in, normalised before", work, bare, ALL_IN_PER_SECOND)  # fmt: skip


def rows(rounds: int = ROUNDS) -> Iterator[Row]:
    yield agent(rounds)
    served_row = custodian(rounds)
    yield served_row
    yield all_in(rounds, served_row)


if __name__ == "__main__":
    for row in rows():
        print(row, flush=True)
