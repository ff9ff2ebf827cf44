"""Words of the fragment that a house puts on its own site."""

from typing import Final

from hub.web.words import Words

WORDS: Final[Words] = {
    "widget_title": ("Vous aimerez aussi", "You may also like"),
    "widget_popular": ("Les lieux les plus fréquentés du réseau", "The network's most visited venues"),
    "widget_none": ("Pas encore de suggestion.", "No suggestion yet."),
    "widget_group": ("{count} lieux réunis", "{count} venues together"),
    "widget_from": ("D'après les publics communs, {title}.", "From shared audiences, {title}."),
    "widget_how": ("Comment c'est fait", "How this is made"),
}  # fmt: skip
