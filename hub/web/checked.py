"""What ``hub verify`` finds in a published edition, said by the server itself: its own word, that anybody may do again."""

from typing import Final

from contracts.base import Slug, canonical, digest
from hub.verify import Report, verify
from hub.web.kept import Kept
from hub.web.shelf import Shelf, opened

_REPORTS: Final[Kept[Report]] = Kept(256)  # a few sentences each


def checked(shelf: Shelf, edition: Slug) -> Report | None:
    """Return the report on an edition against the charter that it names; None when that charter is not known.

    The same bytes against the same charter are checked once: they find the same.
    """
    body = shelf.edition(edition)
    published = None if body is None else opened(body)
    signed = shelf.charter_of(published.edition.charter_sha256) if published else None
    if body is None or published is None or signed is None:
        return None
    of = (digest(body), digest(canonical(signed)))
    return _REPORTS.get(of, lambda: verify(published, signed))
