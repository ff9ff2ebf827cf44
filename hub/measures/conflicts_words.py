"""The words of the table of conflicts, French and English."""

from typing import Final

from hub.measures.tables import Heading

CONFLICTS: Final = Heading(
    table="conflicts",
    question="Q24",
    title_fr="Quelles semaines deux lieux qui partagent leurs publics se disputent-ils ?",
    title_en="Which weeks do two places that share their audiences compete for?",
    how_fr=(
        "La semaine commence au lundi indiqué. Elle paraît quand les deux lieux y sont, sans aucun doute,"
        " plus fréquentés que d'habitude ; le chiffre est celui du moins fréquenté des deux. Les paires qui"
        " partagent le plus de public viennent d'abord."
    ),
    how_en=(
        "The week begins on the Monday given. It appears when both places are, beyond doubt, fuller in it"
        " than usual; the figure is that of the less visited of the two. Pairs that share most people come"
        " first."
    ),
    columns=("place_a", "place_b", "week", "persons"),
    estimand="Personnes distinctes, consentantes et reliées venues cette semaine-là dans le moins fréquenté"
    " des deux lieux ; qui remplit plus de cases (un lieu, une semaine) que la borne pèse moins.",
    estimand_en="Distinct, consenting, linked people who came that week to the less visited of the two"
    " places; whoever fills more cells (one place, one week) than the bound weighs less.",
)
