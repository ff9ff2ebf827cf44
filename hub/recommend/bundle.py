"""Makes the model of a published edition, the same integers wherever it is made."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from contracts.catalogue import Catalogue
from contracts.charter import Charter
from contracts.charter_check import charter_hash
from contracts.edition import COVERED, Edition, PublishedEdition, Vector, sigma_of
from contracts.model import MICRO, MILLI, Bridge, Dial, Model, ModelItem
from contracts.model_rules import ALONE, kappa_of
from contracts.visit import Discipline
from hub.errors import NoModel
from hub.recommend.allies import allies
from hub.recommend.card import card_of
from hub.recommend.category import lifts
from hub.recommend.fit import Fitted, fit
from hub.recommend.observed import Floats, Observed, symmetric
from hub.recommend.tastes import (
    Houses,
    Shows,
    cells_of,
    discipline_lifts,
    fits,
    shows_of,
    tastes_of,
)

PAIRS: Final = "pairs-cell"
REACH: Final = "reach-venue"
OWN_PAIRS: Final = "model-pairs-cell"
OWN_REACH: Final = "model-pairs-place"
OWN_PLACES: Final = 2  # k of the model's own matrix (hub.measures.model_pairs)
SPREAD: Final = "reach-spread"
_ORDER: Final = tuple(Discipline)

RULES: Final = 3
"""How a model follows from its edition. One more with each change that gives another model of the same edition."""


def model_of(
    published: PublishedEdition,
    charter: Charter,
    catalogues: Iterable[Catalogue] = (),
    *,
    shows: Shows | None = None,
) -> Model:
    """Return the model, a function of the edition's published vectors, of its charter and of public catalogues.

    Nothing is read and nothing is charged: it is post-processing of noised figures. Where the edition holds a
    matrix of the model's own, that is what it is made from, and says so. Catalogues count only where the edition
    holds a release of tags: without one, the model is the same with or without them. *shows* stands for catalogues
    that are not at hand: what a model says of them.

    Raises:
        NoModel: the edition has no pairs or no reach, or names another charter, or *shows* tells of other tags.
    """
    edition = published.edition
    if edition.charter_sha256 != charter_hash(charter):
        raise NoModel(
            "Edition {edition} was made under another charter than this one. Give the charter whose hash "
            "the edition names.",
            edition=edition.edition,
        )
    source = _source(edition, charter)
    items = _items(charter, _places(edition))
    disciplines = [kind for kind in _ORDER if kind in {item.discipline for item in items}]
    observed = _observed(edition, source, [disciplines.index(item.discipline) for item in items])
    spread = _vector(edition, SPREAD)
    multiplier = source.pairs.sigma_micro / MICRO / math.sqrt(source.pairs.l2_sensitivity_squared)
    persons = sum(spread.values) / spread.unit_milli
    kappa = kappa_of(persons, len(items), multiplier)
    if shows is not None and not fits(shows, edition, len(items)):
        raise NoModel("The tags of the model are not those that the edition counted.")
    known = Houses(
        kinds=[item.discipline for item in items],
        popularity=observed.floored,
        sigma=sigma_of(source.popularity),
        shows=shows or _shows(edition, charter, catalogues),
    )
    said = tastes_of(edition, known)
    told = discipline_lifts(said, disciplines)
    between = lifts(observed, len(disciplines)) if told is None else told
    fitted = fit(observed, between if kappa < ALONE else None)
    factors, scale = _integers(fitted)
    return Model(
        network=edition.network,
        edition=edition.edition,
        edition_sha256=published.edition_sha256,
        charter_sha256=edition.charter_sha256,
        matrix=source.pairs.name,
        places=source.places,
        rho_micro=source.pairs.rho_micro,
        sigma_micro=source.pairs.sigma_micro,
        unit_milli=source.pairs.unit_milli,
        items=items,
        popularity_milli=_rounded(observed.floored * MILLI),
        disciplines=disciplines,
        lifts_milli=_table(between * MILLI),
        method=fitted.method,
        factors_micro=factors,
        scale_micro=scale,
        allies=allies(observed),
        dial=_dial(charter),
        card=card_of(observed, fitted, persons=persons, kappa=kappa),
        bridges=_bridges(edition),
        tags=said,
        cells=[] if said is None else cells_of(known, [item.item for item in items], said),
        rules=RULES,
    )


@dataclass(frozen=True)
class _Source:
    """The published vectors that the model is made from."""

    pairs: Vector
    popularity: Vector
    places: int  # k


def _source(edition: Edition, charter: Charter) -> _Source:
    own = {v.name for release in edition.releases for v in release.vectors}
    if OWN_PAIRS in own:
        return _Source(_vector(edition, OWN_PAIRS), _vector(edition, OWN_REACH), OWN_PLACES)
    return _Source(_vector(edition, PAIRS), _vector(edition, REACH), charter.bounds.venues)


def _shows(edition: Edition, charter: Charter, catalogues: Iterable[Catalogue]) -> Shows:
    gathered = {venue: cluster.cluster for cluster in charter.clusters for venue in cluster.venues}
    place_of = {m.venue: gathered.get(m.venue, m.venue) for m in charter.members}
    return shows_of(catalogues, place_of, _places(edition), edition)


def _bridges(edition: Edition) -> list[Bridge]:
    tables = (table for release in edition.releases for table in release.tables)
    rows = [row for table in tables if table.table == "bridges" for row in table.rows]
    return [
        Bridge(discipline=Discipline(kind), place=place, month=month, persons_milli=row.value_milli)
        for row in rows
        if row.wording != COVERED
        for kind, place, month in (row.keys,)
    ]


def _dial(charter: Charter) -> Dial:
    rules = charter.advice
    return Dial() if rules is None else Dial(openness=rules.openness, least=rules.least)


def _observed(edition: Edition, source: _Source, categories: list[int]) -> Observed:
    pairs, reach = source.pairs, source.popularity
    places = [key[0] for key in reach.keys]
    above = [[a, b] for n, a in enumerate(places) for b in places[n + 1 :]]
    if pairs.keys != above:
        raise NoModel(
            "The pairs of edition {edition} are not those of its places, in their order. Check the "
            "edition with hub verify.",
            edition=edition.edition,
        )
    return Observed(
        pairs=symmetric(_persons(pairs), len(places)),
        popularity=_persons(reach),
        sigma=sigma_of(pairs),
        categories=np.asarray(categories, dtype=np.int64),
    )


def _items(charter: Charter, places: Iterable[str]) -> list[ModelItem]:
    alone = {member.venue: member.discipline for member in charter.members}
    groups = {cluster.cluster: {alone[v] for v in cluster.venues} for cluster in charter.clusters}
    kinds = {place: {kind} for place, kind in alone.items()} | groups
    return [
        ModelItem(
            item=place,
            discipline=next(iter(kinds[place])) if len(kinds[place]) == 1 else Discipline.OTHER,
        )
        for place in places
    ]


def _places(edition: Edition) -> list[str]:
    return [key[0] for key in _vector(edition, REACH).keys]


def _vector(edition: Edition, name: str) -> Vector:
    for release in edition.releases:
        for vector in release.vectors:
            if vector.name == name:
                return vector
    raise NoModel(
        "Edition {edition} publishes no {name}; the model is made from the measures reach and pairs. "
        "Plan both in the charter's next edition.",
        edition=edition.edition,
        name=name,
    )


def _persons(vector: Vector) -> Floats:
    return np.asarray(vector.values, dtype=np.float64) / vector.unit_milli


def _integers(fitted: Fitted) -> tuple[list[list[int]], list[int]]:
    weights = fitted.weights
    if weights is None:
        return [], []
    scale = np.maximum(np.rint(weights.scale * MICRO), 1.0)
    return _table(weights.factors * MICRO), _rounded(scale)


def _table(values: Floats) -> list[list[int]]:
    return [_rounded(row) for row in values]


def _rounded(values: Floats) -> list[int]:
    return [int(value) for value in np.rint(values)]
