"""What a published edition holds, by name: the one loop over its releases."""

from collections.abc import Iterator

from contracts.edition import Edition, Table, Vector


def tables(edition: Edition, name: str = "") -> Iterator[Table]:
    """Yield the tables of that name, in the order of the releases; all of them without a name."""
    for release in edition.releases:
        for table in release.tables:
            if name in ("", table.table):
                yield table


def vectors(edition: Edition, name: str) -> Iterator[Vector]:
    """Yield the noisy vectors of that name, in the order of the releases."""
    for release in edition.releases:
        for vector in release.vectors:
            if vector.name == name:
                yield vector
