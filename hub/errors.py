"""Every way in which the hub can fail, one line per class; messages hold no personal data."""

from contracts.problems import ProblemType


class HubError(Exception):
    """Base of the hub's errors: a sentence that says what was found, expected and to do."""


class BudgetExceeded(HubError):
    """The charge does not fit under the cap of at least one scope."""


class ChargeConflict(HubError):
    """The same idempotency key was used for another request."""


class ReleaseConflict(HubError):
    """A release is already stored for that charge, with other bytes."""


class LedgerBehind(HubError):
    """The ledger is older than a checkpoint held outside: an old backup was restored."""


class VaultBehind(HubError):
    """The vault has forgotten withdrawals that the chain was told of: an old backup was restored."""


class ChainBroken(HubError):
    """The audit chain does not link."""


class SeasonWaits(HubError):
    """A batch is of a season that this hub has not opened yet; it waits."""


class CarriageRefused(HubError):
    """The custodian does not carry the hub's pseudonyms to the new season, or not with the charter's keys."""


class StateConflict(HubError):
    """The thing asked is not possible in the present state."""


class AboveCeiling(StateConflict):
    """A season would cost one person more, over all uses, than any network may plan."""


class CodeRefused(HubError):
    """A one-time code is unknown, used or expired."""


class BatchRefused(HubError):
    """A batch cannot be accepted; carries the slug of a problem type."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"The batch was refused ({problem}); see contracts/problems.py for what to do."
        )
        self.problem = problem


class IntakeRefused(HubError):
    """A request to the intake is refused; carries the problem to answer with."""

    def __init__(self, problem: ProblemType) -> None:
        _, _, title, remedy = problem.value
        super().__init__(f"{title} {remedy}")
        self.problem = problem


class TitleRefused(IntakeRefused):
    """A catalogue has a title that may not be told to other houses' people; *number* is its event's, from 1."""

    def __init__(self, number: int) -> None:
        super().__init__(ProblemType.TITLE)
        self.number = number


class SensitivityBroken(HubError):
    """A mechanism would cost more than what was charged."""


class ConfigError(HubError):
    """A setting is missing or has an impossible value."""


class VerificationFailed(HubError):
    """A published edition does not check."""


class WitnessUnreachable(HubError):
    """The custodian does not answer."""


class WitnessRefused(HubError):
    """The custodian does not co-sign this head."""


class NoCube(HubError):
    """An edition does not hold what a cube is made from, or a question names what it does not know."""


class AuditAlarm(HubError):
    """The privacy audit found what the promise excludes: publish nothing until it is mended."""


class RealDataRefused(HubError):
    """The privacy audit was handed data; it works on people that it makes up."""


class NoModel(HubError):
    """An edition does not hold what a recommendation model is made from."""


class AudienceRefused(StateConflict):
    """An act on a partner's request is refused; carries why, as a slug that pages say in words."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"This cannot be done to the request now ({problem}). See the how-to on audiences."
        )
        self.problem = problem
