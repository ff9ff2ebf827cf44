"""The words of the tables of the season's spread, French and English."""

from typing import Final

from hub.measures.tables import Heading

_ESTIMAND = (
    "Part, en pour cent, des venues des personnes consentantes et reliées (une personne, un lieu, un"
    " événement, un jour), cinq d'une même personne au plus par case, chaque personne pesant au plus la"
    " borne de la charte."
)

MONTHS: Final = Heading(
    table="season-months",
    question="Q22",
    title_fr="Quels mois le réseau remplit-il ?",
    title_en="Which months does the network fill?",
    how_fr="Sur 100 venues de la période, combien tombent dans ce mois. Les mois font 100.",
    how_en="Out of 100 visits of the period, how many fall in this month. Months sum to 100.",
    columns=("month", "percent"),
    estimand=_ESTIMAND,
    estimand_en=(
        "Share, in per cent, of the visits of consenting, linked people (one person, one "
        "venue, one event, one day), five of one person at most per cell, each person "
        "weighing at most the charter's bound."
    ),
)
WEEKDAYS: Final = Heading(
    table="season-weekdays",
    question="Q22",
    title_fr="Quels jours de la semaine ?",
    title_en="Which days of the week?",
    how_fr="Sur 100 venues, combien tombent ce jour. Une répartition égale ferait 14,3 par jour.",
    how_en="Out of 100 visits, how many fall on this day. An even spread would make 14.3 a day.",
    columns=("weekday", "percent"),
    estimand=_ESTIMAND,
    estimand_en=(
        "Share, in per cent, of the visits of consenting, linked people (one person, one "
        "venue, one event, one day), five of one person at most per cell, each person "
        "weighing at most the charter's bound."
    ),
)
BOTH: Final = Heading(
    table="season-cells",
    question="Q22",
    title_fr="Où restent les creux, mois par mois et jour par jour ?",
    title_en="Where are the troughs, month by month and day by day?",
    how_fr="Sur 100 venues de la période, combien tombent ce jour de la semaine de ce mois.",
    how_en="Out of 100 visits of the period, how many fall on this day of the week of this month.",
    columns=("month", "weekday", "percent"),
    estimand=_ESTIMAND,
    estimand_en=(
        "Share, in per cent, of the visits of consenting, linked people (one person, one "
        "venue, one event, one day), five of one person at most per cell, each person "
        "weighing at most the charter's bound."
    ),
)
