"""What the agent says, in the language of whoever reads it: English in the code, French by default."""

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


class Catalogue(gettext.NullTranslations):
    """A ``.po`` file, read as it is: the subset that ours uses (no context, no fuzzy entry).

    The catalogue stays a text that anybody can review and mend, with nothing to compile (ADR 0010).
    """

    def _parse(self, fp: Any) -> None:
        self.entries = dict(_entries(fp))

    def gettext(self, message: str) -> str:
        """Return the translation of *message*; itself when there is none."""
        return self.entries.get(message, ("",))[0] or message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form for *n* things; in French none and one are singular."""
        forms = self.entries.get(msgid1, ())
        if len(forms) < 2:  # noqa: PLR2004 - singular and plural
            return super().ngettext(msgid1, msgid2, n)
        return forms[0 if n <= 1 else 1]


@functools.cache
def load(language: str) -> gettext.NullTranslations:
    """Return the catalogue of *language*; one without entries for the language of the code."""
    if language == _WRITTEN:
        return gettext.NullTranslations()
    file = resources.files("venue_agent") / "locale" / language / "LC_MESSAGES" / "agent.po"
    with file.open(encoding="utf-8") as lines:
        return Catalogue(lines)  # type: ignore[arg-type]


def speak(language: str) -> None:
    """Say everything from now on in *language*, one of ``LANGUAGES``."""
    _spoken["language"], _spoken["catalogue"] = language, load(language)


def spoken() -> str:
    """Return the language spoken now."""
    return str(_spoken["language"])


def chosen(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the language that a command line or else the environment asks for; French otherwise.

    Looked at before the command line is parsed: its own help must be in that language too. A
    language that we do not have is refused there, in words.
    """
    asked = [environment.get(VARIABLE, ""), *_options(arguments)]
    known = [language for language in asked if language in LANGUAGES]
    return known[-1] if known else LANGUAGES[0]


def _(message: str) -> str:
    """Return *message* in the language spoken; placeholders stay, for ``format`` to fill."""
    return _translation().gettext(message)


def several(one: str, many: str, count: int) -> str:
    """Return the form of a message for *count* things, with ``{count}`` filled in."""
    return _translation().ngettext(one, many, count).format(count=number(count))


def number(count: int) -> str:
    """Return a count with its thousands apart, as the reader writes them."""
    return f"{count:,}".replace(",", _(","))


def mark(message: str) -> str:
    """Return *message* as it is: a constant, put in the catalogue now and said later by ``_``."""
    return message


def say(told: object) -> str:
    """Return the sentence of *told*, translated if it is a phrase of the contracts or holds one."""
    phrase = told.args[0] if isinstance(told, Exception) and told.args else told
    return phrase.said(_) if isinstance(phrase, Phrase) else str(told)


def _translation() -> gettext.NullTranslations:
    catalogue = _spoken["catalogue"]
    if not isinstance(catalogue, gettext.NullTranslations):
        speak(chosen((), os.environ))
        return _translation()
    return catalogue


_spoken: Final[dict[str, object]] = {"language": LANGUAGES[0], "catalogue": None}


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
