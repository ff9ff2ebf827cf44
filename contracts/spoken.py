"""Commands whose help and refusals of usage are in the language of their programme's voice."""

import importlib
import re
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated, Any, ClassVar, Final, Literal

import typer
from rich.console import Console
from typer.core import TyperCommand, TyperGroup

from contracts.voice import OPTION, VARIABLE, Voice, mark

INTERRUPTED: Final = 130
PACKAGE: Final = "farandole"
_TITLES: Final = {
    "ARGUMENTS_PANEL_TITLE": mark("Arguments"),
    "OPTIONS_PANEL_TITLE": mark("Options"),
    "COMMANDS_PANEL_TITLE": mark("Commands"),
    "DEFAULT_STRING": mark("[default: {}]"),
    "ENVVAR_STRING": mark("[env var: {}]"),
    "REQUIRED_LONG_STRING": mark("[required]"),
}
_VALUES: Final = {
    "str": mark("<text>"),
    "Path": mark("<path>"),
    "int": mark("<number>"),
    "float": mark("<number>"),
    "bool": "",
}
_WRONG: Final = r"Invalid value for '(?P<name>[^']+)'[^:]*(?:: '[A-Z_]+'\))?: "
_USAGE: Final = (
    (r"No such option: (?P<name>\S+)", mark("There is no option {name}.")),
    (r"No such command '(?P<name>[^']*)'", mark("There is no command {name}.")),
    (r"Missing command", mark("A command is missing.")),
    (r"Got unexpected extra arguments? \((?P<name>.*)\)", mark("Words too many: {name}.")),
    (r"Got unexpected extra argument\(s\) \((?P<name>.*)\)", mark("Words too many: {name}.")),
    (r"Option '?(?P<name>[^' ]+)'? requires an argument", mark("{name} needs a value.")),
    (r"Missing (option|argument) '(?P<name>[^']+)'", mark("{name} is required.")),
    (
        _WRONG + r"Value error, '(?P<value>[^']*)' is not one of (?P<known>.+)\.",
        mark("The value of {name} is not possible: {value} is none of {known}."),
    ),
    (
        _WRONG + r"Input should be greater than or equal to (?P<least>\S+)",
        mark("The value of {name} is not possible: it is at least {least}."),
    ),
    (
        _WRONG + r"Input should be less than or equal to (?P<most>\S+)",
        mark("The value of {name} is not possible: it is at most {most}."),
    ),
    (
        _WRONG + r"Input should be a valid (integer|number)",
        mark("The value of {name} is not possible: it is a number."),
    ),
    (r"Invalid value for '(?P<name>[^']+)'", mark("The value of {name} is not possible.")),
)


class SpokenCommand(TyperCommand):
    """A command; its docstring and the help of its options are messages of the catalogue."""

    voice: ClassVar[Voice]

    def __init__(self, name: str | None, **settings: Any) -> None:
        super().__init__(name, **_translated(self.voice, settings))

    def get_usage(self, ctx: Any) -> str:
        """Return the line of usage."""
        return _usage(self.voice, super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """Return ``--help``, which says in the same language what it does."""
        return _help_option(self.voice, super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help under titles in the language spoken."""
        _speak_titles(self.voice)
        super().format_help(ctx, formatter)


class SpokenGroup(TyperGroup):
    """The tree of commands, as ``SpokenCommand``."""

    voice: ClassVar[Voice]

    def __init__(self, **settings: Any) -> None:
        super().__init__(**_translated(self.voice, settings))

    def get_usage(self, ctx: Any) -> str:
        """Return the line of usage."""
        return _usage(self.voice, super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """Return ``--help``, which says in the same language what it does."""
        return _help_option(self.voice, super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help under titles in the language spoken."""
        _speak_titles(self.voice)
        super().format_help(ctx, formatter)


def first_options(programme: str) -> Callable[..., None]:
    """Return what takes the options of *programme* that stand before any command: its version, and a language."""

    def tell(asked: bool) -> None:
        if asked:
            typer.echo(f"{programme} {version(PACKAGE)}")
            raise typer.Exit

    def root(
        _version: Annotated[bool, typer.Option("--version", is_eager=True, callback=tell,
                                               help=mark("Says which version this is."))] = False,
        _lang: Annotated[Literal["fr", "en"], typer.Option(OPTION, envvar=VARIABLE,
                                                           help=mark("Language of the messages."))] = "fr",
    ) -> None:  # fmt: skip
        pass  # Typer asks for them; the language was chosen before (``contracts.voice.chosen``)

    return root


def dress(app: typer.Typer, command: type[SpokenCommand], group: type[SpokenGroup]) -> None:
    """Have every command and group below *app* speak; *app* names its own class itself."""
    for info in app.registered_commands:
        info.cls = command
    for inner in app.registered_groups:
        if inner.typer_instance is not None:
            inner.typer_instance.info.cls = group
            dress(inner.typer_instance, command, group)


def refuse_usage(error: typer.TyperException, voice: Voice, programme: str) -> int:
    """Say on stderr what a command line got wrong, and where what is possible is listed; return its exit code."""
    if type(error).__name__ != "NoArgsIsHelpError":  # it has shown the help already
        context = getattr(error, "ctx", None)
        command = context.command_path if context else programme
        errors = Console(stderr=True, soft_wrap=not sys.stderr.isatty(), highlight=False)
        errors.print(voice.said("Error {code}").format(code=error.exit_code), style="bold red")
        errors.print(usage_told(error.format_message(), voice), markup=False)
        errors.print(voice.said("What is possible: {command} --help").format(command=command), markup=False)  # fmt: skip
    return error.exit_code


def usage_told(told: str, voice: Voice) -> str:
    """Return a refusal of Typer's, which it writes in English only, in the language spoken."""
    for pattern, sentence in _USAGE:
        if found := re.match(pattern, told):
            return voice.said(sentence).format(**found.groupdict())
    return told


def _translated(voice: Voice, settings: dict[str, Any]) -> dict[str, Any]:
    for param in settings.get("params") or ():
        param.help = voice.said(param.help) if param.help else None
        if param.metavar is None:
            param.metavar = _metavar(voice, param)
    told = settings.get("help")
    return {**settings, "help": voice.said(told)} if told else settings


def _metavar(voice: Voice, param: Any) -> str | None:
    """Return what stands for a value: an argument's own name, the kind of an option's; else Typer's own word."""
    if getattr(param, "param_type_name", "") == "argument":
        return str(param.name).upper()
    kind = param.bare_type() if hasattr(param, "bare_type") else None
    return _VALUES[kind] and voice.said(_VALUES[kind]) if kind in _VALUES else None


def _usage(voice: Voice, line: str) -> str:
    return line.replace("Usage: ", voice.said("Usage: "), 1)


def _help_option(voice: Voice, option: Any) -> Any:
    if option is not None:
        option.help, option.metavar = voice.said("Shows this help."), ""
    return option


def _speak_titles(voice: Voice) -> None:
    """Typer keeps its titles as constants of a module that it loads late."""
    titles = importlib.import_module("typer.rich_utils")
    for name, text in _TITLES.items():
        setattr(titles, name, voice.said(text))
