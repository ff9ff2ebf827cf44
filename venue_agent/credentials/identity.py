"""Who the agent is to others: its venue, the key that it signs with, and the keys that it signed with before."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.charter import Charter
from contracts.charter_check import charter_hash
from contracts.seal import signing_public


@dataclass(frozen=True)
class Identity:
    """The venue and the key that it made itself."""

    venue: str
    signing_key: bytes = field(repr=False)
    earlier: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Its former public keys, each with the fingerprints of the charters that may still name it."""

    def is_named(self, charter: Charter) -> bool:
        """Tell whether a charter names this venue with its own key, or with the one that it signed that charter with."""
        named = {m.signing_key for m in charter.members if m.venue == self.venue}
        may = {k for k, charters in self.earlier.items() if charter_hash(charter) in charters}
        return bool(named & (may | {signing_public(self.signing_key)}))
