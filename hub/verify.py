"""Check a published edition from public files alone: charter, chain, ledger sums, noise scales, digests.

It proves the declared arithmetic, not that noise was drawn, and says so in every report.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Final

from contracts.base import canonical, digest
from contracts.chain import GENESIS, ChainError, extend
from contracts.charter import EditionSpec, SignedCharter
from contracts.charter_check import (
    CharterError,
    charter_hash,
    check_rules,
    check_signatures,
    seasons_read,
)
from contracts.dominance import above_ceiling, dominated
from contracts.edition import ChargeRecord, PublishedEdition, Release, Vector
from contracts.phrase import Phrase
from contracts.scopes import scope_of, use_of
from contracts.seal import SealError
from contracts.seal import verify as verify_signature
from contracts.tags_shown import catalogues_read
from contracts.voice import mark
from hub.errors import VerificationFailed
from hub.verify_figures import figures_agree, made_before
from hub.verify_ledger import CHECKS as LEDGER_CHECKS

LIMITS: Final = Phrase(
    "This proves the declared arithmetic: signatures, chain, prices and noise scales agree with "
    "the charter. It does not prove that the noise was drawn, nor drawn at random."
)
MILLION_CUBED: Final = 10**18

Rule = Callable[[PublishedEdition, SignedCharter], Iterator[str]]


@dataclass(frozen=True)
class Check:
    """One thing that was checked, and each way in which it fails."""

    name: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """All checks of one edition; what they prove and what they do not."""

    edition: str
    checks: tuple[Check, ...]
    warnings: tuple[
        str, ...
    ] = ()  # what today's rules would not let be made, and what stands all the same
    limits: str = LIMITS

    @property
    def ok(self) -> bool:
        """Say whether every check holds."""
        return not any(check.problems for check in self.checks)

    def lines(self) -> list[str]:
        """Return the report as plain text, one line per check and per problem; each is a phrase."""
        lines: list[str] = [Phrase("edition {edition}", edition=self.edition)]
        for check in self.checks:
            held = mark("  FAILS  {name}") if check.problems else mark("  holds  {name}")
            lines.append(Phrase(held, name=check.name))
            lines.extend(
                Phrase("         {problem}", problem=problem) for problem in check.problems
            )
        lines.extend(Phrase("  warns  {warning}", warning=warning) for warning in self.warnings)
        return [*lines, self.limits]

    def require(self) -> None:
        """Raise unless every check holds.

        Raises:
            VerificationFailed: names each problem.
        """
        if not self.ok:
            every = [problem for check in self.checks for problem in check.problems]
            problems = reduce(lambda told, one: Phrase("{told}; {one}", told=told, one=one), every)
            raise VerificationFailed(
                "Edition {edition} does not check: {problems}.",
                edition=self.edition,
                problems=problems,
            )


def verify(published: PublishedEdition, charter: SignedCharter) -> Report:
    """Recompute everything that *published* declares and hold it to *charter*.

    Args:
        published: the public file of an edition.
        charter: the charter that the members signed, obtained from a member, not from the file.
    """
    checks = tuple(Check(name, tuple(rule(published, charter))) for name, rule in _CHECKS)
    return Report(published.edition.edition, checks, tuple(_warnings(published, charter)))


def _warnings(published: PublishedEdition, signed: SignedCharter) -> Iterator[str]:
    """Yield what came to be refused after it was signed or published: it stands, and readers may know."""
    yield from made_before(published)
    tagged = any(release.measure == "tags" for release in published.edition.releases)
    if tagged and catalogues_read(published) is None:
        yield Phrase("tags: the chain does not tell which catalogues were read")
    for reason in (*dominated(signed.charter), *above_ceiling(signed.charter)):
        yield Phrase("the charter: {reason}; a new one could not be signed", reason=reason)


def _charter(published: PublishedEdition, signed: SignedCharter) -> Iterator[str]:
    charter, edition = signed.charter, published.edition
    try:
        check_rules(charter)
        check_signatures(signed)
    except CharterError as error:
        yield Phrase("{error}", error=error)
    if edition.charter_sha256 != charter_hash(charter):
        yield Phrase("the edition names another charter")
    if edition.network != charter.network or edition.demonstration != charter.demonstration:
        yield Phrase("the edition's network or its demonstration mark is not the charter's")
    if not charter.valid_from <= edition.prepared < charter.expires:
        yield Phrase("the edition was prepared outside the charter's dates")


def _digest(published: PublishedEdition, _signed: SignedCharter) -> Iterator[str]:
    if digest(canonical(published.edition)) != published.edition_sha256:
        yield Phrase("the edition's bytes do not have the digest that the file names")


def _chain(published: PublishedEdition, _signed: SignedCharter) -> Iterator[str]:
    head = published.checkpoint.checkpoint
    try:
        found = extend(GENESIS, published.chain)
    except ChainError as error:
        yield Phrase("{error}", error=error)
        return
    if (found.sequence, found.sha256) != (head.sequence, head.head_sha256):
        yield Phrase("the chain does not end at the checkpoint")


def _checkpoint(published: PublishedEdition, signed: SignedCharter) -> Iterator[str]:
    checkpoint, charter = published.checkpoint, signed.charter
    if checkpoint.checkpoint.network != charter.network:
        yield Phrase("the checkpoint is of another network")
    data = canonical(checkpoint.checkpoint)
    signatures = {
        "hub": (charter.hub.signing_key, checkpoint.hub_signature),
        "custodian": (charter.custodian.signing_key, checkpoint.custodian_signature),
    }
    for name, (key, signature) in signatures.items():
        try:
            verify_signature(key, data, signature or "")
        except SealError:
            yield Phrase("the {name} did not sign this checkpoint", name=name)


def _plan(published: PublishedEdition, signed: SignedCharter) -> Iterator[str]:
    edition = published.edition
    specs = {spec.edition: spec for spec in signed.charter.editions}
    if edition.edition not in specs:
        yield Phrase("the charter plans no such edition")
        return
    spec = specs[edition.edition]
    window = (edition.title, edition.season, edition.first_day, edition.last_day)
    if window != (spec.title, spec.season, spec.first_day, spec.last_day):
        yield Phrase("the edition's title, season or window is not the planned one")
    measures = [release.measure for release in edition.releases]
    if len(set(measures)) != len(measures):
        yield Phrase("a measure is released twice")
    for release in edition.releases:
        yield from _price(release, spec)
        if release.measure == "tags":
            yield from _tags(release, spec)


def _price(release: Release, spec: EditionSpec) -> Iterator[str]:
    prices = {m.measure: (m.rho_micro, m.delta_pico) for m in spec.measures}
    if prices.get(release.measure) != (release.rho_micro, release.delta_pico):
        yield Phrase("{measure}: its price is not the planned one", measure=release.measure)
    if not set(seasons_read(spec)) <= set(release.seasons):
        yield Phrase("{measure}: a season in its window is not charged", measure=release.measure)


def _tags(release: Release, spec: EditionSpec) -> Iterator[str]:
    """Values are what the members signed, in their order: none is chosen after visits were read."""
    signed = spec.model.tags if spec.model else []
    named = {f"tags-{keys.axis}-value": [[value] for value in keys.values] for keys in signed}
    found = {v.name: v.keys for v in release.vectors if v.name.endswith("-value")}
    found.pop("tags-discipline-value", None)  # of the members' own disciplines
    if found != named:
        yield Phrase("tags: its values are not those that the charter names")


def _releases(published: PublishedEdition, _signed: SignedCharter) -> Iterator[str]:
    charges = {charge.charge: charge for charge in published.charges}
    releases = published.edition.releases
    if len({release.charge for release in releases}) != len(releases):
        yield Phrase("two releases name one charge")
    for release in releases:
        charge = charges.get(release.charge)
        if charge is None:
            yield Phrase("{measure}: its charge is not in the ledger", measure=release.measure)
        else:
            yield from _paid(release, charge, published.edition.edition)


def _paid(release: Release, charge: ChargeRecord, edition: str) -> Iterator[str]:
    if (charge.edition, charge.measure) != (edition, release.measure):
        yield Phrase("{measure}: its charge paid for something else", measure=release.measure)
    if (charge.rho_micro, charge.delta_pico) != (release.rho_micro, release.delta_pico):
        yield Phrase("{measure}: its price is not what was charged", measure=release.measure)
    use = use_of(release.measure)
    if set(charge.scopes) != {scope_of(s, u) for s in release.seasons for u in (None, use)}:
        yield Phrase(
            "{measure}: its charge hit other scopes than its seasons'", measure=release.measure
        )


def _noise(published: PublishedEdition, _signed: SignedCharter) -> Iterator[str]:
    for release in published.edition.releases:
        vectors = release.vectors
        if len({vector.name for vector in vectors}) != len(vectors):
            yield Phrase("{measure}: two vectors have one name", measure=release.measure)
        if sum(vector.rho_micro for vector in vectors) > release.rho_micro:
            yield Phrase(
                "{measure}: its vectors cost more rho than it paid", measure=release.measure
            )
        if sum(vector.delta_pico for vector in vectors) > release.delta_pico:
            yield Phrase(
                "{measure}: its vectors cost more delta than it paid", measure=release.measure
            )
        for vector in vectors:
            yield from (
                Phrase("{measure}/{name}: {p}", measure=release.measure, name=vector.name, p=p)
                for p in _vector(vector)
            )


def _vector(vector: Vector) -> Iterator[str]:
    # Bun and Steinke 2016, proposition 1.6: N(0, sigma²) on L2 sensitivity Δ costs rho = Δ²/(2 sigma²);
    # Canonne, Kamath and Steinke 2020: the discrete Gaussian costs the same.
    bought = 2 * vector.rho_micro * vector.sigma_micro**2
    if bought < vector.l2_sensitivity_squared * MILLION_CUBED:
        yield Phrase("its noise is smaller than its price and sensitivity demand")
    if len(vector.keys) != len(vector.values) or len(set(map(tuple, vector.keys))) != len(
        vector.keys
    ):
        yield Phrase("its keys are not distinct, or not one per value")
    yield from _threshold(vector)


def _threshold(vector: Vector) -> Iterator[str]:
    if vector.mechanism == "discrete-gaussian":
        if vector.threshold is not None or vector.delta_pico:
            yield Phrase("it has a threshold or a delta, which public keys do not need")
    elif vector.threshold is None or not vector.delta_pico:
        yield Phrase("its keys were chosen, but no threshold or no delta is declared")
    elif any(value < vector.threshold for value in vector.values):
        yield Phrase("a value below its threshold was published")


_CHECKS: Final[tuple[tuple[str, Rule], ...]] = (
    (
        Phrase("the charter holds together, every member signed it, and the edition names it"),
        _charter,
    ),
    (Phrase("the edition is one that the charter plans, at its prices"), _plan),
    (Phrase("the edition's digest"), _digest),
    (Phrase("every link of the audit chain, from the first to the checkpoint"), _chain),
    (Phrase("the checkpoint is signed by the hub and co-signed by the custodian"), _checkpoint),
    *LEDGER_CHECKS,
    (Phrase("every release is one that was paid for"), _releases),
    (Phrase("every noise scale is what its price and sensitivity demand"), _noise),
    (Phrase("the figures agree: sums, bounds and order"), figures_agree),
)
