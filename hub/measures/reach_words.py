"""The words of the reach tables, French and English."""

from typing import Final

from hub.measures.tables import Heading

_WHO_FR = "personnes distinctes, consentantes et reliées d'un lieu à l'autre"

NETWORK: Final = Heading(
    table="reach-network",
    question="Q15",
    title_fr="Combien de personnes différentes sont venues dans le réseau ?",
    title_en="How many different people came to the network?",
    how_fr=(
        "Une personne qui vient dans trois lieux compte une seule fois. Le vrai nombre se trouve"
        " dans l'intervalle 95 fois sur 100 ; l'écart vient du bruit ajouté pour protéger chacun."
    ),
    how_en=(
        "Someone who goes to three places counts once. The true number lies in the interval 95"
        " times in 100; the gap is the noise added to protect everyone."
    ),
    columns=("scope", "persons"),
    estimand=f"Nombre de {_WHO_FR}, au moins une visite dans la période.",
    estimand_en=(
        "Number of distinct, consenting people, linked from one place to another, at least "
        "one visit in the period."
    ),
)
VENUES: Final = Heading(
    table="reach-venues",
    question="Q15",
    title_fr="Combien de personnes différentes sont venues dans chaque lieu ?",
    title_en="How many different people came to each place?",
    how_fr=(
        "Chaque ligne compte des personnes, non des billets. Une même personne peut compter dans"
        " plusieurs lieux : les lignes ne s'additionnent pas. Les petits lieux paraissent groupés."
    ),
    how_en=(
        "Each line counts people, not tickets. One person may count in several places: lines do"
        " not add up. Small places appear in groups."
    ),
    columns=("place", "persons"),
    estimand=f"Nombre de {_WHO_FR}, au moins une visite dans ce lieu ; l'intervalle comprend"
    " ce que la borne par personne retire.",
    estimand_en=(
        "Number of distinct, consenting people, linked from one place to another, at least "
        "one visit to this place; the interval takes in what the bound per person removes."
    ),
)
SPREAD: Final = Heading(
    table="reach-spread",
    question="Q16",
    title_fr="Dans combien de lieux chacun va-t-il ?",
    title_en="How many places does each person go to?",
    how_fr="Les quatre lignes s'additionnent exactement au nombre de personnes du réseau.",
    how_en="The four lines add up exactly to the number of people of the network.",
    columns=("places", "persons"),
    estimand=f"Nombre de {_WHO_FR} selon le nombre de lieux (ou groupes de lieux) fréquentés.",
    estimand_en=(
        "Number of distinct, consenting people, linked from one place to another, by the "
        "number of places (or groups of places) that they go to."
    ),
)
SHARES: Final = Heading(
    table="reach-shares",
    question="Q16",
    title_fr="Quelle part du public fréquente au moins 2, 3, 5 lieux ?",
    title_en="What share of the audience goes to at least 2, 3, 5 places?",
    how_fr="« 2+ » : sur 100 personnes venues dans le réseau, combien vont dans deux lieux ou plus.",
    how_en="'2+': out of 100 people of the network, how many go to two places or more.",
    columns=("places", "percent"),
    estimand=f"Part, en pour cent, des {_WHO_FR} qui fréquentent au moins tant de lieux.",
    estimand_en=(
        "Share, in per cent, of distinct, consenting people, linked from one place to "
        "another, who go to at least so many places."
    ),
)
