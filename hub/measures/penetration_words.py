"""The words of the tables of penetration, French and English."""

from typing import Final

from hub.measures.tables import Heading

_SOURCES = " Habitants : INSEE via Etalab (Licence Ouverte 2.0)."
_SOURCES_EN = " Inhabitants: INSEE via Etalab (Licence Ouverte 2.0)."

RATES: Final = Heading(
    table="penetration",
    question="Q11",
    title_fr="Sur 10 000 habitants de chaque département, combien sont venus ?",
    title_en="Of 10,000 inhabitants of each département, how many came?",
    how_fr="« 120 » se lit : 120 habitants sur 10 000 (1,2 %) sont venus dans un lieu du réseau au moins."
    " Les départements que le hasard couvre ne paraissent pas." + _SOURCES,
    how_en="'120' reads: 120 inhabitants in 10,000 (1.2 %) came to at least one place of the network."
    " Départements that chance covers do not appear." + _SOURCES_EN,
    columns=("departement", "per-10000"),
    estimand="Personnes distinctes, consentantes et reliées qui habitent le département, pour 10 000"
    " habitants de tous âges.",
    estimand_en="Distinct, consenting, linked people who live in the département, per 10,000 inhabitants"
    " of all ages.",
)
WHITE: Final = Heading(
    table="penetration-white",
    question="Q13",
    title_fr="Où vient-on moins qu'attendu, près des lieux ?",
    title_en="Where do fewer people come than expected, near the places?",
    how_fr=(
        "« 40 » se lit : il vient 40 personnes là où, au rythme des départements à même distance, on en"
        " attendrait 100. 100 : autant qu'attendu, ou plus." + _SOURCES
    ),
    how_en=(
        "'40' reads: 40 people come where, at the rate of the départements at the same distance, 100"
        " would be expected. 100: as many as expected, or more." + _SOURCES_EN
    ),
    columns=("departement", "percent"),
    estimand="Personnes distinctes, consentantes et reliées du département, en pour cent de ce que donnerait"
    " le taux des autres départements dont le centre est à même distance du lieu le plus proche (moins de"
    " 30, 70 ou 120 km).",
    estimand_en="Distinct, consenting, linked people of the département, in per cent of what the rate of the"
    " other départements whose centre is as far from the nearest place (under 30, 70 or 120 km) would give.",
)
