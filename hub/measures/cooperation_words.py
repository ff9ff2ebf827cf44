"""The words of the tables on what partners' offers change, French and English."""

from typing import Final

from hub.measures.tables import Heading

LIFT: Final = Heading(
    table="cooperation-lift",
    question="Q29",
    title_fr="Qu'a changé l'offre d'un partenaire ?",
    title_en="What did a partner's offer change?",
    how_fr=(
        "« 2 » se lit : sur 100 personnes choisies, 2 de plus sont venues chez le partenaire parce qu'on leur a écrit. On"
        " compare celles à qui les lieux ont écrit à celles, tirées au sort parmi les mêmes, à qui ils n'ont rien"
        " envoyé. « Presque sûr » : l'intervalle ne contient pas zéro. L'intervalle comprend le hasard ajouté et le"
        " hasard des sorties ; le dernier tableau les sépare."
    ),
    how_en=(
        "'2' reads: of 100 people selected, 2 more came to the partner because they were written to. Those to whom the"
        " houses wrote are compared with those, drawn by lot among the same, who were sent nothing. 'Almost certain': the"
        " interval does not hold nought. It takes in the noise that was added and chance in who goes out; the last table"
        " tells them apart."
    ),
    columns=("operation", "points"),
    estimand="Part, en points de pour cent, des personnes distinctes, consentantes et reliées venues chez le"
    " partenaire pendant la campagne après avoir été choisies : groupe contacté moins groupe témoin, selon le"
    " tirage (en intention de traiter). Qui est dans plusieurs opérations pèse moins dans chacune.",
    estimand_en=(
        "Share, in points of per cent, of distinct, consenting, linked people who came to the partner within the"
        " campaign after they were selected: those written to less those held out, as the lot fell (intention to"
        " treat). Whoever is in several operations weighs less in each."
    ),
)
CAME: Final = Heading(
    table="cooperation-came",
    question="Q29",
    title_fr="Quelle part est venue, contactée ou non ?",
    title_en="What share came, written to or not?",
    how_fr=(
        "« Contactées : 5 » se lit : sur 100 personnes à qui les lieux ont écrit, 5 sont venues chez le partenaire"
        " avant la fin de la campagne. L'intervalle ne comprend que le hasard ajouté : il dit ce qui s'est passé, non"
        " ce que l'offre vaut."
    ),
    how_en=(
        "'Written to: 5' reads: of 100 people to whom the houses wrote, 5 came to the partner before the campaign"
        " ended. The interval takes in the added noise alone: it says what happened, not what the offer is worth."
    ),
    columns=("operation", "arm", "percent"),
    estimand="Part, en pour cent, des personnes distinctes, consentantes et reliées de chaque groupe venues chez le"
    " partenaire du jour où un lieu les a choisies à la fin de la campagne.",
    estimand_en=(
        "Share, in per cent, of the distinct, consenting, linked people of each group who came to the partner from"
        " the day when a house selected them to the end of the campaign."
    ),
)
CONTACTS: Final = Heading(
    table="cooperation-contacts",
    question="Q29",
    title_fr="À combien de personnes chaque lieu a-t-il écrit ?",
    title_en="How many people did each house write to?",
    how_fr=(
        "Personnes à qui un lieu a écrit pour cette demande et qui acceptent les statistiques : moins que le lieu n'en"
        " a contacté. Qui reçoit deux lieux compte dans chacun."
    ),
    how_en=(
        "People to whom a house wrote for this request and who agree to statistics: fewer than the house contacted."
        " Whoever hears from two houses counts in each."
    ),
    columns=("operation", "place", "persons"),
    estimand="Personnes distinctes, consentantes et reliées à qui le lieu a écrit ; au-delà de la borne de la charte,"
    " une personne pèse moins dans chaque case.",
    estimand_en=(
        "Distinct, consenting, linked people to whom the house wrote; beyond the charter's bound, a person weighs less"
        " in each cell."
    ),
)
DOUBT: Final = Heading(
    table="cooperation-doubt",
    question="Q29",
    title_fr="De quoi est fait le doute ?",
    title_en="What is the doubt made of?",
    how_fr=(
        "Points de part et d'autre de l'effet si l'un des deux hasards était seul. Celui qui est ajouté diminue avec"
        " le prix payé ; celui des sorties, avec le nombre de personnes, et il serait là sans aucun bruit."
    ),
    how_en=(
        "Points to either side of the effect if one of the two kinds of chance were alone. The added one shrinks with"
        " the price paid; that of who goes out, with the number of people, and it would be there without any noise."
    ),
    columns=("operation", "doubt", "points"),
    estimand="Demi-largeur de l'intervalle à 95 % de l'effet, sous un seul des deux hasards.",
    estimand_en="Half the width of the effect's 95 % interval under one of the two kinds of chance.",
)
