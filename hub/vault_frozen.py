"""The facts as publishing reads them: those of the edition's window, frozen once, whatever arrives meanwhile."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from contracts.catalogue import Catalogue
from hub.plan import EditionPlan
from hub.publish import Relations, asked
from hub.vault.engine import Limits
from hub.vault.scan import scan
from hub.vault.snapshot import freeze
from hub.vault.vault import Vault
from hub.vault.view import Window


@dataclass(frozen=True)
class FrozenFacts:
    """The vault as publishing knows it."""

    vault: Vault
    limits: Limits
    catalogues: Callable[[str], Iterable[Catalogue]] = lambda _edition: ()

    @contextmanager
    def frozen(self, plan: EditionPlan) -> Iterator[Relations]:
        """Freeze the edition's window, or find it frozen, and open it for sums."""
        frame = plan.frame
        window = Window(
            edition=plan.spec.edition,
            first_day=frame.first_day,
            last_day=frame.last_day,
            epci=bool(frame.epcis),
            venues=tuple(venue.slug for venue in frame.venues),
            operations=tuple(operation.request for operation in frame.operations),
            tags=frame.tags,
            catalogues=tuple(self.catalogues(plan.spec.edition)) if frame.tags else (),
            gathered=tuple(venue for _, inside in frame.clusters for venue in inside),
        )
        snapshot = freeze(self.vault, window, self.limits)
        with scan(self.vault, snapshot, self.limits, asked(plan)) as relations:
            yield relations
