"""What ``hub verify`` finds in a published edition, said by the server itself: its own word, that anybody may do again."""

from contracts.edition import PublishedEdition
from hub.verify import Report, verify
from hub.web.shelf import Shelf


def checked(shelf: Shelf, published: PublishedEdition) -> Report | None:
    """Return the report on an edition against the charter that it names; None when that charter is not known."""
    signed = shelf.charter_of(published.edition.charter_sha256)
    return None if signed is None else verify(published, signed)
