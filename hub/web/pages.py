"""A page of the site: one file, one template, one line in the navigation.

How to add one, ``/budget`` for instance:

1. its words, ``hub/web/words/budget.py``: ``WORDS = {"nav": ("Budget", "Budget"), "title": (…), "lead": (…), …}``, each
   phrase in French then in English. ``nav``, ``title`` and ``lead`` are asked of every page, and at least one
   ``so_venue | so_coordinator | so_partner | so_citizen``: « et alors ? » ends every page, and the layout writes it;
2. its file, ``hub/web/site/budget.py``: ``PAGE = Page("budget", "/budget", WORDS, read)``, where ``read(visit)`` returns
   what the template shows. ``visit`` gives the edition, its tables (``visit.shown("reach-venues")``), the charter,
   the shelf, the language and the choices of the address (``visit.choice("lag", ("0-30", "0-90"), "0-90")``, with
   ``asks=("lag",)`` on the page: a parameter that a page does not ask for is never read);
3. its template, ``hub/web/templates/site/budget.html``: ``{% extends "site/layout.html" %}``, ``{% import "site/macros.html"
   as m with context %}``, ``{% block main %}``. ``say.<key>`` are the words; ``to("/circulation", lag="0-90")`` makes a link that
   keeps the language and the edition; ``m.figure``, ``m.chart``, ``m.absent``, ``m.data``… are the parts;
4. one line in ``hub/web/navigation.py``.

Pages are read-only, and kept: a copy is served again until the shelf changes (``hub.web.desk``). A page that depends on who is
looking (accounts, forms) has a blueprint of its own, calls ``hub.web.desk.dressed(…)`` for the same layout, and lists a Page
without ``read`` in the navigation.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from werkzeug.exceptions import NotFound

from contracts.charter import Charter
from contracts.edition import PublishedEdition, Release, Table
from hub.web.labels import Labels
from hub.web.plain import plain
from hub.web.shelf import Shelf
from hub.web.tables import TableView, table_view
from hub.web.tongue import Tongue
from hub.web.words import Words


@dataclass(frozen=True)
class Shown:
    """A table of the edition as a page draws it, and where it comes from."""

    view: TableView
    table: Table
    release: Release
    edition: str
    plain: str = ""  # a sentence about it

    @property
    def method(self) -> str:
        """Return the address of its method and of its data."""
        return f"/editions/{self.edition}#{self.table.table}"


@dataclass(frozen=True)
class Visit:
    """One reading of a page: what was published, in one language, with the choices of the address."""

    shelf: Shelf
    tongue: Tongue
    charter: Charter | None
    published: PublishedEdition | None
    asked: Mapping[str, str] = field(default_factory=dict)  # parameters that the page asks for
    values: Mapping[str, str] = field(default_factory=dict)  # parts of the path

    @property
    def labels(self) -> Labels:
        """Return the words of keys, with the names of the charter."""
        return Labels(self.charter, self.tongue)

    def found(self, slug: str) -> tuple[Table, Release] | None:
        """Return the table *slug* of the edition and the release that holds it."""
        if self.published is None:
            return None
        pairs = ((t, r) for r in self.published.edition.releases for t in r.tables)
        return next((pair for pair in pairs if pair[0].table == slug), None)

    def table(self, slug: str) -> Table | None:
        """Return the table *slug* of the edition, if it holds it."""
        found = self.found(slug)
        return found[0] if found else None

    def shown(self, slug: str, **only: str) -> Shown | None:
        """Return the table *slug* ready to draw, if the edition holds it.

        *only* keeps the rows whose keys are these (``shown("flows", lag="0-90")``) and drops those columns.
        """
        found = self.found(slug)
        if found is None:
            return None
        return self.ready(part(found[0], only), found[1])

    def ready(self, table: Table, release: Release) -> Shown:
        """Return a table that was cut or turned from one of *release*, ready to draw."""
        edition = self.published.edition.edition if self.published else ""
        view, said = table_view(table, self.labels), plain(table, self.labels)
        return Shown(view, table, release, edition, said)

    def choice(self, name: str, allowed: tuple[str, ...], otherwise: str) -> str:
        """Return the value that the address asks for, when it is one of *allowed*."""
        asked = self.asked.get(name, "")
        return asked if asked in allowed else otherwise

    def missing(self) -> NotFound:
        """Return the error to raise when the path names nothing that exists."""
        return NotFound()


def part(table: Table, only: Mapping[str, str]) -> Table:
    """Return *table* with the rows whose keys are *only*, without those columns; a column it lacks is passed over."""
    at = {
        table.columns.index(column): key for column, key in only.items() if column in table.columns
    }
    if not at:
        return table
    kept = [i for i in range(len(table.columns)) if i not in at]
    rows = [
        row.model_copy(update={"keys": [key for i, key in enumerate(row.keys) if i not in at]})
        for row in table.rows
        if all(row.keys[i] == key for i, key in at.items())
    ]
    return table.model_copy(update={"columns": [table.columns[i] for i in kept], "rows": rows})


Read = Callable[[Visit], Mapping[str, object]]


@dataclass(frozen=True)
class Page:
    """One page: its name (also its template's), its path, its words, what it reads and asks for.

    ``read`` is None for a page that another blueprint serves: the navigation alone knows it.
    """

    name: str
    path: str
    words: Words
    read: Read | None = None
    asks: tuple[str, ...] = ()
    explores: bool = False  # its charts fetch their figures when a reader explores them
    needs_edition: bool = True  # without one, the layout shows « no edition yet » in its place
