"""The words of the ladder's tables, French and English."""

from typing import Final

from hub.measures.tables import Heading

PERSONS: Final = Heading(
    table="ladder-persons",
    question="Q07",
    title_fr="Combien de personnes viennent 1, 2, 3 à 5, 6 fois ou plus ?",
    title_en="How many people come 1, 2, 3 to 5, 6 times or more?",
    how_fr=(
        "Les visites de tous les lieux sont comptées ensemble. Les quatre barreaux s'additionnent"
        " exactement au nombre de personnes du réseau."
    ),
    how_en=(
        "Visits to all places are counted together. The four rungs add up exactly to the number"
        " of people of the network."
    ),
    columns=("visits", "persons"),
    estimand="Nombre de personnes distinctes, consentantes et reliées, selon leurs visites dans la"
    " période (une visite : un lieu, un événement, un jour).",
    estimand_en=(
        "Number of distinct, consenting, linked people, by their visits in the period (a "
        "visit: one venue, one event, one day)."
    ),
)
VISITS: Final = Heading(
    table="ladder-visits",
    question="Q07",
    title_fr="Quelle part des visites font-elles ?",
    title_en="What share of visits do they make?",
    how_fr=(
        "« 6+ : 45 » se lit : 45 visites sur 100 sont faites par des personnes venues six fois ou"
        " plus. Au-delà de la borne de la charte, les visites d'une personne ne comptent plus."
    ),
    how_en=(
        "'6+: 45' reads: 45 visits in 100 are made by people who came six times or more. Beyond"
        " the charter's bound a person's visits no longer count."
    ),
    columns=("visits", "percent"),
    estimand="Part des visites, en pour cent, plafonnées par personne à la borne de la charte.",
    estimand_en="Share of visits, in per cent, capped per person at the charter's bound.",
)
