"""The words of the table of potential, French and English."""

from typing import Final

from hub.measures.tables import Heading

POTENTIAL: Final = Heading(
    table="potential",
    question="Q31",
    title_fr="Combien de personnes du réseau, tout près, aiment ce que ce lieu programme sans y être venues ?",
    title_en="How many people of the network, close by, like what this place shows but have not come?",
    how_fr=(
        "Personnes qui habitent à 20 km du lieu (à 5 km près, d'après les lieux où elles vont), venues"
        " ailleurs à sa discipline, et pas chez lui dans la période. Ce ne sont pas des noms : personne ne"
        " peut en tirer de liste."
    ),
    how_en=(
        "People who live within 20 km of the place (give or take 5 km, by the places that they go to), who"
        " came elsewhere to its discipline and not to it in the period. These are no names: nobody can make"
        " a list of them."
    ),
    columns=("place", "persons"),
    estimand="Nombre de personnes distinctes, consentantes et reliées ; l'intervalle comprend ce que la"
    " borne par personne retire.",
    estimand_en="Number of distinct, consenting, linked people; the interval takes in what the bound per"
    " person removes.",
)
