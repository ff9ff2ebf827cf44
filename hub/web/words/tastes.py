"""Words of « Goûts »."""

from typing import Final

from hub.web.words import Words

WORDS: Final[Words] = {
    "nav": ("Goûts", "Tastes"),
    "title": ("Goûts", "Tastes"),
    "lead": ("D'une discipline à l'autre : ce que l'on voit aussi, ce qui fait découvrir, et qui sort de sa bulle.", "From one discipline to another: what else people see, what makes them discover, and who leaves their bubble."),
    "crossing": ("À quoi va-t-on aussi ?", "What else do people attend?"),
    "affinity": ("L'une, l'autre ou les deux ?", "One, the other or both?"),
    "affinity_lead": ("Choisir deux disciplines, et voir comment leurs assidus se partagent.", "Choose two disciplines and see how their regulars divide."),
    "one": ("Une discipline", "One discipline"),
    "other": ("et une autre", "and another"),
    "affinity_none": ("L'édition ne croise pas ces deux disciplines.", "The edition does not cross these two disciplines."),
    "typology": ("Cinq familles d'assidus", "Five families of regulars"),
    "bridges": ("Ce qui fait découvrir", "What makes people discover"),
    "bubble": ("Sort-on de sa bulle ?", "Do people leave their bubble?"),
    "satisfaction": ("Est-on content ?", "Are people pleased?"),
    "so_venue": ("Programmer une œuvre passerelle avec un voisin de l'autre discipline, et regarder si elle paraît dans l'édition suivante.", "Programme a bridge work with a neighbour of the other discipline, and see whether it appears in the next edition."),
    "so_coordinator": ("Une part faible n'est pas un échec : comparer à l'intervalle, et à la saison d'avant quand elle paraît.", "A small share is no failure: compare it with the interval, and with the season before when it is published."),
    "so_partner": ("Choisir des couples de disciplines dont les publics se croisent déjà un peu : l'invitation y coûte moins.", "Choose pairs of disciplines whose audiences already cross a little: an invitation costs less there."),
}  # fmt: skip
