"""Publishing without a vault: a town's visits in its place, and a custodian who signs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from contracts.base import canonical
from contracts.edition import AuditEntry, SignedCheckpoint
from contracts.seal import sign
from hub.measures.base import Query
from hub.plan import EditionPlan
from hub.privacy.values import Exact, VectorPlan
from hub.publish import Desk
from hub.store.database import Control
from tests.support import town
from tests.support.control_world import CLOCK, keys
from tests.support.measuring import value


@dataclass
class TownFacts:
    """A town's visits in the place of the vault; counts how often a vector was asked for."""

    people: int = 300
    asked: list[str] = field(default_factory=list)

    @contextmanager
    def frozen(self, plan: EditionPlan) -> Iterator["TownFacts"]:
        self.connection = town.opened(town.town(self.people, plan.frame, seed=1))
        yield self
        self.connection.close()

    def run(self, query: Query, plan: VectorPlan) -> Exact:
        self.asked.append(plan.name)
        return Exact(plan.name, value(self.connection, query, plan))


def witness(signed: SignedCheckpoint, _entries: list[AuditEntry]) -> SignedCheckpoint:
    custodian = sign(keys().private["custodian"], canonical(signed.checkpoint))
    return signed.model_copy(update={"custodian_signature": custodian})


def desk(control: Control, facts: TownFacts | None = None) -> Desk:
    return Desk(
        control=control,
        facts=facts or TownFacts(),
        sign=partial(sign, keys().private["hub"]),
        witness=witness,
        clock=CLOCK,
    )
