"""What venues call their columns, in French and in English; compared without case or accents."""

import functools
import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SPLIT: Final = re.compile(r"[^a-z0-9]+|(?<=[a-z])(?=\d)")
CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
EMPTY_WORDS: Final = frozenset(
    ["de", "du", "des", "la", "le", "les", "l", "d", "un", "une", "the", "of", "a", "au", "aux"]
)
NAMES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "ticket": ("numero billet", "no billet", "n billet", "id billet", "billet", "code barre",
                   "ticket", "ticket id", "ticket number", "barcode", "attendee", "id place"),
        "order": ("reservation", "numero reservation", "commande", "numero commande", "id commande",
                  "reference commande", "ref commande", "dossier", "numero dossier", "transaction",
                  "order", "order id", "order number", "booking", "panier"),
        "booked": ("date reservation", "date commande", "date achat", "date vente", "date transaction",
                   "order date", "booking date", "purchase date", "achete le", "vendu le", "commande le"),
        "booked_time": ("heure reservation", "heure commande", "heure achat", "heure vente", "order time"),
        "event_date": ("date representation", "date spectacle", "date seance", "date evenement",
                       "date visite", "date session", "date manifestation", "event date",
                       "event start date", "session date", "visit date", "seance", "jour visite"),
        "event_time": ("heure representation", "heure spectacle", "heure seance", "heure evenement",
                       "heure visite", "event start time", "session time", "heure debut"),
        "title": ("spectacle", "titre", "titre spectacle", "nom spectacle", "libelle spectacle",
                  "evenement", "nom evenement", "manifestation", "exposition", "event", "event name",
                  "event title", "title", "show", "libelle manifestation", "oeuvre"),
        "event_key": ("cle spectacle", "id spectacle", "code spectacle", "id evenement",
                      "code evenement", "code manifestation", "event id"),
        "channel": ("filiere vente", "filiere", "canal", "canal vente", "point vente", "guichet",
                    "channel", "sales channel", "reseau vente"),
        "product": ("type produit", "produit", "tarif", "nom tarif", "libelle tarif", "type billet",
                    "type tarif", "ticket type", "price type", "formule"),
        "status": ("statut", "etat", "statut billet", "statut commande", "etat billet", "status",
                   "attendee status", "order status"),
        "price": ("prix", "montant", "prix ttc", "montant ttc", "prix billet", "montant tarif",
                  "price", "amount", "total paid", "prix unitaire"),
        "satisfaction": ("satisfaction", "note", "note satisfaction", "nps", "rating"),
        "last_name": ("nom", "nom famille", "nom client", "nom acheteur", "nom payeur", "nom contact",
                      "last name", "lastname", "surname", "family name"),
        "first_name": ("prenom", "prenom client", "prenom acheteur", "prenom payeur", "first name",
                       "firstname", "given name", "forename"),
        "email": ("email", "e mail", "mail", "courriel", "adresse mail", "adresse email", "mel",
                  "adresse electronique", "email address", "email client", "email payeur"),
        "phone": ("telephone", "tel", "portable", "mobile", "telephone portable", "tel portable",
                  "gsm", "phone", "phone number", "cell phone", "mobile phone", "sms", "numero telephone"),
        "customer": ("numero client", "id client", "code client", "client", "ref client",
                     "customer id", "customer number", "id contact", "id acheteur", "matricule client"),
        "street": ("adresse", "rue", "adresse postale", "voie", "address", "street", "address line",
                   "home address 1", "adresse 1"),
        "city": ("ville", "commune", "localite", "city", "town", "home city"),
        "postcode": ("code postal", "cp", "postal", "postcode", "zip", "zip code", "postal code",
                     "home zip"),
        "country": ("pays", "country", "home country", "nation"),
        "age": ("age",),
        "birth_date": ("date naissance", "naissance", "ne le", "birth date", "date birth", "birthday", "dob"),
        "qpv": ("qpv", "quartier prioritaire", "quartier politique ville"),
        "category": ("categorie client", "type client", "categorie contact", "type contact", "profil client",
                     "type structure", "customer category", "customer type", "contact type"),
    }
)  # fmt: skip
CONSENT: Final = ("optin", "opt in", "consentement", "consent", "accepte", "accord", "newsletter",
                  "partage", "partenaires", "rgpd", "gdpr", "accepts", "agree", "lettre information")  # fmt: skip
SENSITIVE: Final = ("handicap", "handicape", "handicapee", "pmr", "mobilite reduite", "invalidite", "mdph", "sante",
                    "medical", "maladie", "religion", "religieux", "confession", "culte", "opinion", "syndicat",
                    "syndical", "politique", "orientation", "sexualite", "ethnie", "origine ethnique", "ethnicity",
                    "disability", "disabled", "wheelchair", "health", "religious", "political", "casier", "allergie",
                    "regime alimentaire", "dietary")  # fmt: skip
HARMLESS: Final = ("politique confidentialite", "politique cookies", "politique ville", "politique donnees",
                   "politique protection", "orientation scolaire")  # fmt: skip
OPENINGS: Final = (
    "open",
    "opened",
    "opens",
    "ouverture",
    "ouvertures",
    "ouvert",
    "lecture",
    "lu",
    "read",
)
BOUGHT: Final = ("achete", "achetee", "achetes", "achetees", "loue", "louee", "loues", "louees", "bought",
                 "rented", "purchased list", "location fichier", "achat fichier", "listing")  # fmt: skip
"""What a file is called that people did not give the house."""
ORIGINS: Final = (
    *BOUGHT,
    "achat",
    "location",
    "purchased",
    "purchase",
    "rental",
    "echange",
    "exchange",
    "broker",
)
"""What the tool says of where a contact comes from, when it is from elsewhere."""


@functools.cache
def words_of(header: str) -> tuple[str, ...]:
    """Return the words of a header that mean something: « Date de réservation » is date, reservation."""
    plain = unicodedata.normalize("NFKD", CAMEL.sub(" ", header)).encode("ascii", "ignore").decode()
    found = [word for word in SPLIT.split(plain.lower()) if word]
    return tuple(word for word in found if word not in EMPTY_WORDS) or tuple(found)


def likeness(header: str, field: str) -> float:
    """Return from 0 to 1 how much *header* is one of the names of *field*.

    1: it is one. Else a name of which all the words are there, by its share of the header's words.
    """
    words = words_of(header)
    best = 0.0
    for name in NAMES[field]:
        parts = words_of(name)
        if parts == words or "".join(parts) == "".join(words):
            return 1.0
        if set(parts) <= set(words):
            best = max(best, 0.4 + 0.5 * len(parts) / len(words))
    return best


def speaks_of(header: str, subjects: tuple[str, ...]) -> bool:
    """Return whether *header* has all the words of one of *subjects*."""
    words = set(words_of(header))
    return any(set(words_of(subject)) <= words for subject in subjects)


def is_sensitive(header: str) -> bool:
    """Return whether a column so called tells of health, disability, religion or opinion."""
    return speaks_of(header, SENSITIVE) and not speaks_of(header, HARMLESS)
