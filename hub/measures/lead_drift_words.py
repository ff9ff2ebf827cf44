"""The words of the tables of drift, French and English."""

from typing import Final

from hub.measures.tables import Heading

_ESTIMAND = (
    "chaque saison, délai entre le premier achat et l'événement, une fois par personne et par tranche"
    " différente, qui en remplit plus de deux pesant moins ; délai connu."
)
_ESTIMAND_EN = (
    "in each season, time from the first purchase to the event, once per person and different bin,"
    " whoever fills more than two weighing less; delay known."
)

MEDIANS: Final = Heading(
    table="lead-medians",
    question="Q04",
    title_fr="Combien de jours à l'avance achetait-on, combien maintenant ?",
    title_en="How many days ahead did people buy, how many now?",
    how_fr="La médiane est le délai que la moitié des achats ne dépasse pas.",
    how_en="The median is the delay that half of the purchases do not exceed.",
    columns=("season", "days"),
    estimand="Médiane, en jours : " + _ESTIMAND,
    estimand_en="Median, in days: " + _ESTIMAND_EN,
)
DRIFT: Final = Heading(
    table="lead-drift",
    question="Q04",
    title_fr="Le délai médian a-t-il raccourci depuis la saison précédente ?",
    title_en="Has the median delay shortened since the season before?",
    how_fr=(
        "« −3 » se lit : on achète trois jours plus tard que la saison d'avant. Si l'intervalle contient 0,"
        " rien ne dit que le délai ait changé."
    ),
    how_en=(
        "'−3' reads: people buy three days later than in the season before. If the interval holds 0,"
        " nothing says that the delay has changed."
    ),
    columns=("age", "days"),
    estimand="Médiane de la seconde saison moins celle de la première, en jours : " + _ESTIMAND,
    estimand_en="Median of the second season minus that of the first, in days: " + _ESTIMAND_EN,
)
