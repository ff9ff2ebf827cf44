"""The agent speaks the language asked for, no error of its code one language only; the reader of catalogues is right."""

import ast
import io
from pathlib import Path

import pytest

from contracts.charter_check import RulesBroken
from contracts.phrase import Phrase
from venue_agent import errors, order_errors, words
from venue_agent.words import Catalogue, _, chosen, say, several, speak

HERE = Path(words.__file__).parent
ERRORS = {name for module in (errors, order_errors) for name, kind in vars(module).items() if isinstance(kind, type)}  # fmt: skip
PLURAL = """msgid ""
msgstr "Language: fr\\n"

# a comment
#, python-brace-format
msgid "{count} sheet"
msgid_plural "{count} sheets"
msgstr[0] "{count} feuille"
msgstr[1] ""
"{count} "
"feuilles"

msgid "say \\"yes\\"\\n"
msgstr "dites \\"oui\\"\\n"

msgid "empty"
msgstr ""
"""


def raised(path: Path) -> list[str]:
    """The messages that errors are made with, where they are neither said by ``_`` nor a name."""
    calls = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)]
    made = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id in ERRORS and c.args]
    wrong = (ast.JoinedStr, ast.Constant, ast.BinOp)
    return [f"{path.name}:{c.lineno}" for c in made if isinstance(c.args[0], wrong)]


def test_no_error_is_raised_in_one_language_only() -> None:
    assert [line for path in HERE.rglob("*.py") for line in raised(path)] == []


def test_a_catalogue_is_read_as_gettext_reads_it() -> None:
    catalogue = Catalogue(io.StringIO(PLURAL))  # type: ignore[arg-type]
    assert catalogue.gettext('say "yes"\n') == 'dites "oui"\n'
    assert catalogue.gettext("empty") == "empty"
    assert catalogue.gettext("unknown") == "unknown"
    forms = [catalogue.ngettext("{count} sheet", "{count} sheets", n) for n in (0, 1, 2)]
    assert forms == ["{count} feuille"] * 2 + ["{count} feuilles"]
    assert catalogue.ngettext("a", "b", 0) == "b"


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "fr"),
        ([], {"FARANDOLE_LANG": "en"}, "en"),
        (["push", "--lang", "en"], {}, "en"),
        (["push", "--lang=fr"], {"FARANDOLE_LANG": "en"}, "fr"),
        (["push", "--lang"], {}, "fr"),
        (["push", "--lang", "de"], {"FARANDOLE_LANG": "nl"}, "fr"),
    ],
)
def test_the_language_is_the_one_asked_for(arguments: list[str], environment: dict[str, str], language: str) -> None:  # fmt: skip
    assert chosen(arguments, environment) == language


def test_a_phrase_of_the_contracts_is_said_whole() -> None:
    reason = Phrase("named twice: {name}", name=Phrase("signing key of a member"))
    error = RulesBroken(reason)
    assert str(error) == say(error)
    assert reason == "named twice: signing key of a member"
    speak("fr")
    assert "nommé deux fois\u00a0: clé de signature d'un membre" in say(error)
    assert say(ValueError("as it is")) == "as it is"


def test_counts_agree_in_each_language() -> None:
    assert several("{count} month", "{count} months", 0) == "0 months"
    speak("fr")
    assert several("{count} row refused", "{count} rows refused", 0) == "0 ligne refusée"
    assert _("month") == "mois"


def test_the_library_speaks_french_until_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FARANDOLE_LANG", raising=False)
    words.VOICE.forget()
    assert _("month") == "mois"
    assert words.spoken() == "fr"
