"""Words of « Fidélité »."""

from typing import Final

from hub.web.words import Words

WORDS: Final[Words] = {
    "nav": ("Fidélité", "Loyalty"),
    "title": ("Fidélité", "Loyalty"),
    "lead": ("Combien de fois l'on vient, qui vient pour la première fois, et qui revient.", "How often people come, who comes for the first time, and who returns."),
    "ladder": ("L'échelle de la fidélité", "The ladder of loyalty"),
    "ladder_lead": ("D'abord les personnes, puis les visites qu'elles font.", "First the people, then the visits that they make."),
    "spread": ("Un lieu ou plusieurs ?", "One venue or several?"),
    "firsts": ("Qui vient pour la première fois ?", "Who comes for the first time?"),
    "returns": ("Les nouveaux reviennent-ils ?", "Do newcomers return?"),
    "when": ("Quand viennent-ils ?", "When do they come?"),
    "young": ("Et les jeunes ?", "And the young?"),
    "channels": ("Par où achète-t-on ?", "How do people buy?"),
    "so_venue": ("Écrire aux personnes venues une seule fois avant la fin de la saison : la deuxième visite décide de la suite.", "Write to people who came only once before the season ends: the second visit decides the rest."),
    "so_coordinator": ("Dire aux élus que « perdu pour un lieu » n'est pas « perdu pour le réseau » : les deux pages se lisent ensemble.", "Tell elected officials that 'lost to one venue' is not 'lost to the network': read the two together."),
    "so_partner": ("Un abonnement de découverte vise le premier barreau de l'échelle, un abonnement commun le dernier.", "A discovery subscription aims at the first rung of the ladder, a joint one at the last."),
}  # fmt: skip
