"""The road of the data inside a venue, in one place: each step takes what the one before it made."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from contracts.charter import Charter
from contracts.clock import Clock
from contracts.linkage import NORMALISER_VERSION
from venue_agent.barring import bar, oppose
from venue_agent.catalogue import LocalCatalogue
from venue_agent.config import SourceConfig
from venue_agent.consent import Allowed, consent
from venue_agent.frames import Activation, Consented, HandleBook, Minimised, Normalised, Raw, Tally
from venue_agent.hearing import Progress
from venue_agent.minimise import minimise, rules_of
from venue_agent.normalise import normalise
from venue_agent.outbox.batches import Batch, Sealing, Sent
from venue_agent.pack import pack
from venue_agent.people.known import IsBarred, nobody
from venue_agent.people.merge_report import MergeReport
from venue_agent.pseudonymise import Epoch, Evaluator, pseudonymise
from venue_agent.read import read
from venue_agent.settings.mapping import Mapping as MappingFile
from venue_agent.spare import give_back, uncollected


@dataclass(frozen=True)
class House:
    """What a venue brings: who it is, its files, its catalogue, its own memory."""

    venue: str
    signing_key: bytes = field(repr=False)
    source: SourceConfig
    catalogue: LocalCatalogue
    handles: HandleBook
    elements: MutableMapping[bytes, bytes]
    sent: Mapping[str, Sent]
    first_sequence: int
    barred: IsBarred = nobody  # whom the venue forgot: an export never brings them back
    activations: tuple[Activation, ...] = ()  # of measured orders: who was written to, who was not


@dataclass(frozen=True)
class Prepared:
    """The batches to spool, where every ticket line went, and what stays here.

    ``merging``: how records became persons. ``decisions``: as in Minimised, for the consent records.
    """

    batches: tuple[Batch, ...]
    tally: Tally
    merging: MergeReport = field(default_factory=MergeReport)
    decisions: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)


@dataclass(frozen=True)
class Front:
    """What the four first steps made of the export: nothing of it has met anybody outside."""

    normalised: Normalised
    consented: Consented
    minimised: Minimised


def consenting(
    source: SourceConfig, barred: IsBarred, charter: Charter, clock: Clock, progress: Progress
) -> tuple[Normalised, Consented]:
    """Return the venue's people and those of them who consent to something under *charter*.

    Raises:
        AgentError: one class and exit code for each kind of defect; nothing is written.
    """
    progress("read")
    heard, mapping = partial(progress, "read"), source.mapping
    return _consenting(  # which alone holds what was read, and lets go of it half-way
        oppose(read(source, clock, heard), barred), mapping, barred, charter, progress
    )


def addressed(
    source: SourceConfig, barred: IsBarred, charter: Charter, clock: Clock, progress: Progress
) -> tuple[pd.DataFrame, Consented]:
    """Return the customer records as they are written, for who must address a letter, and as ``consenting``."""
    progress("read")
    raw = oppose(read(source, clock, partial(progress, "read")), barred)
    return raw.records, _consenting(raw, source.mapping, barred, charter, progress)[1]


def _consenting(
    raw: Raw, mapping: MappingFile, barred: IsBarred, charter: Charter, progress: Progress
) -> tuple[Normalised, Consented]:
    give_back()
    progress("normalise")
    normalised = bar(normalise(raw, mapping.values, mapping.groups), barred)
    del raw
    give_back()
    progress("consent")
    allowed = Allowed(frozenset(charter.purposes), frozenset(charter.partners))
    return normalised, consent(normalised, mapping.rules, allowed, mapping.contact.months)


def front(house: House, charter: Charter, clock: Clock, progress: Progress) -> Front:
    """Return what the export holds under *charter*, without any network.

    Raises:
        AgentError: one class and exit code for each kind of defect; nothing was changed.
    """
    mapping = house.source.mapping
    normalised, consented = consenting(house.source, house.barred, charter, clock, progress)
    progress("minimise")
    rules = rules_of(charter, house.venue, house.catalogue, mapping.values)
    return Front(normalised, consented, minimise(consented, rules, house.handles))


def prepare(
    house: House, charter: Charter, custodian: Evaluator, clock: Clock, progress: Progress
) -> Prepared:
    """Return the batches that the export makes under *charter*; nothing is sent or written.

    Raises:
        AgentError: one class and exit code for each kind of defect; nothing was changed.
    """
    with uncollected():
        done = front(house, charter, clock, progress)
        minimised, merging = done.minimised, done.normalised.merging
        del done  # the frames before it are let go
        progress("pseudonymise")
        heard = partial(progress, "pseudonymise")
        pseudonymised = pseudonymise(minimised, custodian, epoch_of(charter), house.elements, heard)
    progress("pack")
    sealing = Sealing(
        venue=house.venue,
        signing_key=house.signing_key,
        charter=charter,
        now=clock.now(),
        first_sequence=house.first_sequence,
        normaliser_version=NORMALISER_VERSION,
        sent=house.sent,
    )
    batches = pack(pseudonymised, sealing, partial(progress, "pack"), house.activations)
    return Prepared(batches, pseudonymised.tally, merging, minimised.decisions)


def epoch_of(charter: Charter) -> Epoch:
    """Return the pseudonym epoch that the charter names, with its public key."""
    season = charter.pseudonym_season
    return Epoch(season=season, public_key=bytes.fromhex(charter.custodian.season_keys[season]))
