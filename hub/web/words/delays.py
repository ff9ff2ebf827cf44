"""Words of « Délais »."""

from typing import Final

from hub.web.words import Words

WORDS: Final[Words] = {
    "nav": ("Délais", "Lead times"),
    "title": ("Délais d'achat", "Lead times"),
    "lead": ("Combien de jours avant la venue le billet est-il acheté, selon l'âge, la distance et la discipline.", "How many days before the visit the ticket is bought, by age, distance and discipline."),
    "question": ("La question", "The question"),
    "q_start": ("Les", "People aged"),
    "q_live": ("qui habitent", "who live"),
    "q_of": ("d'un lieu de discipline", "from a venue of"),
    "q_end": ("achètent leur billet combien de jours avant ?", "buy their ticket how many days ahead?"),
    "near": ("à moins de 20 km", "less than 20 km"),
    "d_0-5": ("à moins de 5 km", "less than 5 km"),
    "d_5-20": ("entre 5 et 20 km", "5 to 20 km"),
    "d_20-50": ("entre 20 et 50 km", "20 to 50 km"),
    "d_50-100": ("entre 50 et 100 km", "50 to 100 km"),
    "d_100+": ("à plus de 100 km", "more than 100 km"),
    "answer": ("Répondre", "Answer"),
    "answer_days": ("avant la venue", "before the visit"),
    "answer_text": ("La moitié de ces achats se font {value} avant la venue ou plus tard ({span}).", "Half of these purchases are made {value} before the visit or later ({span})."),
    "quarter": ("Un quart se fait {first} avant ou plus tard ; un autre quart, {third} avant ou plus tôt.", "A quarter are made {first} before or later; another quarter, {third} before or earlier."),
    "silent": ("Trop peu de monde pour répondre à cette question dans cette édition : le hasard ajouté couvrirait la réponse.", "Too few people to answer this question in this edition: the added chance would cover the answer."),
    "nearest": ("Ce que l'édition sait dire de proche :", "What the edition can say nearby:"),
    "by_distance": ("Achète-t-on plus tôt quand on habite loin ?", "Do people who live farther buy earlier?"),
    "by_age": ("Selon l'âge et la discipline", "By age and discipline"),
    "by_moment": ("Quelle part au dernier moment ?", "What share at the last moment?"),
    "detail": ("Selon l'âge et la distance : {discipline}", "By age and distance: {discipline}"),
    "drift": ("Achète-t-on plus tard qu'avant ?", "Do people buy later than before?"),
    "so_venue": ("Si la moitié des achats d'un public se font dans les trois jours, un message envoyé deux semaines avant le manque : le décaler, et garder des places pour le dernier moment.", "If half of an audience buys within three days, a message sent two weeks ahead misses it: move it, and keep seats for the last moment."),
    "so_coordinator": ("Répondre à « les jeunes achètent-ils tard ? » avec un nombre de jours et son intervalle, puis comparer à la saison suivante.", "Answer 'do the young buy late?' with a number of days and its interval, then compare with the next season."),
    "so_partner": ("Transports, hôtels et offices de tourisme : le délai dit quand une offre jointe au billet a une chance d'être lue.", "Transport, hotels and tourist offices: the lead time says when an offer beside the ticket may be read."),
}  # fmt: skip
