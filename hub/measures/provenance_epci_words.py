"""The words of the table of provenance by intercommunalité, French and English."""

from typing import Final

from contracts.visit import BY_EPCI
from hub.measures.tables import Heading

_SOURCES: Final = (
    " Sources : INSEE, La Poste, DGCL via Etalab (Licence Ouverte 2.0) ; GeoNames (CC BY 4.0)."
)

PROVENANCE_EPCI: Final = Heading(
    table=BY_EPCI,
    question="Q10",
    title_fr="De quelles intercommunalités viennent les publics de chaque lieu ?",
    title_en="Which groups of communes do the audiences of each place come from?",
    how_fr=(
        "« Nantes Métropole : 42 » se lit : 42 personnes sur 100 de ce lieu habitent une commune de Nantes Métropole."
        " Dix lignes au plus paraissent, celles que le bruit ne peut avoir faites ; « reste » réunit les autres."
        " « Plus loin » : à plus de 100 km de tout lieu du réseau ; « non renseigné » : adresse inconnue ou à"
        " l'étranger, code postal de plusieurs intercommunalités, ou intercommunalité tue parce que, dans le département,"
        " elle ou ce qui y resterait compte moins de 10 000 habitants. CC, CA,"
        " CU : communauté de communes, d'agglomération, urbaine. Chaque lieu fait 100. Un lieu qui ne paraît pas :"
        " trop peu de monde dans chaque intercommunalité, ou trop d'adresses inconnues ou lointaines ; lire alors ses départements."
        + _SOURCES
    ),
    how_en=(
        "'Nantes Métropole: 42' reads: 42 people in 100 of this place live in a commune of Nantes Métropole. Ten lines"
        " at most appear, those that noise cannot have made; 'rest' gathers the others. 'Farther': over 100 km from"
        " every place of the network; 'not given': address unknown or abroad, postcode of several groups, or a group left"
        " out because it, or what would remain of the département, has under 10,000 inhabitants. CC, CA, CU: kinds of groups, from the most rural to the most urban."
        " Each place sums to 100. A place that does not appear: too few people in each group of communes, or too many"
        " addresses unknown or far away; read its départements then." + _SOURCES
    ),
    columns=("place", "epci", "percent"),
    estimand="Part, en pour cent, des personnes distinctes, consentantes et reliées de chaque lieu"
    " selon leur intercommunalité de résidence ; qui fréquente plus de lieux que la borne pèse moins.",
    estimand_en=(
        "Share, in per cent, of each place's distinct, consenting, linked people by the group of communes (EPCI) of"
        " residence; whoever goes to more places than the bound weighs less."
    ),
)
