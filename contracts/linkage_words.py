"""Identifiers that belong to nobody in particular: placeholders and role addresses, which would join strangers."""

import functools
from typing import Final

_SEPARATORS: Final = str.maketrans("", "", "._-")

_ROLES: Final = frozenset(
    """
    abonnement abonnements accueil admin administration administrateur adherents abuse agence association billet
    billets billetterie billeterie bonjour booking boxoffice bureau caisse ce cse comite compta comptabilite
    communication contact contacts culture developpement direction ecole facturation groupe groupes guichet hello
    hostmaster info infos information informations inscription inscriptions jeunepublic location mail mailing mairie
    marketing mediation mediatheque bibliotheque newsletter office officedetourisme postmaster presse production
    public publics rp relationspubliques reservation reservations resa resas root sales scolaire scolaires secretariat
    service serviceculturel services spectacle spectacles standard support team tickets ticketing theatre tourisme
    vente ventes vieassociative webmaster
    """.split()  # noqa: SIM905 - a word list is read as words
)
_NO_REPLY: Final = ("noreply", "nepasrepondre", "donotreply", "mailerdaemon")
_NO_MAILBOX: Final = frozenset(
    """
    aucun aucune anonyme anonymous client clientguichet fake guest inconnu inconnue neant nomail noemail
    noname none nul null pasdadresse pasdemail pasdadressemail pasmail pasdecourriel sansadresse sansemail sansmail
    sanscourriel test tests unknown visiteur
    """.split()  # noqa: SIM905
)
_NO_DOMAIN: Final = frozenset(
    """
    aucun fake inconnu nomail noemail pasdemail pasmail sansadresse sansemail sansmail test xx xxx
    """.split()  # noqa: SIM905
)
_RESERVED_TOP: Final = frozenset({"invalid", "localhost", "local", "test"})

_EMPTY_NATIONAL: Final = frozenset(
    {"102030405", "123456789", "612345678", "601020304", "606060606", "707070707", "987654321"}
)
_FRENCH_CODES: Final = ("+33", "+262", "+590", "+594", "+596")
_TRAILING_ZEROS: Final = "0" * 7


def is_role_address(email: str) -> bool:
    """Tell whether a normalised address is an office's, not a person's (contact@, billetterie@, noreply@…)."""
    local = email.partition("@")[0].translate(_SEPARATORS)
    return local in _ROLES or local.startswith(_NO_REPLY)


def is_placeholder(normalised: str) -> bool:
    """Tell whether a normalised e-mail or phone is what a clerk types when there is none."""
    return _is_empty_email(normalised) if "@" in normalised else _is_empty_phone(normalised)


def _is_empty_email(email: str) -> bool:
    local, _, domain = email.partition("@")
    if local.translate(_SEPARATORS) in _NO_MAILBOX or _is_empty_domain(domain):
        return True
    # x@x.xx, aaa@aaa.com
    return _is_one_character(local) and set(domain.partition(".")[0]) == {local[0]}


@functools.lru_cache(maxsize=4096)
def _is_empty_domain(domain: str) -> bool:
    name, _, top = domain.partition(".")
    return top.rpartition(".")[2] in _RESERVED_TOP or name.translate(_SEPARATORS) in _NO_DOMAIN


def _is_one_character(text: str) -> bool:
    return text != "" and text == text[0] * len(text)


def _is_empty_phone(phone: str) -> bool:
    national = next((phone[len(c) :] for c in _FRENCH_CODES if phone.startswith(c)), phone[1:])
    return (
        national.endswith(_TRAILING_ZEROS)
        or national in _EMPTY_NATIONAL
        or _is_one_character(national)
    )
