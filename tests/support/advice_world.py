"""One house's agent with an export, a charter it obeys and a model that its hub signed; nobody to talk to."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from contracts.base import canonical, digest
from contracts.catalogue import Catalogue
from contracts.chain import GENESIS, Head, next_entry
from contracts.charter import Charter
from contracts.charter_check import charter_hash
from contracts.clock import FixedClock
from contracts.edition import AuditEntry, Checkpoint, SignedCheckpoint
from contracts.model import SignedModel
from contracts.seal import fingerprint, sign
from hub.recommend.bundle import model_of
from hub.recommend.observed import Observed
from tests.support.agent_world import write_export
from tests.support.control_world import EDITION, keys
from tests.support.model_world import Tastes, charter_of, kinds_of, published, sign_model
from venue_agent.config import AgentConfig, Home, write_config
from venue_agent.credentials.keys import FILE as KEY_FILE
from venue_agent.desk import Desk
from venue_agent.network.charters import keep_charter
from venue_agent.network.memory import FILE as MEMORY
from venue_agent.network.memory import Known

CLOCK = FixedClock(dt.datetime(2025, 9, 15, 8, tzinfo=dt.UTC))
VENUE = "v00"
PRESET = Path(__file__).parents[2] / "venue_agent" / "presets" / "fr23plus.toml"
CATALOGUE = """match;event;title;discipline;first_day;last_day;sensitive
La Danse;la-danse;La Danse;dance;;;no
Hamlet;hamlet;Hamlet;theatre;;;no
"""
CONSENT = """
[[consent]]
column = "Optin conseils"
text = "J'accepte de recevoir des idées de sorties."
grants = ["recommendation"]
dated_by = "Date optin"
date_formats = ["%d/%m/%Y", "%d/%m/%y"]
"""
YES = {"Optin conseils": "Oui", "Optin partenaires": "Non"}


def ticket(who: int, title: str = "Hamlet", day: str = "15/03/25", **changes: str) -> dict[str, str]:  # fmt: skip
    """A ticket of customer C<who>, an adult who said yes to advice and to nothing else."""
    return YES | {
        "Numero client": f"C{who:04}", "Nom": f"Nom{_letters(who)}", "Prenom": f"Prenom{_letters(who)}",
        "Email": f"canari{who}@exemple.fr", "Adresse": f"{who} rue du Canari", "Spectacle": title,
        "Cle spectacle": title, "Date representation": day, "Date reservation": "01/09/23 00:00",
    } | changes  # fmt: skip


def _letters(number: int) -> str:
    return "".join(chr(97 + int(digit)) for digit in str(number))


@dataclass
class LoneHub:
    """What the agent asks of a hub, from memory; ``asked`` tells what it was asked for."""

    signed: SignedModel
    kind: str = "model-published"
    asked: list[str] = field(default_factory=list)
    sent: SignedModel | None = None  # in place of the one that was told
    told: bool = True
    programs: dict[str, Catalogue] = field(default_factory=dict)

    @property
    def entries(self) -> list[AuditEntry]:
        head, found = GENESIS, []
        sha256 = digest(canonical(self.signed))
        events = [("test", {"n": 1}), (self.kind, {"edition": EDITION, "sha256": sha256})]
        for kind, body in events if self.told else events[:1]:
            entry = next_entry(head, at="2025-09-01T08:00:00Z", kind=kind, body=body)
            head = Head(entry.sequence, entry.sha256)
            found.append(entry)
        return found

    def checkpoint(self) -> SignedCheckpoint:
        last = self.entries[-1]
        plain = Checkpoint(network="reseau", sequence=last.sequence, head_sha256=last.sha256, at="2025-09-01T08:00:00Z")  # fmt: skip
        return SignedCheckpoint(checkpoint=plain, hub_signature=sign(keys().private["hub"], canonical(plain)))  # fmt: skip

    def chain(self, after: int) -> list[AuditEntry]:
        return self.entries[after:]

    def editions(self) -> list[str]:
        return [EDITION]

    def model(self, edition: str) -> SignedModel | None:
        self.asked.append(edition)
        return self.sent or self.signed

    def catalogue(self, venue: str) -> Catalogue | None:
        self.asked.append(f"catalogue {venue}")
        return self.programs.get(venue)


@dataclass(frozen=True)
class LoneDesk(Desk):
    """A desk whose hub is a ``LoneHub``."""

    lone: LoneHub
    law: Charter

    @property
    def hub(self) -> LoneHub:  # type: ignore[override]
        return self.lone

    def charter(self) -> Charter:
        return self.law


def make_desk(
    folder: Path, *tickets: dict[str, str], observed: Observed | None = None, items: int = 12,
    purposes: tuple[str, ...] = ("statistics", "recommendation"),
) -> LoneDesk:  # fmt: skip
    """The agent of the first of *items* houses, theatre and dance in turn; a model waits at its hub."""
    plain = charter_of(kinds_of(items)).model_dump(mode="json") | {"purposes": list(purposes)}
    plain["fields"] = [*plain["fields"], "discipline", "event_date"]
    charter = Charter.model_validate_json(canonical(plain))
    observed = observed or Tastes(items=items).observed(sigma=30.0)
    signed = sign_model(model_of(published(charter, observed), charter))
    home = Home(folder)
    (folder / "exports").mkdir(parents=True)
    (folder / "catalogue.csv").write_text(CATALOGUE)
    mapping = PRESET.read_text().replace("product = ", 'customer = "Numero client"\nproduct = ', 1)
    (folder / "mapping.toml").write_text(mapping.split("[[oppositions]]")[0] + CONSENT)
    home.keys.mkdir(mode=0o700)
    (home.keys / KEY_FILE).touch(0o600)
    (home.keys / KEY_FILE).write_text(keys().private["danse-nord"].hex())
    config = AgentConfig(venue=VENUE, hub_url="http://localhost:1", custodian_url="http://localhost:2",
                         hub_fingerprint=fingerprint(charter.hub.signing_key))  # fmt: skip
    write_config(home, config)
    if tickets:
        write_export(folder / "exports", *tickets)
    keep_charter(folder, charter)
    known = Known(revision=charter.revision, charter_sha256=charter_hash(charter), checkpoint=None)
    (folder / MEMORY).write_bytes(canonical(known))
    return LoneDesk(home, config, keys().private["danse-nord"], CLOCK, lone=LoneHub(signed), law=charter)  # fmt: skip
