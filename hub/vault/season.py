"""Opens a season: what stands under the former key is carried to the new one, or goes, in one transaction.

The charter decides. Where its linkage reaches back, pseudonyms and what is barred become P' = δ·P, and visits of
before the linkage go; where it starts anew, every row goes, and no former pseudonym is kept. Either way each venue
owes its whole suppression list before anything else of the season is taken from it.
"""

from dataclasses import dataclass

import pyarrow as pa
from sqlalchemy import Connection

from contracts.charter import Charter
from contracts.clock import stamp
from contracts.season import first_month
from hub.errors import StateConflict
from hub.vault import epochs, graves, index
from hub.vault.carry import Carrier, Turn, carried
from hub.vault.erase import Barred, Graves, log_tombstones
from hub.vault.facts import PartRef
from hub.vault.vault import LOG, Vault


@dataclass(frozen=True)
class Opening:
    """Which season stands now, in the place of which, and what became of the rows."""

    season: str
    former: str
    carried: bool


def standing(vault: Vault) -> str | None:
    """Return the season that stands; None in an empty vault.

    Raises:
        VaultUnavailable: the vault database does not answer.
    """
    with vault.database.reading() as connection:
        return epochs.standing(connection)


def owing(vault: Vault, season: str) -> list[str]:
    """Return the venues whose suppression list has not come in that season.

    Raises:
        VaultUnavailable: the vault database does not answer.
    """
    with vault.database.reading() as connection:
        return epochs.owing(connection, season)


def open_season(vault: Vault, charter: Charter, carrier: Carrier) -> Opening:
    """Let the charter's pseudonym season stand; again changes nothing. Batches wait while it works.

    Raises:
        StateConflict: the vault is empty, stands in a later season, or the charter no longer names the
            former season's key, which is needed to check what is carried.
        CarriageRefused: the custodian does not carry, or not with the charter's keys; nothing was changed.
        VaultUnavailable: the vault database does not answer.
    """
    season, keep = charter.pseudonym_season, charter.links_back
    with vault.database.locked() as connection:
        former = epochs.standing(connection)
        if former == season:
            return _opened(connection, season)
        if former is None or former > season:
            raise StateConflict(
                "Found season {former} in the vault; expected one before {season}. The first season needs no "
                "opening: it stands with the first batch.",
                former=former or "none",
                season=season,
            )
        at = stamp(vault.clock.now())
        stale = _drop(connection, charter.linkage_from if keep else None, everything=not keep)
        if keep:
            stale += _carry(vault, connection, _turn(charter, former), carrier)
        else:
            graves.replace(connection, vault.keys, ())
        epochs.put(connection, season, former=former, carried=keep, at=at)
        epochs.owe(connection, season)
        vault.reached("season.recorded")
        connection.commit()
        vault.reached("season.committed")
        vault.facts.delete(stale)
    return Opening(season, former, keep)


def _opened(connection: Connection, season: str) -> Opening:
    former, was_carried = epochs.origin(connection, season)
    return Opening(season, former, was_carried)


def _turn(charter: Charter, former: str) -> Turn:
    keys = charter.custodian.season_keys
    if former not in keys:
        raise StateConflict(
            "The charter does not name the key of {former}, from which its linkage reaches back; "
            "expected both keys. Have the members sign a charter with both, or one whose linkage starts "
            "anew.",
            former=former,
        )
    return Turn(bytes.fromhex(keys[former]), bytes.fromhex(keys[charter.pseudonym_season]))


def _drop(connection: Connection, since: str | None, *, everything: bool) -> list[PartRef]:
    """Forget months from before the linkage, or all of them; frozen views know no pseudonym and thaw by themselves."""
    limit = first_month(since) if since else ""
    gone = [ref for ref in index.parts(connection) if everything or ref.place.month < limit]
    for venue, month in {(ref.place.venue, ref.place.month) for ref in gone}:
        index.drop_month(connection, venue, month)
    return gone


def _carry(vault: Vault, connection: Connection, turn: Turn, carrier: Carrier) -> list[PartRef]:
    """Write every identifier anew under the new key; return the files to delete after the commit."""
    refs = [ref for ref in index.parts(connection) if ref.place.kind == "tokens"]
    barred = graves.barred(connection, vault.keys)
    points = {point for _, point in barred}
    for ref in refs:
        points.update(vault.facts.read(ref, ["point"])["point"].to_pylist())
    moved = carried(points, turn, carrier)
    for ref in refs:
        table = vault.facts.read(ref)
        made = pa.array([moved[p] for p in table["point"].to_pylist()], table["point"].type)
        at = table.column_names.index("point")
        fresh = table.set_column(at, table.schema.field("point"), made)
        index.put_part(connection, vault.facts.write(ref.place, fresh))
    _bury(vault, connection, [(venue, moved[point]) for venue, point in barred])
    return refs


def _bury(vault: Vault, connection: Connection, barred: list[Barred]) -> None:
    made = Graves(vault.keys)
    macs = frozenset(made.of_point(point, venue) for venue, point in barred)
    if macs:
        log_tombstones(vault.folder / LOG, macs)
        index.put_tombstones(connection, macs, stamp(vault.clock.now()))
    graves.replace(connection, vault.keys, barred)
