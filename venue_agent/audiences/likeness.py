"""Ranks the house's own people by how like they are to those who go to another house, by the network's published model."""

import numpy as np
from numpy.typing import NDArray

from contracts.order import LOOKALIKE_FEWEST
from venue_agent.audiences.looking import House, People, some
from venue_agent.order_errors import BeyondPolicy, TooFewPeople
from venue_agent.recommend.kept import kept
from venue_agent.recommend.places import place_of
from venue_agent.recommend.public import public_of
from venue_agent.recommend.scores import Scorer, shares
from venue_agent.words import _

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


def scorable(people: People) -> Flags:
    """Return who said yes to being scored: what scores anybody is under the purpose ``recommendation``."""
    return people.consented.persons["recommendation"].to_numpy(dtype=np.bool_)


def share_for(house: House, people: People, rows: Flags, target: str) -> Floats:
    """Return, for *rows* in their order, the share that *target* has in each person's scores.

    The share, not the score: whoever likes everything says little.

    Raises:
        TooFewPeople: there are fewer than 2,000 to compare.
        BeyondPolicy: the model knows no other place of that name.
        ModelMissing, ModelRefused: there is no model to use.
    """
    if int(rows.sum()) < LOOKALIKE_FEWEST:
        raise TooFewPeople(
            _(
                "« People like those who go there » needs {fewest} people to compare, who said yes "
                "to recommendations too. This house has fewer. Nothing was written."
            ).format(fewest=LOOKALIKE_FEWEST)
        )
    have = kept(house.desk.home, house.desk.clock)
    slugs = [item.item for item in have.model.items]
    own, place = (place_of(have.charter, v) for v in (house.desk.config.venue, target))
    if place not in slugs or place == own:
        raise BeyondPolicy(
            _("The network's model knows no other place {name}. Nothing was written.").format(name=target)
        )  # fmt: skip
    public = public_of(some(people, rows), people.traits.setting.rules, have.model, own)
    scorer, item = Scorer(have.model), slugs.index(place)
    first, kind = public.people.distinct()
    parts = [
        shares(scorer.scores(part))[:, item] for part in public.people.parts(first, scorer.batch)
    ]
    found: Floats = np.concatenate(parts)[kind]
    return found
