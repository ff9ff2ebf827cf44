"""Every way in which the agent can fail, one exit code each; messages hold no personal data."""

from typing import ClassVar


class AgentError(Exception):
    """Base of the agent's errors: what was found, what was expected, what to do."""

    exit_code: ClassVar[int] = 1


class _Named(Exception):
    """A refusal that carries the slug of its problem."""

    def __init__(self, message: str, problem: str = "") -> None:
        super().__init__(message)
        self.problem = problem


class ConfigError(AgentError):
    """A setting or the mapping file is missing or has an impossible value."""

    exit_code = 10


class SourceMissing(AgentError):
    """A file that the mapping names is not there or cannot be read."""

    exit_code = 11


class EmptySource(AgentError):
    """A file has no header or no row."""

    exit_code = 12


class WrongEncoding(AgentError):
    """A file does not decode as the mapping says, or in any of the four known encodings."""

    exit_code = 13


class ColumnMissing(AgentError):
    """A mapped column is not in the file."""

    exit_code = 14


class ColumnSwapped(AgentError):
    """A column holds something else than what it is mapped to."""

    exit_code = 15


class UnreadableDate(AgentError):
    """Too many dates do not follow any of the mapping's formats."""

    exit_code = 16


class NoConsentSource(AgentError):
    """The mapping names no column or file that holds consent."""

    exit_code = 17


class UnreadableAnswer(AgentError):
    """A consent column holds words that the mapping does not list as yes or no."""

    exit_code = 18


class StaleConsent(AgentError):
    """A consent file is older than the export by more than 24 hours."""

    exit_code = 19


class FieldRefused(AgentError):
    """The charter does not allow what the step was about to keep."""

    exit_code = 20


class StateDamaged(AgentError):
    """The agent's local state cannot be read or belongs to another venue."""

    exit_code = 21


class BrokenSource(AgentError):
    """A file has lines that do not follow its header, or cannot be decoded at all."""

    exit_code = 22


class SourceTooLarge(AgentError):
    """A file decodes to more memory, time or text than an export ever needs."""

    exit_code = 23


class DatabaseRefused(AgentError):
    """The database of the mapping cannot be reached, or refuses the query."""

    exit_code = 24


class LayoutChanged(AgentError):
    """A mapped column was renamed or is gone since the last time."""

    exit_code = 25


class MappingUnsure(AgentError):
    """A column that the mapping needs was not recognised, and nobody was there to ask."""

    exit_code = 27


class IdentifierUnreadable(AgentError):
    """What was typed or listed is no e-mail address, telephone or customer number."""

    exit_code = 26


class KeyExposed(AgentError):
    """A file that holds a key may be read by others."""

    exit_code = 28


class KeyringUnusable(AgentError):
    """The keyring holds the key, or is asked to, and this session has none that answers; carries what it said."""

    exit_code = 29

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason or message


class CharterRefused(AgentError):
    """The charter is expired, changed, unsigned or breaks its own rules."""

    exit_code = 30


class SeasonTurning(AgentError):
    """A new season: the suppression list was sent first, and the vault has not confirmed it yet."""

    exit_code = 35


class NotJoined(AgentError):
    """The venue has not joined a network yet."""

    exit_code = 31


class NotApproved(AgentError):
    """The settings ask for the DPO's approval, and some months do not have it as they are."""

    exit_code = 33


class PreviewStale(AgentError):
    """What was prepared is more than 24 hours old: people may have changed their mind since."""

    exit_code = 34


class FingerprintMismatch(AgentError):
    """The hub or custodian that answers is not the one whose fingerprint was given."""

    exit_code = 32


class HubDown(AgentError):
    """The hub cannot be reached."""

    exit_code = 40


class CustodianDown(AgentError):
    """The custodian cannot be reached."""

    exit_code = 41


class ClockOff(AgentError):
    """The machine's clock is more than five minutes away from the server's."""

    exit_code = 42


class HubRefused(_Named, AgentError):
    """The hub answered with a problem; carries its slug."""

    exit_code = 43


class CustodianRefused(_Named, AgentError):
    """The custodian answered with a problem; carries its slug."""

    exit_code = 44


class QuotaExhausted(AgentError):
    """The custodian's quota of identifiers is used up."""

    exit_code = 45


class WrongCustodianKey(AgentError):
    """The custodian's proof does not hold against the charter's season key."""

    exit_code = 46


class ReceiptWrong(AgentError):
    """The vault's receipt does not name the bytes that were previewed, or is not signed by the hub."""

    exit_code = 47


class BatchRefused(_Named, AgentError):
    """The vault opened the batch and refused it; carries the slug of the problem."""

    exit_code = 48


class CheckpointRefused(AgentError):
    """The hub's checkpoint does not extend the one that was kept."""

    exit_code = 49


class SpoolDamaged(AgentError):
    """The spool on disk does not hold what its manifest says."""

    exit_code = 50


class DiskFull(AgentError):
    """The disk is full; nothing that was there is lost."""

    exit_code = 51


class AlreadyRunning(AgentError):
    """Another command of the agent writes in the same folder now."""

    exit_code = 52


class Unwell(AgentError):
    """`doctor` found something that keeps the agent from working."""

    exit_code = 60


class ModelMissing(AgentError):
    """No recommendation model was fetched, or the network has published none yet."""

    exit_code = 70


class ModelRefused(AgentError):
    """The model is not the one that the charter's hub signed and told its chain of."""

    exit_code = 71


class NobodyToAdvise(AgentError):
    """Nobody of this venue consents to recommendations, or the charter does not name that purpose."""

    exit_code = 72


class SpecialCategory(AgentError):
    """The mapping reads a column of health, disability, religion or opinion."""

    exit_code = 36


class BoughtFile(AgentError):
    """A file was bought, rented or got from somebody else: nobody in it told this house yes."""

    exit_code = 37


class HomeTooNew(AgentError):
    """A newer agent has written the folder; this one would not understand all of it."""

    exit_code = 53
