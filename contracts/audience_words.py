"""Says a request's meaning back, in French and in English, so that whoever approves it reads what will be done."""

from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from types import MappingProxyType
from typing import Final

from contracts.audience import (
    Ages,
    AudienceSpec,
    Bought,
    Contacted,
    Distances,
    Histories,
    Homes,
    Houses,
    Incident,
    Loyalties,
    Predicate,
    Subscribers,
    Tastes,
)
from contracts.questions import Said

Names = Mapping[str, Said]
"""What disciplines, houses and events are called, by slug; a slug that is not there is its own name."""

EVERYBODY: Final = Said(
    "Toutes les personnes que les lieux peuvent joindre.", "Everybody whom the houses may reach."
)
_HEAD: Final = Said("Les personnes qui", "The people who")
_AND: Final = Said(" et ", " and ")
_OR: Final = Said(" ou ", " or ")
_BUT: Final = Said(", mais pas celles qui ", ", but not those who ")
_NOR: Final = Said(", ni celles qui ", ", nor those who ")
_NEAR: Final = MappingProxyType(
    {
        "0-5": Said("à moins de 5 km", "within 5 km"),
        "5-20": Said("à moins de 20 km", "within 20 km"),
        "20-50": Said("à moins de 50 km", "within 50 km"),
        "50-100": Said("à moins de 100 km", "within 100 km"),
    }
)
"""How far, where every nearer band is asked for too."""
_APART: Final = MappingProxyType(
    {
        "5-20": Said("entre 5 et 20 km", "5 to 20 km"),
        "20-50": Said("entre 20 et 50 km", "20 to 50 km"),
        "50-100": Said("entre 50 et 100 km", "50 to 100 km"),
        "100+": Said("à plus de 100 km", "more than 100 km"),
    }
)
_SOMEWHERE: Final = Said("habitent on ne sait où", "live nobody knows where")
_AGES: Final = MappingProxyType(
    {
        "65+": Said("65 ans et plus", "65 or over"),
        "unknown": Said("un âge inconnu", "an unknown age"),
    }
)
_VISITS: Final = MappingProxyType(
    {
        "1": Said("une fois", "once"),
        "2": Said("deux fois", "twice"),
        "3-5": Said("de trois à cinq fois", "three to five times"),
        "6+": Said("six fois ou plus", "six times or more"),
    }
)
_HISTORY: Final = MappingProxyType(
    {
        "new": Said("sont venues pour la première fois cette saison", "came for the first time this season"),
        "returning": Said("étaient déjà venues avant cette saison", "had come before this season"),
    }
)  # fmt: skip
_FOND: Final = MappingProxyType(
    {
        "once": Said("ont vu au moins une fois {what}", "saw {what} at least once"),
        "often": Said("ont vu au moins deux fois {what}", "saw {what} at least twice"),
        "main": Said("voient surtout {what}", "mostly see {what}"),
    }
)
_FREQUENT: Final = MappingProxyType(
    {
        "once": Said("sont venues au moins une fois à {what}", "came to {what} at least once"),
        "often": Said("sont venues au moins deux fois à {what}", "came to {what} at least twice"),
        "main": Said("vont surtout à {what}", "mostly go to {what}"),
    }
)

_TICKET: Final = Said("ont un billet pour {what}", "hold a ticket for {what}")
_OFFER: Final = Said(
    "ont reçu une offre depuis {days} jours", "got an offer in the last {days} days"
)
_INCIDENT: Final = Said(
    "ont subi un incident depuis {days} jours", "met an incident in the last {days} days"
)


def sentence(spec: AudienceSpec, names: Names) -> Said:
    """Return *spec* as one sentence in each language; give it in its canonical form, so that it is short."""
    if not spec.include and not spec.exclude:
        return EVERYBODY
    wanted = [clause(predicate, names) for predicate in spec.include]
    unwanted = [clause(predicate, names) for predicate in spec.exclude]
    return Said(_sentence(wanted, unwanted, _french), _sentence(wanted, unwanted, _english))


def clause(predicate: Predicate, names: Names) -> Said:
    """Return what one predicate says of people: « ont entre 18 et 25 ans »."""
    match predicate:
        case Tastes() | Houses():
            told = _FOND if isinstance(predicate, Tastes) else _FREQUENT
            return _about(told[predicate.level], predicate.values, names)
        case Bought():
            return _about(_TICKET, predicate.values, names)
        case Contacted() | Incident():
            told_days = _OFFER if isinstance(predicate, Contacted) else _INCIDENT
            days = predicate.days
            return Said(told_days.fr.format(days=days), told_days.en.format(days=days))
        case Subscribers():
            return Said("sont abonnées", "hold a subscription")
    return _of_herself(predicate)


def _of_herself(predicate: Ages | Distances | Homes | Loyalties | Histories) -> Said:
    match predicate:
        case Ages():
            told, parts = Said("ont {what}", "are {what}"), [_age(v) for v in predicate.values]
        case Distances():
            return _far(predicate.values)
        case Homes():
            told = Said("habitent dans le {what}", "live in département {what}")
            parts = [Said(code, code) for code in predicate.values]
        case Loyalties():
            told = Said("sont venues {what} dans la saison", "came {what} in the season")
            parts = [_VISITS[rung] for rung in predicate.values]
        case Histories():
            told, parts = Said("{what}", "{what}"), [_HISTORY[each] for each in predicate.values]
    return _listed(told.fr, told.en, parts)


def _far(bands: Sequence[str]) -> Said:
    """Say how far from the partner: the house that reads it is another place."""
    asked, parts = set(bands), list[Said]()
    near = list(takewhile(asked.__contains__, _NEAR))
    if near:
        parts.append(_NEAR[near[-1]])
    parts += [told for band, told in _APART.items() if band in asked - set(near)]
    if not parts:
        return _SOMEWHERE
    of = "of" if near and len(parts) == 1 else "from"
    told = _listed("habitent {what} du partenaire", f"live {{what}} {of} the partner", parts)
    if "unknown" not in asked:
        return told
    return Said(f"{told.fr}{_OR.fr}{_SOMEWHERE.fr}", f"{told.en}{_OR.en}{_SOMEWHERE.en}")


def _age(band: str) -> Said:
    if band in _AGES:
        return _AGES[band]
    least, most = band.split("-")
    return Said(f"de {least} à {most} ans", f"{least} to {most} years old")


def _about(told: Said, slugs: Sequence[str], names: Names) -> Said:
    return _listed(told.fr, told.en, [names.get(slug, Said(slug, slug)) for slug in slugs])


def _listed(french: str, english: str, parts: Sequence[Said]) -> Said:
    whole = _joined(parts)
    return Said(french.format(what=whole.fr), english.format(what=whole.en))


def _joined(parts: Sequence[Said]) -> Said:
    return Said(_chain([p.fr for p in parts], _OR.fr), _chain([p.en for p in parts], _OR.en))


def _chain(parts: Sequence[str], last: str) -> str:
    return last.join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _sentence(wanted: Sequence[Said], unwanted: Sequence[Said], said: Callable[[Said], str]) -> str:
    told = (
        f"{said(_HEAD)} {_chain([said(c) for c in wanted], said(_AND))}"
        if wanted
        else said(EVERYBODY)[:-1]
    )
    for place, each in enumerate(unwanted):
        told += said(_NOR if place else _BUT) + said(each)
    return f"{told}."


def _french(text: Said) -> str:
    return text.fr


def _english(text: Said) -> str:
    return text.en
