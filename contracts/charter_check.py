"""Is this charter one to obey: signed by every member, in force, and consistent with itself."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final

from contracts.base import canonical, digest
from contracts.charter import Charter, EditionSpec, SignedCharter
from contracts.clock import parse_stamp
from contracts.phrase import Phrase
from contracts.scopes import overdrawn
from contracts.seal import SealError, verify
from contracts.season import season_of
from contracts.tags import spoken
from contracts.visit import ARM, EPCI, PARTNER_DISTANCE, PERSON_COLUMNS, VISIT_COLUMNS, Purpose

FIELDS: Final = frozenset({*PERSON_COLUMNS, *VISIT_COLUMNS, ARM, EPCI, PARTNER_DISTANCE})
"""Every field that a charter may name: the columns of a batch, and what widens them."""

_PICO: Final = 10**12
_DIGITS: Final = 2  # of declared attendance: a public round figure, never a count


class CharterError(Exception):
    """Base: this charter must not be obeyed; nothing may be sent under it."""


class Expired(CharterError):
    """The charter's last day is past."""


class NotYetValid(CharterError):
    """The charter's first day is to come."""


class SignatureMissing(CharterError):
    """A member has not signed."""

    def __init__(self, venue: str) -> None:
        super().__init__(
            Phrase(
                "The charter lacks the signature of {venue}; ask that venue to sign it.",
                venue=venue,
            )
        )
        self.venue = venue


class SignatureWrong(CharterError):
    """A signature is not that of the member's key over these bytes."""

    def __init__(self, venue: str) -> None:
        super().__init__(
            Phrase(
                "The signature of {venue} does not match this charter: it was changed after it was "
                "signed, or the key is another. Fetch the charter again and compare fingerprints.",
                venue=venue,
            )
        )
        self.venue = venue


class RulesBroken(CharterError):
    """The charter contradicts itself."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            Phrase(
                "The charter contradicts itself: {reason}. Correct it and sign it again.",
                reason=reason,
            )
        )
        self.reason = reason


def charter_hash(charter: Charter) -> str:
    """Return the SHA-256 of the charter's canonical bytes: its fingerprint."""
    return digest(canonical(charter))


def verify_signed(signed: SignedCharter, now: dt.datetime) -> Charter:
    """Return the charter when it may be obeyed at *now*.

    Raises:
        CharterError: one of its subclasses, which says what is wrong.
    """
    charter = signed.charter
    check_rules(charter)
    check_signatures(signed)
    if now < parse_stamp(charter.valid_from):
        raise NotYetValid(
            Phrase(
                "The charter is valid from {valid_from}; wait until then.",
                valid_from=charter.valid_from,
            )
        )
    if now >= parse_stamp(charter.expires):
        raise Expired(
            Phrase(
                "The charter expired on {expires}; the members must sign a new revision.",
                expires=charter.expires,
            )
        )
    return charter


def check_signatures(signed: SignedCharter) -> None:
    """Check that each member, and nobody else, signed once over these very bytes.

    Raises:
        CharterError: a signature is missing, wrong, doubled or a stranger's.
    """
    data = canonical(signed.charter)
    keys = {member.venue: member.signing_key for member in signed.charter.members}
    signatures = {s.venue: s.signature for s in signed.signatures}
    if len(signatures) != len(signed.signatures) or not signatures.keys() <= keys.keys():
        raise RulesBroken(Phrase("a signature is doubled or not a member's"))
    for venue, key in keys.items():
        if venue not in signatures:
            raise SignatureMissing(venue)
        try:
            verify(key, data, signatures[venue])
        except SealError as error:
            raise SignatureWrong(venue) from error


def check_rules(charter: Charter) -> None:
    """Check everything that a schema cannot say: one field against another.

    Raises:
        RulesBroken: names the first rule that does not hold.
    """
    for rule in _RULES:
        for reason in rule(charter):
            raise RulesBroken(reason)


def seasons_read(edition: EditionSpec) -> tuple[str, ...]:
    """Return the seasons whose days an edition reads: all are charged (design §5)."""
    first, last = (
        season_of(dt.date.fromisoformat(d)) for d in (edition.first_day, edition.last_day)
    )
    return tuple(f"{year}-{year + 1}" for year in range(int(first[:4]), int(last[:4]) + 1))


def _dates(charter: Charter) -> Iterator[str]:
    try:
        if parse_stamp(charter.valid_from) >= parse_stamp(charter.expires):
            yield Phrase("it expires before it is valid")
        for edition in charter.editions:
            first, last = map(dt.date.fromisoformat, (edition.first_day, edition.last_day))
            if first > last:
                yield Phrase(
                    "the window of edition {edition} ends before it starts", edition=edition.edition
                )
    except ValueError:
        yield Phrase("a date is not in the calendar")


def _seasons(charter: Charter) -> Iterator[str]:
    named = [budget.season for budget in charter.budgets]
    named += [charter.pseudonym_season, *charter.custodian.season_keys]
    named += [edition.season for edition in charter.editions]
    named += [charter.linkage_from] if charter.linkage_from else []
    if any(int(season[5:]) != int(season[:4]) + 1 for season in named):
        yield Phrase("a season does not span two following years")
    if charter.pseudonym_season not in charter.custodian.season_keys:
        yield Phrase("the custodian has no key for the pseudonym season")


def _linkage(charter: Charter) -> Iterator[str]:
    since = charter.linkage_from or ""  # before any season
    if since > charter.pseudonym_season:
        yield Phrase("the linkage starts after the pseudonym season")
    for edition in charter.editions:
        seasons = seasons_read(edition)
        if seasons[0] < since <= seasons[-1]:
            yield Phrase(
                "edition {edition} reads visits from before and after the start of the linkage",
                edition=edition.edition,
            )


def _uniqueness(charter: Charter) -> Iterator[str]:
    lists: dict[str, Iterable[str]] = {
        Phrase("member"): [member.venue for member in charter.members],
        Phrase("signing key of a member"): [member.signing_key for member in charter.members],
        Phrase("partner"): charter.partners,
        Phrase("purpose"): charter.purposes,
        Phrase("field"): charter.fields,
        Phrase("season's budget"): [budget.season for budget in charter.budgets],
        Phrase("edition"): [edition.edition for edition in charter.editions],
        Phrase("cluster"): [cluster.cluster for cluster in charter.clusters],
        Phrase("venue in the clusters"): [v for c in charter.clusters for v in c.venues],
    }
    for edition in charter.editions:
        lists[Phrase("measure of edition {edition}", edition=edition.edition)] = [
            m.measure for m in edition.measures
        ]
        if edition.model is not None:
            of = {"edition": edition.edition}
            lists[Phrase("tag of edition {edition}", **of)] = [k.axis for k in edition.model.tags]
            for keys in edition.model.tags:
                named = Phrase("value of the tag {tag} of edition {edition}", tag=keys.axis, **of)
                lists[named] = [spoken(value) for value in keys.values]
    for name, items in lists.items():
        if any(count > 1 for count in Counter(items).values()):
            yield Phrase("named twice: {name}", name=name)


def _references(charter: Charter) -> Iterator[str]:
    members = {member.venue for member in charter.members}
    if any(venue not in members for cluster in charter.clusters for venue in cluster.venues):
        yield Phrase("a cluster names a venue that is not a member")
    if charter.advice and not members.issuperset(charter.advice.supported):
        yield Phrase("the charter supports a venue that is not a member")
    if not set(charter.fields) <= FIELDS:
        yield Phrase("a field is not a column of a batch")
    if charter.editions and Purpose.STATISTICS not in charter.purposes:
        yield Phrase("editions are planned without the purpose of statistics")


def _attendance(charter: Charter) -> Iterator[str]:
    members = {member.venue for member in charter.members}
    for edition in charter.editions:
        if not edition.attendance.keys() <= members:
            yield Phrase(
                "edition {edition} declares the tickets of a venue that is not a member",
                edition=edition.edition,
            )
        if any(len(str(tickets).rstrip("0")) > _DIGITS for tickets in edition.attendance.values()):
            yield Phrase(
                "edition {edition} declares tickets to more than two significant digits",
                edition=edition.edition,
            )


def _operators(charter: Charter) -> Iterator[str]:
    same = charter.hub.operator == charter.custodian.operator
    if same and not charter.demonstration:
        yield Phrase(
            "one operator holds hub and custodian, so it must be marked as a demonstration"
        )


def _shares(charter: Charter) -> Iterator[str]:
    for budget in charter.budgets:
        shares = (
            budget.observatory_rho_micro,
            budget.recommendation_rho_micro,
            budget.audiences_rho_micro,
        )
        if max(shares) > budget.total_rho_micro:
            yield Phrase(
                "a share of the budget of {season} is above its total", season=budget.season
            )
        if budget.delta_pico * 10 * charter.persons_bound > _PICO:
            yield Phrase(
                "delta of {season} is above 1/(10 × the bound on persons)", season=budget.season
            )


def _plan(charter: Charter) -> Iterator[str]:
    budgets = {budget.season: budget for budget in charter.budgets}
    for edition in charter.editions:
        if edition.season not in seasons_read(edition):
            yield Phrase(
                "edition {edition} does not read the season that it is named for",
                edition=edition.edition,
            )
    for season in sorted({s for edition in charter.editions for s in seasons_read(edition)}):
        if season not in budgets:
            yield Phrase("an edition reads {season}, which has no budget", season=season)
        else:
            plans = [e.measures for e in charter.editions if season in seasons_read(e)]
            yield from overdrawn(budgets[season], list(chain.from_iterable(plans)))


_RULES: Final[tuple[Callable[[Charter], Iterator[str]], ...]] = (
    _dates,
    _seasons,
    _linkage,
    _uniqueness,
    _references,
    _attendance,
    _operators,
    _shares,
    _plan,
)
