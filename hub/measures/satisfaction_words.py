"""The words of the tables of satisfaction, French and English."""

from typing import Final

from hub.measures.tables import Heading

_WHO = "personnes distinctes, consentantes et reliées qui ont répondu à une enquête"
_WHO_EN = "distinct, consenting, linked people who answered a survey"
_LAW = "une note moyenne par discipline ; qui en note plus que la borne pèse moins"
_LAW_EN = "one mean mark a discipline; whoever marks more of them than the bound weighs less"

MEAN: Final = Heading(
    table="satisfaction",
    question="Q28",
    title_fr="Quelle note les publics donnent-ils, selon la discipline ?",
    title_en="What mark do audiences give, by discipline?",
    how_fr="Note moyenne, de 0 à 10, de ceux qui ont répondu ; ils ne sont pas tout le public.",
    how_en="Mean mark, from 0 to 10, of those who answered; they are not the whole audience.",
    columns=("discipline", "score"),
    estimand=f"Note moyenne, de 0 à 10, des {_WHO} ; {_LAW}.",
    estimand_en=f"Mean mark, from 0 to 10, of {_WHO_EN}; {_LAW_EN}.",
)
LOW: Final = Heading(
    table="satisfaction-low",
    question="Q28",
    title_fr="Quelle part des publics est insatisfaite, selon la discipline ?",
    title_en="What share of audiences is dissatisfied, by discipline?",
    how_fr="« 6 » se lit : sur 100 personnes qui ont répondu, 6 ont donné de 0 à 4.",
    how_en="'6' reads: of 100 people who answered, 6 gave a mark from 0 to 4.",
    columns=("discipline", "percent"),
    estimand=f"Part, en pour cent, des {_WHO} dont la note est de 0 à 4 ; {_LAW}.",
    estimand_en=f"Share, in per cent, of {_WHO_EN} whose mark is 0 to 4; {_LAW_EN}.",
)
AGAIN: Final = Heading(
    table="satisfaction-again",
    question="Q28",
    title_fr="Selon la note, quelle part revient dans le réseau ?",
    title_en="By mark, what share comes to the network again?",
    how_fr=(
        "« 8-10 : 45 » se lit : sur 100 personnes dont la première note est de 8 à 10, 45 sont revenues"
        " plus tard dans la période. Ce n'est pas une cause : qui revient est aussi qui aimait déjà."
    ),
    how_en=(
        "'8-10: 45' reads: of 100 people whose first mark is 8 to 10, 45 came again later in the period."
        " This is no cause: whoever comes again may have been fond already."
    ),
    columns=("mark", "percent"),
    estimand=f"Part, en pour cent, des {_WHO}, selon leur première note, qui ont une venue un jour suivant.",
    estimand_en=f"Share, in per cent, of {_WHO_EN}, by their first mark, who have a visit on a later day.",
)
ASKED: Final = Heading(
    table="satisfaction-known",
    question="Q28",
    title_fr="Quelle part du public a répondu à une enquête ?",
    title_en="What share of the audience answered a survey?",
    how_fr="Les trois tableaux d'avant ne parlent que de ces personnes.",
    how_en="The three tables above speak of these people only.",
    columns=("scope", "percent"),
    estimand="Part, en pour cent, des personnes distinctes, consentantes et reliées qui ont donné une note.",
    estimand_en="Share, in per cent, of distinct, consenting, linked people who gave a mark.",
)
