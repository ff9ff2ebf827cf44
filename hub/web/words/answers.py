"""The answers to the catalogue's questions as sentences, by table: keys, ``{value}`` and ``{span}`` are filled in."""

from typing import Final

from hub.web.words import Words

SENTENCES: Final[Words] = {
    "reach-network": ("Environ {value} personnes différentes sont venues dans au moins un lieu du réseau ({span}).", "About {value} different people came to at least one venue of the network ({span})."),
    "reach-venues": ("Environ {value} personnes différentes sont venues à « {place} » ({span}).", "About {value} different people came to '{place}' ({span})."),
    "reach-spread": ("Environ {value} personnes fréquentent {places} ({span}).", "About {value} people go to {places} ({span})."),
    "reach-shares": ("{value} du public du réseau fréquente {places} ({span}).", "{value} of the network's audience goes to {places} ({span})."),
    "ladder-persons": ("Environ {value} personnes sont venues {visits} dans la période ({span}).", "About {value} people came {visits} in the period ({span})."),
    "ladder-visits": ("Les personnes venues {visits} font {value} des visites ({span}).", "People who came {visits} make {value} of the visits ({span})."),
    "pairs": ("Environ {value} personnes sont venues à la fois à « {place_a} » et à « {place_b} » ({span}).", "About {value} people came to both '{place_a}' and '{place_b}' ({span})."),
    "flows": ("Après une première venue à « {from} », environ {value} personnes sont venues à « {to} » {lag} ({span}).", "After a first visit to '{from}', about {value} people came to '{to}' {lag} ({span})."),
    "flows-balance": ("« {place} » reçoit {value} personnes de plus qu'il n'en envoie ({span}) ; en dessous de zéro, il en envoie davantage.", "'{place}' receives {value} more people than it sends ({span}); below zero, it sends more."),
    "lead-near": ("À moins de 20 km du lieu, {part} des achats des {age} ({discipline}) se font {value} avant la venue, ou plus tôt ({span}).", "Within 20 km of the venue, {part} of purchases by people aged {age} ({discipline}) are made {value} ahead, or earlier ({span})."),
    "lead-distance": ("Quand on habite à une distance de {distance}, {part} des achats se font {value} avant la venue, ou plus tôt ({span}).", "For homes at a distance of {distance}, {part} of purchases are made {value} ahead, or earlier ({span})."),
    "lead-detail": ("{part_first} des achats des {age} habitant à une distance de {distance} ({discipline}) se font {value} avant la venue, ou plus tôt ({span}).", "{part_first} of purchases by people aged {age} living at a distance of {distance} ({discipline}) are made {value} ahead, or earlier ({span})."),
    "lead-shares": ("{value} des achats ({discipline}) se font {lead_days} ({span}).", "{value} of purchases ({discipline}) are made {lead_days} ({span})."),
    "provenance": ("{value} du public de « {place} » habite ce département : {departement} ({span}).", "{value} of the audience of '{place}' lives in this département: {departement} ({span})."),
    "provenance-epci": ("{value} du public de « {place} » habite cette intercommunalité : {epci} ({span}).", "{value} of the audience of '{place}' lives in this group of communes: {epci} ({span})."),
    "channels-age": ("Âge : {age}. {value} des achats se font {channel} ({span}).", "Age: {age}. {value} of purchases are made {channel} ({span})."),
    "channels-discipline": ("Discipline : {discipline}. {value} des achats se font {channel} ({span}).", "Discipline: {discipline}. {value} of purchases are made {channel} ({span})."),
    "channels-new": ("Parmi les personnes qui ont acheté {channel}, {value} n'étaient pas connues du lieu ({span}).", "Of the people who bought {channel}, {value} were not known to the venue ({span})."),
    "young-network": ("{value} du public du réseau dont on connaît l'âge a 18 à 25 ans ({span}).", "{value} of the network's audience of known age is 18 to 25 ({span})."),
    "young-places": ("{value} du public de « {place} » dont on connaît l'âge a 18 à 25 ans ({span}).", "{value} of the audience of '{place}' of known age is 18 to 25 ({span})."),
    "firsts": ("{value} du public de « {place} » y vient pour la première fois ({span}).", "{value} of the audience of '{place}' comes there for the first time ({span})."),
    "firsts-elsewhere": ("Parmi les personnes nouvelles à « {place} », {value} étaient déjà venues dans un autre lieu du réseau ({span}).", "Of the people new to '{place}', {value} had already come to another venue of the network ({span})."),
    "season-months": ("{value} des venues de la période tombent en {month} ({span}).", "{value} of the period's visits fall in {month} ({span})."),
    "season-weekdays": ("{value} des venues tombent un {weekday} ({span}).", "{value} of visits fall on a {weekday} ({span})."),
    "season-cells": ("{value} des venues de la période tombent un {weekday} de {month} ({span}).", "{value} of the period's visits fall on a {weekday} of {month} ({span})."),
    "tourists-places": ("{value} des venues à « {place} » sont de plus de 100 km ou de l'étranger ({span}).", "{value} of visits to '{place}' are from over 100 km or abroad ({span})."),
    "crossing": ("Parmi les personnes qui ont vu cette discipline ({discipline}), {value} ont aussi vu celle-ci : {also} ({span}).", "Of the people who saw this discipline ({discipline}), {value} also saw this one: {also} ({span})."),
    "penetration": ("Sur 10 000 habitants de ce département ({departement}), environ {value} sont venus dans un lieu du réseau ({span}).", "Of 10,000 inhabitants of this département ({departement}), about {value} came to a venue of the network ({span})."),
    "shop": ("En {month}, {value} des visiteurs habitaient ce département : {departement} ({span}).", "In {month}, {value} of visitors lived in this département: {departement} ({span})."),
    "potential": ("Environ {value} personnes du réseau, à 20 km au plus de « {place} », aiment ce qu'il programme et n'y sont pas venues ({span}).", "About {value} people of the network, within 20 km of '{place}', like what it programmes and have not come ({span})."),
    "coverage": ("À « {place} », {value} des billets au moins ont un acheteur identifié et consentant ({span}).", "At '{place}', at least {value} of tickets have an identified, consenting buyer ({span})."),
    "returns": ("{value} des personnes nouvelles à « {place} » y sont revenues la saison suivante ({span}).", "{value} of the people new to '{place}' came back there the next season ({span})."),
    "returns-lost": ("{value} des personnes nouvelles à « {place} » n'ont plus été vues dans aucun lieu du réseau la saison suivante ({span}).", "{value} of the people new to '{place}' were seen at no venue of the network the next season ({span})."),
    "returns-network": ("{value} des personnes nouvelles dans le réseau n'y ont plus été vues la saison suivante ({span}).", "{value} of the people new to the network were not seen in it the next season ({span})."),
    "bubble": ("{value} des venues des assidus se font hors de leur discipline habituelle ({span}).", "{value} of assiduous people's visits are outside their usual discipline ({span})."),
    "typology": ("Environ {value} personnes : {family} ({span}).", "About {value} people: {family} ({span})."),
    "typology-shares": ("{value} des assidus : {family} ({span}).", "{value} of assiduous people: {family} ({span})."),
    "qpv-network": ("{value} du public du réseau dont on sait le dire habite en quartier prioritaire ({span}).", "{value} of the network's audience for whom it is known lives in a priority district ({span})."),
    "qpv-places": ("{value} du public de « {place} » dont on sait le dire habite en quartier prioritaire ({span}).", "{value} of the audience of '{place}' for whom it is known lives in a priority district ({span})."),
    "satisfaction-low": ("Discipline : {discipline}. {value} des personnes qui ont répondu sont insatisfaites ({span}).", "Discipline: {discipline}. {value} of those who answered are dissatisfied ({span})."),
    "cooperation-lift": ("Pour la demande « {operation} », sur 100 personnes choisies, {value} de plus sont venues quand on leur a écrit ({span}) ; en dessous de zéro, il en est venu moins.", "For the request '{operation}', of 100 people selected, {value} more came when they were written to ({span}); below nought, fewer came."),
    "cooperation-came": ("Pour la demande « {operation} », {value} des personnes de ce groupe ({arm}) sont venues chez le partenaire ({span}).", "For the request '{operation}', {value} of the people of this group ({arm}) came to the partner ({span})."),
    "cooperation-contacts": ("Pour la demande « {operation} », « {place} » a écrit à environ {value} personnes ({span}).", "For the request '{operation}', '{place}' wrote to about {value} people ({span})."),
    "reciprocity": ("Les lettres de « {from} » ont été suivies d'environ {value} visites à « {to} » ({span}).", "Letters from '{from}' were followed by about {value} visits to '{to}' ({span})."),
    "reciprocity-balance": ("Par les lettres, « {place} » reçoit {value} visites de plus qu'il n'en envoie ({span}) ; en dessous de zéro, il en envoie davantage.", "By letters, '{place}' receives {value} more visits than it sends ({span}); below nought, it sends more."),
    "any": ("{title} {names} : {value} ({span}).", "{title} {names}: {value} ({span})."),
}  # fmt: skip
"""By table; ``any`` for a table that has no sentence of its own."""

PARTS: Final[Words] = {
    "median": ("la moitié", "half"),
    "first-quartile": ("les trois quarts", "three quarters"),
    "third-quartile": ("le quart", "one quarter"),
}
"""Purchases made at least so early: half of them before the median, three quarters before the first quartile."""
