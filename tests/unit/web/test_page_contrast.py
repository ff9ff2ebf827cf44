"""Text on the page stays readable in both schemes (WCAG 2.2, 1.4.3: a ratio of 4.5 at least)."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[3] / "hub" / "web" / "static" / "observatory.css").read_text()
SCHEMES = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\n *\}", CSS, re.DOTALL)[:2]]  # fmt: skip
TEXT = [
    *((ink, ground) for ink in ("ink", "soft", "few", "sure", "maybe", "accent", "link") for ground in ("paper", "panel")),
    *(("ink", f"h{shade}") for shade in range(1, 5)),
    ("on-h5", "h5"),
    ("on-h6", "h6"),
]  # fmt: skip


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def ratio(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself_is_right() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert len(SCHEMES) == 2


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(scheme: dict[str, str], ink: str, ground: str) -> None:
    assert ratio(scheme[ink], scheme[ground]) >= 4.5
