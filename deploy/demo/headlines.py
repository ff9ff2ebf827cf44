"""The edition's headline figures as lines for a terminal, each with its interval."""

from collections.abc import Iterator

from rich.table import Table as RichTable

from contracts.charter import Charter
from contracts.edition import PublishedEdition, Table
from contracts.loss import display_delta_pico, epsilon
from hub.web.french import FRENCH
from hub.web.labels import Labels
from hub.web.tables import TableView, table_view

SHOWN = {
    "reach-network": 1,
    "ladder-persons": 4,
    "reach-shares": 3,
    "pairs": 3,
    "flows": 4,
    "lead-near": 3,
    "provenance": 4,
    "young-network": 1,
    "firsts": 3,
    "channels-new": 2,
    "season-weekdays": 3,
    "tourists": 3,
    "cooperation-lift": 1,
    "cooperation-contacts": 3,
    "reciprocity": 3,
}
"""How many rows of each table to show; a table that is not named here is on the page."""
RANKED = {"pairs", "flows", "provenance"}
"""Tables of which the surest rows are shown, whatever their order."""
LABELS, FIGURES = 62, 60  # columns of a terminal: for what a row is of, and for the rest of it
PERSONS_BOUND = 50_000


def headlines(
    published: PublishedEdition, charter: Charter, width: int
) -> Iterator[str | RichTable]:
    """Yield the title, the price and the first rows of each table that has a headline, in the words of the pages.

    *width* is of the terminal, in columns.
    """
    edition, labels = published.edition, Labels(charter)
    rho = sum(release.rho_micro for release in edition.releases)
    charged = sum(release.delta_pico for release in edition.releases)
    loss = epsilon(rho, display_delta_pico(PERSONS_BOUND, charged))
    price = f"ρ {FRENCH.decimal(rho / 1e6, 3)} par personne et saison (ε {FRENCH.decimal(loss, 2)})"
    yield f"[bold]{edition.title}[/] · du {FRENCH.day(edition.first_day)} au {FRENCH.day(edition.last_day)}"
    yield f"prix : {price}, vérifié par hub verify"
    for release in edition.releases:
        for table in release.tables:
            if count := SHOWN.get(table.table, 0):
                view = table_view(table, labels)
                yield f"\n{table.question} {view.title}"
                yield _rows(view, _surest(table, count), width)


def _surest(table: Table, count: int) -> list[int]:
    order = range(len(table.rows))
    if table.table not in RANKED:
        return list(order[:count])
    return sorted(order, key=lambda index: -table.rows[index].low_milli)[:count]


def _rows(view: TableView, shown: list[int], width: int) -> RichTable:
    grid = RichTable.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=min(LABELS, max(width - FIGURES, LABELS // 3)))
    grid.add_column(justify="right", width=20, no_wrap=True)
    grid.add_column(width=18, no_wrap=True)
    grid.add_column(no_wrap=True)
    for index in shown:
        row = view.rows[index]
        unit = "" if view.unit in row.shown + row.span else f" {view.unit}"
        interval = f"({row.span})" if row.shown and row.span else ""
        grid.add_row(" · ".join(row.labels), (row.shown or row.span) + unit, interval, row.says)
    return grid
