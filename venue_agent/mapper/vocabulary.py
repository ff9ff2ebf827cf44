"""Words that box offices use for how a ticket was sold, and of which kind it is: those alone are written."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from venue_agent.sources.tables import same_words

CHANNELS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "counter": ("guichet", "caisse", "billetterie", "sur place", "accueil", "counter", "box office"),
        "online": ("internet", "web", "en ligne", "site", "site internet", "site web", "online", "vel"),
        "phone": ("téléphone", "telephone", "tel", "tél", "par téléphone", "phone"),
        "reseller": ("digitick", "fnac", "france billet", "ticketmaster", "ticketac", "billetreduc",
                     "billetréduc", "see tickets", "revendeur", "revendeurs", "theatre online"),
        "group": ("groupe", "groupes", "scolaire", "scolaires", "ce", "cse", "collectivité",
                  "collectivités", "group", "groups"),
    }
)  # fmt: skip
SUBSCRIBERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "yes": ("abonnement", "abonnements", "abonné", "abonnés", "abo", "carte", "pass", "subscription"),
        "no": ("place individuelle", "individuel", "billet individuel", "hors abonnement", "single"),
    }
)  # fmt: skip
NOT_SEATS: Final = ("annulé", "annulée", "annule", "remboursé", "remboursée", "refunded", "cancelled",
                    "canceled", "not attending", "échangé", "refusé")  # fmt: skip


def known_words(texts: Iterable[str], table: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return what each of *texts* means, for those that are in *table*; no other text is repeated."""
    meanings = {word: meaning for meaning, words in table.items() for word in words}
    found = {text: meanings.get(same_words(text), "") for text in texts}
    return {text: meaning for text, meaning in found.items() if meaning}


def values_of(columns: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """Return the ``[values]`` that the cells of ``channel``, ``product`` and ``status`` tell."""
    told: dict[str, Any] = {
        "channel": known_words(columns.get("channel", ()), CHANNELS),
        "subscriber": known_words(columns.get("product", ()), SUBSCRIBERS),
        "drop_status": [t for t in columns.get("status", ()) if same_words(t) in NOT_SEATS],
    }
    return {name: value for name, value in told.items() if value}
