"""Text on the page stays readable in both schemes (WCAG 2.2, 1.4.3: a ratio of 4.5 at least)."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[3] / "hub" / "web" / "static" / "tokens.css").read_text()
PAIRS = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", CSS)
SCHEMES = [{name: pair[at] for name, *pair in PAIRS} for at in (0, 1)]
TEXT = [
    *((ink, ground) for ink in ("ink", "soft", "few", "sure", "maybe", "accent", "link") for ground in ("paper", "panel", "card")),
    *(("ink", f"h{shade}") for shade in range(1, 5)),
    ("on-accent", "accent"),
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
    assert len(PAIRS) > 20


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(scheme: dict[str, str], ink: str, ground: str) -> None:
    assert ratio(scheme[ink], scheme[ground]) >= 4.5
