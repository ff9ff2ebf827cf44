"""The words of the reciprocity ledger, French and English."""

from typing import Final

from hub.measures.tables import Heading

SENT: Final = Heading(
    table="reciprocity",
    question="Q30",
    title_fr="Combien de visites les lettres d'un lieu ont-elles envoyées à un autre ?",
    title_en="How many visits did one house's letters send to another?",
    how_fr=(
        "« De A vers B : 120 » se lit : après une lettre de A pour une demande de B, 120 visites à B avant la fin de la"
        " campagne. Une visite compte une fois, pour le dernier lieu qui a écrit. Elles sont venues après la lettre,"
        " pas toujours grâce à elle."
    ),
    how_en=(
        "'From A to B: 120' reads: after a letter from A for a request of B, 120 visits to B before the campaign ended."
        " A visit counts once, for the last house that wrote. They came after the letter, not always because of it."
    ),
    columns=("from", "to", "visits"),
    estimand="Visites chez le partenaire, du jour de la lettre à la fin de la campagne, de personnes distinctes,"
    " consentantes et reliées ; cinq visites au plus par personne et par paire, et moins de poids au-delà de la borne.",
    estimand_en=(
        "Visits to the partner, from the day of the letter to the end of the campaign, of distinct, consenting, linked"
        " people; five visits at most for a person and a pair, and less weight beyond the bound."
    ),
)
BALANCE: Final = Heading(
    table="reciprocity-balance",
    question="Q30",
    title_fr="Quel lieu envoie plus qu'il ne reçoit, par ses lettres ?",
    title_en="Which house sends more than it receives, by its letters?",
    how_fr=(
        "Visites reçues grâce aux lettres des autres lieux moins visites que les siennes leur ont envoyées. Un solde"
        " négatif : le lieu donne plus qu'il ne reçoit. Les soldes s'annulent entre eux."
    ),
    how_en=(
        "Visits received after other houses' letters less visits that its own sent them. A negative balance: the house"
        " gives more than it receives. Balances cancel out."
    ),
    columns=("place", "visits"),
    estimand="Somme des visites reçues moins les visites envoyées, sur les mêmes cases que le tableau des envois.",
    estimand_en="Sum of visits received less visits sent, over the cells of the table of visits sent.",
)
