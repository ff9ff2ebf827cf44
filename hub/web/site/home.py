"""« Le réseau » : members, freshness by the week, coverage, budget, charter, and the first figures of the edition."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.charter import Charter
from contracts.charter_check import charter_hash
from hub.web.network import network_of
from hub.web.pages import Page, Shown, Visit
from hub.web.summary import summary
from hub.web.tables import Row
from hub.web.words import said
from hub.web.words.home import WORDS

MICRO = 1_000_000
GLANCE = (
    ("reach", "reach-network", ("network",)),
    ("shared", "reach-shares", ("2+",)),
    ("loyal", "ladder-visits", ("6+",)),
    ("young", "young-network", ("network",)),
)


@dataclass(frozen=True)
class Figure:
    """One figure of the first glance, and the table that it was read from."""

    what: str
    row: Row
    shown: Shown


@dataclass(frozen=True)
class House:
    """One member, as the charter names it, and the week of its last accepted batch ("" before the first)."""

    venue: str
    name: str
    discipline: str
    cluster: str
    week: str


@dataclass(frozen=True)
class Purse:
    """What a season may spend, in words, and what is left of it in per cent."""

    title: str
    text: str
    spent: int


def read(visit: Visit) -> Mapping[str, object]:
    """Return what the page shows; before the first edition, the network without figures."""
    charter = visit.charter
    return {
        "figures": figures(visit),
        "sentences": summary(visit.published, visit.labels) if visit.published else (),
        "houses": houses(visit),
        "coverage": visit.shown("coverage"),
        "purses": purses(visit),
        "coming": coming(visit),
        "charter_lines": charter_lines(visit),
        "people": network_of(charter, visit.labels, "").people if charter else (),
    }


def figures(visit: Visit) -> list[Figure]:
    """Return the figures of the first glance that the edition holds."""
    say, found = said(WORDS, visit.tongue), []
    for name, slug, keys in GLANCE:
        shown = visit.shown(slug)
        if shown is None:
            continue
        at = next((i for i, row in enumerate(shown.table.rows) if tuple(row.keys[: len(keys)]) == keys), None)  # fmt: skip
        if at is not None:
            found.append(Figure(say[name], shown.view.rows[at], shown))
    return found


def houses(visit: Visit) -> list[House]:
    """Return the members in the order of their names."""
    if visit.charter is None:
        return []
    weeks, labels = visit.shelf.weeks(), visit.labels
    inside = {v: labels.key(c.cluster, "place") for c in visit.charter.clusters for v in c.venues}
    return [
        House(
            venue=m.venue,
            name=labels.key(m.venue, "place"),
            discipline=labels.key(m.discipline.value, "discipline"),
            cluster=inside.get(m.venue, ""),
            week=visit.tongue.day(weeks[m.venue]) if m.venue in weeks else "",
        )
        for m in sorted(visit.charter.members, key=lambda m: m.name)
    ]


def purses(visit: Visit) -> list[Purse]:
    """Return the budget of each season, all uses together."""
    say, tongue = said(WORDS, visit.tongue), visit.tongue
    whole = [b for b in visit.shelf.budgets() if b.scope.count("/") == 0 and b.cap_rho_micro]
    return [
        Purse(
            say["budget"].format(season=b.scope.removeprefix("season:")),
            say["budget_left"].format(
                left=tongue.decimal(100 - 100 * b.spent_rho_micro / b.cap_rho_micro, 1),
                spent=tongue.decimal(b.spent_rho_micro / MICRO, 4),
                cap=tongue.decimal(b.cap_rho_micro / MICRO, 4),
            ),
            round(100 * b.spent_rho_micro / b.cap_rho_micro),
        )
        for b in whole
    ]


def coming(visit: Visit) -> str:
    """Return the next edition of the charter's plan, in words."""
    say, out = said(WORDS, visit.tongue), {*visit.shelf.editions(), *visit.shelf.withdrawn()}
    planned = visit.charter.editions if visit.charter else []
    spec = next((e for e in planned if e.edition not in out), None)
    if spec is None:
        return say["next_none"]
    first, last = visit.tongue.day(spec.first_day), visit.tongue.day(spec.last_day)
    return say["next_edition"].format(title=spec.title, first=first, last=last)


def charter_lines(visit: Visit) -> list[str]:
    """Return the charter in force, and the one of the edition when it is another."""
    say = said(WORDS, visit.tongue)
    signed = visit.shelf.charter()
    if signed is None:
        return [say["charter_missing"]]
    lines = [_line(signed.charter, len(signed.signatures), visit, say["charter_line"])]
    named = visit.published.edition.charter_sha256 if visit.published else charter_hash(signed.charter)  # fmt: skip
    before = visit.shelf.charter_of(named)
    if before is not None and before.charter.revision != signed.charter.revision:
        lines.append(say["charter_was"].format(revision=before.charter.revision))
    return lines


def _line(charter: Charter, count: int, visit: Visit, text: str) -> str:
    first, last = visit.tongue.day(charter.valid_from), visit.tongue.day(charter.expires)
    return text.format(revision=charter.revision, count=count, first=first, last=last)


PAGE = Page("home", "/", WORDS, read, needs_edition=False)
