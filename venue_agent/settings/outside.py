"""What the agent never reads: special categories of data, and files that people did not give the house."""

from collections.abc import Iterable

from venue_agent.errors import BoughtFile, SpecialCategory
from venue_agent.settings.headers import BOUGHT, is_sensitive, speaks_of
from venue_agent.words import _


def refuse_sensitive(columns: Iterable[str], mapping: str) -> None:
    """Refuse columns that by their name tell of health, disability, religion or opinion (GDPR, article 9).

    Raises:
        SpecialCategory: one of them does; *mapping* is what the message calls the file.
    """
    if found := [column for column in columns if is_sensitive(column)]:
        raise SpecialCategory(
            _(
                "{file} maps the column « {column} », which by its name tells of health, "
                "disability, religion or opinion (GDPR, article 9). Nothing was read. Take it out "
                "of the mapping: the agent never reads such a column."
            ).format(file=mapping, column=found[0])
        )


def bought(mapping: str) -> BoughtFile:
    """Return the refusal of a file that the mapping itself says was bought."""
    return BoughtFile(
        _(
            "{file} says that one of its files was bought, rented or got from somebody else. "
            "Nobody in it told this house yes. Nothing was read. Take that file out."
        ).format(file=mapping)
    )


def refuse_bought(name: str) -> None:
    """Refuse a file by what it is called: « adresses louées.csv ».

    Raises:
        BoughtFile: its name says that it was bought or rented.
    """
    if speaks_of(name.rpartition(".")[0], BOUGHT):
        raise BoughtFile(
            _(
                "{file} is called as a file that was bought or rented. Nobody in it told this "
                "house yes. Nothing was read. Take it out of the exports folder."
            ).format(file=name)
        )
