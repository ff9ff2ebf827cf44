"""Why a question stays without answer, and what of an answered one stays unsaid; French, then English."""

from typing import Final

CAUSES: Final[dict[str, tuple[str, str]]] = {
    "not-planned": (
        "Cette édition ne l'a pas mesuré. La charte peut y ajouter : {measures} ; son prix sera dit avant.",
        "This edition has not measured it. The charter may add: {measures}; its price will be told first.",
    ),
    "not-sent": (
        "Aucun lieu n'envoie ce qu'il faudrait pour y répondre.",
        "No venue sends what it would take to answer.",
    ),
    "person": (
        (
            "L'observatoire ne connaît personne : il ne tient que des nombres, où la présence de quelqu'un ne"
            " se voit pas."
        ),
        "The observatory knows nobody: it holds numbers only, in which nobody's presence shows.",
    ),
    "too-fine": (
        "Trop peu de personnes : un chiffre honnête y serait tout entier du hasard.",
        "Too few people: an honest figure would be chance altogether.",
    ),
    "sensitive": (
        "Santé, handicap, origine, religion, opinion : rien de cela ne quitte un lieu, ni ne se déduit.",
        "Health, disability, origin, religion, opinion: none of it leaves a venue, nor is inferred.",
    ),
    "commercial": (
        "Le réseau ne tient aucun montant ; les affaires d'une maison restent à elle.",
        "The network holds no amounts; a house's business stays its own.",
    ),
}
"""By the value of ``contracts.questions.Cause``; ``{measures}`` is filled."""

NEVER: Final[dict[str, tuple[str, str]]] = {
    "N03": (
        (
            "L'âge ne quitte un lieu que par tranche et la commune jamais : dans 300 habitants, chaque personne"
            " se reconnaîtrait."
        ),
        (
            "Age leaves a venue by band only, and the commune never: among 300 inhabitants anybody could be"
            " recognised."
        ),
    ),
    "N04": (
        (
            "Un soir dans une petite salle, le hasard ajouté pèserait plus que le public. Les petits lieux"
            " paraissent par groupes de trois au moins, et par semaine ou par mois."
        ),
        (
            "On one evening in a small house the noise added would outweigh the audience. Small venues appear in"
            " groups of three at least, and by week or month."
        ),
    ),
}
"""Causes told in words of their own, by question."""

LIMITS: Final[dict[str, tuple[str, str]]] = {
    "Q10": (
        "Par département ; par intercommunalité où la charte le permet et où assez de monde vient ; jamais par commune.",
        "By département; by intercommunalité where the charter allows it and enough people come; never by commune.",
    ),
    "Q11": ("Par département, jamais par EPCI.", "By département, never by EPCI."),
    "Q12": (
        "Le mois à venir est pris pour le même mois de la période ; les réservations n'y entrent pas.",
        "The coming month is taken for the same month of the period; bookings do not enter.",
    ),
    "Q13": (
        "Entre départements à même distance des lieux, non entre EPCI.",
        "Between départements at the same distance from the places, not between EPCI.",
    ),
    "Q15": (
        "Un lieu, deux lieux, tout le réseau, et les ensembles que l'édition nomme ; d'un autre, un ordre de grandeur.",
        "One place, two, the whole network, and the sets that the edition names; of another, an order of magnitude.",
    ),
    "Q21": (
        "Un programme (discipline, lieu, mois), non un spectacle ; « jamais » : pas dans la période.",
        "A programme (discipline, place, month), not a show; 'never': not in the period.",
    ),
    "Q22": ("Les heures ne quittent jamais un lieu.", "Hours never leave a venue."),
    "Q24": ("Des semaines, jamais des soirs.", "Weeks, never evenings."),
    "Q25": (
        "L'évolution se lit d'une édition à la suivante, dans leurs intervalles.",
        "The trend is read from one edition to the next, within their intervals.",
    ),
    "Q27": (
        "La part d'habitants est un repère national, non celui de chaque territoire.",
        "The share of inhabitants is a national mark, not that of each territory.",
    ),
    "Q28": (
        "Ceux qui ont répondu ; le lien avec le retour n'est pas une cause.",
        "Those who answered; the link with coming again is no cause.",
    ),
    "Q29": (
        "Les personnes qui acceptent les statistiques, pour les demandes dont la charte laisse compter les groupes.",
        "People who agree to statistics, for requests whose groups the charter lets be counted.",
    ),
    "Q31": (
        "À 20 km, à 5 km près : le hub ne connaît aucune adresse.",
        "Within 20 km, give or take 5: the hub knows no address.",
    ),
    "Q32": (
        "Une part atteinte au moins, dans les lieux dont la charte porte les billets vendus.",
        "A share reached at least, in the places whose tickets the charter holds.",
    ),
}
"""What of a question stays unsaid even where it is answered."""
