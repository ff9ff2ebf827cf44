"""The words of the table of coverage, French and English."""

from typing import Final

from hub.measures.tables import Heading

COVERAGE: Final = Heading(
    table="coverage",
    question="Q32",
    title_fr="Quelle part des billets, au moins, a un acheteur identifié et consentant ?",
    title_en="What share of tickets, at least, has an identified, consenting buyer?",
    how_fr=(
        "« 45 » se lit : sur 100 billets que ce lieu dit avoir vendus, 45 au moins l'ont été à une personne"
        " que les autres chiffres comptent. Le reste (anonymes, refus, moins de 18 ans) n'y est pas."
    ),
    how_en=(
        "'45' reads: of 100 tickets that this place says it sold, 45 at least went to a person whom the"
        " other figures count. The rest (anonymous, refusals, under-18s) is not in them."
    ),
    columns=("place", "percent"),
    estimand="Places des personnes consentantes et reliées (au moins : le bas de chaque tranche, et moins"
    " pour les plus assidus), en pour cent des billets que le lieu déclare publiquement, arrondis à deux"
    " chiffres.",
    estimand_en="Seats of consenting, linked people (at least: the low end of each band, and fewer for the"
    " most assiduous), in per cent of the tickets that the venue publicly declares, rounded to two digits.",
)
