"""The layouts whose header was really seen, each with where; none is claimed for anything else."""

import functools
import tomllib
from collections.abc import Sequence
from importlib import resources
from typing import Any, Final, Literal

from pydantic import Field

from venue_agent.settings.mapping import ConsentRule, Values
from venue_agent.settings.part import Part
from venue_agent.sources.tables import same_words
from venue_agent.words import _, mark, spoken

TIMES: Final = {"booked_time": "booked", "event_time": "event_date"}
TESTED: Final = mark("tested on look-alikes, never on the export of a venue")


class State(Part):
    """Files whose name says what everybody in them answered."""

    pattern: str
    says: Literal["yes", "no"]
    dated_by: str


class Layout(Part):
    """A header that was seen, what its columns say, and where it was read.

    ``marks``: the columns by which a file is recognised. ``unseen``: columns that the product is
    said to have and that the header did not show. ``answer``, ``states``, ``refusals``: where a
    contact's yes or no is; the text that was shown to people, and so what it grants, is asked.
    """

    product: dict[str, str]
    kind: Literal["tickets", "contacts"]
    origin: dict[str, str]
    marks: tuple[str, ...]
    header: tuple[str, ...]
    unseen: tuple[str, ...] = ()
    columns: dict[str, str]
    values: dict[str, Any] = Field(default_factory=dict)
    answer: str = ""
    dated_by: str = ""
    states: tuple[State, ...] = ()
    refusals: tuple[ConsentRule, ...] = ()

    @property
    def words(self) -> Values:
        """What the product's own words mean."""
        return Values.model_validate(self.values)

    def provenance(self) -> str:
        """Return where the header comes from, and what the layout was tested on."""
        return f"{self.origin[spoken()]} ({_(TESTED)})"

    def name(self) -> str:
        """Return what the product and its file are called."""
        return self.product[spoken()]


@functools.cache
def layouts() -> dict[str, Layout]:
    """Return every layout, by its name."""
    folder = resources.files("venue_agent") / "mapper" / "layouts"
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    return {
        file.name[:-5]: Layout.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        for file in files
        if file.name.endswith(".toml")
    }


def recognised(header: Sequence[str]) -> tuple[str, Layout] | None:
    """Return the layout whose marks are all in *header*, with its name."""
    words = {same_words(name) for name in header}
    for name, layout in layouts().items():
        if {same_words(mark_) for mark_ in layout.marks} <= words:
            return name, layout
    return None
