"""A programme's voice: its messages in the language of whoever reads them, English in the code, French by default."""

import ast
import functools
import gettext
import os
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Any, Final

from contracts.phrase import Phrase

LANGUAGES: Final = ("fr", "en")
VARIABLE: Final = "FARANDOLE_LANG"
OPTION: Final = "--lang"
_WRITTEN: Final = "en"  # the language of the messages in the code, which needs no catalogue
_SHARED: Final = ("contracts", "contracts.po")  # what every programme may have to say of a contract


class Catalogue(gettext.NullTranslations):
    """A ``.po`` file, read as it is: the subset that ours uses (no context, no fuzzy entry).

    The catalogue stays a text that anybody can review and mend, with nothing to compile (ADR 0010).
    """

    def _parse(self, fp: Any) -> None:
        self.entries = dict(_entries(fp))

    def gettext(self, message: str) -> str:
        """Return the translation of *message*; itself when there is none."""
        return self.entries.get(message, ("",))[0] or super().gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form for *n* things; in French none and one are singular."""
        forms = self.entries.get(msgid1, ())
        if len(forms) < 2:  # noqa: PLR2004 - singular and plural
            return super().ngettext(msgid1, msgid2, n)
        return forms[0 if n <= 1 else 1]


@functools.cache
def catalogue(language: str, package: str, file: str) -> Catalogue:
    """Return the catalogue *file* of a package; nothing is read before somebody speaks that language."""
    where = resources.files(package) / "locale" / language / "LC_MESSAGES" / file
    with where.open(encoding="utf-8") as lines:
        return Catalogue(lines)  # type: ignore[arg-type]


class Voice:
    """What one programme says: its own catalogue, and that of the contracts behind it."""

    def __init__(self, package: str, file: str) -> None:
        self._own = (package, file)
        self._language = LANGUAGES[0]
        self._catalogue: gettext.NullTranslations | None = None

    def load(self, language: str) -> gettext.NullTranslations:
        """Return the catalogue of *language*; one without entries for the language of the code."""
        if language == _WRITTEN:
            return gettext.NullTranslations()
        own = catalogue(language, *self._own)
        if own._fallback is None:  # type: ignore[attr-defined]  # noqa: SLF001 - gettext's own name
            own.add_fallback(catalogue(language, *_SHARED))
        return own

    def speak(self, language: str) -> None:
        """Say everything from now on in *language*, one of ``LANGUAGES``."""
        self._language, self._catalogue = language, self.load(language)

    def forget(self) -> None:
        """Choose the language anew, from the environment, when something is next said."""
        self._catalogue = None

    def spoken(self) -> str:
        """Return the language spoken now."""
        self._translation()
        return self._language

    def said(self, message: str) -> str:
        """Return *message* in the language spoken; placeholders stay, for ``format`` to fill."""
        return self._translation().gettext(message)

    def several(self, one: str, many: str, count: int) -> str:
        """Return the form of a message for *count* things, with ``{count}`` filled in."""
        return self._translation().ngettext(one, many, count).format(count=self.number(count))

    def number(self, count: int) -> str:
        """Return a count with its thousands apart, as the reader writes them."""
        return f"{count:,}".replace(",", self.said(","))

    def decimal(self, figure: str) -> str:
        """Return a figure that Python wrote with the decimal mark of the reader."""
        return figure.replace(".", self.said("."))

    def figure(self, value: float, places: int = 0) -> str:
        """Return a number to *places* decimals, its thousands apart, without idle noughts, as the reader writes it."""
        whole, _point, rest = f"{round(value, places) + 0.0:,.{places}f}".partition(".")
        rest = rest.rstrip("0")
        return whole.replace(",", self.said(",")) + (self.said(".") + rest if rest else "")

    def say(self, told: object) -> str:
        """Return the sentence of *told*, translated if it is a phrase or an error that holds one."""
        phrase = told.args[0] if isinstance(told, Exception) and told.args else told
        return phrase.said(self.said) if isinstance(phrase, Phrase) else str(told)

    def _translation(self) -> gettext.NullTranslations:
        if self._catalogue is None:
            self.speak(chosen((), os.environ))
        return self._catalogue or gettext.NullTranslations()


def mark(message: str) -> str:
    """Return *message* as it is: a constant, put in the catalogue now and said later."""
    return message


def chosen(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the language that a command line or else the environment asks for; French otherwise.

    Looked at before the command line is parsed: its own help must be in that language too. A
    language that we do not have is refused there, in words.
    """
    asked = [environment.get(VARIABLE, ""), *_options(arguments)]
    known = [language for language in asked if language in LANGUAGES]
    return known[-1] if known else LANGUAGES[0]


def _options(arguments: Sequence[str]) -> Iterable[str]:
    for at, word in enumerate(arguments):
        if word == OPTION:
            yield from arguments[at + 1 : at + 2]
        elif word.startswith(OPTION + "="):
            yield word.removeprefix(OPTION + "=")


def _entries(lines: Iterable[str]) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Yield each message with its translations, one or one per plural form."""
    fields: dict[str, str] = {}
    field = ""
    for line in (*lines, "msgid"):
        keyword, _space, text = line.strip().partition(" ")
        if keyword.startswith("msg"):
            if keyword == "msgid" and fields.get("msgid"):
                yield fields["msgid"], tuple(v for k, v in fields.items() if "msgstr" in k)
            fields = {} if keyword == "msgid" else fields
            field = keyword
        elif keyword.startswith('"'):
            text = line.strip()
        else:
            continue
        fields[field] = fields.get(field, "") + _unquoted(text)


def _unquoted(text: str) -> str:
    return str(ast.literal_eval(text)) if "\\" in text else text[1:-1]
