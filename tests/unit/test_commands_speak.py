"""The commands ``hub`` and ``farandole-custodian``: their order, their version, what a wrong word is answered."""

import sys

import pytest
import typer

from contracts.voice import Voice
from hub import cli, cli_spoken, words
from hub.custodian import cli as custodian
from hub.custodian import cli_spoken as custodian_spoken
from hub.errors import ConfigError, HubError


def run(monkeypatch: pytest.MonkeyPatch, module: object, *said: str) -> int:
    monkeypatch.setattr(sys, "argv", ["it", *said])
    with pytest.raises(SystemExit) as end:
        module.main()  # type: ignore[attr-defined]
    return int(str(end.value.code))


def commands(app: typer.Typer) -> list[str]:
    return list(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_every_command_has_its_place() -> None:
    assert commands(cli.app) == [name for _title, names in cli_spoken.PANELS for name in names]
    assert commands(custodian.app) == list(custodian_spoken.ORDER)


@pytest.mark.parametrize(
    ("module", "name"), [(cli, "hub"), (custodian, "farandole-custodian")], ids=["hub", "custodian"]
)
def test_a_wrong_word_is_answered_in_the_language_spoken(
    module: object, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("FARANDOLE_LANG", raising=False)
    assert run(monkeypatch, module, "--version") == 0
    assert capsys.readouterr().out.startswith(f"{name} ")
    assert run(monkeypatch, module, "--nope") == 2
    told = capsys.readouterr().err.splitlines()
    assert told[:2] == ["Erreur 2", "Il n'y a pas d'option --nope."]
    assert told[2].endswith(f": {name} --help")
    assert run(monkeypatch, module, "--lang", "en", "nope") == 2
    assert "There is no command nope." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (("verify",), "EDITION est obligatoire."),
        (("init",), "--draft est obligatoire."),
        (("enrol", "a", "b"), "Mots en trop\u00a0: b."),
        (("keys", "rotate", "x"), "La valeur de KIND n'est pas possible\u00a0: x n'est pas parmi 'sealing', 'signing'."),
        (("--lang", "de", "budget"), "La valeur de --lang n'est pas possible\u00a0: de n'est pas parmi 'fr', 'en'."),
        (("forecast", "--venues", "1", "--people", "4"), "La valeur de --venues n'est pas possible\u00a0: au moins 2."),
        (("forecast", "--venues", "x", "--people", "4"), "La valeur de --venues n'est pas possible\u00a0: c'est un nombre."),
        (("forecast", "--venues"), "--venues demande une valeur."),
    ],
)  # fmt: skip
def test_usage_is_refused_in_words(
    said: tuple[str, ...], answer: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    monkeypatch.delenv("FARANDOLE_LANG", raising=False)
    assert run(monkeypatch, cli, *said) == 2
    assert answer in capsys.readouterr().err.splitlines()


def codes(kind: type[HubError]) -> list[int]:
    return [kind.exit_code, *(code for below in kind.__subclasses__() if below.__module__ == "hub.errors" for code in codes(below))]  # fmt: skip


def test_each_error_has_its_own_exit_code() -> None:
    assert len(codes(HubError)) == len(set(codes(HubError)))


def test_a_missing_folder_is_a_sentence_in_each_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], english_hub: Voice
) -> None:
    assert english_hub is words.VOICE
    assert run(monkeypatch, cli, "budget", "--home", "/nowhere") == ConfigError.exit_code
    assert capsys.readouterr().err.startswith(f"Error {ConfigError.exit_code} (ConfigError)\nNo settings")  # fmt: skip


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", ["57", "0,3", "12\u202f345,6", "−0,5", "0"]),
        ("en", ["57", "0.3", "12,345.6", "−0.5", "0"]),
    ],
)
def test_a_figure_is_written_as_its_reader_writes_it(language: str, said: list[str]) -> None:
    voice = Voice("hub", "hub.po")
    voice.speak(language)
    figures = [voice.figure(value, 1) for value in (57.0, 0.3, 12_345.6, -0.5, -0.01)]
    assert [one.replace("-", "−") for one in figures] == said
