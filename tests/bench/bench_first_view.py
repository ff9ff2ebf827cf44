"""The first view of a page in a browser slowed down four times: when its largest part is painted, and what it fetched.

What Lighthouse measures of it (largest contentful paint, bytes transferred, shifts), without its simulated network: loopback.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from playwright.sync_api import Browser

from tests.support.browser import browsing, chromium

SLOWER: Final = 4
VIEWS: Final = 5  # of each page: the best is told, for the rest of a busy machine only ever adds, and the middle one
WIDTH, HEIGHT = 390, 844
MOST_MS, MOST_BYTES, MOST_SHIFT = 1500, 350_000, 0.1
WATCH: Final = """
window.seen = {lcp: 0, shift: 0};
new PerformanceObserver(all => { for (const one of all.getEntries()) window.seen.lcp = one.startTime; }).observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(all => { for (const one of all.getEntries()) if (!one.hadRecentInput) window.seen.shift += one.value; }).observe({type: "layout-shift", buffered: true});
"""
SETTLED: Final = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 300))))"


def rows(url: str, pages: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield page, largest paint with bytes and shifts, the number of files, and the targets."""
    path = chromium()
    if path is None:
        yield "first view", "not measured", "wants Chromium", ""
        return
    with browsing(path) as browser:
        view(browser, url + pages[0])  # Chromium warms itself up
        for page in pages:
            seen = sorted((view(browser, url + page) for _ in range(VIEWS)), key=lambda one: one[0])
            paint, size, files, shift = seen[0]
            found = f"largest paint {paint:.0f} ms (middle {seen[VIEWS // 2][0]:.0f}), {size / 1000:.0f} kB, shift {shift:.3f}"
            yield f"{page}, first view", found, f"{files} files", f"{MOST_MS} ms, {MOST_BYTES // 1000} kB, {MOST_SHIFT}"  # fmt: skip


def view(browser: Browser, url: str) -> tuple[float, int, int, float]:
    """Return the largest paint in milliseconds, the bytes and files that a first visit fetched, and the shifts."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="fr-FR")
    page = context.new_page()
    sizes: list[int] = []
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    client.on("Network.loadingFinished", lambda event: sizes.append(_size(event)))
    client.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(WATCH)
    page.goto(url, wait_until="load")
    page.evaluate(SETTLED)
    seen = page.evaluate("window.seen")
    context.close()
    return float(seen["lcp"]), sum(sizes), len(sizes), float(seen["shift"])


def _size(event: Any) -> int:
    return int(event["encodedDataLength"])
