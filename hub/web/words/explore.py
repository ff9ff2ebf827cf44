"""Words of the charts that are explored: what may be shown or hidden, how to move, what a picture says to those who do not see it."""

from typing import Final

from hub.web.words import Words

WORDS: Final[Words] = {
    "sure_only": ("Ne garder que le presque sûr", "Keep the almost sure only"),
    "bigger": ("Agrandir", "Zoom in"),
    "smaller": ("Réduire", "Zoom out"),
    "whole": ("Tout voir", "See all"),
    "hint": ("Les flèches du clavier vont d'un chiffre à l'autre ; le chiffre se lit sous le graphique.", "The arrow keys go from one figure to the next; the figure is read under the chart."),
    "touch": ("Toucher un chiffre pour le lire ; les flèches du clavier vont de l'un à l'autre.", "Touch a figure to read it; the arrow keys go from one to the next."),
    "few": ("Hachures : trop peu de monde.", "Hatched: too few people."),
    "dotted": ("Pointillé : trop peu de monde.", "Dotted: too few people."),
    "interval": ("Trait : intervalle à 95 %.", "Line: 95% interval."),
    "pale": ("Pâle : indicatif.", "Pale: indicative."),
    "about_heat": ("Tableau teinté de {count} chiffres : {title}", "Shaded table of {count} figures: {title}"),
    "about_ring": ("Anneau de {count} liens entre lieux : {title}", "Ring of {count} links between venues: {title}"),
    "about_flows": ("Carte de {count} passages entre lieux : {title}", "Map of {count} passages between venues: {title}"),
    "about_areas": ("Carte de {count} départements : {title}", "Map of {count} départements: {title}"),
    "about_spans": ("Graphique de {count} chiffres et de leurs intervalles : {title}", "Chart of {count} figures and their intervals: {title}"),
    "ladder-persons": ("Personnes", "People"),
    "ladder-visits": ("Part des visites, en %", "Share of visits, in %"),
    "ladder": ("Les personnes et leurs visites", "People and their visits"),
}  # fmt: skip
