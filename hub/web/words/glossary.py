"""Words of the glossary: each term as a reader of the pages meets it."""

from typing import Final

from hub.web.words import Words

TERMS: Final[Words] = {
    "person": ("Personne", "Person"),
    "visit": ("Visite", "Visit"),
    "season": ("Saison", "Season"),
    "edition": ("Édition", "Edition"),
    "release": ("Publication", "Release"),
    "interval": ("Intervalle à 95 %", "95% interval"),
    "almost-sure": ("Presque sûr", "Almost sure"),
    "indicative": ("Indicatif", "Indicative"),
    "too-few": ("Trop peu de monde", "Too few people"),
    "network": ("Réseau", "Network"),
    "cluster": ("Groupe de petits lieux", "Group of small venues"),
    "flow": ("Passage d’un lieu à l’autre", "Passage from one venue to another"),
    "shared": ("Public commun", "Shared audience"),
    "lead": ("Délai d'achat", "Lead time"),
    "median": ("Médiane, quartiles", "Median, quartiles"),
    "newcomer": ("Première venue", "First visit"),
    "assiduous": ("Assidu", "Regular"),
    "coverage": ("Couverture", "Coverage"),
    "holdout": ("Groupe témoin", "Hold-out"),
    "lift": ("Effet d'une offre", "Effect of an offer"),
    "charter": ("Charte", "Charter"),
    "budget": ("Budget de confidentialité", "Privacy budget"),
    "rho": ("ρ et ε", "ρ and ε"),
    "custodian": ("Tiers de confiance", "Trusted third party"),
    "pseudonym": ("Pseudonyme", "Pseudonym"),
    "erratum": ("Erratum", "Erratum"),
}  # fmt: skip

MEANINGS: Final[Words] = {
    "person": ("Quelqu'un qui a acheté, identifié dans un lieu, adulte et consentant. Comptée une seule fois dans tout le réseau, où qu'elle aille.", "Somebody who bought, identified at a venue, adult and consenting. Counted once in the whole network, wherever they go."),
    "visit": ("Une personne, un lieu, un événement, un jour. Quatre billets pour la même soirée font une visite.", "One person, one venue, one event, one day. Four tickets for the same evening make one visit."),
    "season": ("Du 1er septembre au 31 août.", "From 1 September to 31 August."),
    "edition": ("Une publication datée, à la date que fixe la charte. Elle ne change plus jamais ; un erratum peut la retirer.", "A dated publication, on the date that the charter sets. It never changes again; an erratum may withdraw it."),
    "release": ("Une mesure payée dans une édition, avec son hasard tiré une fois. Son nom figure sous chaque graphique.", "One paid measure of an edition, with its chance drawn once. Its name stands under each chart."),
    "interval": ("Les deux bornes entre lesquelles le vrai nombre se trouve 95 fois sur 100.", "The two bounds between which the true number lies 95 times out of 100."),
    "almost-sure": ("L'intervalle est étroit : le chiffre peut être cité.", "The interval is narrow: the figure may be quoted."),
    "indicative": ("L'ordre de grandeur est bon : on cite l'intervalle.", "The order of magnitude is right: quote the interval."),
    "too-few": ("Le hasard ajouté couvre le chiffre, qui n'est pas montré.", "The added chance covers the figure, which is not shown."),
    "network": ("Les lieux qui ont signé la même charte.", "The venues that signed the same charter."),
    "cluster": ("Au moins trois petits lieux qui paraissent ensemble, pour qu'aucun ne soit exposé seul.", "At least three small venues that appear together, so that none is exposed alone."),
    "flow": ("Des personnes vues pour la première fois dans un lieu, puis dans un autre, dans les 30, 90 ou 365 jours.", "People first seen at one venue, then at another, within 30, 90 or 365 days."),
    "shared": ("Les personnes vues dans l'un et l'autre de deux lieux, dans la saison.", "People seen at both of two venues in the season."),
    "lead": ("Le nombre de jours entre l'achat et la venue.", "The number of days between buying and coming."),
    "median": ("La moitié des gens est en dessous, l'autre au-dessus ; les quartiles coupent au quart et aux trois quarts.", "Half of the people are below it and half above; the quartiles cut at a quarter and three quarters."),
    "newcomer": ("Une personne que ce lieu ne connaissait pas dans les 36 mois d'avant. Le réseau peut déjà la connaître.", "Somebody whom this venue had not known in the 36 months before. The network may know them already."),
    "assiduous": ("Une personne venue au moins deux fois par saison, deux saisons de suite.", "Somebody who came at least twice a season, two seasons in a row."),
    "coverage": ("La part des billets dont l'acheteur est identifié et consent : tout le reste est invisible ici.", "The share of tickets whose buyer is identified and consents: all the rest is invisible here."),
    "holdout": ("Des personnes choisies pour l'offre d'un partenaire et laissées de côté, au hasard : sans elles, on ne saurait pas si l'offre a servi.", "People selected for a partner's offer and left alone, by lot: without them, nobody would know whether the offer was of use."),
    "lift": ("La part venue parmi les personnes à qui l'on a écrit, moins la part venue dans le groupe témoin.", "The share that came of those written to, less the share that came of the hold-out."),
    "charter": ("Le document que chaque lieu a signé : ce qui peut sortir d'un lieu, pour quoi, et ce qu'une édition peut dépenser.", "The document that every venue signed: what may leave a venue, for what, and what an edition may spend."),
    "budget": ("Le total de ce que toutes les publications d'une saison peuvent révéler d'une personne. Il ne se recharge pas.", "The total of what all the publications of a season may reveal about one person. It is never refilled."),
    "rho": ("Deux mesures du même prix de confidentialité. Les ρ s'additionnent ; ε se lit : plus il est petit, mieux chacun est protégé.", "Two measures of the same privacy price. The ρ add up; ε can be read: the smaller, the better everyone is protected."),
    "custodian": ("L'organisme, distinct du serveur, sans lequel aucun pseudonyme ne peut être fait.", "The body, apart from the server, without which no pseudonym can be made."),
    "pseudonym": ("Un nombre au hasard à la place d'un nom. Ce n'est pas de l'anonymat : seules les éditions sont anonymes.", "A random number in the place of a name. It is not anonymity: only the editions are anonymous."),
    "erratum": ("L'annonce publique qu'une édition est retirée, et pourquoi.", "The public notice that an edition is withdrawn, and why."),
}  # fmt: skip

WORDS: Final[Words] = {
    "nav": ("Glossaire", "Glossary"),
    "title": ("Glossaire", "Glossary"),
    "lead": ("Les mots de ces pages, tels qu'on les emploie ici.", "The words of these pages, as they are used here."),
    "so_citizen": ("Un mot manque ou reste obscur ? L'écrire à la coordination du réseau : son adresse est sur la page « Le réseau ».", "Is a word missing or still obscure? Write to the network's coordinator: the address is on the page 'The network'."),
}  # fmt: skip
