"""The edition's headline figures as lines for a terminal, each with its interval."""

from collections.abc import Iterator

from contracts.edition import Estimate, PublishedEdition, Table
from contracts.loss import display_delta_pico, epsilon

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
UNITS = {"persons": "personnes", "visits": "visites", "days": "jours", "percent": "%"}
WORDS = {"presque-sur": "presque sûr", "indicatif": "indicatif", "trop-peu": "trop peu de monde"}
PERSONS_BOUND = 50_000


def headlines(published: PublishedEdition) -> Iterator[str]:
    """Yield the title, the price and the first rows of each table that has a headline."""
    edition = published.edition
    rho = sum(release.rho_micro for release in edition.releases)
    charged = sum(release.delta_pico for release in edition.releases)
    loss = epsilon(rho, display_delta_pico(PERSONS_BOUND, charged))
    yield f"[bold]{edition.title}[/] · {edition.first_day} → {edition.last_day}"
    yield f"prix : ρ {rho / 1e6:.3f} par personne et saison (ε {loss:.2f}), vérifié par hub verify"
    for release in edition.releases:
        for table in release.tables:
            yield from _rows(table)


def _rows(table: Table) -> Iterator[str]:
    count = SHOWN.get(table.table, 0)
    if not count:
        return
    yield f"\n{table.question} {table.title_fr}"
    ranked = table.rows[:count]
    if table.table in {"pairs", "flows", "provenance"}:
        ranked = sorted(table.rows, key=lambda row: -row.low_milli)[:count]
    for row in ranked:
        yield f"  {_label(row):46} {_figure(row)} {UNITS.get(table.columns[-1], table.columns[-1])}   {WORDS[row.wording]}"


def _label(row: Estimate) -> str:
    return " · ".join(row.keys)


def _figure(row: Estimate) -> str:
    value, low, high = (v / 1000 for v in (row.value_milli, row.low_milli, row.high_milli))
    return f"{value:9,.0f}  [{low:,.0f} ; {high:,.0f}]".replace(",", " ")
