"""Pseudonymise: put blinded-and-evaluated tokens in the place of identifiers; no identifier goes further.

The custodian sees uniformly random points, padded so that newcomers cannot be counted, and proves over points that
the agent picks afterwards that it used the season key of the charter: the same key for every venue.
"""

import secrets
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import pandas as pd

from contracts import ristretto, voprf
from contracts.api import MAX_POINTS, PROOF_SIZE, SMALLEST_REQUEST
from contracts.linkage import IdentifierKind, identifier
from contracts.ristretto import POINT_BYTES
from contracts.visit import ERASURE_COLUMNS, VISIT_COLUMNS, person_columns
from venue_agent.errors import WrongCustodianKey
from venue_agent.frames import Minimised, Pseudonymised
from venue_agent.hearing import Heard, unheard
from venue_agent.words import _, mark

_STEPS_PER_DOUBLING: Final = 4

Identifier = tuple[str, str]
"""(kind, normalised value), as ``Minimised`` holds them."""


class Evaluator(Protocol):
    """The custodian, near or far."""

    def evaluate(self, season: str, points: bytes) -> tuple[str, bytes]:
        """Return (session, k·B for each 32-byte point)."""
        ...

    def prove(self, session: str, indices: Sequence[int]) -> bytes:
        """Return the batched proof for those points of that session."""
        ...


@dataclass(frozen=True)
class Epoch:
    """Under which key identifiers are evaluated; both come from the signed charter."""

    season: str
    public_key: bytes  # K = k·G
    audit: bool = False  # prove every point, not 64 of them


def pseudonymise(
    minimised: Minimised,
    custodian: Evaluator,
    epoch: Epoch,
    known: MutableMapping[bytes, bytes] | None = None,
    heard: Heard = unheard,
) -> Pseudonymised:
    """Return what may leave, with tokens "email:<64 hex>" in the place of identifiers.

    Args:
        minimised: what the charter allows, identifiers still attached.
        custodian: who evaluates.
        epoch: the season and its public key, from the charter.
        known: identifier bytes → element N of this epoch, from earlier runs; new ones are added chunk by chunk, so
            that an interrupted run pays its quota once.
        heard: hears how many of the new identifiers are evaluated.

    Raises:
        WrongCustodianKey: the proof does not hold, or what came back is no point.
    """
    elements = {} if known is None else known
    wanted = _distinct(minimised.persons["identifiers"], minimised.erasures["identifiers"])
    held = {item: found for item in wanted if (found := elements.get(item)) is not None}
    missing = [item for item in wanted if item not in held]
    for at in range(0, len(missing), MAX_POINTS):
        heard(at, len(missing))
        evaluated = _evaluate(missing[at : at + MAX_POINTS], custodian, epoch)
        elements.update(evaluated)
        held.update(evaluated)
    tokens = {pair: f"{pair[0]}:{held[item].hex()}" for item, pair in wanted.items()}
    columns = person_columns(minimised.persons.columns)
    return Pseudonymised(
        persons=_with_tokens(minimised.persons, tokens, columns),
        visits=minimised.visits[[*VISIT_COLUMNS, "month"]],
        erasures=_with_tokens(minimised.erasures, tokens, ERASURE_COLUMNS),
        tally=minimised.tally.note("identifiers-evaluated", len(missing)),
        read_at=minimised.read_at,
    )


def bucket(count: int) -> int:
    """Return the padded size of a request: four steps per doubling, so that at most a quarter is padding."""
    if count <= SMALLEST_REQUEST:
        return SMALLEST_REQUEST
    step = (1 << ((count - 1).bit_length() - 1)) // _STEPS_PER_DOUBLING
    return -(-count // step) * step


def _distinct(*columns: Iterable[Sequence[Identifier]]) -> dict[bytes, Identifier]:
    pairs = dict.fromkeys(pair for column in columns for held in column for pair in held)
    return {identifier(IdentifierKind(kind), text): (kind, text) for kind, text in pairs}


def _evaluate(items: Sequence[bytes], custodian: Evaluator, epoch: Epoch) -> dict[bytes, bytes]:
    """Return N for each identifier of one request, once the custodian's proof holds."""
    return dict(zip(items, evaluate(voprf.blind(items), custodian, epoch), strict=True))


def evaluate(blinded: voprf.Blinded, custodian: Evaluator, epoch: Epoch) -> list[bytes]:
    """Return N for each blinded point of one padded request, once the custodian's proof holds.

    Raises:
        WrongCustodianKey: the proof does not hold, or what came back is no point.
    """
    count = len(blinded.scalars)
    padding = bucket(count) - count
    points = blinded.points + b"".join(ristretto.random_point() for _ in range(padding))
    session, evaluated = custodian.evaluate(epoch.season, points)
    _check(custodian, session, (points, evaluated), epoch)
    try:
        elements = voprf.unblind(blinded, evaluated[: len(blinded.points)])
    except ristretto.PointError as error:
        raise WrongCustodianKey(_(_NOT_POINTS)) from error
    return [_point(elements, index) for index in range(count)]


def _check(custodian: Evaluator, session: str, sides: tuple[bytes, bytes], epoch: Epoch) -> None:
    """Ask for a proof over points chosen now, after the answer is fixed."""
    points, evaluated = sides
    count = len(points) // POINT_BYTES
    if len(evaluated) != len(points):
        raise WrongCustodianKey(_(_NOT_POINTS))
    size = count if epoch.audit else min(PROOF_SIZE, count)
    indices = sorted(secrets.SystemRandom().sample(range(count), size))
    proof = custodian.prove(session, indices)
    picked = [b"".join(_point(side, index) for index in indices) for side in sides]
    try:
        voprf.verify(epoch.public_key, picked[0], picked[1], proof)
    except (voprf.ProofError, ristretto.PointError) as error:
        raise WrongCustodianKey(
            _(
                "The custodian's proof does not hold against the charter's key of season "
                "{season}. Nothing was sent. Do not go on: tell the network's coordinator and "
                "the DPO."
            ).format(season=epoch.season)
        ) from error


def _point(points: bytes, index: int) -> bytes:
    return points[index * POINT_BYTES : (index + 1) * POINT_BYTES]


def _with_tokens(
    frame: pd.DataFrame, tokens: Mapping[Identifier, str], columns: Sequence[str]
) -> pd.DataFrame:
    # Sorted, so that the order of identifiers in a customer record says nothing.
    texts = [" ".join(sorted({tokens[pair] for pair in held})) for held in frame["identifiers"]]
    kept = frame.drop(columns="identifiers").assign(tokens=pd.Series(texts, frame.index, dtype=str))
    return kept[list(columns)]


_NOT_POINTS: Final = mark(
    "The custodian answered with something else than one valid point for each that was sent. "
    "Nothing was sent to the hub; try again, then call the custodian."
)
