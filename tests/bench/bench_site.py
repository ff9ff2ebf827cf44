"""The published pages under load: requests a second and the 95th percentile, by wrk on loopback, beside a file of no work.

It serves the edition that ``make demo`` published, with two workers, and asks for it with a second process.
"""

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

ROOT = Path(__file__).parents[2]
HUB = ROOT / "var" / "demo" / "hub"
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
    with served() as url:
        base, _ = load(wrk, url + NOTHING, seconds)
        for page in PAGES:
            requests.get(url + page, timeout=30)  # drawn once; readers get the kept copy
            rate, p95 = load(wrk, url + page, seconds)
            found = f"{rate:,.0f}/s, 95 % under {p95:.0f} ms"
            yield page, found, f"{rate / base:.2f} of a file's {base:,.0f}/s", f"{LEAST_A_SECOND}/s, {MOST_MS} ms"  # fmt: skip


@contextmanager
def served() -> Iterator[str]:
    """Serve the demonstration's hub as its operator would, and stop it."""
    port = free_port()
    command = [Path(sys.executable).parent / "hub", "serve", "--home", HUB, "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), "--threads", "4"]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # fmt: skip
        url = f"http://127.0.0.1:{port}"
        try:
            for _ in range(100):
                try:
                    requests.get(url + NOTHING, timeout=5)
                    break
                except requests.ConnectionError:
                    time.sleep(0.2)
            yield url
        finally:
            process.terminate()


def load(wrk: str, url: str, seconds: int) -> tuple[float, float]:
    """Return requests a second and the 95th percentile in milliseconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(TELL)
        script.flush()
        command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", script.name, url]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if failed := re.search(r"Non-2xx.*: (\d+)", told):
        raise RuntimeError(f"{url}: {failed[1]} answers were errors; open the page and see why.")
    rate = re.findall(r"Requests/sec:\s+([\d.]+)", told)[0]
    return float(rate), int(re.findall(r"p95 (\d+)", told)[0]) / 1000
