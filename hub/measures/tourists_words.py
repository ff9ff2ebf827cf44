"""The words of the tables of visitors from afar, French and English."""

from typing import Final

from hub.measures.tables import Heading

_LAW = "cinq d'une même personne au plus par case, chaque personne pesant au plus la borne de la charte"
_ESTIMAND = (
    "Part, en pour cent, des venues des personnes consentantes et reliées dont l'origine est connue,"
    f" {_LAW}."
)

PERIODS: Final = Heading(
    table="tourists",
    question="Q23",
    title_fr="Quelle part des venues est de plus de 100 km ou de l'étranger ?",
    title_en="What share of visits is from over 100 km or abroad?",
    how_fr=(
        "Chaque période fait 100. « Vacances » : les jours où une zone scolaire au moins est en congé."
        " Seules comptent les venues dont on connaît l'origine."
    ),
    how_en=(
        "Each period sums to 100. 'Holidays': days on which at least one school zone is off. Only"
        " visits whose origin is known count."
    ),
    columns=("period", "origin", "percent"),
    estimand=_ESTIMAND,
    estimand_en=(
        "Share, in per cent, of the visits of consenting, linked people whose origin is "
        "known, five of one person at most per cell, each person weighing at most the "
        "charter's bound."
    ),
)
PLACES: Final = Heading(
    table="tourists-places",
    question="Q23",
    title_fr="Et dans chaque lieu ?",
    title_en="And in each place?",
    how_fr="Sur 100 venues dans ce lieu, combien sont de plus de 100 km ou de l'étranger.",
    how_en="Out of 100 visits to this place, how many are from over 100 km or abroad.",
    columns=("place", "percent"),
    estimand=_ESTIMAND,
    estimand_en=(
        "Share, in per cent, of the visits of consenting, linked people whose origin is "
        "known, five of one person at most per cell, each person weighing at most the "
        "charter's bound."
    ),
)
KNOWN: Final = Heading(
    table="tourists-known",
    question="Q23",
    title_fr="De quelle part des venues connaît-on l'origine ?",
    title_en="Of what share of visits is the origin known?",
    how_fr="Les deux tableaux d'avant ne parlent que de ces venues.",
    how_en="The two tables above speak of these visits only.",
    columns=("place", "percent"),
    estimand="Part, en pour cent, des venues des personnes consentantes et reliées dont l'origine est"
    f" connue, {_LAW}.",
    estimand_en=(
        "Share, in per cent, of the visits of consenting, linked people whose origin is "
        "known, five of one person at most per cell, each person weighing at most the "
        "charter's bound."
    ),
)
