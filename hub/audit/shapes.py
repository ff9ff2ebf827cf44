"""Neighbours: the same crowd with and without somebody, in each of the ways in which one person can weigh most."""

from dataclasses import dataclass
from typing import Final

from hub.audit.crowd import EPCIS, VENUES, Record, Records

_EVERYWHERE: Final = tuple(range(len(VENUES)))
_OFTEN: Final = tuple(range(0, 80, 2))


@dataclass(frozen=True)
class Shape:
    """Who leaves, and who stays though the crowd alone would not hold them."""

    name: str
    french: str
    leaves: Records
    stays: Records = ()
    moves: int = 1  # persons of the frozen map that come, go or change when she leaves


def _held(
    name: str,
    venues: tuple[int, ...],
    days: tuple[int, ...],
    *tokens: str,
    home: str = "69",
    epcis: tuple[str, ...] = EPCIS,
) -> Records:
    """Return what each venue holds of somebody; the *epcis* in turn: one house knows a home that another does not."""
    held = tokens or (f"email:{name}",)
    return tuple(
        Record(venue, name, held, tuple(d + venue for d in days), home, epcis[venue % len(epcis)])
        for venue in venues
    )


def _friends(phone: str, count: int) -> Records:
    """Return people of one e-mail each, who share a telephone, each in a place of her own."""
    return tuple(
        Record(venue, f"proche-{venue}", (f"email:proche-{venue}", phone), (5 + venue,))
        for venue in range(count)
    )


SHAPES: Final = (
    Shape("once", "une seule venue", _held("une", (0,), (3,))),
    Shape("regular", "quarante venues dans un lieu", _held("fidele", (0,), _OFTEN)),
    Shape("everywhere", "une venue dans chaque lieu", _held("partout", _EVERYWHERE, (10,))),
    Shape(
        "everything", "chaque lieu, quarante fois", _held("toujours", _EVERYWHERE, _OFTEN)
    ),
    Shape(
        "only-one", "la seule d'un département",
        (Record(1, "seule", ("email:seule",), (20,), "2A"),),
    ),
    Shape("doubled", "chaque billet deux fois", _held("double", (0, 1), (4, 4, 9, 9))),
    Shape("unlinked", "sans e-mail ni téléphone", (Record(2, "anonyme", (), (8,)),)),
    Shape(
        "two-accounts", "deux comptes, un téléphone",
        (*_held("compte-a", (0, 1), (3,), "email:compte-a", "phone:compte"),
         *_held("compte-b", (2, 3), (6,), "email:compte-b", "phone:compte")),
    ),
    Shape(
        "bridge-linked", "un pont, avec tout ce qu'il relie",
        (*_held("rive-a", (0, 1, 2), (3,)), *_held("rive-b", (3, 4, 5), (6,)),
         Record(6, "pont", ("email:rive-a", "email:rive-b"), (9,))),
    ),
    Shape(
        "bridge", "un pont seul, entre deux groupes qui restent",
        (Record(6, "pont", ("email:rive-a", "email:rive-b"), (9,)),),
        (*_held("rive-a", (0, 1, 2), (3,), epcis=EPCIS[1:]),  # one home when joined; nobody else is from 974
         *_held("rive-b", (3, 4, 5), (6,), home="974", epcis=EPCIS[:1])),
        moves=3,
    ),
    Shape(
        "guard", "la quatrième d'un téléphone : la garde sépare les trois autres",
        (Record(3, "proche-3", ("email:proche-3", "phone:foyer"), (8,)),),
        _friends("phone:foyer", 3),
        moves=5,
    ),
)  # fmt: skip
"""Eleven; in all but the last two one person of the frozen map leaves, and in those the map itself moves."""
