"""The questions themselves: French, English, the measures that answer, or the cause and what to ask instead."""

from typing import Final

_NONE: Final[tuple[str, ...]] = ()

ASKED: Final[dict[str, tuple[str, str, tuple[str, ...], str, tuple[str, ...]]]] = {
    "Q01": (
        ("Les 18-25 ans qui habitent à moins de 20 km d'un musée d'art contemporain achètent-ils leur billet"
        " combien de jours avant ?"),
        "How many days ahead do 18-25-year-olds living within 20 km of a contemporary-art museum buy?",
        ("lead-time",), "", _NONE,
    ),
    "Q02": (
        "Le délai d'achat augmente-t-il avec la distance ?",
        "Does lead time grow with distance?",
        ("lead-time",), "", _NONE,
    ),
    "Q03": (
        "Quelle part des billets est achetée le jour même, un à trois jours avant, plus tôt ?",
        "What share of tickets is bought on the day, one to three days ahead, earlier?",
        ("lead-time",), "", _NONE,
    ),
    "Q04": (
        "Le délai médian a-t-il raccourci par rapport à la saison précédente ?",
        "Has the median lead time shortened since last season?",
        ("lead-drift",), "", _NONE,
    ),
    "Q05": (
        "Quelle part des acheteurs de la saison vient pour la première fois dans ce lieu ?",
        "What share of this season's buyers is new to this place?",
        ("firsts",), "", _NONE,
    ),
    "Q06": (
        "Parmi ces nouveaux, quelle part est déjà venue dans un autre lieu du réseau ?",
        "Of those newcomers, what share already visited another place of the network?",
        ("firsts",), "", _NONE,
    ),
    "Q07": (
        "Combien de personnes viennent 1, 2, 3 à 5, 6 fois ou plus par saison, et quelle part des visites font-elles ?",
        "How many people come 1, 2, 3 to 5, 6 or more times a season, and what share of visits do they make?",
        ("ladder",), "", _NONE,
    ),
    "Q08": (
        "Quelle part des nouveaux d'une saison revient dans le même lieu la saison suivante ?",
        "What share of a season's newcomers returns to the same place the next season?",
        ("returns",), "", _NONE,
    ),
    "Q09": (
        "Quelle part des nouveaux d'une saison n'est revue dans aucun lieu du réseau la saison suivante ?",
        "What share of a season's newcomers is seen at no place of the network the next season?",
        ("returns",), "", _NONE,
    ),
    "Q10": (
        "D'où viennent les publics de ce lieu ?",
        "Where do this place's audiences come from?",
        ("provenance", "provenance-epci"), "", _NONE,
    ),
    "Q11": (
        "Quel pourcentage des habitants de chaque territoire a fréquenté au moins un lieu du réseau ?",
        "What share of the inhabitants of each territory came to at least one place of the network?",
        ("penetration",), "", _NONE,
    ),
    "Q12": (
        "Quelle sera la provenance des visiteurs du mois prochain ?",
        "Where will next month's visitors come from?",
        ("shop",), "", _NONE,
    ),
    "Q13": (
        "Quels territoires proches d'un lieu ont une fréquentation anormalement basse ?",
        "Which territories near a place attend abnormally little?",
        ("penetration",), "", _NONE,
    ),
    "Q14": (
        "Parmi les visiteurs de A, combien viennent dans B dans les 30, 90, 365 jours ?",
        "Of A's visitors how many come to B within 30, 90, 365 days?",
        ("flows",), "", _NONE,
    ),
    "Q15": (
        "Combien de personnes distinctes ont fréquenté l'un de ces lieux ; et plusieurs ?",
        "How many distinct people came to one of these places; and to several?",
        ("reach", "pairs", "overlaps"), "", _NONE,
    ),
    "Q16": (
        "Quelle part des publics fréquente au moins 2, 3, 5 lieux ?",
        "What share of audiences goes to at least 2, 3, 5 places?",
        ("reach",), "", _NONE,
    ),
    "Q17": (
        "Par quel canal achète-t-on selon l'âge et la discipline ?",
        "Which sales channel by age and discipline?",
        ("channels",), "", _NONE,
    ),
    "Q18": (
        "Quelle part des acheteurs en ligne est nouvelle ?",
        "What share of Internet buyers is new?",
        ("channels",), "", _NONE,
    ),
    "Q19": (
        "Quelle part des amateurs de ballet va aussi à l'opéra, ailleurs dans le réseau ?",
        "What share of ballet-goers also attends opera elsewhere in the network?",
        ("crossing", "affinity"), "", _NONE,
    ),
    "Q20": (
        "Combien d'assidus dans chacune des cinq familles, et combien de profils insuffisants ?",
        "How many assiduous people in each of the five families, and how many insufficient profiles?",
        ("typology",), "", _NONE,
    ),
    "Q21": (
        "Quels spectacles ont fait venir vers la danse des personnes qui n'y allaient jamais ?",
        "Which events brought to dance people who never went?",
        ("bridges",), "", _NONE,
    ),
    "Q22": (
        "Quels mois, jours et heures le réseau remplit-il, et où restent les creux ?",
        "Which months, days and hours does the network fill, and where are the troughs?",
        ("season-spread",), "", _NONE,
    ),
    "Q23": (
        "Quelle part des visites vient de plus de 100 km ou de l'étranger, pendant et hors vacances scolaires ?",
        "What share of visits is from over 100 km or abroad, in and out of school holidays?",
        ("tourists",), "", _NONE,
    ),
    "Q24": (
        "Pour deux lieux dont les publics se recoupent, quels soirs se concurrencent-ils ?",
        "For two places whose audiences overlap, which dates compete?",
        ("conflicts",), "", _NONE,
    ),
    "Q25": (
        "Quelle part de 18-25 ans par lieu et dans le réseau, et son évolution ?",
        "What share of 18-25s by place and in the network, and its trend?",
        ("young",), "", _NONE,
    ),
    "Q26": (
        "Le réseau ouvre-t-il ? Quelle part des visites se fait hors de la discipline habituelle ?",
        "Is the network opening up? What share of visits is outside one's usual discipline?",
        ("bubble",), "", _NONE,
    ),
    "Q27": (
        "Quelle part des publics habite en quartier prioritaire, comparée à la part d'habitants ?",
        "What share of the audience lives in a priority district, compared with inhabitants?",
        ("qpv",), "", _NONE,
    ),
    "Q28": (
        "Quelle satisfaction moyenne, quelle part d'insatisfaits, et quel lien avec le retour ?",
        "What mean satisfaction, what share of dissatisfied, and what link with coming again?",
        ("satisfaction",), "", _NONE,
    ),
    "Q29": (
        "Les échanges entre A et B ont-ils augmenté après l'opération croisée, comparés au groupe témoin ?",
        "Did flows between A and B rise after the cross-promotion, compared with a hold-out?",
        ("cooperation",), "", _NONE,
    ),
    "Q30": (
        "Qui envoie et qui reçoit des publics ?",
        "Who sends audiences, who receives them?",
        ("flows", "reciprocity"), "", _NONE,
    ),
    "Q31": (
        "Combien de personnes du réseau, tout près de ce lieu, aiment cette discipline sans y être venues ?",
        "How many people of the network, close to this place, like this discipline but never came?",
        ("potential", "cube"), "", _NONE,
    ),
    "Q32": (
        "Quelle part des billets a un acheteur identifié et consentant, par lieu ?",
        "What share of tickets has an identified, consenting buyer, by venue?",
        ("coverage",), "", _NONE,
    ),
    "N01": (
        "Madame X est-elle dans le réseau ?",
        "Is Mrs X in the network?",
        _NONE, "person", ("Q15",),
    ),
    "N02": (
        "Quelle est la liste des personnes qui sont venues à l'opéra ?",
        "What is the list of people who came to the opera?",
        _NONE, "person", ("Q31", "Q15"),
    ),
    "N03": (
        "Combien de personnes de 25 ans habitent cette commune de 300 habitants ?",
        "How many 25-year-olds live in this commune of 300 inhabitants?",
        _NONE, "too-fine", ("Q25", "Q10"),
    ),
    "N04": (
        "Combien de spectateurs mardi soir dans cette salle de 50 places ?",
        "How many spectators on Tuesday evening in this 50-seat house?",
        _NONE, "too-fine", ("Q22", "Q24"),
    ),
    "N05": (
        "Quelle part du public est en situation de handicap, de telle origine, de telle opinion ?",
        "What share of the audience is disabled, of such an origin, of such an opinion?",
        _NONE, "sensitive", ("Q27", "Q25"),
    ),
    "N06": (
        "Quelle est la recette de la maison voisine ?",
        "What does the house next door take in?",
        _NONE, "commercial", ("Q15", "Q22"),
    ),
}  # fmt: skip
"""By id: French, English, measures, cause, nearest. ``N``: questions that must be refused."""
