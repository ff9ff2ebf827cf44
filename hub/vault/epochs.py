"""Which season's pseudonyms stand in the vault, and which venues owe it their suppression list before anything else."""

from sqlalchemy import Connection, func, insert, select, update

from contracts.batch import Commit, Manifest
from contracts.problems import ProblemType
from hub.errors import BatchRefused, SeasonWaits
from hub.vault.tables import batch, claim, epoch, owed


def standing(connection: Connection) -> str | None:
    """Return the season whose pseudonyms stand here; None in an empty vault.

    A vault of before seasons were noted holds the one that its venues last sent.
    """
    found: str | None = connection.execute(select(func.max(epoch.c.season))).scalar()
    return found or connection.execute(select(func.max(claim.c.season))).scalar()


def check(connection: Connection, commit: Commit, manifest: Manifest, at: str) -> None:
    """Let a batch of the standing season pass, if its venue owes no list or brings it; else say why not.

    The first batch of all says which season stands.

    Raises:
        SeasonWaits: its season is not opened here yet; it stays in the inbox.
        BatchRefused: its season is over, or the venue's whole suppression list has not come.
    """
    now = standing(connection)
    if now is None:
        put(connection, commit.season, former="", carried=False, at=at)
    elif commit.season > now:
        raise SeasonWaits(
            "A batch is of season {season}, and the vault stands in {now}; run `hub season open`.",
            season=commit.season,
            now=now,
        )
    elif commit.season < now:
        raise BatchRefused(ProblemType.SEASON.slug)
    if manifest.suppressions is None and commit.venue in owing(connection, commit.season):
        raise BatchRefused(ProblemType.SUPPRESSIONS.slug)


def note(connection: Connection, manifest: Manifest, at: str) -> None:
    """Note that a venue's whole list has come."""
    if manifest.suppressions is not None:
        connection.execute(
            update(owed)
            .where(owed.c.season == manifest.season, owed.c.venue == manifest.venue)
            .values(listed=at)
        )


def put(connection: Connection, season: str, *, former: str, carried: bool, at: str) -> None:
    """Let *season* stand, in the place of *former*."""
    row = {"season": season, "former": former, "carried": int(carried), "opened": at}
    connection.execute(insert(epoch).values(row))


def owe(connection: Connection, season: str) -> None:
    """Ask every venue that ever sent anything for its whole list."""
    venues = connection.execute(select(batch.c.venue).distinct().order_by(batch.c.venue)).scalars()
    rows = [{"season": season, "venue": venue, "listed": None} for venue in venues]
    if rows:
        connection.execute(insert(owed), rows)


def owing(connection: Connection, season: str) -> list[str]:
    """Return the venues whose list has not come, by name."""
    query = select(owed.c.venue).where(owed.c.season == season, owed.c.listed.is_(None))
    return sorted(connection.execute(query).scalars())


def origin(connection: Connection, season: str) -> tuple[str, bool]:
    """Return which season stood before *season*, "" for none, and whether it was carried over."""
    query = select(epoch.c.former, epoch.c.carried).where(epoch.c.season == season)
    row = connection.execute(query).first()
    return (row.former, bool(row.carried)) if row else ("", False)
