"""Every way in which the custodian refuses, one exit code each; messages are phrases, and hold neither points nor identifiers."""

from typing import ClassVar

from contracts.phrase import Phrase
from contracts.problems import ProblemType


class CustodianError(Exception):
    """Base: a sentence for the operator, and the problem type that the caller is told."""

    exit_code: ClassVar[int] = 1
    problem: ClassVar[ProblemType] = ProblemType.UNAVAILABLE

    def __init__(self, message: str = "", **values: object) -> None:
        """Keep *message*, an English template with *values* for its placeholders, to be said in any language."""
        super().__init__(message if isinstance(message, Phrase) else Phrase(message, **values))


class ConfigError(CustodianError):
    """The home folder is incomplete, readable by others, or made already."""

    exit_code = 10


class LogBroken(CustodianError):
    """The use log does not link: an entry was changed, removed or added by hand."""

    exit_code = 11


class Malformed(CustodianError):
    """The message does not follow its schema."""

    exit_code = 12
    problem = ProblemType.MALFORMED


class PointRefused(CustodianError):
    """A blinded point is not canonical or is the identity."""

    exit_code = 13
    problem = ProblemType.POINT


class Unsigned(CustodianError):
    """The request's signature is missing or wrong."""

    exit_code = 14
    problem = ProblemType.UNSIGNED


class ClockRefused(CustodianError):
    """The request is dated more than five minutes away."""

    exit_code = 15
    problem = ProblemType.CLOCK


class Replayed(CustodianError):
    """The request's nonce was seen before."""

    exit_code = 16
    problem = ProblemType.REPLAYED


class Forbidden(CustodianError):
    """This key may not do that."""

    exit_code = 17
    problem = ProblemType.FORBIDDEN


class CodeRefused(CustodianError):
    """The one-time code is unknown, used or expired."""

    exit_code = 18
    problem = ProblemType.CODE


class SuccessionRefused(CustodianError):
    """A key statement does not follow from the key that stands."""

    exit_code = 19
    problem = ProblemType.SUCCESSION


class SeasonUnknown(CustodianError):
    """There is no pseudonym key for that season."""

    exit_code = 20
    problem = ProblemType.NOT_FOUND


class QuotaExceeded(CustodianError):
    """The venue's season or daily quota of identifiers would be passed."""

    exit_code = 21
    problem = ProblemType.QUOTA


class SessionUnknown(CustodianError):
    """No such session of this venue, or it has expired or been proven often enough."""

    exit_code = 22
    problem = ProblemType.SESSION


class HistoryForked(CustodianError):
    """The hub's head does not extend the one that was witnessed."""

    exit_code = 23
    problem = ProblemType.CONFLICT
