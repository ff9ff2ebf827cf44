"""Text on the page stays readable in both schemes (WCAG 2.2, 1.4.3: a ratio of 4.5 at least)."""

import re
from itertools import pairwise
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


# Linear RGB as three kinds of colour blindness see it (Viénot, Brettel and Mollon 1999; tritan: Brettel 1997, one plane).
BLINDNESS = {
    "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
    "tritan": ((1.01277, 0.13548, -0.14826), (-0.01243, 0.86812, 0.14431), (0.07589, 0.805, 0.11911)),
    "none": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
}  # fmt: skip
STEP = 1.12  # between two neighbouring shades: told apart when they touch


def seen(colour: str, kind: str) -> float:
    """Return the relative luminance of *colour* as an eye of that *kind* sees it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    felt = [max(0.0, sum(w * c for w, c in zip(line, linear, strict=True))) for line in BLINDNESS[kind]]  # fmt: skip
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), felt, strict=True))


@pytest.mark.parametrize("kind", BLINDNESS)
@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark"])
def test_shades_of_figures_are_told_apart_by_every_eye(scheme: dict[str, str], kind: str) -> None:
    steps = [seen(scheme[f"h{i}"], kind) + 0.05 for i in range(1, 7)]
    order = steps if steps[0] < steps[-1] else steps[::-1]
    assert all(high / low >= STEP for low, high in pairwise(order)), steps
