"""Estimates for partners, kept: one cube for each edition, one answer for each meaning, whoever asks and however it is said.

A kept answer comes sooner. It is kept for its partner alone, so that how long one takes tells what she asked herself before,
and never that another asked the same; the words and the published cube decide the rest, which anybody can time at home.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from contracts.audience import AudienceSpec
from contracts.audience_form import canonical_spec
from contracts.base import canonical
from contracts.charter import Charter
from contracts.edition import PublishedEdition
from hub.cube.audience import Estimated, estimated
from hub.cube.book import cube_of
from hub.cube.estimate import Book
from hub.errors import NoCube
from hub.web.shelf import Shelf

KEPT = 512


class Estimator:
    """Reads requests in the newest published edition; nothing is charged and no house is asked."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def read(
        self, spec: AudienceSpec, sources: Sequence[str], charter: Charter, partner: str = ""
    ) -> Estimated | None:
        """Return the answer, or None where no edition can be asked; the same for every *partner*.

        Raises:
            NobodyMeant: the predicates contradict each other.
        """
        form = canonical(canonical_spec(spec))
        clusters = tuple((c.cluster, tuple(c.venues)) for c in charter.clusters)
        for edition in reversed(self._shelf.editions()):
            body = self._shelf.edition(edition)
            if body is not None and _book(body) is not None:
                return _answer(body, form, tuple(sorted(set(sources))), clusters, partner)
        return None


@lru_cache(maxsize=4)
def _book(body: bytes) -> Book | None:
    try:
        return Book(cube_of(PublishedEdition.model_validate_json(body)))
    except NoCube:
        return None


@lru_cache(maxsize=KEPT)
def _answer(
    body: bytes,
    form: bytes,
    sources: tuple[str, ...],
    clusters: tuple[tuple[str, tuple[str, ...]], ...],
    _partner: str,
) -> Estimated | None:
    book = _book(body)
    inside: Mapping[str, Sequence[str]] = dict(clusters)
    spec = AudienceSpec.model_validate_json(form)
    return None if book is None else estimated(book, spec, sources, inside)
