"""The words of the tables of first times, French and English."""

from typing import Final

from hub.measures.tables import Heading

_WHO = "des personnes distinctes, consentantes et reliées de chaque lieu"
_LAW = "qui fréquente plus de lieux que la borne pèse moins"

NEW: Final = Heading(
    table="firsts",
    question="Q05",
    title_fr="Quelle part du public vient pour la première fois dans ce lieu ?",
    title_en="What share of the audience is new to this place?",
    how_fr=(
        "« 45 » se lit : sur 100 personnes de ce lieu dont il peut dire l'ancienneté, 45 n'y étaient"
        " jamais venues dans l'historique qu'il garde (36 mois au plus)."
    ),
    how_en=(
        "'45' reads: of 100 people of this place of whom it can tell, 45 had never come in the history"
        " that it keeps (36 months at most)."
    ),
    columns=("place", "percent"),
    estimand=f"Part, en pour cent, {_WHO}, d'ancienneté connue, que le lieu ne connaissait pas ; {_LAW}.",
    estimand_en=(
        "Share, in per cent, of each place's distinct, consenting, linked people, of known "
        "standing, whom the place did not know; whoever goes to more places than the bound "
        "weighs less."
    ),
)
ELSEWHERE: Final = Heading(
    table="firsts-elsewhere",
    question="Q06",
    title_fr="Parmi ces nouvelles personnes, quelle part était déjà venue ailleurs dans le réseau ?",
    title_en="Of those newcomers, what share had already visited another place?",
    how_fr=(
        "« 20 » se lit : sur 100 personnes nouvelles dans ce lieu, 20 étaient déjà venues dans un autre"
        " lieu du réseau, dans la période ou avant."
    ),
    how_en=(
        "'20' reads: of 100 people new to this place, 20 had already come to another place of the"
        " network, in the period or before."
    ),
    columns=("place", "percent"),
    estimand=f"Part, en pour cent, {_WHO}, nouvelles dans ce lieu, vues plus tôt dans un autre ou connues"
    f" d'un autre ; {_LAW}.",
    estimand_en=(
        "Share, in per cent, of each place's distinct, consenting, linked people, new to "
        "this place, seen earlier in another or known to another; whoever goes to more "
        "places than the bound weighs less."
    ),
)
TOLD: Final = Heading(
    table="firsts-known",
    question="Q05",
    title_fr="De quelle part du public le lieu peut-il dire si elle est nouvelle ?",
    title_en="Of what share of the audience can the place tell whether it is new?",
    how_fr="Il faut un an d'historique avant la venue. Les deux tableaux d'avant ne parlent que de ces personnes.",
    how_en="A year of history before the visit is needed. The two tables above speak of these people only.",
    columns=("place", "percent"),
    estimand=f"Part, en pour cent, {_WHO}, dont l'ancienneté est connue ; {_LAW}.",
    estimand_en=(
        "Share, in per cent, of each place's distinct, consenting, linked people, whose "
        "standing is known; whoever goes to more places than the bound weighs less."
    ),
)
