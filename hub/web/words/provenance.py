"""Words of « Provenance »."""

from typing import Final

from hub.web.words import Words

WORDS: Final[Words] = {
    "nav": ("Provenance", "Origins"),
    "title": ("Provenance", "Where people come from"),
    "lead": ("D'où viennent les publics de chaque lieu, quels territoires le réseau touche, et d'où l'on viendra.", "Where each venue's audience comes from, which areas the network reaches, and where people will come from."),
    "of_place": ("D'où vient le public de « {place} » ?", "Where does the audience of '{place}' come from?"),
    "of_place_epci": ("De quelles intercommunalités vient le public de « {place} » ?", "Which groups of communes does the audience of '{place}' come from?"),
    "epci_few": ("Trop peu de monde dans chaque intercommunalité, ou trop d'adresses inconnues ou lointaines, pour rien dire de ce lieu. Ses départements se lisent plus haut ; un autre lieu, ou une édition plus longue, peut en dire davantage.", "Too few people in each group of communes, or too many addresses that are unknown or far away, to say anything of this venue. Its départements are told above; another venue, or a longer edition, may tell more."),
    "epci_charter": ("Ce tableau n'existe que parce que la charte de ce réseau laisse partir l'intercommunalité des personnes. Elle ne part que là où, dans le département, elle compte 10 000 habitants ou plus ; ceux dont elle est tue y sont 10 000 au moins, ou tous ceux du territoire.", "This table exists only because this network's charter lets people's group of communes leave. It leaves only where it has 10,000 inhabitants or more in the département; those whose group is left out are 10,000 there at least, or all those of the territory."),
    "place": ("Lieu", "Venue"),
    "map": ("Carte des départements", "Map of the départements"),
    "legend_few": ("trop peu de monde", "too few people"),
    "legend_none": ("non détaillé", "not detailed"),
    "legend_scale": ("de {low} à {high}", "{low} to {high}"),
    "map_source": ("Fond de carte © Victor Cazanave, svg-maps (CC BY 4.0). Départements d'outre-mer et pays : dans les données.", "Base map © Victor Cazanave, svg-maps (CC BY 4.0). Overseas départements and countries: in the data."),
    "reach": ("Quels territoires le réseau touche-t-il ?", "Which areas does the network reach?"),
    "white": ("Où vient-on moins qu'attendu ?", "Where do fewer people come than expected?"),
    "far": ("Vient-on de loin ?", "Do people come from far?"),
    "shop": ("D'où viendra-t-on ?", "Where will people come from?"),
    "month": ("Mois", "Month"),
    "qpv": ("Les quartiers prioritaires", "Priority districts"),
    "so_venue": ("Traduire le site et la signalétique pour les départements et pays qui viennent ; placer l'affichage là où la part est réelle, non là où on l'imagine.", "Translate the site and the signs for the areas that come; put posters where the share is real, not where one imagines it."),
    "so_coordinator": ("Montrer la carte aux élus avec ses hachures : un blanc n'est pas une absence de public, c'est une absence de chiffre.", "Show the map to elected officials with its hatching: a blank is not an absence of audience, it is an absence of figure."),
    "so_partner": ("Une collectivité peu touchée peut proposer un car, un tarif, une représentation hors les murs, et regarder l'édition suivante.", "An authority whose area is little reached can offer a coach, a rate, an outside show, and look at the next edition."),
}  # fmt: skip
