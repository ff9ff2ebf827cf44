"""Words of « Questions »."""

from typing import Final

from hub.web.words import Words

WORDS: Final[Words] = {
    "nav": ("Questions", "Questions"),
    "title": ("Poser une question", "Ask a question"),
    "lead": ("Choisissez une question, remplissez ses blancs : la réponse vient avec son intervalle, son prix et son tableau.", "Choose a question, fill in its blanks: the answer comes with its interval, its price and its table."),
    "free": ("Demander ne coûte rien : tout ce qui se lit ici a été payé et publié une fois pour toutes.", "Asking costs nothing: all that can be read here was paid for and published once and for all."),
    "count": ("{answered} questions sur {all} ont une réponse dans l'édition « {edition} ».", "{answered} questions of {all} are answered in the edition '{edition}'."),
    "answered": ("réponse dans l'édition", "answered"),
    "not_yet": ("pas dans cette édition", "not in this edition"),
    "never": ("sans réponse", "no answer"),
    "theme_lead": ("Délais d'achat", "Lead times"),
    "theme_loyalty": ("Fidélité et nouveaux publics", "Loyalty and newcomers"),
    "theme_origin": ("Provenance", "Where audiences come from"),
    "theme_flows": ("Circulation entre les lieux", "Flows between venues"),
    "theme_taste": ("Goûts et disciplines", "Tastes and disciplines"),
    "theme_sales": ("Vente, calendrier, satisfaction", "Sales, calendar, satisfaction"),
    "theme_all": ("Qui est compté", "Who is counted"),
    "theme_never": ("Ce que l'observatoire ne dit pas, et pourquoi", "What the observatory does not say, and why"),
    "back": ("Toutes les questions", "All questions"),
    "which": ("Ce que l'on regarde", "What to look at"),
    "ask": ("Répondre", "Answer"),
    "answer": ("La réponse", "The answer"),
    "covered_answer": ("Trop peu de monde : le hasard ajouté couvre ce chiffre, qui n'est pas dit. Tout ce que l'on peut affirmer : {span}.", "Too few people: the added chance covers this figure, which is not told. All that can be said: {span}."),
    "no_row": ("L'édition n'a pas de chiffre pour ce choix-là. Les plus proches qu'elle ait :", "The edition has no figure for this choice. The nearest that it has:"),
    "same_place": ("Choisissez deux lieux différents.", "Choose two different venues."),
    "price_one": ("Le prix", "The price"),
    "price_told": ("Ce tableau et ceux de la même mesure ont coûté ρ = {rho} (seuls, ε ≈ {epsilon} à δ = {delta}).", "This table and those of the same measure cost ρ = {rho} (alone, ε ≈ {epsilon} at δ = {delta})."),
    "price_share": ("C'est {share} % de ce que la charte permet dans la saison. La relire ne coûte rien de plus.", "That is {share}% of what the charter allows in the season. Reading it again costs nothing more."),
    "price_free": ("La relire ne coûte rien de plus.", "Reading it again costs nothing more."),
    "limit": ("Ce qui reste non dit", "What stays unsaid"),
    "table": ("Le tableau", "The table"),
    "why_not": ("Pourquoi il n'y a pas de réponse", "Why there is no answer"),
    "nearest": ("Demandez plutôt", "Ask instead"),
    "nearest_none": ("L'édition ne répond à aucune question proche.", "The edition answers no question nearby."),
    "foretell": ("Voir ce qu'un réseau de cette taille pourrait savoir, et à quel prix", "See what a network of this size could know, and at what price"),
    "so_coordinator": ("Copiez la phrase avec son intervalle : elle tient devant une assemblée. Ce qui n'est pas dans l'édition se demande pour la prochaine.", "Copy the sentence with its interval: it stands up in a meeting. What is not in the edition can be asked of the next one."),
    "so_venue": ("L'adresse de la page garde votre choix : envoyez-la, elle redira la même réponse.", "The page's address keeps your choice: send it, and it will say the same answer again."),
}  # fmt: skip
