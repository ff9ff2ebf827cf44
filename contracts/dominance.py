"""What is asked of a charter before anybody signs it, and of no charter that is signed already.

A rule that came after a charter must not stop what is done under it: withdrawals, erasures and departures go on.
"""

from collections.abc import Iterator
from typing import Final

from contracts.charter import Charter
from contracts.charter_check import CharterError, check_rules
from contracts.phrase import Phrase
from contracts.scopes import CEILING_MICRO, caps_of

DOMINANT_PERCENT: Final = 85
"""Of what a cluster's venues declare, the most that one may be: the rule of INSEE's statistical secrecy."""


class NotToBeSigned(CharterError):
    """A new charter may not say this, though one that is signed already stands."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            Phrase(
                "The charter is not to be signed: {reason}. The network must change it first.",
                reason=reason,
            )
        )
        self.reason = reason


def check_offer(charter: Charter) -> None:
    """Check a charter that is to be signed: its rules, that no cluster is one venue, and the ceiling of rho.

    Raises:
        RulesBroken: it contradicts itself.
        NotToBeSigned: names the first of what a new charter may not say.
    """
    check_rules(charter)
    for rule in (dominated, above_ceiling):
        for reason in rule(charter):
            raise NotToBeSigned(reason)


def dominated(charter: Charter) -> Iterator[str]:
    """Yield the clusters whose figures would be those of one venue, by the identifiers that venues declare.

    Declared identifiers are public words of the charter: nothing is read of the data, so that whether a cluster
    stands tells nothing of anybody. Noise hides a person in a figure, not a house that makes all of it.
    """
    declared = {member.venue: member.declared_identifiers for member in charter.members}
    for cluster in charter.clusters:
        sizes = [declared.get(venue, 0) for venue in cluster.venues]
        if 100 * max(sizes) > DOMINANT_PERCENT * sum(sizes):
            yield Phrase(
                "one venue is more than {percent} % of what the venues of cluster {cluster} declare",
                percent=str(DOMINANT_PERCENT),
                cluster=cluster.cluster,
            )


def above_ceiling(charter: Charter) -> Iterator[str]:
    """Yield the seasons that may cost one person more rho than any may, all uses together."""
    for budget in charter.budgets:
        if any(rho > CEILING_MICRO for rho, _ in caps_of(budget).values()):
            yield Phrase(
                "the budget of {season} lets one person cost more than a rho of {ceiling}",
                season=budget.season,
                ceiling=f"{CEILING_MICRO / 1e6:g}",
            )
