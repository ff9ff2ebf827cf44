"""« Lire un intervalle » : two minutes, with the reach of the edition as the example when there is one."""

from collections.abc import Mapping

from contracts.edition import COVERED
from hub.web.pages import Page, Visit
from hub.web.words.interval import WORDS

EXAMPLE = (11_700, 11_577, 11_791)


def read(visit: Visit) -> Mapping[str, object]:
    """Return the figure that serves as the example."""
    table = visit.table("reach-network")
    row = table.rows[0] if table else None
    value, low, high = EXAMPLE
    if row is not None and row.wording != COVERED:
        value, low, high = (round(n / 1000) for n in (row.value_milli, row.low_milli, row.high_milli))  # fmt: skip
    said = visit.tongue.grouped
    return {"blanks": {"value": said(value), "low": said(low), "high": said(high)}}


PAGE = Page("interval", "/lire-un-intervalle", WORDS, read, needs_edition=False)
