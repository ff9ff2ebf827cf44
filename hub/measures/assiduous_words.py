"""The words of the tables of habits: typology, affinity, bubble; French and English."""

from typing import Final

from hub.measures.tables import Heading

_WHO = "personnes distinctes, consentantes et reliées"
_WHO_EN = "distinct, consenting, linked people"
_ASSIDUOUS = "assidues (au moins deux venues dans chacune des deux saisons)"
_ASSIDUOUS_EN = "assiduous (two visits at least in each of the two seasons)"
_RULES = (
    " Une seule discipline ; une d'abord (deux tiers des venues) ; deux qui vont ensemble (quatre"
    " cinquièmes) ; éclectique (quatre disciplines ou plus) ; curieux : les autres."
)
_RULES_EN = (
    " One discipline only; one first (two thirds of visits); two that go together (four fifths);"
    " eclectic (four disciplines or more); curious: the others."
)

PEOPLE: Final = Heading(
    table="typology",
    question="Q20",
    title_fr="Combien d'assidus dans chaque famille, et combien de profils insuffisants ?",
    title_en="How many assiduous people in each family, and how many insufficient profiles?",
    how_fr="Profil insuffisant : moins de deux venues dans l'une des deux saisons." + _RULES,
    how_en="Insufficient profile: fewer than two visits in one of the two seasons." + _RULES_EN,
    columns=("family", "persons"),
    estimand=f"Nombre de {_WHO}, chacune dans une seule famille, d'après toutes leurs venues des deux saisons.",
    estimand_en=f"Number of {_WHO_EN}, each in one family only, from all their visits of the two seasons.",
)
MIX: Final = Heading(
    table="typology-shares",
    question="Q20",
    title_fr="Comment les assidus se répartissent-ils entre les familles ?",
    title_en="How do assiduous people spread over the families?",
    how_fr="« 40 » se lit : 40 assidus sur 100 sont de cette famille." + _RULES,
    how_en="'40' reads: 40 assiduous people in 100 are of this family." + _RULES_EN,
    columns=("family", "percent"),
    estimand=f"Part, en pour cent, des {_WHO}, {_ASSIDUOUS}.",
    estimand_en=f"Share, in per cent, of {_WHO_EN}, {_ASSIDUOUS_EN}.",
)
LEVELS: Final = Heading(
    table="affinity",
    question="Q19",
    title_fr="Parmi les assidus de deux disciplines, qui voit l'une, l'autre ou les deux ?",
    title_en="Of the assiduous of two disciplines, who sees one, the other or both?",
    how_fr=(
        "« ballet, opéra, les deux : 20 » se lit : sur 100 assidus qui ont vu l'un ou l'autre, 20 ont vu"
        " les deux sans que l'un l'emporte du double. Les cinq parts d'une paire font 100."
    ),
    how_en=(
        "'ballet, opera, both: 20' reads: of 100 assiduous people who saw either, 20 saw both, neither"
        " twice as often as the other. The five shares of a pair make 100."
    ),
    columns=("discipline_a", "discipline_b", "level", "percent"),
    estimand=f"Part, en pour cent, des {_WHO}, {_ASSIDUOUS}, venues à l'une des deux disciplines au moins ;"
    " qui fréquente plus de disciplines que la borne pèse moins.",
    estimand_en=f"Share, in per cent, of {_WHO_EN}, {_ASSIDUOUS_EN}, who came to either discipline;"
    " whoever sees more disciplines than the bound weighs less.",
)
BUBBLE: Final = Heading(
    table="bubble",
    question="Q26",
    title_fr="Quelle part des venues se fait hors de sa discipline habituelle ?",
    title_en="What share of visits is outside one's usual discipline?",
    how_fr=(
        "« 30 » se lit : un assidu fait en moyenne 30 venues sur 100 hors de la discipline qu'il voit le"
        " plus. Plus le chiffre monte, plus le réseau ouvre."
    ),
    how_en=(
        "'30' reads: an assiduous person makes on average 30 visits in 100 outside the discipline that"
        " she sees most. The higher, the more the network opens up."
    ),
    columns=("scope", "percent"),
    estimand=f"Moyenne, en pour cent, sur les {_WHO}, {_ASSIDUOUS}, de la part de leurs venues hors de la"
    " discipline qu'elles voient le plus ; chaque personne compte pour une.",
    estimand_en=f"Mean, in per cent, over {_WHO_EN}, {_ASSIDUOUS_EN}, of the share of their visits outside"
    " the discipline that they see most; each person counts as one.",
)
BUBBLES: Final = Heading(
    table="bubble-disciplines",
    question="Q26",
    title_fr="Selon sa discipline habituelle, quelle part des venues se fait ailleurs ?",
    title_en="By one's usual discipline, what share of visits is elsewhere?",
    how_fr="« danse : 35 » se lit : qui voit surtout de la danse fait 35 venues sur 100 à autre chose.",
    how_en="'dance: 35' reads: whoever sees dance most makes 35 visits in 100 to something else.",
    columns=("discipline", "percent"),
    estimand=f"Moyenne, en pour cent, sur les {_WHO}, {_ASSIDUOUS}, de la part de leurs venues hors de la"
    " discipline qu'elles voient le plus, selon celle-ci ; chaque personne compte pour une.",
    estimand_en=f"Mean, in per cent, over {_WHO_EN}, {_ASSIDUOUS_EN}, of the share of their visits outside"
    " the discipline that they see most, by that discipline; each person counts as one.",
)
