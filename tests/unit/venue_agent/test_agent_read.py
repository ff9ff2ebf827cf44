import os
from pathlib import Path

import pytest

from tests.support.agent_world import (
    CLOCK,
    ROW,
    front,
    write_csv,
    write_export,
    write_oppositions,
)
from venue_agent import errors
from venue_agent.config import SourceConfig
from venue_agent.frames import Raw
from venue_agent.read import read
from venue_agent.settings.mapping import Mapping, load_preset, parse_mapping

FR = load_preset("fr23plus")
BREVO = load_preset("fr23+brevo")
SECRET = "zoe.durand@mail.example"
CONTACT = {
    "EMAIL": SECRET,
    "SMS": "33600000042",
    "LASTNAME": "Durand",
    "FIRSTNAME": "Zoé",
    "EMAIL_BLACKLISTED": "Non",
    "OPTIN_PARTENAIRES": "Oui",
    "MODIFIED_TIME": "05-01-2025 10:00:00",
}


def go(folder: Path, mapping: Mapping = FR) -> Raw:
    return read(SourceConfig(mapping, folder), CLOCK)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "mac_roman", "cp850"])
def test_a_ticket_is_read_as_it_is_in_each_encoding(tmp_path: Path, encoding: str) -> None:
    write_export(tmp_path, {}, {"Email": "", "Nom": "", "Prenom": ""}, encoding=encoding)
    raw = go(tmp_path)
    line = raw.tickets.iloc[0]
    assert raw.records.loc[line["record"], "first_name"] == "Zoé"
    assert raw.records.loc[line["record"], "postcode"] == "69003"
    assert str(line["booked"]) == "2025-03-01 10:00:00"
    assert str(line["event_at"]) == "2025-03-15 20:30:00"
    assert line["price_cents"] == 1250
    assert raw.tickets["record"].iloc[1] == -1
    assert raw.answers["yes"].tolist() == [True]
    assert raw.read_at == CLOCK.now()


def test_a_long_file_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("venue_agent.sources.text.CHUNK_ROWS", 2)
    write_export(tmp_path, *[{"Prenom": name} for name in ("Zoé", "Ugo", "Zoé", "Inès", "Ugo")])
    raw = go(tmp_path)
    first = raw.records["first_name"].reindex(raw.tickets["record"]).tolist()
    assert first == ["Zoé", "Ugo", "Zoé", "Inès", "Ugo"]
    assert raw.tickets["ticket"].tolist() == ["1", "2", "3", "4", "5"]


def test_a_tally_cannot_drop_more_than_there_is(tmp_path: Path) -> None:
    write_export(tmp_path, {})
    with pytest.raises(ValueError, match="cannot drop 2 lines of 1"):
        go(tmp_path).tally.drop("said_no", 2)


def test_a_leading_zero_and_a_quoted_line_break_survive(tmp_path: Path) -> None:
    write_export(tmp_path, {"Code postal": "01000", "Adresse": 'Le "Pré";\nbât. B'})
    raw = go(tmp_path)
    assert raw.records["postcode"].tolist() == ["01000"]
    assert raw.records["street"].tolist() == ['Le "Pré";\nbât. B']


def test_headers_are_found_whatever_their_case_and_spaces(tmp_path: Path) -> None:
    write_csv(tmp_path / "a_billetterie.csv", [{f" {k.upper()} ": v for k, v in ROW.items()}])
    assert len(go(tmp_path).tickets) == 1


def test_several_files_are_one_export(tmp_path: Path) -> None:
    write_csv(tmp_path / "2024_billetterie.csv", [ROW])
    write_csv(tmp_path / "2025_billetterie.csv", [ROW | {"Numero billet": "2", "Nom": "Roy"}])
    raw = go(tmp_path)
    assert raw.records.loc[raw.tickets["record"], "last_name"].tolist() == ["Durand", "Roy"]
    assert raw.tickets["ticket"].tolist() == ["1", "2"]
    assert raw.answers["record"].tolist() == [0, 1]


def test_read_is_kept_plus_each_reason(tmp_path: Path) -> None:
    good = [{}] * 200
    write_export(
        tmp_path,
        *good,
        {"Date representation": "31/02/25"},
        {"Numero billet": "1"},
        {"Numero billet": "2", "Prix": "-12,5"},
    )
    raw = go(tmp_path)
    assert raw.tally.read == 203
    assert dict(raw.tally.dropped) == {"refunded": 2, "unreadable_date": 1, "duplicate_line": 1}
    assert len(raw.tickets) == raw.tally.kept == 199


def test_status_says_which_lines_are_seats(tmp_path: Path) -> None:
    mapping = FR.model_copy(
        update={
            "columns": FR.columns | {"status": "Type de produit"},
            "values": FR.values.model_copy(update={"keep_status": ("place individuelle",)}),
        }
    )
    write_export(tmp_path, {}, {"Type de produit": "Abonnement"})
    assert dict(go(tmp_path, mapping).tally.dropped) == {"not_valid": 1}


def test_a_second_file_gives_contacts_and_answers(tmp_path: Path) -> None:
    write_export(tmp_path, {})
    write_csv(tmp_path / "x_brevo.csv", [CONTACT])
    raw = go(tmp_path, BREVO)
    contact = raw.records.iloc[1]
    assert (contact["phone"], contact["street"]) == ("33600000042", "")
    assert sorted(zip(raw.answers["rule"], raw.answers["yes"], strict=True)) == [
        (0, True),
        (1, True),
    ]
    assert set(raw.answers["record"]) == {1}


def test_oppositions_are_read_and_may_be_absent(tmp_path: Path) -> None:
    write_export(tmp_path, {})
    assert len(go(tmp_path).oppositions) == 0
    write_oppositions(tmp_path, {"email": SECRET})
    assert go(tmp_path).oppositions["email"].tolist() == [SECRET]


@pytest.mark.parametrize(
    ("blanks", "heard"), [([{"Optin partenaires": ""}], [True, False]), ([], [True])]
)
def test_a_box_that_is_only_ticked_says_no_by_staying_empty(
    tmp_path: Path, blanks: list[dict[str, str]], heard: list[bool]
) -> None:
    others = [change | {"Nom": "Roy"} for change in blanks]
    write_export(tmp_path, {"Optin partenaires": "x"}, *others)
    assert go(tmp_path).answers["yes"].tolist() == heard


def test_an_empty_cell_says_nothing_where_no_is_written(tmp_path: Path) -> None:
    answers = [
        {"Optin partenaires": w, "Nom": f"N{chr(65 + i)}"} for i, w in enumerate(["Oui", "Non", ""])
    ]
    write_export(tmp_path, *answers)
    assert go(tmp_path).answers["yes"].tolist() == [True, False]


# --- bad input: found, expected, to do; an exit code; nothing personal -------------------------


def refused(kind: type[errors.AgentError], folder: Path, mapping: Mapping = FR) -> str:
    with pytest.raises(kind) as caught:
        go(folder, mapping)
    message = str(caught.value)
    for personal in (SECRET, "Durand", "Zoé", "rue Voltaire"):
        assert personal not in message
    return message


def test_no_file(tmp_path: Path) -> None:
    assert "No file" in refused(errors.SourceMissing, tmp_path)


def test_a_pattern_stays_in_its_folder(tmp_path: Path) -> None:
    tickets = FR.tickets.model_copy(update={"pattern": "../*.csv"})
    mapping = FR.model_copy(update={"tickets": tickets})
    assert "leaves" in refused(errors.SourceMissing, tmp_path, mapping)


@pytest.mark.parametrize("content", [b"", b"\n \n", ";".join(ROW).encode() + b"\n"])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a_billetterie.csv").write_bytes(content)
    refused(errors.EmptySource, tmp_path)


def test_a_missing_column(tmp_path: Path) -> None:
    write_csv(tmp_path / "a_billetterie.csv", [{k: v for k, v in ROW.items() if k != "Email"}])
    assert "« Email »" in refused(errors.ColumnMissing, tmp_path)


def test_a_file_without_header_is_not_echoed(tmp_path: Path) -> None:
    (tmp_path / "a_billetterie.csv").write_text(";".join(ROW.values()), encoding="utf-8")
    refused(errors.ColumnMissing, tmp_path)


@pytest.mark.parametrize(
    ("tail", "line"),
    [(b"Durand;" * 40 + b"\r\n", "line 4"), (b'4;"4;Durand\r\n5;5;Roy\r\n', "line 3")],
)
def test_a_line_that_does_not_follow_the_header(tmp_path: Path, tail: bytes, line: str) -> None:
    path = write_export(tmp_path, {}, {})
    path.write_bytes(path.read_bytes() + tail)
    assert line in refused(errors.BrokenSource, tmp_path)


def test_lines_that_are_all_longer_than_the_header(tmp_path: Path) -> None:
    path = write_export(tmp_path, {}, {})
    header, *lines = path.read_bytes().splitlines()
    path.write_bytes(b"\r\n".join([header, *(line + b";x" for line in lines)]))
    refused(errors.BrokenSource, tmp_path)


@pytest.mark.parametrize(
    ("field", "values", "seen"),
    [
        ("Code postal", ["01/02/1980", "11/12/1975", "05/06/1990"], "dates"),
        ("Code postal", ["1980", "1975", "1990"], "something else"),
        ("Email", ["Durand", "Roy", "Petit"], "something else"),
        ("Telephone", ["01/02/1980", "11/12/1975", "05/06/1990"], "dates"),
        ("Age", ["1980", "1975", "1990"], "something else"),
        ("Nom", ["a@b.example", "c@d.example", "e@f.example"], "something else"),
        ("Prix", ["Plein", "Réduit", "Abonné"], "something else"),
    ],
)
def test_a_swapped_column(tmp_path: Path, field: str, values: list[str], seen: str) -> None:
    write_export(tmp_path, *[{field: value} for value in values])
    message = refused(errors.ColumnSwapped, tmp_path)
    assert f"« {field} »" in message
    assert seen in message


def test_crossed_dates(tmp_path: Path) -> None:
    late = {"Date reservation": "01/04/25", "Date representation": "01/03/25"}
    write_export(tmp_path, late, late, late)
    assert "swapped" in refused(errors.ColumnSwapped, tmp_path)


@pytest.mark.parametrize("field", ["Date representation", "Date reservation", "Date optin"])
def test_unreadable_dates(tmp_path: Path, field: str) -> None:
    write_export(tmp_path, {field: "2025.03.15"}, {})
    assert f"« {field} »" in refused(errors.UnreadableDate, tmp_path)


def test_unknown_words_of_consent(tmp_path: Path) -> None:
    write_export(tmp_path, {"Optin partenaires": "peut-être"}, {})
    assert "neither yes nor no" in refused(errors.UnreadableAnswer, tmp_path)


def test_a_rare_unknown_word_means_no(tmp_path: Path) -> None:
    others = [{"Nom": f"N{'x' * n}"} for n in range(150)]
    write_export(tmp_path, {"Optin partenaires": "peut-être"}, *others)
    assert go(tmp_path).answers["yes"].tolist() == [False] + [True] * 150


def test_wrong_encoding(tmp_path: Path) -> None:
    write_export(tmp_path, {}, encoding="cp1252")
    tickets = FR.tickets.model_copy(update={"encoding": "utf-8"})
    refused(errors.WrongEncoding, tmp_path, FR.model_copy(update={"tickets": tickets}))


def test_stale_consent(tmp_path: Path) -> None:
    export = write_export(tmp_path, {})
    contacts = write_csv(tmp_path / "x_brevo.csv", [CONTACT])
    made = export.stat().st_mtime
    os.utime(contacts, (made - 86_000, made - 86_000))
    go(tmp_path, BREVO)
    os.utime(contacts, (made - 87_000, made - 87_000))
    assert "24 h" in refused(errors.StaleConsent, tmp_path, BREVO)


def test_the_source_is_left_as_it_was(tmp_path: Path) -> None:
    path = write_export(tmp_path, {})
    before = path.read_bytes()
    front(tmp_path, FR)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_undated_answers_satisfaction_and_one_column_dates(tmp_path: Path) -> None:
    mapping = parse_mapping(
        """
name = "simple"
event_formats = ["%Y-%m-%d"]
[tickets]
pattern = "*.csv"
[columns]
ticket = "T"
order = "O"
event_date = "D"
title = "S"
email = "E"
satisfaction = "N"
[[consent]]
column = "C"
text = "J'accepte"
grants = ["statistics"]
""",
        "m.toml",
    )
    row = {
        "T": "1",
        "O": "1",
        "D": "2025-03-15",
        "S": "887",
        "E": "a@b.example",
        "N": "8",
        "C": "1",
    }
    write_csv(tmp_path / "x.csv", [row, row | {"T": "2", "N": "11"}])
    raw = go(tmp_path, mapping)
    assert raw.tickets["satisfaction"].tolist() == [8, -1]
    assert raw.tickets["booked"].isna().all()
    assert raw.answers["at"].isna().all()
