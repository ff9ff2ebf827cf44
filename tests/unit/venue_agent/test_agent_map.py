"""What each column says is found on look-alikes of the layouts that were seen, asked, and tried."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from contracts.visit import Purpose
from tests.support import lookalikes, nasty
from tests.support.agent_world import CLOCK
from tests.support.lookalikes import PEOPLE, write_rows
from venue_agent import errors
from venue_agent.cli import app
from venue_agent.config import SourceConfig
from venue_agent.frames import Raw
from venue_agent.mapper import drift, session
from venue_agent.mapper.formats import find_dates
from venue_agent.mapper.known import layouts, recognised
from venue_agent.mapper.shapes import shape
from venue_agent.read import read
from venue_agent.settings.headers import likeness
from venue_agent.settings.mapping import FileRule, load_mapping

SECRETS = [part for person in PEOPLE for part in person[:4]]
NAMED = ("SecuTix", "Rodrigue", "Sirius", "3e Acte", "Ressource SI", "Sarbacane")
SAY = ("--text", "J'accepte le partage.", "--grants", "statistics")
KNOWN = layouts()


def run(*words: object, typed: str = "", ask: bool = False) -> str:
    told = CliRunner().invoke(
        app, ["map", *map(str, words), "--lang", "en", *([] if ask else ["--yes"])], input=typed
    )
    if told.exception:
        raise told.exception
    return told.output


def mapped(home: Path) -> Raw:
    text = (home / "mapping.toml").read_text()
    assert [secret for secret in SECRETS if secret in text] == []
    return read(SourceConfig(load_mapping(home / "mapping.toml"), home), CLOCK)


TICKETS: dict[str, tuple[Callable[[Path], Path], tuple[str, ...]]] = {
    "box_office_fr": (
        lambda p: write_rows(p, lookalikes.box_office(KNOWN["box_office_fr"], Optin="Oui"), encoding="cp1252"),
        ("--consent", "Optin"),
    ),
    "eventbrite": (
        lambda p: write_rows(p, lookalikes.eventbrite(KNOWN["eventbrite"]), ","),
        ("--consent", "I agree to be told of"),
    ),
    "helloasso": (
        lambda p: write_rows(p, lookalikes.helloasso(KNOWN["helloasso"]), encoding="utf-8-sig"),
        ("--consent", "J'accepte le partage"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TICKETS)
def test_a_lookalike_of_a_seen_layout_is_mapped_and_read(tmp_path: Path, name: str) -> None:
    write, consent = TICKETS[name]
    file = write(tmp_path / "ventes_2015-07.csv")
    told = run(file, "--home", tmp_path, *consent, *SAY)
    assert "never on the export of a venue" in told
    assert [secret for secret in SECRETS if secret in told] == []
    mapping = load_mapping(tmp_path / "mapping.toml")
    assert mapping.tickets.pattern == "ventes_*.csv"
    layout = KNOWN[name]
    for field, column in mapping.columns.items():
        first = column if isinstance(column, str) else column[0]
        assert first == layout.columns[field]
    raw = mapped(tmp_path)
    assert raw.tally.read == 40
    assert raw.tally.kept == (35 if name == "eventbrite" else 40)
    assert set(raw.tickets["event_at"].dt.strftime("%m %H:%M")) == {"07 20:30"}
    assert raw.answers["yes"].all()
    assert set(raw.records["last_name"]) == {person[1] for person in PEOPLE}


CONTACTS: dict[str, Callable[[Path], Path]] = {
    "brevo": lambda folder: write_rows(folder / "brevo_12.csv", lookalikes.brevo(KNOWN["brevo"])),
    "mailchimp": lambda folder: write_rows(
        folder / "subscribed_12.csv", lookalikes.mailchimp(KNOWN["mailchimp"]), ","
    ),
    "shopify": lambda folder: write_rows(
        folder / "customers.csv", lookalikes.shopify(KNOWN["shopify"]), ","
    ),
}


@pytest.mark.parametrize("name", CONTACTS)
def test_the_answers_of_a_second_file_are_mapped_and_read(tmp_path: Path, name: str) -> None:
    tickets = TICKETS["box_office_fr"][0](tmp_path / "ventes.csv")
    contacts = CONTACTS[name](tmp_path)
    if name == "mailchimp":
        rows = lookalikes.mailchimp(KNOWN[name], out=True)
        write_rows(tmp_path / "unsubscribed_12.csv", rows, ",")
    own = ("--consent", "OPTIN_PARTENAIRES") if name == "brevo" else ()
    told = run(tickets, "--contacts", contacts, "--home", tmp_path, *own, *SAY)
    assert KNOWN[name].origin["en"] in " ".join(told.split())
    mapping = load_mapping(tmp_path / "mapping.toml")
    assert {p for rule in mapping.rules for p in rule.grants} == {Purpose.STATISTICS}
    raw = mapped(tmp_path)
    yes = raw.answers[raw.answers["rule"] == 0].merge(raw.records["email"], left_on="record", right_index=True)  # fmt: skip
    said = dict(zip(yes["email"], yes["yes"], strict=True))
    expected = {"brevo": [False, True, True, False, True], "mailchimp": [True] * 5,
                "shopify": [True, False, True, False, True]}[name]  # fmt: skip
    assert said == dict(zip([p[2] for p in PEOPLE], expected, strict=True))
    if name == "mailchimp":
        out = raw.answers[raw.answers["rule"] == 1]
        assert out["yes"].tolist() == [False]
        assert str(out["at"].iloc[0]) == "2015-06-20 10:00:00"


def test_no_layout_is_claimed_for_a_product_that_was_not_seen() -> None:
    for layout in KNOWN.values():
        text = layout.model_dump_json()
        assert [name for name in NAMED if name.lower() in text.lower()] == []
        assert {*layout.marks} <= {*layout.header}
        assert {*layout.columns.values()} <= {*layout.header, *layout.unseen}
        assert not {*layout.header} & {*layout.unseen}
        assert all(layout.origin[language] for language in ("fr", "en"))


def test_a_layout_is_known_by_its_header_alone() -> None:
    for name, layout in KNOWN.items():
        found = recognised([column.upper() for column in layout.header])
        assert found is not None
        assert found[0] == name
    assert recognised(["Email", "Nom", "Numero billet"]) is None


# --- a file that nobody knows --------------------------------------------------------------------

OTHER = [
    {
        "N° de billet": str(1000 + n),
        "Dossier": str(500 + n // 2),
        "Date d'achat": f"{1 + n % 28:02}/06/2015",
        "Séance": f"{1 + n % 28:02}/07/2015 20h30",
        "Libellé du spectacle": ("La Danse", "Hommage", "Orphée")[n % 3],
        "Montant TTC": ("12,50 €", "8,00 €")[n % 2],
        "Nom de l'acheteur": PEOPLE[n % 5][1],
        "Prénom": PEOPLE[n % 5][0],
        "Courriel": PEOPLE[n % 5][2],
        "Tél. portable": PEOPLE[n % 5][3],
        "CP": PEOPLE[n % 5][4],
        "Né le": f"{1 + n % 28:02}/03/1980",
        "Fauteuil PMR": ("non", "oui")[n % 9 == 0],
        "Accord de partage": ("oui", "non")[n % 4 == 0],
        "Remarque": PEOPLE[n % 5][2],
    }
    for n in range(40)
]


def other(folder: Path) -> Path:
    return write_rows(folder / "export 3.csv", OTHER, encoding="cp1252")


def test_an_unknown_export_is_mapped_by_its_words_and_looks(tmp_path: Path) -> None:
    told = run(other(tmp_path), "--home", tmp_path, *SAY)
    assert "Never read (health, religion, opinion): Fauteuil PMR" in told
    columns = load_mapping(tmp_path / "mapping.toml").columns
    assert columns == {
        "ticket": "N° de billet",
        "order": "Dossier",
        "booked": "Date d'achat",
        "event_date": "Séance",
        "title": "Libellé du spectacle",
        "price": "Montant TTC",
        "last_name": "Nom de l'acheteur",
        "first_name": "Prénom",
        "email": "Courriel",
        "phone": "Tél. portable",
        "postcode": "CP",
        "birth_date": "Né le",
    }
    raw = mapped(tmp_path)
    assert raw.tally.kept == 40
    assert raw.answers["yes"].sum() == 30


def test_a_spreadsheet_is_mapped_too(tmp_path: Path) -> None:
    rows = [list(OTHER[0]), *([*row.values()] for row in OTHER)]
    file = nasty.write_xlsx(tmp_path / "x.xlsx", {"Notes": [["rien"]], "Ventes": rows})
    run(file, "--home", tmp_path, "--sheet", "Ventes", *SAY)
    assert load_mapping(tmp_path / "mapping.toml").tickets.sheet == "Ventes"
    assert mapped(tmp_path).tally.kept == 40


@pytest.mark.parametrize(
    ("wish", "kind", "says"),
    [
        ("postcode=Né le", errors.ColumnSwapped, "like dates"),
        ("email=Prénom", errors.ColumnSwapped, "something else"),
        ("event_date=Courriel", errors.ColumnSwapped, "something else"),
        ("ticket=CP", errors.ColumnSwapped, "something else"),
        ("product=Fauteuil PMR", errors.FieldRefused, "health"),
        ("title=Nowhere", errors.ColumnMissing, "no column"),
        ("shoe=CP", errors.ConfigError, "no field shoe"),
        ("CP", errors.ConfigError, "FIELD=COLUMN"),
        ("booked=Séance", errors.ColumnSwapped, "after their event"),
    ],
)
def test_a_wrong_mapping_is_refused(
    tmp_path: Path, wish: str, kind: type[errors.AgentError], says: str
) -> None:
    crossed = ("--set", "event_date=Date d'achat") if wish.startswith("booked") else ()
    with pytest.raises(kind, match=says) as caught:
        run(other(tmp_path), "--home", tmp_path, "--set", wish, *crossed, *SAY)
    assert [secret for secret in SECRETS if secret in str(caught.value)] == []
    assert not (tmp_path / "mapping.toml").exists()


def test_a_column_may_be_named_or_left_out(tmp_path: Path) -> None:
    run(other(tmp_path), "--home", tmp_path, "--set", "phone=", "--set", "city=Remarque", *SAY)
    columns = load_mapping(tmp_path / "mapping.toml").columns
    assert "phone" not in columns
    assert columns["city"] == "Remarque"


def test_without_what_people_were_told_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(errors.NoConsentSource, match="cannot be guessed"):
        run(other(tmp_path), "--home", tmp_path)
    assert not (tmp_path / "mapping.toml").exists()


def test_without_a_column_of_answers_nothing_is_written(tmp_path: Path) -> None:
    rows = [{k: v for k, v in row.items() if "Accord" not in k} for row in OTHER]
    file = write_rows(tmp_path / "x.csv", rows)
    with pytest.raises(errors.NoConsentSource, match="no column that says yes or no"):
        run(file, "--home", tmp_path, *SAY)
    with pytest.raises(errors.UnreadableAnswer):
        run(file, "--home", tmp_path, "--consent", "Courriel", *SAY)


def test_what_is_not_recognised_is_named_when_nobody_can_be_asked(tmp_path: Path) -> None:
    rows = [{re.sub("Libellé.*", "Zzz", k): v for k, v in row.items()} for row in OTHER]
    with pytest.raises(errors.MappingUnsure, match="--set title=") as caught:
        run(write_rows(tmp_path / "x.csv", rows), "--home", tmp_path, *SAY)
    assert caught.value.exit_code == 27


def test_a_file_without_header_is_refused_and_not_repeated(tmp_path: Path) -> None:
    file = other(tmp_path)
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[1:]))
    with pytest.raises(errors.ColumnMissing, match="not the names") as caught:
        run(file, "--home", tmp_path, *SAY)
    assert [secret for secret in SECRETS if secret in str(caught.value)] == []


def test_only_what_is_not_known_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("venue_agent.commands.map._is_a_person", lambda: True)
    rows = [{re.sub("Libellé.*", "Zzz", k): v for k, v in row.items()} for row in OTHER]
    file = write_rows(tmp_path / "x.csv", rows)
    typed = "postcode=Né le\n\nnowhere\n5\nJ'accepte le partage.\nstatistics\n"
    told = run(file, "--home", tmp_path, typed=typed, ask=True)
    assert "like dates" in told
    assert told.count("Which column is title?") == 2
    mapping = load_mapping(tmp_path / "mapping.toml")
    assert mapping.columns["title"] == "Zzz"
    assert mapping.consent[0].column == "Accord de partage"
    assert mapping.consent[0].text == "J'accepte le partage."


def test_the_mapping_before_is_kept_beside(tmp_path: Path) -> None:
    run(other(tmp_path), "--home", tmp_path, *SAY)
    first = (tmp_path / "mapping.toml").read_text()
    told = run(other(tmp_path), "--home", tmp_path, "--set", "phone=", "--json", *SAY)
    assert (tmp_path / "mapping.old.toml").read_text() == first
    assert json.loads(told)["columns"]["email"]["column"] == "Courriel"
    assert [secret for secret in SECRETS if secret in told] == []


# --- pieces --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Zoé", "Aaa"),
        ("Guérin-Lefèvre", "Aaa…-Aaa…"),
        ("zoe.durand@mail.example", "aaa.aaa…@aaa….aaa…"),
        ("06\u202f41", "99 99"),
        ("02/06/15 00:00", "99/99/99 99:99"),
        ("☂", "·"),
        ("12345678901234", "9999999999…"),
        ("a b c d e f g h i j k l m n o p q", "a a a a a a a a a a a a a a…"),
    ],
)
def test_a_shape_is_no_value(text: str, told: str) -> None:
    assert shape(text) == told


@pytest.mark.parametrize(
    ("cells", "formats", "hours", "doubtful"),
    [
        (["02/06/15 00:00", "13/06/15 00:00"], ("%d/%m/%y %H:%M",), False, False),
        (["02/06/2015", "03/06/2015"], ("%d/%m/%Y",), False, True),
        (["06/13/2015", "06/14/2015"], ("%m/%d/%Y",), False, False),
        (["2015-06-13 20:30:00"], ("%Y-%m-%d %H:%M:%S",), True, False),
        (["13/06/2015", "14/06/2015 20:30"], ("%d/%m/%Y %H:%M", "%d/%m/%Y"), True, False),
        (["", "Zoé"], (), False, False),
        ([""], (), False, False),
    ],
)
def test_dates_are_found_as_they_are_written(
    cells: list[str], formats: tuple[str, ...], hours: bool, doubtful: bool
) -> None:
    found = find_dates(pd.Series(cells).astype("category"))
    assert (set(found.formats), found.hours, found.doubtful) == (set(formats), hours, doubtful)


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("ventes_2025-09.csv", "ventes_*.csv"),
        ("billetterie.csv", "billetterie.csv"),
        ("export 3 du 01.02.2025.xlsx", "export * du *.xlsx"),
        ("[vu] 1", "?vu? *"),
        ("2025.csv", "*.csv"),
    ],
)
def test_a_pattern_names_the_file_and_the_next_one(name: str, pattern: str) -> None:
    assert session.pattern_of(name) == pattern
    assert Path(name).match(pattern)


@pytest.mark.parametrize(
    ("header", "field", "at_least", "at_most"),
    [
        ("Code postal", "postcode", 1, 1),
        ("CODE_POSTAL", "postcode", 1, 1),
        ("codePostal", "postcode", 1, 1),
        ("Nom du spectacle", "title", 1, 1),
        ("Nom du spectacle", "last_name", 0.5, 0.7),
        ("Date de naissance", "event_date", 0, 0),
        ("Prix", "email", 0, 0),
    ],
)
def test_a_header_is_compared_by_its_words(
    header: str, field: str, at_least: float, at_most: float
) -> None:
    assert at_least <= likeness(header, field) <= at_most


# --- what changed since last time ---------------------------------------------------------------


def noticed(folder: Path) -> list[str]:
    source = SourceConfig(load_mapping(folder / "mapping.toml"), folder)
    return drift.notice(source, folder, CLOCK.now())


def test_a_change_of_layout_is_told_before_anything_is_prepared(tmp_path: Path) -> None:
    run(other(tmp_path), "--home", tmp_path, *SAY)
    assert noticed(tmp_path) == []
    file = tmp_path / "export 3.csv"
    write_rows(file, [row | {"Carte": "1"} for row in OTHER])
    assert "new columns since 2025-09-15, not read: Carte" in noticed(tmp_path)[0]
    assert noticed(tmp_path) == []
    write_rows(file, [{k: v for k, v in row.items() if k != "Remarque"} for row in OTHER])
    assert "columns gone" in noticed(tmp_path)[0]


@pytest.mark.parametrize(
    ("now", "says"), [("Code postal CP", "« Code postal CP » is new"), ("", "is gone. Nothing")]
)
def test_a_mapped_column_that_went_is_explained(tmp_path: Path, now: str, says: str) -> None:
    run(other(tmp_path), "--home", tmp_path, *SAY)
    rows = [
        {(now if k == "CP" else k): v for k, v in row.items() if k != "CP" or now} for row in OTHER
    ]
    write_rows(tmp_path / "export 3.csv", rows)
    before = (tmp_path / drift.MEMORY_FILE).read_text()
    with pytest.raises(errors.LayoutChanged, match=says) as caught:
        noticed(tmp_path)
    assert caught.value.exit_code == 25
    assert (tmp_path / drift.MEMORY_FILE).read_text() == before


def test_a_first_line_that_is_no_header_is_not_remembered(tmp_path: Path) -> None:
    run(other(tmp_path), "--home", tmp_path, *SAY)
    (tmp_path / drift.MEMORY_FILE).unlink()
    (tmp_path / "export 3.csv").write_text(";".join(OTHER[0].values()) + "\n", encoding="utf-8")
    assert noticed(tmp_path) == []
    assert [s for s in SECRETS if s in (tmp_path / drift.MEMORY_FILE).read_text()] == []


def test_the_order_and_the_case_of_columns_are_no_change() -> None:
    assert drift.digest(["Nom", "Email"]) == drift.digest([" EMAIL", "nom"])
    assert drift.digest(["Nom", "Email"]) != drift.digest(["Nom", "Mail"])


def test_a_damaged_memory_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / drift.MEMORY_FILE).write_text("[", encoding="utf-8")
    drift.remember(FileRule(pattern="x.csv"), ["Nom"], tmp_path, CLOCK.now())
    assert list(json.loads((tmp_path / drift.MEMORY_FILE).read_text())) == ["x.csv"]
