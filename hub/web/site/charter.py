"""The charter's page: what is in force, who signed, what waits, who came and went, and what changed between two revisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from contracts.charter import Charter
from contracts.visit import ALWAYS_SENT
from hub.store.charters import Version
from hub.web.charter_changes import changes
from hub.web.network import network_of
from hub.web.pages import Page, Visit
from hub.web.words import said
from hub.web.words.charter import WORDS

MICRO = 1_000_000


@dataclass(frozen=True)
class Signatory:
    """One venue of a revision: since when it is a member, and when it signed."""

    name: str
    since: str
    signed: str


@dataclass(frozen=True)
class Told:
    """One revision in the list of versions."""

    revision: int
    status: str
    since: str
    members: int
    signed: int
    sha256: str
    former: int | None


@dataclass(frozen=True)
class Move:
    """A venue that joined or left, by which revision and when."""

    name: str
    revision: int
    day: str
    joins: bool


def read(visit: Visit) -> Mapping[str, object]:
    """Return the charter's life as the store and the chain tell it."""
    versions = visit.shelf.charters()
    force = next((v for v in versions if v.in_force_at), None)
    waits = versions[0] if versions and versions[0] != force else None
    shown = force or waits
    return {
        "force": force and _told(visit, versions, force),
        "waits": waits and _told(visit, versions, waits),
        "allows": _allows(visit, shown.signed.charter) if shown else [],
        "leaves": fields_told(visit, shown.signed.charter) if shown else (),
        "until": visit.tongue.day(force.signed.charter.expires) if force else "",
        "keepers": network_of(shown.signed.charter, visit.labels, "").people if shown else (),
        "signatories": _signatories(visit, versions, waits or force),
        "versions": [_told(visit, versions, v) for v in versions],
        "moves": _moves(visit, versions),
        "compared": _compared(visit, versions),
    }


def _told(visit: Visit, versions: Sequence[Version], one: Version) -> Told:
    stood = [v for v in versions if v.in_force_at]
    if one in stood:
        status = "status_force" if one == stood[0] else "status_past"
    else:
        status = "status_waits" if one == versions[0] else "status_dropped"
    before = _former(versions, one)
    return Told(
        revision=one.signed.charter.revision,
        status=status,
        since=visit.tongue.day(one.in_force_at) if one.in_force_at else "",
        members=len(one.signed.charter.members),
        signed=len(one.signed.signatures),
        sha256=one.sha256,
        former=before.signed.charter.revision if before else None,
    )


def _former(versions: Sequence[Version], one: Version) -> Version | None:
    """Return the charter that stood in force before *one*: what its members compare it with."""
    revision = one.signed.charter.revision
    stood = (v for v in versions if v.in_force_at and v.signed.charter.revision < revision)
    return next(stood, None)


def _allows(visit: Visit, charter: Charter) -> list[tuple[str, str]]:
    say = said(WORDS, visit.tongue)
    rho = [
        say["budget_line"].format(
            season=b.season, rho=visit.tongue.decimal(b.total_rho_micro / MICRO, 6)
        )
        for b in charter.budgets
    ]
    return [
        (say["purposes"], ", ".join(say[f"purpose_{p.value}"] for p in charter.purposes)),
        (say["granularity"], say[f"date_{charter.date_granularity}"]),
        (say["retention"], say["retention_months"].format(count=charter.retention_months)),
        (say["budget_head"], " ; ".join(rho)),
    ]


def fields_told(visit: Visit, charter: Charter) -> list[str]:
    """Return the plain names of all that may leave a venue: what always does, then what the charter names."""
    say = said(WORDS, visit.tongue)
    more = [name for name in charter.fields if name not in ALWAYS_SENT]
    return [say.get(f"field_{name}", name) for name in (*sorted(ALWAYS_SENT), *more)]


def _signatories(visit: Visit, versions: Sequence[Version], one: Version | None) -> list[Signatory]:
    if one is None:
        return []
    stood = [v for v in versions if v.in_force_at]
    return [
        Signatory(
            name=visit.tongue.polished(member.name),
            since=_since(visit, stood, member.venue),
            signed=visit.tongue.day(one.signed_at[member.venue])
            if member.venue in one.signed_at
            else "",
        )
        for member in sorted(one.signed.charter.members, key=lambda m: m.name)
    ]


def _since(visit: Visit, stood: Sequence[Version], venue: str) -> str:
    """Return the day from which the venue has been a member without a gap, "" when it is not yet."""
    first = ""
    for version in stood:
        if venue not in {m.venue for m in version.signed.charter.members}:
            break
        first = version.in_force_at or first
    return visit.tongue.day(first) if first else ""


def _moves(visit: Visit, versions: Sequence[Version]) -> list[Move]:
    stood = [v for v in versions if v.in_force_at]
    found: list[Move] = []
    for after, before in pairwise(stood):
        old = {m.venue: visit.tongue.polished(m.name) for m in before.signed.charter.members}
        new = {m.venue: visit.tongue.polished(m.name) for m in after.signed.charter.members}
        day = visit.tongue.day(after.in_force_at or "")
        revision = after.signed.charter.revision
        found += [Move(new[v], revision, day, joins=True) for v in new if v not in old]
        found += [Move(old[v], revision, day, joins=False) for v in old if v not in new]
    return found


def _compared(visit: Visit, versions: Sequence[Version]) -> Mapping[str, object] | None:
    asked = visit.asked.get("revision", "")
    one = next((v for v in versions if str(v.signed.charter.revision) == asked), None)
    if one is None:
        return None
    before = _former(versions, one)
    return {
        "after": one.signed.charter.revision,
        "before": before.signed.charter.revision if before else None,
        "lines": changes(before.signed.charter, one.signed.charter) if before else (),
    }


PAGE = Page("charter", "/charte", WORDS, read, asks=("revision",), needs_edition=False)
