"""Words of the spectator's notice: what is kept of somebody who went to a show, and how to opt out."""

from typing import Final

from hub.web.words import Words

WORDS: Final[Words] = {
    "nav": ("Et moi, dans tout cela ?", "And what about me?"),
    "title": ("Vous êtes allé·e au spectacle : ce qu'il faut savoir", "You went to a show: what to know"),
    "lead": ("Une page à lire, à afficher, à imprimer.", "A page to read, to pin up, to print."),
    "what": ("Ce qui se passe", "What happens"),
    "1": ("Quand vous achetez une place, votre lieu vous demande si vos visites peuvent servir à des statistiques communes. Sans votre oui, rien ne part.", "When you buy a ticket, your venue asks whether your visits may serve shared statistics. Without your yes, nothing leaves."),
    "2": ("Ce qui part n'a ni votre nom, ni votre adresse, ni votre téléphone, ni votre date de naissance. À leur place, un pseudonyme que ni le réseau ni un autre lieu ne peuvent relier à vous seuls.", "What leaves has neither your name, nor your address, nor your telephone, nor your birth date. In their place, a pseudonym that neither the network nor another venue can trace to you alone."),
    "3": ("Tout chiffre publié est brouillé exprès, assez pour que votre présence ou votre absence n'y change presque rien.", "Every published figure is blurred on purpose, enough for your presence or absence to change next to nothing in it."),
    "4": ("Personne ne vous écrira à cause de ce réseau, sinon un lieu que vous connaissez, si vous l'avez permis.", "Nobody will write to you because of this network, save a venue that you know, if you allowed it."),
    "leaves": ("Ce qui part, si vous dites oui", "What leaves, if you say yes"),
    "leaves_lead": ("À chaque visite, un lieu de ce réseau peut envoyer ceci, sous votre pseudonyme, et rien d'autre :", "For each visit, a venue of this network may send this, under your pseudonym, and nothing else:"),
    "leaves_purposes": ("Cela sert à : {purposes}. Chacun de ces usages a son propre oui.", "It serves: {purposes}. Each of these uses has a yes of its own."),
    "leaves_until": ("C'est gardé {count} mois au plus, puis effacé. Seul le serveur du réseau le reçoit. Responsable du traitement : {controller} ; base légale : votre oui (RGPD, article 6, 1 a), que vous reprenez quand vous voulez.", "It is kept {count} months at most, then erased. The network's server alone receives it. Controller: {controller}; legal basis: your yes (GDPR, article 6(1)(a)), which you take back whenever you want."),
    "leaves_none": ("La liste de ce qu'un lieu peut envoyer, et combien de temps cela se garde, paraîtront ici avec la charte.", "The list of what a venue may send, and how long it is kept, will appear here with the charter."),
    "out": ("Pour en sortir", "How to opt out"),
    "out_1": ("Dites-le à un seul lieu que vous connaissez, à son guichet ou par courriel : « je ne veux plus être dans les statistiques du réseau ». Cela suffit pour tous : en vingt-quatre heures, vos visites quittent le coffre, d'où qu'elles viennent.", "Tell a single venue that you know, at its desk or by e-mail: 'I no longer want to be in the network's statistics'. That is enough for all: within twenty-four hours your visits leave the vault, wherever they come from."),
    "out_2": ("Les lettres d'information de chaque lieu s'arrêtent en le lui disant à lui : le réseau ne lui apprend pas que vous êtes sorti·e.", "Each venue's own newsletters stop when you tell that venue: the network does not tell it that you opted out."),
    "out_3": ("Demander ce qui a été envoyé sur vous se fait aussi auprès d'un lieu : lui seul peut le retrouver. La personne chargée de la protection des données du réseau répond au reste :", "Asking what was sent about you is also done at a venue: it alone can find it. The network's data protection officer answers the rest:"),
    "out_4": ("Si la réponse ne vous convient pas, la CNIL reçoit les réclamations.", "If the answer does not suit you, the CNIL (the French authority) receives complaints."),
    "contact_none": ("son adresse paraîtra avec la charte.", "the address will appear with the charter."),
    "so_venue": ("Afficher cette notice à la caisse, la joindre aux courriels de confirmation, savoir y répondre au guichet.", "Pin this notice up at the desk, add it to confirmation e-mails, know how to answer about it."),
    "so_citizen": ("Dire oui, ou dire non : un mot à un seul lieu suffit.", "Say yes, or say no: one word to a single venue is enough."),
}  # fmt: skip
