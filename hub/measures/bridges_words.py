"""The words of the table of bridges, French and English."""

from typing import Final

from hub.measures.tables import Heading

BRIDGES: Final = Heading(
    table="bridges",
    question="Q21",
    title_fr="Quels programmes ont fait découvrir une discipline à ceux qui en voyaient d'autres ?",
    title_en="Which programmes led people who saw other disciplines to a new one?",
    how_fr=(
        "« danse, Maison X, mars : 80 » se lit : 80 personnes, déjà vues à autre chose dans la période et"
        " jamais à de la danse, y sont venues là pour la première fois. Le programme public de ce lieu, ce"
        " mois-là, dit à quoi. Ce que le hasard couvre ne paraît pas."
    ),
    how_en=(
        "'dance, House X, March: 80' reads: 80 people, already seen at something else in the period and"
        " never at dance, came to it there for the first time. That place's public programme of the month"
        " says to what. What chance covers does not appear."
    ),
    columns=("discipline", "place", "month", "persons"),
    estimand="Personnes distinctes, consentantes et reliées dont la première venue de la période à cette"
    " discipline est dans ce lieu ce mois-là, après un jour où elles sont venues à une autre ; qui découvre"
    " plus de disciplines que la borne pèse moins.",
    estimand_en="Distinct, consenting, linked people whose first visit of the period to this discipline is"
    " to this place in that month, after a day on which they came to another; whoever discovers more"
    " disciplines than the bound weighs less.",
)
