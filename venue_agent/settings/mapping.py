"""The mapping file: which column of the venue's export says what, and what each consent grants."""

import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, ValidationError, model_validator

from contracts.base import Slug
from contracts.visit import Channel, Purpose, YesNo
from venue_agent.errors import ConfigError, NoConsentSource
from venue_agent.settings import defects, outside
from venue_agent.settings.group_rules import Groups
from venue_agent.settings.headers import OPENINGS, speaks_of
from venue_agent.settings.part import Part
from venue_agent.words import _

RECORD_FIELDS: Final = (
    "last_name",
    "first_name",
    "email",
    "phone",
    "customer",
    "street",
    "city",
    "postcode",
    "country",
    "age",
    "birth_date",
    "qpv",
    "category",
)
TICKET_FIELDS: Final = (
    "ticket",
    "order",
    "booked",
    "event_date",
    "title",
    "event_key",
    "channel",
    "product",
    "status",
    "price",
    "satisfaction",
)
REQUIRED_FIELDS: Final = ("ticket", "order", "event_date", "title")
TIMED_FIELDS: Final = ("booked", "event_date")
CONTACT_FIELDS: Final = ("email", "phone", "customer", "last_name", "first_name", "origin")
CHANNELS: Final = ("email", "sms", "phone", "post")
DEFAULT_CHANNELS: Final = ("email",)  # what a text opens when it names no channel
LONGEST_MONTHS: Final = 36  # CNIL: three years from the last contact that came from the person
YES: Final = ("oui", "o", "yes", "y", "1", "true", "vrai", "x")
NO: Final = ("non", "n", "no", "0", "false", "faux")
DATE_FORMATS: Final = (
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%d/%m/%y",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d",
)


class FileRule(Part):
    """Which files, and how they are written; or which query, of which database.

    ``sheet``: of a spreadsheet; "" is the first that is visible and not empty.
    ``url``: a SQLAlchemy address; ``${NAME}`` in it is taken from the environment, for passwords.
    ``bought``: bought, rented or got from somebody else; said so, it is refused.
    """

    pattern: str = ""
    encoding: Literal["auto", "utf-8", "utf-16", "cp1252", "mac-roman", "cp850"] = "auto"
    separator: Literal["auto", ";", ",", "\t", "|"] = "auto"
    sheet: str = ""
    url: str = ""
    query: str = ""
    bought: bool = False

    @model_validator(mode="after")
    def _names_one_source(self) -> Self:
        if bool(self.url) != bool(self.query) or bool(self.url) == bool(self.pattern):
            raise ValueError(_("either a pattern, or a url and its query, must be given"))
        return self


class ConsentRule(Part):
    """One question and what its text grants or refuses: that, and nothing else.

    ``says``: in the place of a column, what everybody in the file answered (Mailchimp). ``inverse``: yes means no (BLACKLISTED). ``denies``: only a refusal counts, for these purposes.
    ``blank``: what an empty cell says; "auto" is a refusal where the column never says no.
    ``dated_by``: a column, or "booked" (the order's date); "" leaves the answer undated.
    ``channels``: by which partners may write; none named: a yes opens e-mail, a no closes them all.
    """

    column: str = ""
    says: Literal["", "yes", "no"] = ""
    text: Annotated[str, Field(min_length=1)]
    grants: tuple[Purpose, ...] = ()
    denies: tuple[Purpose, ...] = ()
    partners: tuple[Slug, ...] = ()
    channels: tuple[Literal["email", "sms", "phone", "post"], ...] = ()
    inverse: bool = False
    blank: Literal["auto", "none", "no"] = "auto"
    dated_by: str = ""
    date_formats: tuple[str, ...] = DATE_FORMATS

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if bool(self.column) == bool(self.says):
            raise ValueError(_("a consent rule must name a column, or what the whole file says"))
        if not self.grants and not self.denies:
            raise ValueError(_("a consent rule must grant or deny at least one purpose"))
        if Purpose.PARTNER_OFFERS in self.grants and not self.partners:
            raise ValueError(_("partner_offers must name the partners that the text names"))
        return self


class ConsentFile(FileRule):
    """A second file that holds consent (newsletter tool): one row per contact.

    ``active``: columns that date what the contact did (a click, a form); an opened e-mail is no act.
    """

    columns: dict[str, str]
    consent: Annotated[tuple[ConsentRule, ...], Field(min_length=1)]
    active: tuple[str, ...] = ()
    active_formats: tuple[str, ...] = DATE_FORMATS

    @model_validator(mode="after")
    def _knows_its_columns(self) -> Self:
        _refuse_unknown(self.columns, CONTACT_FIELDS)
        if opened := [column for column in self.active if speaks_of(column, OPENINGS)]:
            raise ValueError(
                _("active: {name} dates an opened e-mail, which is no act of the person").format(
                    name=opened[0]
                )
            )
        return self


class Opposition(FileRule):
    """A list of people who said no to everything."""

    columns: dict[str, str]

    @model_validator(mode="after")
    def _knows_its_columns(self) -> Self:
        _refuse_unknown(self.columns, ("email", "phone", "customer"))
        return self


class Values(Part):
    """What the venue's own words mean."""

    yes: tuple[str, ...] = YES
    no: tuple[str, ...] = NO
    channel: dict[str, Channel] = Field(default_factory=dict)
    default_channel: Channel = Channel.OTHER
    subscriber: dict[str, YesNo] = Field(default_factory=dict)
    keep_status: tuple[str, ...] = ()
    drop_status: tuple[str, ...] = ()


class Contact(Part):
    """For how long after her last act a person is still one of the house's (CNIL: 36 months at most)."""

    months: Annotated[int, Field(ge=1, le=LONGEST_MONTHS)] = LONGEST_MONTHS


class Mapping(Part):
    """The whole mapping file, versioned."""

    version: Literal[1] = 1
    name: str
    tickets: FileRule
    columns: dict[str, str | tuple[str, str]]
    booked_formats: tuple[str, ...] = DATE_FORMATS
    event_formats: tuple[str, ...] = DATE_FORMATS
    values: Values = Values()
    groups: Groups = Groups()
    contact: Contact = Contact()
    consent: tuple[ConsentRule, ...] = ()
    consent_files: tuple[ConsentFile, ...] = ()
    oppositions: tuple[Opposition, ...] = ()

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        _refuse_unknown(self.columns, RECORD_FIELDS + TICKET_FIELDS)
        if missing := [f for f in REQUIRED_FIELDS if f not in self.columns]:
            raise ValueError(_("columns: {names} must be mapped").format(names=", ".join(missing)))
        pairs = [f for f, c in self.columns.items() if not isinstance(c, str)]
        if wrong := [f for f in pairs if f not in TIMED_FIELDS]:
            raise ValueError(
                _("columns: {names} cannot be two columns").format(names=", ".join(wrong))
            )
        return self

    @property
    def rules(self) -> tuple[ConsentRule, ...]:
        """Every consent rule: those of the export, then those of each second file."""
        return self.consent + tuple(rule for file in self.consent_files for rule in file.consent)


def load_mapping(path: Path) -> Mapping:
    """Return the mapping written at *path*.

    Raises:
        ConfigError: the file is missing, is not TOML or does not follow the format.
        NoConsentSource: no column or file is mapped to a consent.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            _(
                "The mapping file {file} is missing or cannot be read in UTF-8. Make one from an "
                "export: `venue-agent map FILE`."
            ).format(file=path.name)
        ) from error
    return parse_mapping(text, path.name)


def load_preset(name: str) -> Mapping:
    """Return a preset that ships with the agent; raise ConfigError when there is none."""
    file = resources.files("venue_agent") / "presets" / f"{name}.toml"
    if name not in preset_names():
        raise ConfigError(
            _("There is no preset {name}. Known: {known}.").format(
                name=name, known=", ".join(preset_names())
            )
        )
    return parse_mapping(file.read_text(encoding="utf-8"), f"{name}.toml")


def preset_names() -> tuple[str, ...]:
    """Return the presets that ship with the agent, all of layouts that were seen."""
    folder = resources.files("venue_agent") / "presets"
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".toml")))


def parse_mapping(text: str, name: str) -> Mapping:
    """Return the mapping in *text*; errors as for ``load_mapping``."""
    try:
        mapping = Mapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            _("{file} is not TOML at {where}. Correct it.").format(
                file=name, where=defects.of_toml(error)
            )
        ) from error
    except ValidationError as error:
        raise ConfigError(
            _("{file}: {defect}. Correct the mapping.").format(
                file=name, defect=defects.of_model(error)
            )
        ) from error
    _refuse_outside(mapping, name)
    if not mapping.rules:
        raise NoConsentSource(
            _(
                "{file} maps no consent: found no [[consent]] and no [[consent_files]]. "
                "Without a recorded yes nobody may be sent. Map the column or the file that "
                "holds the answers."
            ).format(file=name)
        )
    return mapping


def _refuse_outside(mapping: Mapping, name: str) -> None:
    cells = [cell for field, cell in mapping.columns.items() if field != "qpv"]
    cells += [rule.column for rule in mapping.rules]
    cells += [cell for file in mapping.consent_files for cell in file.columns.values()]
    columns = [c for cell in cells for c in ([cell] if isinstance(cell, str) else cell)]
    outside.refuse_sensitive(columns, name)
    if any(file.bought for file in (mapping.tickets, *mapping.consent_files)):
        raise outside.bought(name)


def _refuse_unknown(columns: dict[str, Any], known: tuple[str, ...]) -> None:
    if unknown := sorted(set(columns) - set(known)):
        raise ValueError(
            _("columns: unknown field {name}; known: {known}").format(
                name=unknown[0], known=", ".join(known)
            )
        )
