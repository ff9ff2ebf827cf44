"""The network as its charter tells it: who the members are, who keeps the keys, whom to write to."""

from dataclasses import dataclass

from contracts.charter import Charter
from contracts.charter_check import charter_hash
from hub.web.labels import Labels


@dataclass(frozen=True)
class House:
    """One member; ``cluster`` names the group in which it appears, "" when it stands alone."""

    name: str
    discipline: str
    postcode: str
    cluster: str


@dataclass(frozen=True)
class Answerable:
    """Someone to write to: a role, who holds it and where."""

    role: str
    operator: str
    contact: str


@dataclass(frozen=True)
class Network:
    """The charter in force, in a reader's words."""

    houses: tuple[House, ...]
    people: tuple[Answerable, ...]
    charter: str
    sha256: str
    same: bool  # the edition was prepared under this very charter


def network_of(charter: Charter, labels: Labels, charter_sha256: str) -> Network:
    """Return the network of *charter*, beside the hash of the charter that the edition names."""
    say, tongue, sha = labels.tongue.phrases, labels.tongue, charter_hash(charter)
    inside = {v: labels.key(c.cluster, "place") for c in charter.clusters for v in c.venues}
    houses = tuple(
        House(
            name=labels.key(m.venue, "place"),
            discipline=labels.key(m.discipline.value, "discipline"),
            postcode=m.postcode,
            cluster=inside.get(m.venue, ""),
        )
        for m in sorted(charter.members, key=lambda m: m.name)
    )
    keeper = charter.custodian
    return Network(
        houses=houses,
        people=(
            Answerable(say["controller"], charter.controller.operator, charter.controller.contact),
            Answerable(say["dpo"], charter.dpo.name, charter.dpo.contact),
            Answerable(say["custodian"], keeper.operator, keeper.contact),
            Answerable(say["operator"], charter.hub.operator, ""),
        ),
        charter=say["charter_more"].format(
            revision=charter.revision,
            first=tongue.day(charter.valid_from),
            last=tongue.day(charter.expires),
        ),
        sha256=sha,
        same=sha == charter_sha256,
    )
