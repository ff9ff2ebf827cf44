"""The published pages under load by wrk on loopback, beside a file of no work; then in a browser slowed down four times.

It serves the edition that ``make demo`` published, with two workers, and asks for it with a second process. The processor
time of an answer does not depend on who else uses the machine; requests a second and delays do, so the load stands beside.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from deploy.demo.processes import free_port
from tests.bench import bench_first_view

ROOT = Path(__file__).parents[2]
HUB = Path(os.environ.get("FARANDOLE_HUB_HOME", ROOT / "var" / "demo" / "hub"))
PAGES = ("/", "/circulation", "/delais", "/provenance", "/fidelite", "/gouts", "/lieux", "/questions", "/editions", "/budget", "/charte")  # fmt: skip
NOTHING = "/static/observatory/mark.svg"
CONNECTIONS, WORKERS = 8, 2
LEAST_A_SECOND, MOST_MS = 500, 50
TELL = (
    'done = function(_, latency) io.write(string.format("p95 %d\\n", latency:percentile(95))) end'
)


def rows(seconds: int) -> Iterator[tuple[str, str, str, str]]:
    """Yield page, requests a second with the 95th percentile, the ratio to a file, and the target."""
    wrk = shutil.which("wrk")
    if wrk is None or not (HUB / "web.toml").exists():
        yield "published pages", "not measured", "wants wrk (Debian) and make demo ONCE=1", ""
        return
    with served() as (url, pid):
        for page in (NOTHING, *PAGES):
            drawn = first(url + page)  # then readers get the kept copy
            rate, p95, used = load(wrk, url + page, seconds, pid)
            found = f"{rate:,.0f}/s, 95 % under {p95:.0f} ms, drawn at first in {drawn:.0f} ms"
            at = f"{1e6 * used:.0f} µs of CPU: {WORKERS / used:,.0f}/s of two free cores"
            yield page, found, at, f"{LEAST_A_SECOND}/s, {MOST_MS} ms"
            known = load(wrk, url + page, seconds, pid, known=True)
            yield f"{page}, known (304)", f"{known[0]:,.0f}/s, 95 % under {known[1]:.0f} ms", f"{1e6 * known[2]:.0f} µs of CPU", ""  # fmt: skip
        yield "load of the machine", f"{os.getloadavg()[0]:.0f}", f"{os.cpu_count()} cores", ""
        yield from bench_first_view.rows(url, PAGES)


@contextmanager
def served() -> Iterator[tuple[str, int]]:
    """Serve the demonstration's hub as its operator would, give its address and process, and stop it."""
    port = free_port()
    command = [Path(sys.executable).parent / "hub", "serve", "--home", HUB, "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), "--threads", "4"]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # fmt: skip
        url = f"http://127.0.0.1:{port}"
        try:
            for _ in range(100):
                try:
                    requests.get(url + NOTHING, timeout=5)
                    break
                except requests.RequestException:
                    time.sleep(0.2)
            yield url, process.pid
        finally:
            process.terminate()


def first(url: str) -> float:
    """Return how many milliseconds the first answer takes, in which the page is drawn."""
    began = time.perf_counter()
    requests.get(url, timeout=60)
    return 1000 * (time.perf_counter() - began)


def load(wrk: str, url: str, seconds: int, pid: int, *, known: bool = False) -> tuple[float, float, float]:  # fmt: skip
    """Return requests a second, the 95th percentile in milliseconds, and the seconds of processor of one answer."""
    command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    if known:
        command += ["-H", f"If-None-Match: {requests.get(url, timeout=30).headers['ETag']}"]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(TELL)
        script.flush()
        before = spent(pid)
        told = subprocess.run([*command, "-s", script.name, url], check=True, capture_output=True, text=True).stdout  # fmt: skip
    if not known and (failed := re.search(r"Non-2xx.*: (\d+)", told)):
        raise RuntimeError(f"{url}: {failed[1]} answers were errors; open the page and see why.")
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", told)[0])
    answers = max(1, int(re.findall(r"(\d+) requests in", told)[0]))
    return rate, int(re.findall(r"p95 (\d+)", told)[0]) / 1000, (spent(pid) - before) / answers


def spent(pid: int) -> float:
    """Return the seconds of processor that the workers of process *pid* have used."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    ticks = 0
    for child in children:
        fields = Path(f"/proc/{child}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])  # user and system time
    return ticks / os.sysconf("SC_CLK_TCK")
