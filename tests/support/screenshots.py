"""``make screenshots``: shoots docs/images from the edition that ``make demo`` published, and keeps them small."""

import argparse
import sys
from pathlib import Path

from PIL import Image

from hub.store.database import open_control
from tests.support.browser import browsing, chromium, looking, serving

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
COLOURS = 160
MOST = 300_000  # bytes in all: a clone pays for them
SHOTS = (
    ("page-1280-clair-fr", 1280, "light", "/?lang=fr", 900),
    ("circulation-1280-sombre-fr", 1280, "dark", "/circulation?lang=fr", 820),
    ("page-768-sombre-en", 768, "dark", "/delais?lang=en", 700),
    ("page-390-clair-fr", 390, "light", "/delais?lang=fr", 760),
    ("explorer-768-clair-fr", 768, "light", "/delais?lang=fr#age", 760),
)
EXPLORED = "#age"  # a place whose chart is opened before it is shot


def main() -> int:
    """Shoot every picture; say what is missing when one cannot."""
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "demo")
    database = parser.parse_args().folder / "hub" / "control.sqlite"
    path = chromium()
    if path is None or not database.exists():
        print("Il faut Chromium, et une édition de démonstration : make demo ONCE=1.")
        return 1
    IMAGES.mkdir(exist_ok=True)
    shelf = open_control(f"sqlite:///{database}").published()
    with serving(shelf) as url, browsing(path) as browser:
        for name, width, scheme, address, height in SHOTS:
            with looking(browser, url + address, width=width, scheme=scheme) as look:
                look.page.set_viewport_size({"width": width, "height": height})
                if address.endswith(EXPLORED):
                    look.page.locator(f"section[aria-labelledby={EXPLORED[1:]}] [data-explore]").click()  # fmt: skip
                    look.page.locator(".stage canvas").first.wait_for()
                look.page.evaluate(
                    "(document.querySelector('.canvas:not([hidden])') || document.querySelector(location.hash || 'body')).scrollIntoView()"
                )
                shot = IMAGES / f"{name}.png"
                look.page.screenshot(path=shot)
                with Image.open(shot) as picture:  # flat colours: a palette says them in a third
                    picture.convert("RGB").quantize(COLOURS).save(shot, optimize=True)
    weight = sum(file.stat().st_size for file in IMAGES.glob("*.png"))
    print(f"{len(SHOTS)} images, {weight:,} octets sur {MOST:,} permis.")
    return 0 if weight <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
