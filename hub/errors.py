"""Every way in which the hub can fail, one exit code each; messages are phrases, and hold no personal data."""

from typing import ClassVar

from contracts.phrase import Phrase
from contracts.problems import ProblemType


class HubError(Exception):
    """Base of the hub's errors: a sentence that says what was found, expected and to do."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str = "", **values: object) -> None:
        """Keep *message*, an English template with *values* for its placeholders, to be said in any language."""
        super().__init__(message if isinstance(message, Phrase) else Phrase(message, **values))


class BudgetExceeded(HubError):
    """The charge does not fit under the cap of at least one scope."""

    exit_code = 10


class ChargeConflict(HubError):
    """The same idempotency key was used for another request."""

    exit_code = 11


class ReleaseConflict(HubError):
    """A release is already stored for that charge, with other bytes."""

    exit_code = 12


class LedgerBehind(HubError):
    """The ledger is older than a checkpoint held outside: an old backup was restored."""

    exit_code = 13


class VaultBehind(HubError):
    """The vault has forgotten withdrawals that the chain was told of: an old backup was restored."""

    exit_code = 14


class ChainBroken(HubError):
    """The audit chain does not link."""

    exit_code = 15


class SeasonWaits(HubError):
    """A batch is of a season that this hub has not opened yet; it waits."""

    exit_code = 16


class CarriageRefused(HubError):
    """The custodian does not carry the hub's pseudonyms to the new season, or not with the charter's keys."""

    exit_code = 17


class StateConflict(HubError):
    """The thing asked is not possible in the present state."""

    exit_code = 18


class AboveCeiling(StateConflict):
    """A season would cost one person more, over all uses, than any network may plan."""

    exit_code = 19


class CodeRefused(HubError):
    """A one-time code is unknown, used or expired."""

    exit_code = 20


class BatchRefused(HubError):
    """A batch cannot be accepted; carries the slug of a problem type."""

    exit_code = 21

    def __init__(self, problem: str) -> None:
        super().__init__(
            "The batch was refused ({problem}). See the page of refusals, problemes.md, for what to do.",
            problem=problem,
        )
        self.problem = problem


class IntakeRefused(HubError):
    """A request to the intake is refused; carries the problem to answer with."""

    exit_code = 22

    def __init__(self, problem: ProblemType) -> None:
        _, _, title, remedy = problem.value
        super().__init__("{title} {remedy}", title=Phrase(title), remedy=Phrase(remedy))
        self.problem = problem


class TitleRefused(IntakeRefused):
    """A catalogue has a title that may not be told to other houses' people; *number* is its event's, from 1."""

    exit_code = 23

    def __init__(self, number: int) -> None:
        super().__init__(ProblemType.TITLE)
        self.number = number


class SensitivityBroken(HubError):
    """A mechanism would cost more than what was charged."""

    exit_code = 24


class ConfigError(HubError):
    """A setting is missing or has an impossible value."""

    exit_code = 25


class VerificationFailed(HubError):
    """A published edition does not check."""

    exit_code = 26


class WitnessUnreachable(HubError):
    """The custodian does not answer."""

    exit_code = 27


class WitnessRefused(HubError):
    """The custodian does not co-sign this head."""

    exit_code = 28


class NoCube(HubError):
    """An edition does not hold what a cube is made from, or a question names what it does not know."""

    exit_code = 29


class AuditAlarm(HubError):
    """The privacy audit found what the promise excludes: publish nothing until it is mended."""

    exit_code = 30


class RealDataRefused(HubError):
    """The privacy audit was handed data; it works on people that it makes up."""

    exit_code = 31


class NoModel(HubError):
    """An edition does not hold what a recommendation model is made from."""

    exit_code = 32


class AudienceRefused(StateConflict):
    """An act on a partner's request is refused; carries why, as a slug that pages say in words."""

    exit_code = 33

    def __init__(self, problem: str) -> None:
        super().__init__(
            "This cannot be done to the request now ({problem}). See the how-to on audiences.",
            problem=problem,
        )
        self.problem = problem


class CharterRefused(HubError):
    """A charter breaks its own rules or was not signed by its members, or a sealed or signed file is not what it says."""

    exit_code = 34
