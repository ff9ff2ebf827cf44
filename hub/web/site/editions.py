"""« Éditions » : all that were published, what they cost, whether their sums come right, what was withdrawn, what is to come."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from contracts.charter import EditionSpec
from contracts.edition import AuditEntry, PublishedEdition
from hub.web.checked import checked
from hub.web.pages import Page, Visit
from hub.web.shelf import opened
from hub.web.view import price_of
from hub.web.words import said
from hub.web.words.editions import WORDS

MICRO: Final = 10**6


@dataclass(frozen=True)
class Issue:
    """One published edition in the history."""

    edition: str
    title: str
    period: str
    prepared: str
    size: str
    cost: str
    state: str  # checks_hold, checks_fail or checks_unknown
    sha256: str


@dataclass(frozen=True)
class Told:
    """An edition that was withdrawn, or is to come, and one line about it."""

    edition: str
    line: str


def read(visit: Visit) -> Mapping[str, object]:
    """Return the history, the newest first."""
    shelf, found = visit.shelf, []
    for name in reversed(shelf.editions()):
        body = shelf.edition(name)
        if body is not None:
            found.append(_issue(visit, opened(body)))
    return {"issues": found, "errata": errata(visit), "planned": [_planned(visit, s) for s in coming(visit)]}  # fmt: skip


def coming(visit: Visit) -> list[EditionSpec]:
    """Return the editions of the charter's plan that are neither published nor withdrawn."""
    out = {*visit.shelf.editions(), *visit.shelf.withdrawn()}
    return [spec for spec in (visit.charter.editions if visit.charter else []) if spec.edition not in out]  # fmt: skip


def errata(visit: Visit) -> list[Told]:
    """Return the withdrawn editions, with the day that the chain tells."""
    say = said(WORDS, visit.tongue)
    gone = {
        _body(e).get("edition"): e for e in visit.shelf.chain() if e.kind == "edition-withdrawn"
    }
    told = {name: _why(visit, say, entry) for name, entry in gone.items()}
    return [Told(name, told.get(name, say["errata_undated"])) for name in visit.shelf.withdrawn()]


def _why(visit: Visit, say: Mapping[str, str], entry: AuditEntry) -> str:
    """Return the day of a withdrawal, and the words that the chain keeps of it."""
    body = _body(entry)
    day = say["errata_on"].format(day=visit.tongue.day(entry.at))
    why = visit.tongue.polished(str(body.get(f"erratum_{visit.tongue.code}", "")))
    after = str(body.get("replaced_by", ""))
    return ". ".join(
        filter(None, (day, why.rstrip("."), after and say["errata_after"].format(edition=after)))
    )


def period(visit: Visit, first: str, last: str) -> str:
    """Return a window in words."""
    tongue = visit.tongue
    text = tongue.phrases["period"].format(first=tongue.day(first), last=tongue.day(last))
    return text[:1].upper() + text[1:]


def _body(entry: AuditEntry) -> dict[str, Any]:
    body = json.loads(entry.body)
    return body if isinstance(body, dict) else {}


def _issue(visit: Visit, published: PublishedEdition) -> Issue:
    edition, say = published.edition, said(WORDS, visit.tongue)
    price, _ = price_of(published, visit.charter, visit.tongue)
    report = checked(visit.shelf, edition.edition)
    tables = sum(len(release.tables) for release in edition.releases)
    cost = say["cost"].format(rho=price.rho)
    return Issue(
        edition=edition.edition,
        title=visit.tongue.polished(edition.title),
        period=period(visit, edition.first_day, edition.last_day),
        prepared=visit.tongue.day(edition.prepared),
        size=say["tables"].format(tables=tables, measures=len(edition.releases)),
        cost=f"{cost}, {say['share'].format(share=price.share)}" if price.share else cost,
        state="checks_unknown" if report is None else "checks_hold" if report.ok else "checks_fail",
        sha256=published.edition_sha256,
    )


def _planned(visit: Visit, spec: EditionSpec) -> Told:
    rho = visit.tongue.decimal(sum(m.rho_micro for m in spec.measures) / MICRO, 4)
    when = period(visit, spec.first_day, spec.last_day)
    line = said(WORDS, visit.tongue)["planned_one"].format(period=when, rho=rho)
    return Told(visit.tongue.polished(spec.title), line)


PAGE: Final = Page("editions", "/editions", WORDS, read, needs_edition=False)
