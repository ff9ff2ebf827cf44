"""The chart of a table as a picture that stands alone: SVG, and PNG drawn from it; intervals and hatching included."""

from typing import Final

from contracts.edition import COVERED, Release, Table
from hub.web.exports.paper import (
    DARK,
    FILL,
    INK,
    LINE,
    MARGIN,
    PAPER,
    SHADES,
    SOFT,
    WIDTH,
    Paper,
    wrapped,
)
from hub.web.exports.source import Source
from hub.web.matrix import Cell, Matrix
from hub.web.tables import Row, TableView, table_view

NAME: Final = 290
AT: Final = 330  # where bars begin
BAR: Final = 340
FIGURE: Final = WIDTH - MARGIN
MOST: Final = 60  # bars of one picture
_HEAD: Final = 250
_TILT: Final = 26
_ZOOM: Final = 2.0


def chart(table: Table, release: Release, source: Source, *, headed: bool = True) -> str:
    """Return the chart of *table* as SVG text; without its head where a page says it already."""
    view, say, paper = table_view(table, source.labels), source.say, Paper()
    if headed:
        for line in wrapped(view.title, WIDTH - 2 * MARGIN, 21):
            paper.text(MARGIN, paper.down(26), line, size=21, bold=True)
        paper.text(MARGIN, paper.down(24), _under(source, view), size=13, colour=SOFT)
        paper.down(14)
    if view.matrix is not None:
        _matrix(paper, view.matrix)
    elif view.drawn:
        _bars(paper, view, source)
    else:
        paper.text(MARGIN, paper.down(30), say["chart_silent" if view.silent else "chart_none"])
    foot = say["chart_foot_square" if view.matrix else "chart_foot"].format(
        edition=source.published.edition.title, rho=source.rho(release)
    )
    paper.down(18)
    for line in wrapped(foot, WIDTH - 2 * MARGIN, 12):
        paper.text(MARGIN, paper.down(17), line, size=12, colour=SOFT)
    return paper.written(view.title, say["chart_of"].format(title=view.title))


def picture(svg: str) -> bytes:
    """Return the PNG of a chart, at twice its size."""
    import resvg_py  # noqa: PLC0415 - a native library that most answers do not need

    drawn = resvg_py.svg_to_bytes(
        svg_string=svg, zoom=_ZOOM, sans_serif_family="DejaVu Sans", font_family="DejaVu Sans"
    )
    return bytes(drawn)


def _under(source: Source, view: TableView) -> str:
    edition, tongue = source.published.edition, source.tongue
    period = tongue.phrases["period"].format(
        first=tongue.day(edition.first_day), last=tongue.day(edition.last_day)
    )
    network = source.charter.name if source.charter else edition.network
    return f"{network}, {period} – {view.unit}"


def _bars(paper: Paper, view: TableView, source: Source) -> None:
    left = MOST
    for group in view.chart:
        if left and group.title:
            paper.text(
                MARGIN, paper.down(28), _capital(group.title), size=14, colour=SOFT, bold=True
            )
            paper.down(4)
        for row in group.rows[:left]:
            _bar(paper, row, view)
        left -= min(left, len(group.rows))
    rest = len(view.rows) - min(MOST, view.drawn)
    if rest > 0 and not view.medians:
        more = source.say["chart_more"].format(count=rest)
        paper.text(MARGIN, paper.down(26), more, size=13, colour=SOFT)


def _bar(paper: Paper, row: Row, view: TableView) -> None:
    arrow = " → " if view.directed else ", "
    name = arrow.join(row.labels[:2]) + "".join(f", {label}" for label in row.labels[2:])
    lines = wrapped(_capital(name), NAME, 14)
    top = paper.height
    for line in lines:
        paper.text(MARGIN, paper.down(18), line)
    middle = (top + paper.down(6)) / 2 + 3
    covered = row.wording == COVERED
    at = {end: AT + BAR * value / 100 for end, value in (("low", row.bar.low), ("high", row.bar.high))}  # fmt: skip
    if covered:
        paper.box(at["low"], middle - 7, max(2, at["high"] - at["low"]), 14, "url(#hatch)")
    else:
        paper.box(AT + BAR * row.bar.x / 100, middle - 7, BAR * row.bar.width / 100, 14, FILL)
        paper.line(at["low"], middle, at["high"], middle)
        for end, cut in (("low", row.bar.cut_low), ("high", row.bar.cut_high)):
            if not cut:
                paper.line(at[end], middle - 5, at[end], middle + 5)
    zero = AT + BAR * row.bar.zero / 100
    paper.line(zero, top + 3, zero, paper.height - 1, SOFT)
    told = row.says if covered else row.shown
    paper.text(FIGURE, middle + 5, f"{told}{f' ({row.span})' if row.span else ''}", size=13, anchor="end")  # fmt: skip
    paper.line(MARGIN, paper.height, FIGURE, paper.height, LINE)


def _matrix(paper: Paper, square: Matrix) -> None:
    """Draw a square of figures: shaded cells, names at the left, numbers or short names above."""
    room = FIGURE - MARGIN - _HEAD
    wide = min(110.0, room / max(1, len(square.columns)))
    for place, name in enumerate(square.columns):
        head = str(place + 1) if square.numbered else name
        x = MARGIN + _HEAD + wide * (place + 0.5)
        for step, line in enumerate(wrapped(head, wide, 11)[:3]):
            paper.text(
                x, paper.height + 14 + 13 * step, line, size=11, colour=SOFT, anchor="middle"
            )
    paper.down(18 if square.numbered else 48)
    for place, (name, cells) in enumerate(zip(square.names, square.rows, strict=True)):
        said = f"{place + 1}  {name}" if square.numbered else _capital(name)
        lines = wrapped(said, _HEAD - 12, 13)
        tall = max(_TILT + 10 * any(c and c.span for c in cells), 16 * len(lines) + 6)
        for step, line in enumerate(lines):
            paper.text(MARGIN, paper.height + 17 + 16 * step, line, size=13)
        for column, cell in enumerate(cells):
            x = MARGIN + _HEAD + wide * column
            if cell is None:
                continue
            fill = SHADES[cell.shade] if cell.shade else "url(#hatch)"
            paper.box(x + 1, paper.height + 1, wide - 2, tall - 2, fill)
            colour = PAPER if cell.shade >= DARK else INK
            if cell.shade:
                _cell(paper, cell, (x + wide / 2, paper.height + tall / 2), colour)
        paper.down(tall)


def _cell(paper: Paper, cell: Cell, middle: tuple[float, float], colour: str) -> None:
    """Write a figure in its cell, and its interval under it where the table gives it there."""
    x, y = middle
    paper.text(x, y + (-1 if cell.span else 4), cell.text, size=12, colour=colour, anchor="middle")
    if cell.span:
        paper.text(x, y + 11, cell.span, size=9, colour=colour, anchor="middle")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
