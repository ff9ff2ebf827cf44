"""Freezes what an edition will read: who is whom, and each person's distinct visits in the window.

A frozen view is made once and read as often as a killed publication needs; only an erasure changes
it, for nobody has seen anything of it before the release is stored.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyarrow as pa

from contracts.clock import stamp
from hub.errors import StateConflict
from hub.vault import index
from hub.vault.engine import Limits
from hub.vault.facts import PartRef, Place
from hub.vault.parts import WHOLE, Part
from hub.vault.vault import Vault
from hub.vault.view import Window, view


@dataclass(frozen=True)
class Snapshot:
    """The name of a frozen view; its files change when somebody withdraws, its name does not."""

    edition: str


def freeze(vault: Vault, window: Window, limits: Limits) -> Snapshot:
    """Return the frozen view of *window*, made now or earlier.

    Raises:
        StateConflict: the edition was frozen with another window, or facts are missing.
        VaultUnavailable: the vault database does not answer.
    """
    with vault.database.locked() as connection:
        known = index.snapshots(connection).get(window.edition)
        if known is not None:
            if known[0] != window.request_sha256():
                raise StateConflict(
                    "Edition {edition} was frozen with another window or other venues; expected the same. Plan a "
                    "new edition.",
                    edition=window.edition,
                )
            return Snapshot(window.edition)
        refs = index.parts(connection, window.venues)
        who, visits = view(vault.facts, refs, window, limits)
        index.put_snapshot(
            connection,
            vault.facts.write_all(Place("snapshot", window.edition, ""), visits),
            vault.facts.write(Place("linkage", window.edition, ""), who),
            request_sha256=window.request_sha256(),
            at=stamp(vault.clock.now()),
        )
        connection.commit()
        return Snapshot(window.edition)


def read_frozen(
    vault: Vault, snapshot: Snapshot, part: Part = WHOLE, columns: Collection[str] | None = None
) -> pa.Table:
    """Return the frozen visits as they stand, of one part of the people, without those who withdrew meanwhile.

    Who withdraws between two parts is in a part that was read, or in none: she is never half counted. Of *columns*,
    ``person_key`` among them, those are read that the view has.

    Raises:
        StateConflict: nothing is frozen under that name, or its file is missing.
        VaultUnavailable: the vault database does not answer.
    """
    chosen = None if columns is None else sorted(columns)
    with _file(vault, snapshot) as ref:
        if part.parts == 1:
            return vault.facts.read(ref, chosen)
        return pa.concat_tables(part.of(table) for table in vault.facts.stream(ref, chosen))


def frozen_rows(vault: Vault, snapshot: Snapshot) -> int:
    """Return how many visits are frozen; raises as ``read_frozen`` does."""
    with _file(vault, snapshot) as ref:
        return vault.facts.rows(ref)


@contextmanager
def _file(vault: Vault, snapshot: Snapshot) -> Iterator[PartRef]:
    with vault.database.locked() as connection:  # so that no erasure replaces the file meanwhile
        known = index.snapshots(connection).get(snapshot.edition)
        if known is None:
            raise StateConflict(
                "Edition {edition} is not frozen; freeze it first.", edition=snapshot.edition
            )
        yield known[1]


def frozen(vault: Vault) -> list[str]:
    """Return the editions whose view is frozen.

    Raises:
        VaultUnavailable: the vault database does not answer.
    """
    with vault.database.reading() as connection:
        return list(index.snapshots(connection))


def thaw(vault: Vault, edition: str) -> None:
    """Forget the frozen view once the edition's releases are stored; again is harmless."""
    with vault.database.locked() as connection:
        known = index.snapshots(connection).get(edition)
        index.drop_snapshot(connection, edition)
        connection.commit()
        vault.facts.delete(known[1:] if known else ())
