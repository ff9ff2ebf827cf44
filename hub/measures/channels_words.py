"""The words of the tables of channels, French and English."""

from typing import Final

from hub.measures.tables import Heading

_ESTIMAND = (
    "Part, en pour cent, des personnes distinctes, consentantes et reliées, une fois par {what}"
    " différente, chaque personne pesant au plus la borne de la charte."
)
_HOW_FR = (
    "« en ligne : 60 » se lit : 60 achats sur 100 se font en ligne. « Autre » : le lieu ne dit pas le"
    " canal, ou aucun de ceux-là. Chaque groupe fait 100."
)
_HOW_EN = (
    "'online: 60' reads: 60 purchases in 100 are made online. 'other': the venue does not say, or none"
    " of these. Each group sums to 100."
)

AGES: Final = Heading(
    table="channels-age",
    question="Q17",
    title_fr="Par quel canal achète-t-on, selon l'âge ?",
    title_en="Which sales channel, by age?",
    how_fr=_HOW_FR,
    how_en=_HOW_EN,
    columns=("age", "channel", "percent"),
    estimand=_ESTIMAND.format(what="case de canal, d'âge et de discipline"),
    estimand_en=(
        "Share, in per cent, of distinct, consenting, linked people, once per different "
        "cell of channel, age and discipline, each person weighing at most the charter's "
        "bound."
    ),
)
DISCIPLINES: Final = Heading(
    table="channels-discipline",
    question="Q17",
    title_fr="Par quel canal achète-t-on, selon la discipline ?",
    title_en="Which sales channel, by discipline?",
    how_fr=_HOW_FR,
    how_en=_HOW_EN,
    columns=("discipline", "channel", "percent"),
    estimand=_ESTIMAND.format(what="case de canal, d'âge et de discipline"),
    estimand_en=(
        "Share, in per cent, of distinct, consenting, linked people, once per different "
        "cell of channel, age and discipline, each person weighing at most the charter's "
        "bound."
    ),
)
NEW: Final = Heading(
    table="channels-new",
    question="Q18",
    title_fr="Quelle part des acheteurs de chaque canal est nouvelle ?",
    title_en="What share of the buyers of each channel is new?",
    how_fr=(
        "« en ligne : 55 » se lit : sur 100 personnes dont la première venue de la période dans un lieu"
        " a été achetée en ligne, 55 n'y étaient pas connues."
    ),
    how_en=(
        "'online: 55' reads: of 100 people whose first visit of the period to a place was bought"
        " online, 55 were not known there."
    ),
    columns=("channel", "percent"),
    estimand=_ESTIMAND.format(what="case de canal et d'ancienneté")
    + " Première venue de la période dans chaque lieu, quand le lieu sait dire si elle est nouvelle.",
    estimand_en=(
        "Share, in per cent, of distinct, consenting, linked people, once per different "
        "cell of channel and standing, each person weighing at most the charter's bound. "
        "First visit of the period to each place, where the place can tell whether it is "
        "new."
    ),
)
