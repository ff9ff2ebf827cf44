"""Every way in which the custodian refuses, one line per class; messages hold neither points nor identifiers."""

from typing import ClassVar

from contracts.problems import ProblemType


class CustodianError(Exception):
    """Base: a sentence for the operator, and the problem type that the caller is told."""

    problem: ClassVar[ProblemType] = ProblemType.UNAVAILABLE


class ConfigError(CustodianError):
    """The home folder is incomplete, readable by others, or made already."""


class LogBroken(CustodianError):
    """The use log does not link: an entry was changed, removed or added by hand."""


class Malformed(CustodianError):
    """The message does not follow its schema."""

    problem = ProblemType.MALFORMED


class PointRefused(CustodianError):
    """A blinded point is not canonical or is the identity."""

    problem = ProblemType.POINT


class Unsigned(CustodianError):
    """The request's signature is missing or wrong."""

    problem = ProblemType.UNSIGNED


class ClockRefused(CustodianError):
    """The request is dated more than five minutes away."""

    problem = ProblemType.CLOCK


class Replayed(CustodianError):
    """The request's nonce was seen before."""

    problem = ProblemType.REPLAYED


class Forbidden(CustodianError):
    """This key may not do that."""

    problem = ProblemType.FORBIDDEN


class CodeRefused(CustodianError):
    """The one-time code is unknown, used or expired."""

    problem = ProblemType.CODE


class SuccessionRefused(CustodianError):
    """A key statement does not follow from the key that stands."""

    problem = ProblemType.SUCCESSION


class SeasonUnknown(CustodianError):
    """There is no pseudonym key for that season."""

    problem = ProblemType.NOT_FOUND


class QuotaExceeded(CustodianError):
    """The venue's season or daily quota of identifiers would be passed."""

    problem = ProblemType.QUOTA


class SessionUnknown(CustodianError):
    """No such session of this venue, or it has expired or been proven often enough."""

    problem = ProblemType.SESSION


class HistoryForked(CustodianError):
    """The hub's head does not extend the one that was witnessed."""

    problem = ProblemType.CONFLICT
