"""The words of the table of provenance, French and English."""

from typing import Final

from hub.measures.tables import Heading

PROVENANCE: Final = Heading(
    table="provenance",
    question="Q10",
    title_fr="De quels départements viennent les publics de chaque lieu ?",
    title_en="Which départements do the audiences of each place come from?",
    how_fr=(
        "« 69 : 42 » se lit : 42 personnes sur 100 de ce lieu habitent le Rhône. Dix départements"
        " au plus paraissent, ceux que le bruit ne peut avoir faits ; « reste » réunit les autres,"
        " connus ou non. Chaque lieu fait 100. « 99 » : l'étranger."
    ),
    how_en=(
        "'69: 42' reads: 42 people in 100 of this place live in the Rhône. Ten départements at"
        " most appear, those that noise cannot have made; 'rest' gathers all others, known or not."
        " Each place sums to 100. '99' is abroad."
    ),
    columns=("place", "departement", "percent"),
    estimand="Part, en pour cent, des personnes distinctes, consentantes et reliées de chaque lieu"
    " selon leur département de résidence ; qui fréquente plus de lieux que la borne pèse moins.",
    estimand_en=(
        "Share, in per cent, of each place's distinct, consenting, linked people by "
        "département of residence; whoever goes to more places than the bound weighs less."
    ),
)
