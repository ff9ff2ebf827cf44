"""The rule of dominance: a group of small venues must not be one venue and a few others beside it."""

from collections.abc import Iterator
from typing import Final

from contracts.charter import Charter
from contracts.phrase import Phrase

DOMINANT_PERCENT: Final = 85
"""Of what a cluster's venues declare, the most that one may be: the rule of INSEE's statistical secrecy."""


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
