"""Words of « Mon lieu »."""

from typing import Final

from hub.web.words import Words

WORDS: Final[Words] = {
    "nav": ("Lieux", "Venues"),
    "title": ("Les lieux", "The venues"),
    "lead": ("Chaque lieu à côté du réseau : choisir le sien.", "Each venue beside the network: choose yours."),
    "one_lead": ("{discipline}, à côté du réseau.", "{discipline}, beside the network."),
    "grouped": ("Ce lieu est petit : il paraît dans le groupe « {cluster} », avec {count} lieux, pour qu'aucun ne soit exposé seul. Les chiffres ci-dessous sont ceux du groupe.", "This venue is small: it appears in the group '{cluster}', of {count} venues, so that none is exposed alone. The figures below are the group's."),
    "glance": ("En un coup d'œil", "At a glance"),
    "reach": ("personnes différentes", "different people"),
    "young": ("ont de 18 à 25 ans", "are 18 to 25"),
    "firsts": ("viennent pour la première fois", "come for the first time"),
    "coverage": ("des billets, au moins, sont connus", "of tickets, at least, are known"),
    "returns": ("des nouveaux sont revenus", "of newcomers returned"),
    "beside": ("À côté des autres", "Beside the others"),
    "network": ("Ensemble du réseau", "Whole network"),
    "rank": ("rang {rank} sur {count}", "rank {rank} of {count}"),
    "shares": ("Avec qui ce lieu partage-t-il son public ?", "With whom does this venue share its audience?"),
    "from_here": ("Où va-t-on ensuite, dans les 90 jours ?", "Where do people go next, within 90 days?"),
    "to_here": ("D'où vient-on, dans les 90 jours ?", "Where do people come from, within 90 days?"),
    "origins": ("Où habite son public ?", "Where does its audience live?"),
    "allies": ("Des alliés possibles", "Possible allies"),
    "allies_text": ("Lieux dont les publics ressemblent à celui-ci et avec qui il n'échange pas encore plus que le hasard :", "Venues whose audiences are like this one's and with whom it does not yet share more than by chance:"),
    "allies_none": ("Aucun ne se détache du bruit.", "None stands out from the noise."),
    "allies_note": ("Lu dans le modèle de recommandation de l'édition, que chacun peut refaire ; c'est une piste pour un rendez-vous, non un chiffre.", "Read in the edition's recommendation model, which anybody can make again; a lead for a meeting, not a figure."),
    "double": ("Double comptage évité", "Double counting avoided"),
    "double_text": ("Additionner les publics de tous les lieux donnerait environ {sum} personnes ; le réseau en a vu {reach}. L'écart, de {low} à {high}, vient de personnes que l'on aurait comptées plusieurs fois.", "Adding up the audiences of all the venues would give about {sum} people; the network saw {reach}. The gap, from {low} to {high}, comes from people who would have been counted several times."),
    "double_note": ("L'intervalle de l'écart additionne ceux des chiffres publiés : il est prudent.", "The interval of the gap adds up those of the published figures: it is a cautious one."),
    "none": ("Cette édition ne dit rien de ce lieu : il a rejoint le réseau après, ou ses chiffres sont couverts.", "This edition says nothing of this venue: it joined the network later, or its figures are covered."),
    "open": ("Voir la page de ce lieu", "See this venue's page"),
    "so_venue": ("Imprimer cette page pour le conseil d'administration : elle tient compte des intervalles, et ne montre aucun voisin plus que lui-même ne se montre.", "Print this page for the board: it takes the intervals into account, and shows no neighbour more than the neighbour shows itself."),
    "so_coordinator": ("Préparer le rendez-vous annuel avec chaque lieu à partir de sa page, non d'un classement : un rang « 2–6 » n'est pas une place.", "Prepare the yearly meeting with each venue from its page, not from a ranking: a rank '2–6' is not a place."),
}  # fmt: skip
