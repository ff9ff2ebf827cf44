"""Labels of an edition's keys: the words of a language, and the names that the charter gives to places."""

import re
from typing import Final

from contracts.charter import Charter
from contracts.edition import Table
from hub.web.french import FRENCH
from hub.web.tongue import UNITS, Tongue

TRAITS: Final = ("trait_a", "trait_b")
TOLD_AS: Final = {"home": "departement", "lead": "lead_days", "loyalty": "visits"}
"""Traits of the cube whose values other tables have words for already."""
MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class Labels:
    """Turns keys into words, with the names of the charter's members and clusters."""

    def __init__(self, charter: Charter | None, tongue: Tongue = FRENCH) -> None:
        self.tongue = tongue
        self._names: dict[str, str] = dict(tongue.vocabulary)
        self.places: frozenset[str] = frozenset()
        if charter is not None:
            names = {m.venue: m.name for m in charter.members}
            names |= {c.cluster: c.name for c in charter.clusters}
            self.places = frozenset(names)
            self._names |= {slug: name.replace("'", "’") for slug, name in names.items()}

    def key(self, key: str, column: str) -> str:
        """Return the label of *key* in *column*; a key that nobody named stands as it is."""
        if column == "set":
            return " + ".join(self._names.get(place, place) for place in key.split("+"))
        if column in TRAITS and "=" in key:
            trait, _, value = key.partition("=")
            colon = "\u00a0: " if self.tongue.code == "fr" else ": "
            return self.column(trait) + colon + self.key(value, TOLD_AS.get(trait, trait))
        if column == "month" and MONTH.fullmatch(key):
            year, month = key.split("-")
            return f"{self.tongue.months[int(month) - 1]} {year}"
        if column == "week":
            return self.tongue.day(key)
        if column == "operation":  # its name says nothing, and starts no sentence
            return f"n°\u00a0{key}" if self.tongue.code == "fr" else f"no. {key}"
        return self.tongue.by_column.get(column, {}).get(key) or self._names.get(key) or key

    def column(self, column: str) -> str:
        """Return the heading of a column."""
        known = self.tongue.columns.get(column)
        return known or column.replace("_", " ").replace("-", " ").capitalize()


def unit_of(table: Table) -> str:
    """Return the unit of a table's figures, which its last column names; persons when it names none."""
    last = table.columns[-1] if table.columns else ""
    return last if last in UNITS else "persons"
