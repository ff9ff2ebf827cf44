"""Bad input at the command line: one exit code each, words that help, nothing said of anybody, nothing lost."""

import datetime as dt
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.processes import environment, free_port
from tests.support.venue_it import CANARY, Post, fingerprint_of, joined, post, prepared, town
from venue_agent import errors
from venue_agent.words import speak

__all__ = ["joined", "post", "prepared", "town"]  # fixtures

SPOOL_LIMIT = 40_000  # bytes in a file: a sealed part has more, everything else has less


@dataclass(frozen=True)
class Case:
    """How the input is harmed, what is typed, and what the answer must hold in each language."""

    harm: Callable[[Post], object]
    error: type[errors.AgentError]
    french: tuple[str, ...]
    english: tuple[str, ...]
    command: str = "preview"


def write(name: str, text: str) -> Callable[[Post], object]:
    return lambda post: (post.home / name).write_text(text, encoding="utf-8")


def swap(name: str, old: str, new: str, encoding: str = "utf-8") -> Callable[[Post], object]:
    return lambda post: post.rewrite(name, old, new, encoding)


def shown(change: Callable[[dict[str, Any]], object]) -> Callable[[Post], object]:
    return lambda post: post.town.show(change)  # type: ignore[arg-type]


def no_consent(post: Post) -> None:
    path = post.home / "mapping.toml"
    path.write_text(path.read_text().split("[[consent]]")[0], encoding="utf-8")


def missing_column(post: Post) -> None:
    (post.home / "layouts.json").unlink(missing_ok=True)
    post.rewrite("mapping.toml", "Date representation", "Date seance")


def without_header(post: Post) -> None:
    """The canary stands in the first line, of an export that was never read before."""
    (post.home / "layouts.json").unlink(missing_ok=True)
    lines = post.export.read_text("cp1252").splitlines()
    post.export.write_text("\n".join(lines[1:]) + "\n", "cp1252")


def unreadable_dates(post: Post) -> None:
    """The canary stands where the dates are expected."""
    lines = post.export.read_text("cp1252").splitlines()
    column = lines[0].split(";").index("Date representation")
    cells = [line.split(";") for line in lines]
    for row in cells[1:8]:
        row[column] = CANARY[0]
    post.export.write_text("\n".join(";".join(row) for row in cells) + "\n", "cp1252")


def expired(post: Post) -> None:
    post.town.sign_again(expires="2026-01-02T00:00:00Z", valid_from="2025-09-01T00:00:00Z")


def clock_off(post: Post) -> None:
    post.town.clock.off = dt.timedelta(minutes=10)
    (post.home / "elements.bin").unlink(missing_ok=True)


def custodian_down(post: Post) -> None:
    swap("agent.toml", post.town.custodian_url, f"http://127.0.0.1:{free_port()}")(post)
    (post.home / "elements.bin").unlink()


def hub_down(post: Post) -> None:
    swap("agent.toml", post.town.hub_url, f"http://127.0.0.1:{free_port()}")(post)


def other_hub(post: Post) -> None:
    text = (post.home / "agent.toml").read_text()
    mark = text.split('hub_fingerprint = "')[1].split('"')[0]
    post.rewrite("agent.toml", mark, "0" * 64)


EXPORT = "exports/essai_billetterie.csv"
NOTHING = "Rien n'a été envoyé"
CASES = {
    "wrong encoding": Case(
        swap("mapping.toml", "[tickets]\n", '[tickets]\nencoding = "utf-8"\n'),
        errors.WrongEncoding,
        ("se lit en cp1252", "correspondance dit utf-8", "refaites l'export"),
        ("reads as cp1252", "mapping says utf-8", "export the file again"),
    ),
    "missing column": Case(
        missing_column,
        errors.ColumnMissing,
        ("22 colonnes trouvées", "« Date seance »", "Corrigez la correspondance"),
        ("found 22 columns", "« Date seance »", "Correct the mapping"),
    ),
    "no header at all": Case(
        without_header,
        errors.ColumnMissing,
        ("colonnes trouvées", "« Numero billet »", "exportez cette colonne"),
        ("columns, none called", "« Numero billet »", "export that column"),
    ),
    "swapped column": Case(
        swap("mapping.toml", 'postcode = "Code postal"', 'postcode = "Email"'),
        errors.ColumnSwapped,
        ("« Email » est mise sur postcode", "autre chose", "Corrigez la correspondance"),
        ("« Email » is mapped to postcode", "something else", "Correct the mapping"),
    ),
    "empty file": Case(
        write(EXPORT, ""),
        errors.EmptySource,
        ("est vide", "Attendu : un en-tête et des lignes", "Refaites l'export"),
        ("is empty", "Expected a header and rows", "Export it again"),
    ),
    "header and nothing more": Case(
        lambda post: post.export.write_text(post.export.read_text("cp1252").split("\n")[0] + "\n"),
        errors.EmptySource,
        ("aucune ligne", "Attendu : une ligne par billet", "Refaites l'export"),
        ("no row", "Expected one row per line", "Export it again"),
    ),
    "unreadable date": Case(
        unreadable_dates,
        errors.UnreadableDate,
        ("« Date representation » : 7 dates sur 40", "formats?|format de la", "Ajoutez le bon"),
        ("7 of 40 dates", "the formats of the mapping", "Add the right format"),
    ),
    "no consent source mapped": Case(
        no_consent,
        errors.NoConsentSource,
        ("ni [[consent]] ni", "Sans un oui enregistré", "Désignez la colonne"),
        ("found no [[consent]]", "Without a recorded yes", "Map the column"),
    ),
    "expired charter": Case(
        expired,
        errors.CharterRefused,
        ("La charte a expiré le 2026-01-02", "nouvelle révision", NOTHING),
        ("The charter expired on 2026-01-02", "new revision", "Nothing was sent"),
        "push",
    ),
    "charter changed by a byte": Case(
        shown(lambda plain: plain["charter"].update(retention_months=26)),
        errors.CharterRefused,
        ("La signature de", "elle fut changée après coup", NOTHING),
        ("The signature of", "it was changed after it was signed", "Nothing was sent"),
        "push",
    ),
    "charter without a signature": Case(
        shown(lambda plain: plain["signatures"].pop()),
        errors.CharterRefused,
        ("Il manque à la charte la signature de opera-neuf", "demandez à ce lieu", NOTHING),
        ("lacks the signature of opera-neuf", "ask that venue", "Nothing was sent"),
        "push",
    ),
    "charter without our signature": Case(
        shown(lambda plain: plain["signatures"].pop(0)),
        errors.CharterRefused,
        ("Ce lieu n'a pas signé la charte", "`venue-agent init`", NOTHING),
        ("This venue has not signed", "`venue-agent init`", "Nothing was sent"),
        "push",
    ),
    "charter with a field more": Case(
        shown(lambda plain: plain["charter"]["fields"].append("satisfaction")),
        errors.CharterRefused,
        ("La signature de", "elle fut changée après coup", NOTHING),
        ("The signature of", "it was changed after it was signed", "Nothing was sent"),
        "push",
    ),
    "charter of another schema": Case(
        shown(lambda plain: plain["charter"].update(extra=True)),
        errors.HubRefused,
        ("ne suit pas le schéma", "Mettez l'agent à jour", "l'adresse"),
        ("does not follow the schema", "Update the agent", "address"),
        "push",
    ),
    "unknown hub fingerprint": Case(
        other_hub,
        errors.FingerprintMismatch,
        ("L'empreinte du hub est", "attendue : 0000000000000000…", "par téléphone"),
        ("The hub's fingerprint is", "expected 0000000000000000…", "by telephone"),
        "push",
    ),
    "clock 10 min off, at the hub": Case(
        clock_off,
        errors.ClockOff,
        ("Cette machine dit", "UTC ; le hub,", "Mettez cette machine à l'heure"),
        ("This machine says", "UTC, the hub says", "Set this machine's clock"),
        "push",
    ),
    "clock 10 min off, at the custodian": Case(
        clock_off,
        errors.ClockOff,
        ("Le gardien des clés refuse", "Son horloge dit", "Mettez cette machine à l'heure"),
        ("The custodian refused", "Its own clock says", "Set this machine's clock"),
    ),
    "hub down": Case(
        hub_down,
        errors.HubDown,
        ("est injoignable : pas de connexion", "Rien n'est perdu", "vérifiez le réseau"),
        ("cannot be reached: no connection", "Nothing is lost", "check the network"),
        "push",
    ),
    "custodian down": Case(
        custodian_down,
        errors.CustodianDown,
        ("ne répond pas", "Rien n'est perdu", "relancez la commande"),
        ("does not answer", "Nothing was lost", "run the command again"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_in_words_and_nothing_is_lost(name: str, post: Post) -> None:
    case = CASES[name]
    case.harm(post)
    before = post.state()
    for language, expected in (("fr", case.french), ("en", case.english)):
        code, said = post.run(case.command, "--lang", language)
        plain = " ".join(said.replace("\u00a0", " ").split())
        assert code == case.error.exit_code, said
        assert case.error.__name__ in said
        for part in expected:
            assert any(choice in plain for choice in part.split("|")), (part, plain)
        assert [word for word in CANARY if word.casefold() in said.casefold()] == []
        assert "Traceback" not in said
    assert post.state() == before
    speak("en")


def test_the_good_input_is_accepted(post: Post) -> None:
    """The cases above fail for their own harm: without any, the same agent goes through."""
    code, said = post.run("preview", "--full")
    assert code == 0
    assert "Rien n'est parti" in said
    code, said = post.run("push", "--no-wait")
    assert code == 0, said
    assert not [word for word in CANARY if word in said]


def test_a_full_disk_keeps_what_was_there(post: Post) -> None:
    lines = post.export.read_text("cp1252").splitlines()
    post.export.write_text("\n".join(lines[:-1]) + "\n", "cp1252")  # else nothing would be written
    before = post.state()
    command = Path(sys.executable).parent / "venue-agent"
    done = subprocess.run(
        [str(command), "preview", "--full", "--home", str(post.home)],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (SPOOL_LIMIT, SPOOL_LIMIT)),
    )
    assert done.returncode == errors.DiskFull.exit_code, done.stderr
    assert "est plein" in done.stderr
    assert "faites de la place" in done.stderr
    assert not [word for word in CANARY if word in done.stderr + done.stdout]
    assert post.state() == before


def test_a_wrong_fingerprint_at_the_door_costs_neither_code_nor_key(post: Post) -> None:
    post.home = post.home / "new"
    words = ["init", "--venue", "nouveau-lieu", "--hub", post.town.hub_url]
    words += ["--custodian", post.town.custodian_url, "--code", post.town.invite("nouveau-lieu")]
    code, said = post.run(*words, "--fingerprint", "f" * 64)
    assert code == errors.FingerprintMismatch.exit_code
    assert "par téléphone" in said
    assert not (post.home / "agent.toml").exists()
    key = (post.home / "keys" / "signing.key").read_bytes()
    code, said = post.run(*words, "--fingerprint", fingerprint_of(post.town))
    assert (code, "ne nomme pas nouveau-lieu" in said) == (errors.CharterRefused.exit_code, True)
    assert (post.home / "agent.toml").exists()
    assert (post.home / "keys" / "signing.key").read_bytes() == key


@pytest.mark.parametrize(
    ("option", "mistyped"), [("--venue", "Mon Lieu"), ("--code", "AAA"), ("--custodian-code", "?")]
)
def test_a_mistyped_invitation_is_named(post: Post, option: str, mistyped: str) -> None:
    post.home = post.home / "new"
    typed = {"--venue": "nouveau-lieu", "--code": post.town.invite("nouveau-lieu")}
    typed |= {"--hub": post.town.hub_url, "--custodian": post.town.custodian_url}
    typed |= {"--fingerprint": "f" * 64, option: mistyped}
    code, said = post.run("init", *[word for pair in typed.items() for word in pair])
    assert code == errors.ConfigError.exit_code
    assert f"{option} n'a pas la forme" in said
    assert not (post.home / "agent.toml").exists()


def test_an_unforeseen_error_names_its_place_and_no_value(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError(CANARY[0])

    monkeypatch.setattr("venue_agent.commands.push.open_desk", broken)
    code, said = post.run("status")
    assert code == 1
    assert "KeyError" in said
    assert CANARY[0] not in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("stauts",), "Il n'y a pas de commande stauts."),
        (("push", "--foo"), "Il n'y a pas d'option --foo."),
        (("push", "now"), "Mots en trop : now."),
        (("status", "--lang", "de"), "La valeur de --lang n'est pas possible : de n'est pas parmi"),
    ],
)
def test_a_mistyped_command_is_answered_in_french(post: Post, words: tuple[str, ...], told: str) -> None:  # fmt: skip
    code, said = post.run(*words)
    assert code == 2
    assert told in said.replace("\u00a0", " ")
    assert "--help" in said
