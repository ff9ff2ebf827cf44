"""The words of the table of crossings, French and English."""

from typing import Final

from hub.measures.tables import Heading

CROSSING: Final = Heading(
    table="crossing",
    question="Q19",
    title_fr="Quelle part des publics d'une discipline va aussi à une autre, ailleurs ?",
    title_en="What share of one discipline's audience also goes to another, elsewhere?",
    how_fr=(
        "« ballet, opéra : 12 » se lit : sur 100 personnes qui ont vu du ballet, 12 ont aussi vu de"
        " l'opéra, et pas toujours dans le même lieu."
    ),
    how_en=(
        "'ballet, opera: 12' reads: of 100 people who saw ballet, 12 also saw opera, and not always in"
        " one and the same place."
    ),
    columns=("discipline", "also", "percent"),
    estimand="Part, en pour cent, des personnes distinctes, consentantes et reliées venues à la première"
    " discipline qui sont venues à la seconde dans un autre lieu ; qui fréquente plus de disciplines que"
    " la borne pèse moins.",
    estimand_en=(
        "Share, in per cent, of distinct, consenting, linked people who came to the first "
        "discipline who came to the second in another place; whoever sees more disciplines "
        "than the bound weighs less."
    ),
)
