"""The words of the tables of young audiences, French and English."""

from typing import Final

from hub.measures.tables import Heading

_ESTIMAND = (
    "Part, en pour cent, des personnes distinctes, consentantes et reliées dont l'âge est connu et qui"
    " ont 18 à 25 ans"
)

NETWORK: Final = Heading(
    table="young-network",
    question="Q25",
    title_fr="Quelle part du public du réseau a 18 à 25 ans ?",
    title_en="What share of the network's audience is 18 to 25?",
    how_fr="Sur 100 personnes du réseau dont l'âge est connu. Les moins de 18 ans ne sont jamais comptés.",
    how_en="Out of 100 people of the network whose age is known. Under-18s are never counted.",
    columns=("scope", "percent"),
    estimand=f"{_ESTIMAND}.",
    estimand_en=(
        "Share, in per cent, of distinct, consenting, linked people whose age is known who "
        "are 18 to 25."
    ),
)
PLACES: Final = Heading(
    table="young-places",
    question="Q25",
    title_fr="Quelle part du public de chaque lieu a 18 à 25 ans ?",
    title_en="What share of each place's audience is 18 to 25?",
    how_fr="Sur 100 personnes de ce lieu dont l'âge est connu, combien ont 18 à 25 ans.",
    how_en="Out of 100 people of this place whose age is known, how many are 18 to 25.",
    columns=("place", "percent"),
    estimand=f"{_ESTIMAND} ; qui fréquente plus de lieux que la borne pèse moins.",
    estimand_en=(
        "Share, in per cent, of distinct, consenting, linked people whose age is known who "
        "are 18 to 25; whoever goes to more places than the bound weighs less."
    ),
)
KNOWN: Final = Heading(
    table="young-known",
    question="Q25",
    title_fr="De quelle part du public connaît-on l'âge ?",
    title_en="Of what share of the audience is the age known?",
    how_fr=(
        "Les parts de jeunes ne parlent que de ces personnes. Un âge connu d'un lieu du réseau vaut"
        " pour tous."
    ),
    how_en=(
        "Shares of the young speak of these people only. An age known to one place of the network"
        " holds for all."
    ),
    columns=("place", "percent"),
    estimand="Part, en pour cent, des personnes distinctes, consentantes et reliées dont l'âge est"
    " connu ; dans un lieu, qui fréquente plus de lieux que la borne pèse moins.",
    estimand_en=(
        "Share, in per cent, of distinct, consenting, linked people whose age is known; in "
        "a place, whoever goes to more places than the bound weighs less."
    ),
)
