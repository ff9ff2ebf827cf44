"""The words of the tables of priority districts, French and English."""

from typing import Final

from hub.measures.tables import Heading

_WHO = "des personnes distinctes, consentantes et reliées"
_WHO_EN = "of distinct, consenting, linked people"
_LAW = "qui fréquente plus de lieux que la borne pèse moins"
_LAW_EN = "whoever goes to more places than the bound weighs less"
_MARK = " Repère : environ 8 % des habitants en France (Insee)."
_MARK_EN = " For comparison: about 8 % of inhabitants in France (Insee)."

NETWORK: Final = Heading(
    table="qpv-network",
    question="Q27",
    title_fr="Quelle part du public du réseau habite en quartier prioritaire ?",
    title_en="What share of the network's audience lives in a priority district?",
    how_fr="Sur 100 personnes dont un lieu sait le dire, combien habitent en QPV." + _MARK,
    how_en="Out of 100 people of whom a place can tell, how many live in a priority district."
    + _MARK_EN,
    columns=("scope", "percent"),
    estimand=f"Part, en pour cent, {_WHO} dont on sait si elles habitent en QPV et qui y habitent.",
    estimand_en=f"Share, in per cent, {_WHO_EN} of whom it is known, who live in a priority district.",
)
PLACES: Final = Heading(
    table="qpv-places",
    question="Q27",
    title_fr="Quelle part du public de chaque lieu habite en quartier prioritaire ?",
    title_en="What share of each place's audience lives in a priority district?",
    how_fr="Sur 100 personnes de ce lieu dont on sait le dire, combien habitent en QPV." + _MARK,
    how_en="Out of 100 people of this place of whom it is known, how many live in one." + _MARK_EN,
    columns=("place", "percent"),
    estimand=f"Part, en pour cent, {_WHO} de ce lieu dont on sait si elles habitent en QPV et qui y"
    f" habitent ; {_LAW}.",
    estimand_en=f"Share, in per cent, {_WHO_EN} of this place of whom it is known, who live in a priority"
    f" district; {_LAW_EN}.",
)
KNOWN: Final = Heading(
    table="qpv-known",
    question="Q27",
    title_fr="De quelle part du public sait-on si elle habite en quartier prioritaire ?",
    title_en="Of what share of the audience is it known whether they live in a priority district?",
    how_fr="Les deux tableaux d'avant ne parlent que de ces personnes.",
    how_en="The two tables above speak of these people only.",
    columns=("place", "percent"),
    estimand=f"Part, en pour cent, {_WHO} dont on sait si elles habitent en QPV ; dans un lieu, {_LAW}.",
    estimand_en=f"Share, in per cent, {_WHO_EN} of whom it is known; in a place, {_LAW_EN}.",
)
