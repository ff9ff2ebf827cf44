"""The words of the table of overlaps, French and English."""

from typing import Final

from hub.measures.tables import Heading

OVERLAPS: Final = Heading(
    table="overlaps",
    question="Q15",
    title_fr="Combien de personnes sont venues dans l'un de ces lieux, ou dans tous ?",
    title_en="How many people came to any of these places, or to all of them?",
    how_fr=(
        "Chaque personne compte une fois, même si elle est venue dans plusieurs des lieux. Les ensembles"
        " sont ceux que l'édition nomme ; pour un autre, `hub cube overlap` donne un ordre de grandeur."
    ),
    how_en=(
        "Each person counts once, even where she came to several of the places. The sets are those that"
        " the edition names; for another, `hub cube overlap` gives an order of magnitude."
    ),
    columns=("set", "how", "persons"),
    estimand="Nombre de personnes distinctes, consentantes et reliées, venues dans l'un au moins, ou dans"
    " tous les lieux de l'ensemble.",
    estimand_en=(
        "Number of distinct, consenting, linked people who came to at least one, or to all, of the"
        " places of the set."
    ),
)
