"""The words of the tables of pairs and flows, French and English."""

from typing import Final

from hub.measures.tables import Heading

PAIRS: Final = Heading(
    table="pairs",
    question="Q15",
    title_fr="Combien de personnes deux lieux partagent-ils ?",
    title_en="How many people do two places share?",
    how_fr=(
        "Chaque case compte les personnes vues dans les deux lieux pendant la période, quel que"
        " soit l'ordre. Le vrai nombre se trouve dans l'intervalle 95 fois sur 100."
    ),
    how_en=(
        "Each cell counts the people seen in both places in the period, in either order. The true"
        " number lies in the interval 95 times in 100."
    ),
    columns=("place_a", "place_b", "persons"),
    estimand="Nombre de personnes distinctes, consentantes et reliées, venues dans les deux lieux ;"
    " l'intervalle comprend ce que la borne par personne retire.",
    estimand_en=(
        "Number of distinct, consenting, linked people who came to both places; the "
        "interval takes in what the bound per person removes."
    ),
)
RANKING: Final = Heading(
    table="pairs-ranking",
    question="Q15",
    title_fr="Quels lieux partagent le plus leurs publics ? (pour classer, non pour compter)",
    title_en="Which places share most of their publics? (for ranking, not for counting)",
    how_fr=(
        "Ces nombres sont lissés : chacun tient compte de tous les autres. L'ordre et l'ensemble sont plus"
        " justes, une case prise seule peut être tirée vers ce qui est courant. Pour lire un compte, prendre"
        " l'autre tableau ; l'intervalle est le sien."
    ),
    how_en=(
        "These figures are smoothed: each takes all the others into account. The order and the whole are"
        " nearer to the truth; one cell alone may be drawn towards what is usual. To read a count, take the"
        " other table; the interval is that table's."
    ),
    columns=("place_a", "place_b", "persons"),
    estimand="Nombre de personnes distinctes, consentantes et reliées, venues dans les deux lieux, estimé"
    " d'après toute la matrice publiée ; l'intervalle est celui du compte non lissé.",
    estimand_en=(
        "Number of distinct, consenting, linked people who came to both places, estimated from the"
        " whole published matrix; the interval is that of the count before smoothing."
    ),
)
FLOWS: Final = Heading(
    table="flows",
    question="Q14",
    title_fr="Parmi les visiteurs d'un lieu, combien viennent ensuite dans un autre ?",
    title_en="Of the visitors of one place, how many come to another one next?",
    how_fr=(
        "« De A vers B, 0-90 » : personnes dont la première visite de la période dans B suit de 90"
        " jours au plus la première dans A. Deux premières visites le même jour (ou la même"
        " semaine, si la charte ne retient que la semaine) n'ont pas de sens et ne comptent pas."
    ),
    how_en=(
        "'From A to B, 0-90': people whose first visit of the period to B follows their first to A"
        " by 90 days at most. Two first visits on one day (or in one week, where the charter keeps"
        " weeks only) have no direction and do not count."
    ),
    columns=("from", "to", "lag", "persons"),
    estimand="Nombre de personnes distinctes, consentantes et reliées, selon l'ordre et l'écart de"
    " leurs premières visites dans les deux lieux ; l'intervalle comprend ce que la borne par"
    " personne retire.",
    estimand_en=(
        "Number of distinct, consenting, linked people, by the order and the gap of their "
        "first visits to both places; the interval takes in what the bound per person "
        "removes."
    ),
)
BALANCE: Final = Heading(
    table="flows-balance",
    question="Q30",
    title_fr="Qui envoie et qui reçoit des publics ?",
    title_en="Who sends audiences, who receives them?",
    how_fr=(
        "Premières visites reçues des autres lieux moins premières visites envoyées vers eux, dans"
        " l'année. Un solde négatif : le lieu fait découvrir les autres. Les soldes s'annulent"
        " entre eux."
    ),
    how_en=(
        "First visits received from other places minus first visits sent to them within the year."
        " A negative balance: the place leads people to the others. Balances cancel out."
    ),
    columns=("place", "persons"),
    estimand="Somme sur les autres lieux des flux reçus moins les flux envoyés à 365 jours, chaque"
    " personne pesant au plus la borne de la charte.",
    estimand_en=(
        "Sum over the other places of flows received minus flows sent within 365 days, each"
        " person weighing at most the charter's bound."
    ),
)
