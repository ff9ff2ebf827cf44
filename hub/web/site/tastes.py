"""« Goûts » : crossings of disciplines, affinity of two of them, families of regulars, bridges and bubble."""

from collections.abc import Mapping

from hub.web.pages import Page, Visit
from hub.web.site.advised import advised
from hub.web.site.loyalty import held
from hub.web.words.tastes import WORDS

PARTS = (
    ("typology", "typology", ("typology-shares", "typology")),
    ("bridges", "bridges", ("bridges",)),
    ("bubble", "bubble", ("bubble", "bubble-disciplines")),
    ("satisfaction", "satisfaction", ("satisfaction", "satisfaction-low", "satisfaction-again")),
)


def read(visit: Visit) -> Mapping[str, object]:
    """Return the crossings, the affinity of the two disciplines that the address asks for, the parts, and the model's card."""
    return {
        "crossing": visit.shown("crossing"),
        "parts": [(name, measure, held(visit, slugs)) for name, measure, slugs in PARTS],
        "model": advised(visit),
        **affinity(visit),
    }


def affinity(visit: Visit) -> Mapping[str, object]:
    """Return the menus of two disciplines, and their table whichever way the edition crosses them."""
    table = visit.table("affinity")
    if table is None:
        return {"known": [], "affinity": None, "one": "", "other": ""}
    slugs = tuple(dict.fromkeys(key for row in table.rows for key in row.keys[:2]))
    one = visit.choice("one", slugs, table.rows[0].keys[0])
    other = visit.choice("other", slugs, table.rows[0].keys[1])
    pairs = ((a, b) for a, b in ((one, other), (other, one)) if any(r.keys[:2] == [a, b] for r in table.rows))  # fmt: skip
    a, b = next(pairs, ("", ""))
    return {
        "known": sorted(
            ((k, visit.labels.key(k, "discipline")) for k in slugs), key=lambda p: p[1]
        ),
        "affinity": visit.shown("affinity", discipline_a=a, discipline_b=b) if a else None,
        "one": one,
        "other": other,
    }


PAGE = Page("tastes", "/gouts", WORDS, read, asks=("one", "other"))
