"""Words of « Circulation »."""

from typing import Final

from hub.web.words import Words

WORDS: Final[Words] = {
    "nav": ("Circulation", "Flows"),
    "title": ("Circulation", "Flows between venues"),
    "lead": ("Quels lieux partagent leurs publics, et où l'on va après une première visite.", "Which venues share their audiences, and where people go after a first visit."),
    "view": ("Vue", "View"),
    "view_matrix": ("Tableau", "Table"),
    "view_chord": ("Corde", "Ring"),
    "view_map": ("Carte", "Map"),
    "shared": ("Les publics en commun", "Shared audiences"),
    "shared_none": ("Aucune paire de lieux ne se détache assez du hasard pour être nommée seule.", "No pair of venues stands out enough from chance to be named alone."),
    "shared_tie": ("Les plus grands publics communs, à égalité : {list} ; de {low} à {high} personnes pour chaque paire.", "The largest shared audiences, tied: {list}; {low} to {high} people for each pair."),
    "shared_item": ("« {a} » et « {b} »", "'{a}' and '{b}'"),
    "shared_more": ("et {count} autres paires", "and {count} other pairs"),
    "directed": ("Où va-t-on ensuite ?", "Where do people go next?"),
    "lag": ("Dans les", "Within"),
    "lag_30": ("30 jours", "30 days"),
    "lag_90": ("90 jours", "90 days"),
    "lag_365": ("365 jours", "365 days"),
    "directed_note": ("De la ligne vers la colonne : les personnes vues d'abord dans le lieu de la ligne, puis dans celui de la colonne. Case hachurée : trop peu de monde.", "From the line to the column: people first seen at the line's venue, then at the column's. Hatched: too few people."),
    "flow_none": ("Aucun passage ne se détache assez du hasard pour être nommé seul.", "No passage stands out enough from chance to be named alone."),
    "largest": ("Les plus grands passages, avec leur intervalle", "The largest passages, with their intervals"),
    "ring_text": ("Chaque arc est un lieu, chaque ruban les personnes que deux lieux partagent ; plus il est large, plus elles sont nombreuses. Un ruban pâle est indicatif. Les chiffres sont dans le tableau.", "Each arc is a venue, each ribbon the people that two venues share; the wider, the more of them. A pale ribbon is indicative. The figures are in the table."),
    "ring_quiet": ("Sans ruban, faute de monde : {names}.", "Without a ribbon, for too few people: {names}."),
    "ring_none": ("La corde n'est pas dessinée : au-delà de douze lieux elle ne se lit plus, et sans paire qui se détache du hasard elle serait vide.", "The ring is not drawn: beyond twelve venues it cannot be read, and without a pair that stands out from chance it would be empty."),
    "map_text": ("Chaque trait est un passage, plus large quand il y a plus de monde ; il penche à droite du chemin. Un trait pâle est indicatif. Les directions sont justes, les distances sont resserrées ; un groupe de petits lieux est placé en son milieu.", "Each line is a passage, wider when more people take it; it leans to the right of the way. A pale line is indicative. Directions are true, distances are drawn in; a group of small venues stands at its middle."),
    "map_none": ("La carte est vide : aucun passage ne se détache assez du hasard.", "The map is empty: no passage stands out enough from chance."),
    "balance": ("Qui envoie, qui reçoit ?", "Who sends, who receives?"),
    "pair": ("Deux lieux, de près", "Two venues, up close"),
    "pair_lead": ("Choisir deux lieux : ce qu'ils partagent, et dans quel sens on va de l'un à l'autre.", "Choose two venues: what they share, and in which direction people go from one to the other."),
    "one": ("Un lieu", "One venue"),
    "other": ("et un autre", "and another"),
    "pair_shared": ("Vues dans l'un et l'autre", "Seen at both"),
    "pair_same": ("Choisissez deux lieux différents.", "Choose two different venues."),
    "pair_way": ("De « {start} » vers « {end} »", "From '{start}' to '{end}'"),
    "so_venue": ("Un voisin partage déjà votre public : échanger des affiches, un tarif, une soirée commune. Un passage qui n'existe que dans un sens dit où il manque une invitation.", "A neighbour already shares your audience: swap posters, a rate, a joint evening. A passage that goes one way only tells where an invitation is missing."),
    "so_coordinator": ("Proposer des actions croisées là où le passage est indicatif mais réel ; regarder la même page à l'édition suivante.", "Propose joint actions where the passage is indicative but real; look at this page again in the next edition."),
    "so_partner": ("Les navettes, les horaires et les abonnements communs suivent les passages les plus larges.", "Shuttles, timetables and joint subscriptions follow the widest passages."),
}  # fmt: skip
