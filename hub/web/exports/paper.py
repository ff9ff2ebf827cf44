"""A sheet on which charts are drawn as SVG: lines of text that wrap, bars, hatching; everything escaped."""

from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape, quoteattr

WIDTH: Final = 960
MARGIN: Final = 28
INK: Final = "#1d2329"
SOFT: Final = "#59636d"
FILL: Final = "#2f7f8c"
LINE: Final = "#dcd8cf"
PAPER: Final = "#ffffff"
SHADES: Final = ("#ffffff", "#e3eff0", "#c9e1e3", "#a5cdd1", "#77b1b8", "#2d7883", "#135560")
DARK: Final = 5  # from this shade on, text is white
FONTS: Final = "Liberation Sans, DejaVu Sans, Arial, sans-serif"
_LETTER: Final = 0.54  # of the size: the mean width of a letter in those fonts


@dataclass
class Paper:
    """Elements drawn so far, and how far down they go."""

    height: float = MARGIN
    _drawn: list[str] = field(default_factory=list)

    def text(  # noqa: PLR0913 - a place, a text and its looks
        self, x: float, y: float, said: str, *, size: float = 14, colour: str = INK, anchor: str = "start", bold: bool = False
    ) -> None:  # fmt: skip
        """Write one line of text whose foot stands at (x, y)."""
        weight = ' font-weight="bold"' if bold else ""
        self._drawn.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}" text-anchor="{anchor}"{weight}>{clean(said)}</text>'
        )

    def box(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """Draw a filled rectangle."""
        self._drawn.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}"/>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str = INK) -> None:
        """Draw a straight line."""
        self._drawn.append(
            f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{colour}" stroke-width="1.4"/>'
        )

    def down(self, by: float) -> float:
        """Go further down and return where that is."""
        self.height += by
        return self.height

    def written(self, title: str, description: str) -> str:
        """Return the whole SVG, with a title and a description for those who do not see it."""
        height = self.height + MARGIN
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}" '
            f'font-family={quoteattr(FONTS)} role="img">'
            f"<title>{clean(title)}</title><desc>{clean(description)}</desc>"
            '<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            f'<line x1="0" y1="0" x2="0" y2="7" stroke="{SOFT}" stroke-width="1.6"/></pattern></defs>'
            f'<rect width="{WIDTH}" height="{height:g}" fill="{PAPER}"/>' + "".join(self._drawn) + "</svg>\n"
        )  # fmt: skip


def clean(text: str) -> str:
    """Return *text* escaped, without the characters that XML cannot hold."""
    return escape("".join(c if c.isprintable() or c in "\u00a0\u202f" else " " for c in text))


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Return *text* in lines that fit in *width*, by the mean width of letters; a long word is cut."""
    most = max(4, int(width / (size * _LETTER)))
    lines: list[str] = [""]
    for word in text.split():
        for piece in (word[i : i + most] for i in range(0, len(word), most)):
            joined = f"{lines[-1]} {piece}".strip()
            if len(joined) <= most:
                lines[-1] = joined
            else:
                lines.append(piece)
    return lines
