"""The words of the tables of returns, French and English."""

from typing import Final

from hub.measures.tables import Heading

_WHO = (
    "des personnes distinctes, consentantes et reliées, nouvelles dans ce lieu la première saison"
)
_WHO_EN = "of distinct, consenting, linked people who were new to this place in the first season"
_LAW = "qui était nouveau dans plus de deux lieux pèse moins"
_LAW_EN = "whoever was new to more than two places weighs less"

NETWORK: Final = Heading(
    table="returns-network",
    question="Q09",
    title_fr="Quelle part des nouveaux du réseau n'a plus été vue nulle part la saison suivante ?",
    title_en="What share of the network's newcomers was seen nowhere the next season?",
    how_fr=(
        "« 60 » se lit : sur 100 personnes qu'aucun lieu ne connaissait la première saison, 60 ne sont"
        " venues dans aucun lieu du réseau la saison suivante."
    ),
    how_en=(
        "'60' reads: of 100 people whom no place knew in the first season, 60 came to no place of the"
        " network the next season."
    ),
    columns=("scope", "percent"),
    estimand="Part, en pour cent, des personnes distinctes, consentantes et reliées, nouvelles dans chaque"
    " lieu où elles sont venues la première saison, qui n'ont aucune visite la seconde.",
    estimand_en="Share, in per cent, of distinct, consenting, linked people, new to each place that they"
    " came to in the first season, who have no visit in the second.",
)
BACK: Final = Heading(
    table="returns",
    question="Q08",
    title_fr="Quelle part des nouveaux de chaque lieu y est revenue la saison suivante ?",
    title_en="What share of each place's newcomers came back to it the next season?",
    how_fr=(
        "« 25 » se lit : sur 100 personnes nouvelles dans ce lieu la première saison, 25 y sont revenues"
        " la saison suivante."
    ),
    how_en=(
        "'25' reads: of 100 people new to this place in the first season, 25 came back to it the next"
        " season."
    ),
    columns=("place", "percent"),
    estimand=f"Part, en pour cent, {_WHO}, qui y ont une visite la seconde ; {_LAW}.",
    estimand_en=f"Share, in per cent, {_WHO_EN}, who have a visit to it in the second; {_LAW_EN}.",
)
LOST: Final = Heading(
    table="returns-lost",
    question="Q09",
    title_fr="Quelle part des nouveaux de chaque lieu n'a plus été vue nulle part la saison suivante ?",
    title_en="What share of each place's newcomers was seen nowhere the next season?",
    how_fr=(
        "« 60 » se lit : sur 100 personnes nouvelles dans ce lieu la première saison, 60 ne sont venues"
        " dans aucun lieu du réseau la saison suivante. Les autres sont revenues ici ou ailleurs."
    ),
    how_en=(
        "'60' reads: of 100 people new to this place in the first season, 60 came to no place of the"
        " network the next season. The others came back, here or elsewhere."
    ),
    columns=("place", "percent"),
    estimand=f"Part, en pour cent, {_WHO}, qui n'ont aucune visite la seconde dans le réseau ; {_LAW}.",
    estimand_en=f"Share, in per cent, {_WHO_EN}, who have no visit to the network in the second;"
    f" {_LAW_EN}.",
)
