"""Bars and shares as SVG, made here: what one would rather see than read; the numbers always stand beside them."""

from collections.abc import Sequence
from typing import Final

from venue_agent.pages.markup import Html, tag

WIDTH: Final = 100.0
TALL: Final = 10.0


def bar(share: float, kind: str = "fill") -> Html:
    """Return one bar that fills *share* (0 to 1) of its place; decoration for readers of the screen aloud."""
    long = f"{WIDTH * min(max(share, 0.0), 1.0):.2f}"
    return _svg(
        tag("rect", class_="rail", x=0, y=0, width=WIDTH, height=TALL),
        tag("rect", class_=kind, x=0, y=0, width=long, height=TALL),
    )


def stack(parts: Sequence[tuple[str, float]]) -> Html:
    """Return one bar cut in parts: pairs of a class and a share."""
    pieces, at = [], 0.0
    for kind, share in parts:
        long = WIDTH * max(share, 0.0)
        pieces.append(
            tag("rect", class_=kind, x=f"{at:.2f}", y=0, width=f"{long:.2f}", height=TALL)
        )
        at += long
    return _svg(tag("rect", class_="rail", x=0, y=0, width=WIDTH, height=TALL), *pieces)


def columns(shares: Sequence[float]) -> Html:
    """Return upright columns, one per share of the highest (0 to 1)."""
    wide = WIDTH / max(len(shares), 1)
    drawn = (
        tag("rect", class_="fill", x=f"{at * wide + wide * 0.1:.2f}", y=f"{40 * (1 - share):.2f}",
            width=f"{wide * 0.8:.2f}", height=f"{40 * share:.2f}")
        for at, share in enumerate(shares)
    )  # fmt: skip
    return tag(
        "svg",
        *drawn,
        class_="columns",
        viewBox=f"0 0 {WIDTH:g} 40",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


def _svg(*pieces: Html) -> Html:
    return tag(
        "svg",
        *pieces,
        class_="bar",
        viewBox=f"0 0 {WIDTH:g} {TALL:g}",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
