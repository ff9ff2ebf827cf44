"""Every kind of export ends in the same text; what is damaged, locked or a bomb ends in a sentence."""

import sqlite3
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.support import nasty
from tests.support.agent_world import CLOCK
from tests.support.nasty import FIRST, HEADER, SECOND, at, lines, typed
from venue_agent import errors
from venue_agent.config import SourceConfig
from venue_agent.frames import Raw
from venue_agent.normalise import identifiers
from venue_agent.read import read
from venue_agent.settings.mapping import Mapping, parse_mapping
from venue_agent.sources import child, decode
from venue_agent.sources.tables import file_table, open_table, sample_table
from venue_agent.sources.text import HEADER_LINES
from venue_agent.sources.tidy import clean, has_rounded


def mapping(source: str = 'pattern = "x.*"') -> Mapping:
    return parse_mapping(nasty.MAPPING.format(source=source), "m.toml")


def go(folder: Path, source: str = 'pattern = "x.*"') -> Raw:
    return read(SourceConfig(mapping(source), folder), CLOCK)


def write(folder: Path, text: str, encoding: str = "cp1252") -> Raw:
    if not encoding.startswith("utf"):
        text = text.replace("\u202f", "\xa0")  # which these do not have
    (folder / "x.csv").write_bytes(text.encode(encoding))
    return go(folder)


def is_the_usual(raw: Raw, zeros_lost: bool = False) -> None:
    assert raw.tickets["ticket"].tolist() == ["1", "2"]
    assert raw.tickets["booked"].tolist() == [
        at("2015-06-02 14:37:49"),
        at("2015-06-02 09:05"),
    ]
    assert set(raw.tickets["event_at"]) == {at("2015-06-13")}
    assert raw.tickets["price_cents"].tolist() == [1250, 125000]
    records = raw.records.sort_values("email")
    assert records["last_name"].tolist() == ["Guérin", "Noël"]
    assert records["postcode"].tolist() == ["1000" if zeros_lost else "01000", "69003"]
    phones, _ = identifiers("phone", records["phone"])
    assert set(phones.values()) == {"+33641527896", "+33687316429"}
    answers = raw.answers.merge(raw.records[["email"]], left_on="record", right_index=True)
    assert dict(zip(answers["email"], answers["yes"], strict=True)) == {
        "guerin@mail.example": True,
        "noel@mail.example": False,
    }


# --- text ------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman", "cp850"]
)  # fmt: skip
def test_every_encoding_and_separator_gives_the_same_text(
    tmp_path: Path, encoding: str, sign: str
) -> None:
    text = lines(FIRST, SECOND, sign=sign).replace("12,5", "12.5").replace("250,00", "250.00")
    is_the_usual(write(tmp_path, text, encoding))


def test_footer_blank_lines_and_a_repeated_header_are_no_tickets(tmp_path: Path) -> None:
    empty = [""] * len(HEADER)
    total = ["Total", *empty[1:6], "1262,50", *empty[7:]]
    text = lines(FIRST, empty, HEADER, SECOND, empty, total, ["Édité le 01/07/2015", *empty[1:]])
    raw = write(tmp_path, text)
    is_the_usual(raw)
    assert raw.tally.read == 2
    assert dict(raw.tally.notes) == {"blank_line": 2, "repeated_header": 1, "footer_line": 2}


def test_a_last_line_that_names_somebody_is_no_footer(tmp_path: Path) -> None:
    bare = ["", "", "", "", "13/06/15", "", "", "Total", "total@mail.example", "", "", ""]
    raw = write(tmp_path, lines(FIRST, SECOND, bare))
    assert raw.tally.read == 3


@pytest.mark.parametrize(
    "above", ["Théâtre d'essai\r\n", "Ventes;2015\r\n\r\n", '"Deux\nlignes"\r\n']
)
def test_a_title_above_the_header_is_passed_over(tmp_path: Path, above: str) -> None:
    is_the_usual(write(tmp_path, above + lines(FIRST, SECOND)))


def test_a_broken_line_is_named_as_an_editor_counts(tmp_path: Path) -> None:
    with pytest.raises(errors.BrokenSource, match="line 5"):
        write(tmp_path, "Titre\r\n\r\n" + lines(FIRST, (*SECOND, "de trop")))


def test_a_header_that_is_too_low_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(errors.ColumnMissing):
        write(tmp_path, "Titre\r\n" * (HEADER_LINES + 1) + lines(FIRST))


def test_old_mac_line_ends(tmp_path: Path) -> None:
    is_the_usual(write(tmp_path, lines(FIRST, SECOND).replace("\r\n", "\r"), "utf-8"))


def test_two_encodings_in_one_file(tmp_path: Path) -> None:
    old = lines(SECOND).split("\r\n")[1].replace("\u202f", "\xa0").encode("cp1252") + b"\r\n"
    (tmp_path / "x.csv").write_bytes(lines(FIRST).encode() + old)
    is_the_usual(go(tmp_path))


def test_null_bytes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(errors.WrongEncoding, match="null bytes"):
        write(tmp_path, lines(FIRST, SECOND).replace("Noël", "No\x00l"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('="01000"', "01000"),
        ("'01000", "01000"),
        ("'+33612345678", "+33612345678"),
        ("612345678.0", "612345678"),
        ("6,12345678E+08", "612345678"),
        ("6.12345678e8", "612345678"),
        ("6,12E+08", "6,12E+08"),
        ("'t Hooft", "'t Hooft"),
        ("12.0", "12.0"),
        ("=SUM(A1)", "=SUM(A1)"),
        ("Les 1000.0", "Les 1000.0"),
    ],
)
def test_what_a_spreadsheet_did_is_undone_where_it_can_be(written: str, meant: str) -> None:
    assert clean(written) == meant
    assert has_rounded(pd.Series([meant]).astype("category")) == ("E+" in meant)


def test_mangled_phones_and_postcodes(tmp_path: Path) -> None:
    first = [*FIRST[:9], "1000.0", "6,41527896E+08", "Oui"]
    second = [*SECOND[:9], '="69003"', "'0687316429", "Non"]
    is_the_usual(write(tmp_path, lines(first, second)), zeros_lost=True)


def test_a_phone_that_lost_its_digits_is_nobodys(tmp_path: Path) -> None:
    raw = write(tmp_path, lines([*FIRST[:10], "6,12E+08", "Oui"], SECOND))
    assert identifiers("phone", raw.records["phone"])[1] == {"phone_unreadable": 1}


@pytest.mark.parametrize("place", [0, 1])
def test_rounded_keys_are_refused(tmp_path: Path, place: int) -> None:
    rows = [list(FIRST) for _ in range(5)]
    for n, row in enumerate(rows):
        row[0] = row[1] = str(n)
        row[place] = "1,23457E+12"
    with pytest.raises(errors.ColumnSwapped, match="rounded"):
        write(tmp_path, lines(*rows))


# --- spreadsheets and Parquet ------------------------------------------------------------------

WRITERS: dict[str, Callable[[Path], Path]] = {
    "x.xlsx": lambda path: nasty.write_xlsx(path, {"A": typed()}),
    "x.ods": lambda path: nasty.write_ods(path, typed()),
    "x.xls": lambda path: nasty.write_xls(path, typed()),
    "x.parquet": lambda path: nasty.write_parquet(path, typed()),
    "x.csv": lambda path: nasty.write_xlsx(path, {"A": typed()}),  # a name is only a name
}


@pytest.mark.parametrize("name", WRITERS)
def test_spreadsheets_and_parquet_give_the_same_text(tmp_path: Path, name: str) -> None:
    WRITERS[name](tmp_path / name)
    is_the_usual(go(tmp_path), zeros_lost=True)


def test_the_first_visible_sheet_or_the_named_one_is_read(tmp_path: Path) -> None:
    sheets = {"Notes": [["vide"]], "Vide": [], "Ventes": typed()}
    nasty.write_xlsx(tmp_path / "x.xlsx", sheets, hidden="Notes")
    is_the_usual(go(tmp_path), zeros_lost=True)
    is_the_usual(go(tmp_path, 'pattern = "x.*"\nsheet = "Ventes"'), zeros_lost=True)
    with pytest.raises(errors.BrokenSource, match="no sheet"):
        go(tmp_path, 'pattern = "x.*"\nsheet = "2014"')


def test_a_title_and_a_footer_in_a_spreadsheet(tmp_path: Path) -> None:
    rows = [["Théâtre"], [], *typed(), ["Total", None, None, None, None, None, 1262.5]]
    nasty.write_xlsx(tmp_path / "x.xlsx", {"A": rows})
    raw = go(tmp_path)
    is_the_usual(raw, zeros_lost=True)
    assert raw.tally.notes["footer_line"] == 1


@pytest.mark.parametrize("name", ["x.xlsx", "x.ods", "x.xls", "x.parquet"])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_cut_file_is_damaged(tmp_path: Path, name: str, share: float) -> None:
    whole = WRITERS[name](tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(errors.AgentError, match=name) as caught:
        go(tmp_path)
    assert caught.value.exit_code in {12, 22}


def test_an_empty_spreadsheet(tmp_path: Path) -> None:
    nasty.write_xlsx(tmp_path / "x.xlsx", {"A": []})
    with pytest.raises(errors.EmptySource):
        go(tmp_path)


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b"<html><table><tr><td>Nom", "web page"),
        (b"\xef\xbb\xbf\n <!DOCTYPE html>", "web page"),
        (b"%PDF-1.7", "archive or a document"),
        (b"\x1f\x8b\x08", "archive or a document"),
    ],
)
def test_what_is_no_table_is_said_to_be_none(tmp_path: Path, head: bytes, says: str) -> None:
    (tmp_path / "x.xls").write_bytes(head)
    with pytest.raises(errors.BrokenSource, match=says):
        go(tmp_path)


def test_an_archive_of_exports_is_no_export(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("ventes.csv", "Nom\n")
    with pytest.raises(errors.BrokenSource, match="archive"):
        go(tmp_path)


def test_a_small_parquet_that_decodes_to_ten_gigabytes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = nasty.write_bomb_parquet(tmp_path / "x.parquet", 10_000_000)
    assert bomb.stat().st_size < 1 << 20
    monkeypatch.setattr(decode, "MAX_GROWTH", 1)  # the limit is met sooner, not otherwise
    with pytest.raises(errors.SourceTooLarge) as caught:
        open_table(file_table(bomb), mapping().tickets, ["Nom"])
    assert caught.value.exit_code == 23


@pytest.mark.skipif(sys.platform == "win32", reason="no setrlimit")
@pytest.mark.parametrize("limit", [("MEMORY", 300 << 20), ("CPU_SECONDS", 1)])
def test_a_small_sheet_that_takes_all_memory_or_time_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: tuple[str, int]
) -> None:
    bomb = nasty.write_bomb_xlsx(tmp_path / "x.xlsx", 200)
    assert bomb.stat().st_size < 2 << 20
    monkeypatch.setattr(child, *limit)
    with pytest.raises(errors.SourceTooLarge):
        sample_table(file_table(bomb), mapping().tickets, 10)


def test_the_child_can_write_no_file_and_knows_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spy = tmp_path / "spy.py"
    spy.write_text(
        "import os, sys\nfrom venue_agent.sources import child\nchild.limit(child.MEMORY, 5)\n"
        "print('name')\nprint('SECRET' in os.environ)\n"
        f"try: open({str(tmp_path / 'out')!r}, 'w').write('x' * 10)\n"
        "except OSError: print('refused')\n"
    )
    monkeypatch.setenv("SECRET", "x")
    monkeypatch.setattr(decode, "COMMAND", (sys.executable, str(spy)))
    with decode.decoded(spy, "sheet") as stream:
        said = stream.read().split()
    assert said[:2] == [b"name", b"False"]
    assert not (tmp_path / "out").exists() or (tmp_path / "out").read_bytes() == b""


# --- databases ---------------------------------------------------------------------------------


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "billetterie.sqlite"
    with sqlite3.connect(path) as link:
        names = ", ".join(f'"{name}"' for name in HEADER)
        link.execute(f"CREATE TABLE ventes ({names})")
        link.executemany(
            f"INSERT INTO ventes VALUES ({', '.join('?' * len(HEADER))})", [FIRST, SECOND]
        )
    return path


def sql(base: Path, query: str = "SELECT * FROM ventes") -> str:
    return f"url = 'sqlite:///{base}'\nquery = '''{query}'''"


def test_a_query_gives_the_same_text(tmp_path: Path, base: Path) -> None:
    is_the_usual(go(tmp_path, sql(base)))
    is_the_usual(go(tmp_path, sql(base, "-- les ventes\nWITH v AS (SELECT * FROM ventes WHERE Nom LIKE '%') SELECT * FROM v;")))  # fmt: skip


def test_a_query_is_read_in_pieces(
    tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("venue_agent.sources.sql.ROWS_AT_ONCE", 1)
    is_the_usual(go(tmp_path, sql(base)))


@pytest.mark.parametrize(
    "query", ["DELETE FROM ventes", "SELECT 1; DROP TABLE ventes", "", "pragma user_version"]
)
def test_the_agent_only_reads(tmp_path: Path, base: Path, query: str) -> None:
    with pytest.raises(errors.ConfigError):
        go(tmp_path, sql(base, query))


def test_a_query_that_writes_all_the_same_is_refused_by_the_base(
    tmp_path: Path, base: Path
) -> None:
    with pytest.raises(errors.DatabaseRefused):
        go(tmp_path, sql(base, "WITH x AS (SELECT 1) INSERT INTO ventes SELECT * FROM ventes"))
    is_the_usual(go(tmp_path, sql(base)))


def test_a_password_comes_from_the_environment_and_is_never_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "url = 'sqlite:///${PLACE_OF_TICKETS}'\nquery = 'SELECT * FROM ventes'"
    with pytest.raises(errors.ConfigError, match="PLACE_OF_TICKETS"):
        go(tmp_path, source)
    monkeypatch.setenv("PLACE_OF_TICKETS", str(tmp_path / "nowhere" / "hunter2"))
    with pytest.raises(errors.DatabaseRefused) as caught:
        go(tmp_path, source)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("url", ["nothing", "oracel://x/y", "mssql+pyodbc://u:hunter2@h/b"])
def test_an_address_that_leads_nowhere(tmp_path: Path, url: str) -> None:
    with pytest.raises(errors.ConfigError) as caught:
        go(tmp_path, f"url = '{url}'\nquery = 'SELECT 1'")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "source", ["", "url = 'sqlite://'", "pattern = 'x'\nurl = 'u'\nquery = 'q'"]
)
def test_a_source_is_files_or_a_query(source: str) -> None:
    with pytest.raises(errors.ConfigError, match="either a pattern"):
        mapping(source)
