"""What a group buyer looks like: the words and the volumes, as the mapping file may set them."""

from typing import Annotated, Final

from pydantic import Field

from venue_agent.settings.part import Part

ORGANISATIONS: Final = tuple(
    """
    académie agence agency amicale association autocars bibliothèque cnas collectivité collectivités collège
    college comité comités commune conservatoire council cse école écoles ehpad entreprise fondation group groupe
    groupes groups institut institution kadeos library lycée mairie médiathèque meyclub mjc prowebce reseller
    revendeur school scolaire scolaires société syndicat ticketmaster université university
    """.split()  # noqa: SIM905 - a word list is read as words
)
"""Words that no family bears as its name, whole and without accents or case."""
CATEGORIES: Final = ("ce", "pro", "professionnel", "professionnels", "établissement", "tourisme")
"""Words that say the same in a category of customers, and might be a name elsewhere."""
BOXES: Final = "ce cse comite ecole ecoles college lycee scolaire scolaires groupe groupes mairie mediatheque bibliotheque".split()  # noqa: SIM905
"""Mailboxes of a school, a works council or a town; ``ce.0690001a@ac-…`` is every school's."""
SELLERS: Final = "billetreduc cse digitick fnacspectacles francebillet meyclub prowebce ticketac ticketmaster weezevent".split()  # noqa: SIM905
"""Words of the domain under which resellers and works councils write."""
SCHOOL: Final = r"ce\.?\d{7}[a-z]@(?:ac-|.*\.ac-)"


Count = Annotated[int, Field(ge=2)]


class Groups(Part):
    """From how much on a customer buys for others; docs/adr/0017 says where the defaults come from.

    ``seats_per_order``: of one event, from which the order is a group's: the visit is labelled so.
    ``group_orders``: such orders from which the customer is a group buyer.
    ``seats_per_event``, ``orders_per_event``, ``event_days_per_year``: the same, by volume.
    ``people_per_contact``: different names behind one identifier above which it is nobody's own.
    ``words``, ``not_words``: the venue's own words for an organisation, and those that are none.
    """

    seats_per_order: Count = 10
    group_orders: Count = 3
    seats_per_event: Count = 20
    orders_per_event: Count = 6
    event_days_per_year: Count = 150
    people_per_contact: Count = 4
    words: tuple[str, ...] = ()
    not_words: tuple[str, ...] = ()
