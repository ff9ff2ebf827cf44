"""Words of « Le réseau », the first page."""

from typing import Final

from hub.web.words import Words

WORDS: Final[Words] = {
    "nav": ("Le réseau", "The network"),
    "title": ("Le réseau", "The network"),
    "lead": ("Qui en est, de quand datent les données, ce qu'elles couvrent, ce qui reste à dépenser.", "Who is in it, how fresh the data are, what they cover, what is left to spend."),
    "glance": ("En un coup d'œil", "At a glance"),
    "says_lead": ("Des phrases que l'on peut citer telles quelles, tirées des tableaux de l'édition.", "Sentences that may be quoted as they are, taken from the edition's tables."),
    "members_more": ("lieux ont signé la charte et envoient leurs venues", "venues signed the charter and send their visits"),
    "reach": ("personnes différentes", "different people"),
    "shared": ("vont dans au moins deux lieux", "go to at least two venues"),
    "loyal": ("des visites sont faites par les plus fidèles (6 venues et plus)", "of visits are made by the most faithful (6 visits or more)"),
    "young": ("ont de 18 à 25 ans", "are 18 to 25"),
    "members": ("Les lieux membres", "The member venues"),
        "week": ("Semaine du dernier envoi accepté", "Week of the last accepted batch"),
    "week_none": ("pas encore d'envoi", "no batch yet"),
    "week_note": ("La semaine seulement : ni le nombre de lignes ni leur poids ne sont montrés, car ils parleraient du public.", "The week only: neither the number of rows nor their weight is shown, for they would tell of the audience."),
    "venue_page": ("Voir ce lieu", "See this venue"),
    "coverage": ("De quoi parlent ces chiffres ?", "What do these figures speak of?"),
    "coverage_lead": ("La part des billets dont l'acheteur est identifié et consent. Tout le reste est invisible ici.", "The share of tickets whose buyer is identified and consents. All the rest is invisible here."),
    "budget": ("Budget de confidentialité de la saison {season}", "Privacy budget of the {season} season"),
    "budget_left": ("Il reste {left} % du budget : ρ = {spent} dépensés sur {cap}.", "{left}% of the budget is left: ρ = {spent} spent of {cap}."),
    "budget_note": ("Chaque publication se paie, pour toute la saison ; rien ne se recharge.", "Each publication is paid for, for the whole season; nothing is refilled."),
    "next": ("La suite", "What comes next"),
    "next_edition": ("Prochaine édition au plan de la charte : « {title} », sur la période du {first} au {last}.", "Next edition in the charter's plan: '{title}', for the period from {first} to {last}."),
    "next_none": ("La charte n'inscrit pas d'autre édition pour l'instant.", "The charter plans no other edition for now."),
    "charters": ("La charte", "The charter"),
    "charter_line": ("Révision {revision}, signée par {count} lieux, valable du {first} au {last}.", "Revision {revision}, signed by {count} venues, valid from {first} to {last}."),
    "charter_read": ("Lire la charte signée", "Read the signed charter"),
    "charter_was": ("L'édition montrée a été préparée sous la révision {revision}.", "The edition shown was prepared under revision {revision}."),
    "charter_missing": ("Aucune charte n'est encore signée par tous les lieux.", "No charter has been signed by all the venues yet."),
    "all_tables": ("Toute l'édition, tableau par tableau", "The whole edition, table by table"),
    "explore": ("Que voulez-vous savoir ?", "What do you want to know?"),
    "so_coordinator": ("Le lundi, devant les élus : citer les phrases ci-dessus avec leurs intervalles, et dire la couverture. Relancer les lieux dont le dernier envoi est ancien.", "On Monday, before elected officials: quote the sentences above with their intervals, and state the coverage. Chase the venues whose last batch is old."),
    "so_venue": ("Demander le consentement au guichet et en ligne : chaque point de couverture rend tous les chiffres plus justes.", "Ask for consent at the counter and online: each point of coverage makes every figure truer."),
    "so_citizen": ("Rien ici ne parle de vous en particulier. Pour ne pas compter du tout, le dire à n'importe quel lieu du réseau.", "Nothing here speaks of you in particular. Not to be counted at all, tell any venue of the network."),
}  # fmt: skip
