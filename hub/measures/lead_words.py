"""The words of the tables of lead time, French and English."""

from typing import Final

from hub.measures.tables import Heading

_HOW_FR = (
    "La médiane est le délai que la moitié des achats ne dépasse pas. L'intervalle est fait de"
    " tranches de jours entières ; il contient le vrai délai 95 fois sur 100."
)
_HOW_EN = (
    "The median is the delay that half of the purchases do not exceed. The interval is made of"
    " whole bins of days; it holds the true delay 95 times in 100."
)
_ESTIMAND = (
    "Délai entre le premier achat et l'événement, une fois par personne et par tranche différente,"
    " chaque personne pesant au plus la borne de la charte ; âge, distance et délai connus."
)

NEAR: Final = Heading(
    table="lead-near",
    question="Q01",
    title_fr="Combien de jours à l'avance achète-t-on, à moins de 20 km du lieu ?",
    title_en="How many days ahead do people buy, within 20 km of the place?",
    how_fr=_HOW_FR,
    how_en=_HOW_EN,
    columns=("age", "discipline", "statistic", "days"),
    estimand=_ESTIMAND + " Domicile à moins de 20 km du lieu.",
    estimand_en=(
        "Time from the first purchase to the event, once per person and different bin, each"
        " person weighing at most the charter's bound; age, distance and delay known. Home "
        "within 20 km of the place."
    ),
)
DISTANCE: Final = Heading(
    table="lead-distance",
    question="Q02",
    title_fr="Le délai d'achat augmente-t-il avec la distance ?",
    title_en="Does the lead time grow with distance?",
    how_fr=_HOW_FR,
    how_en=_HOW_EN,
    columns=("distance", "statistic", "days"),
    estimand=_ESTIMAND,
    estimand_en=(
        "Time from the first purchase to the event, once per person and different bin, each"
        " person weighing at most the charter's bound; age, distance and delay known."
    ),
)
SHARES: Final = Heading(
    table="lead-shares",
    question="Q03",
    title_fr="Quelle part achète le jour même, ou longtemps à l'avance ?",
    title_en="What share buys on the day, or long before?",
    how_fr="« 1-3 : 20 » se lit : 20 achats sur 100 se font de un à trois jours avant.",
    how_en="'1-3: 20' reads: 20 purchases in 100 are made one to three days ahead.",
    columns=("discipline", "lead_days", "percent"),
    estimand=_ESTIMAND,
    estimand_en=(
        "Time from the first purchase to the event, once per person and different bin, each"
        " person weighing at most the charter's bound; age, distance and delay known."
    ),
)
DETAIL: Final = Heading(
    table="lead-detail",
    question="Q01",
    title_fr="Délai d'achat par âge, distance et discipline",
    title_en="Lead time by age, distance and discipline",
    how_fr=_HOW_FR + " Seuls les groupes assez nombreux, d'après les chiffres bruités, paraissent.",
    how_en=_HOW_EN + " Only groups that are large enough, by noisy figures, appear.",
    columns=("age", "distance", "discipline", "statistic", "days"),
    estimand=_ESTIMAND,
    estimand_en=(
        "Time from the first purchase to the event, once per person and different bin, each"
        " person weighing at most the charter's bound; age, distance and delay known."
    ),
)
