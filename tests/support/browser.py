"""A real Chromium, pages served to it on loopback, and what it has to say about them."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

from hub.web import headers, observatory
from hub.web.observatory import Shelf

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ASKED = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
WATCH = "window.refused = []; document.addEventListener('securitypolicyviolation', e => window.refused.push(e.violatedDirective + ' ' + e.blockedURI));"
OPEN = "document.querySelectorAll('details').forEach(one => { one.open = true })"
SHORTEN = "document.querySelectorAll('details.data tbody').forEach(one => [...one.rows].slice(4).forEach(row => row.remove()))"


def chromium() -> str | None:
    """Return the path of the system's Chromium, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


@contextmanager
def the_browser() -> Iterator[Browser]:
    """Run the system's Chromium; without one, a test fails where it must be there and is left out elsewhere."""
    path = chromium()
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("Chromium is missing; deploy/system_packages.sh installs it when run as root.")
    if path is None:
        pytest.skip("Chromium is missing: as root, deploy/system_packages.sh installs it.")
    with browsing(path) as found:
        yield found


@contextmanager
def browsing(path: str) -> Iterator[Browser]:
    """Run the Chromium at *path*."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@contextmanager
def serving(shelf: Shelf, reports: Path | None = None) -> Iterator[str]:
    """Serve the public pages over *shelf*, with the headers of the hub, and yield their address."""
    app = Flask("pages")
    headers.install(app)
    observatory.install(app, shelf, reports)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@dataclass
class Look:
    """One page as one reader sees it, and what went wrong while it loaded."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    @property
    def wider(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        found = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")  # fmt: skip
        return int(found)

    @property
    def refused(self) -> list[str]:
        """Return what the content security policy refused."""
        return list(self.page.evaluate("window.refused"))

    def open(self) -> None:
        """Open every folded part."""
        self.page.evaluate(OPEN)

    def violations(self) -> list[str]:
        """Return every breach of WCAG 2.2 AA that axe finds with all details open, and the first element of each.

        Tables of data keep four lines: the others are made alike, and axe takes seconds over thousands.
        """
        self.open()
        self.page.evaluate(SHORTEN)
        found = Axe().run(self.page, options=ASKED)
        return [
            f"{one['id']}: {len(one['nodes'])} × {one['nodes'][0]['html'][:160]}"
            for one in found.response["violations"]
        ]


@contextmanager
def looking(browser: Browser, url: str, *, width: int, scheme: str = "light") -> Iterator[Look]:
    """Open *url* in a window *width* pixels wide, in a "light" or "dark" scheme."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="fr-FR",
        reduced_motion="reduce",
    )
    page = context.new_page()
    look = Look(page)
    page.add_init_script(WATCH)
    page.on("console", look.heard)
    page.on("pageerror", lambda error: look.complaints.append(str(error)))
    page.goto(url)
    yield look
    context.close()
