"""The files of an edition: the same bytes at every call, what they are made of inside, and nothing in them that runs."""

import base64
import io
import json
import re
import zipfile
import zlib

import pyarrow.parquet as pq
import pytest
import python_calamine as calamine
from flask import Flask
from flask.testing import FlaskClient

from contracts.charter import SignedCharter
from contracts.edition import Release
from hub.web import observatory
from hub.web.exports import report as reports
from hub.web.exports.chart import chart
from hub.web.exports.source import Source
from hub.web.exports.views import FORMATS
from hub.web.french import FRENCH
from tests.support import sample_edition as sample

EDITION = "saison-2025-2026"
NASTY = (
    "=cmd|'/C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    '\r=HYPERLINK("http://evil.example","x")',
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "]]><script>alert(1)</script>",
    '<a href="javascript:alert(1)">x</a>',
    "<style>@import url(http://evil.example/x.css)</style><link rel=attachment href=file:///etc/passwd>",
    "{{ 7 * 7 }}{% include '/etc/passwd' %}",
)


def charter_of_nasty_names() -> SignedCharter:
    signed = sample.charter()
    members = [
        member.model_copy(update={"name": NASTY[at % len(NASTY)]})
        for at, member in enumerate(signed.charter.members)
    ]
    clusters = [c.model_copy(update={"name": NASTY[6]}) for c in signed.charter.clusters]
    update = {"members": members, "clusters": clusters, "name": NASTY[6]}
    return signed.model_copy(update={"charter": signed.charter.model_copy(update=update)})


def negative() -> Release:
    drift = sample._table("lead-drift", "Q04", "Le délai a-t-il raccourci ?", ["age", "days"], [(("all",), -4), (("18-25",), -2.5)], sigma=0.4)  # fmt: skip
    return sample._release("lead-drift", 10_000, drift)


def client(charter: SignedCharter) -> FlaskClient:
    app = Flask("test")
    app.config["TESTING"] = True
    releases = [sample.reach(), sample.pairs(), sample.lead_time(), negative()]
    observatory.install(app, sample.Shelf(sample.published(releases=releases), charter=charter, gone=("printemps-2025",)))  # fmt: skip
    return app.test_client()


@pytest.fixture(scope="module")
def web() -> FlaskClient:
    return client(sample.charter())


@pytest.fixture(scope="module")
def nasty() -> FlaskClient:
    return client(charter_of_nasty_names())


def path(table: str, form: str, lang: str = "fr") -> str:
    return f"/editions/{EDITION}/{table}.{form}?lang={lang}"


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_is_the_same_at_every_call_even_of_another_process(form: str) -> None:
    one, other = (client(sample.charter()).get(path("reach-venues", form)) for _ in range(2))
    assert one.status_code == 200
    assert one.data == other.data
    assert one.headers["ETag"] == other.headers["ETag"]


def test_whoever_has_a_file_already_is_not_sent_it_again(web: FlaskClient) -> None:
    tag = web.get(path("pairs", "xlsx")).headers["ETag"]
    again = web.get(path("pairs", "xlsx"), headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    english = web.get(path("pairs", "xlsx", "en"))
    assert english.headers["ETag"] != tag


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_not_there_is_refused_and_what_was_withdrawn_is_said_to_be(
    web: FlaskClient, form: str
) -> None:
    assert web.get(path("no-such-table", form)).status_code == 404
    assert web.get(f"/editions/no-such-edition/reach-venues.{form}").status_code == 404
    assert web.get(f"/editions/printemps-2025/reach-venues.{form}").status_code == 410


def test_a_workbook_holds_numbers_intervals_and_what_they_are_made_of(web: FlaskClient) -> None:
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(web.get(path("lead-drift", "xlsx")).data))  # fmt: skip
    about = {row[0]: row[1] for row in book.get_sheet_by_name("À lire d’abord").to_python() if row}
    published = sample.published(releases=[sample.reach(), sample.pairs(), sample.lead_time(), negative()])  # fmt: skip
    assert about["Empreinte de l’édition (SHA-256)"] == published.edition_sha256
    assert about["Prix\u202f: ρ"] == "0,01"
    assert about["Signature du hub (Ed25519)"] == "44" * 64
    assert "Q04" in about["Question"]
    rows = book.get_sheet_by_name("lead-drift").to_python()
    assert rows[1][1:4] == [-4, -4.784, -3.216]


def test_json_and_parquet_say_the_same_figures_and_name_their_origin(web: FlaskClient) -> None:
    plain = json.loads(web.get(path("reach-venues", "json")).data)
    parquet = pq.read_table(io.BytesIO(web.get(path("reach-venues", "parquet")).data))
    assert parquet["value"].to_pylist() == [row["value"] for row in plain["rows"]]
    assert parquet["ci_high"].to_pylist() == [row["ci_high"] for row in plain["rows"]]
    assert parquet["place_label"].to_pylist() == [row["labels"]["place"] for row in plain["rows"]]
    assert parquet.schema.metadata[b"farandole.sha256"].decode() == plain["about"]["sha256"]
    few = [row for row in plain["rows"] if row["suppressed"]]
    assert all(row["wording"] == "trop-peu" for row in few)


def test_the_sheet_has_its_metadata_beside_it(web: FlaskClient) -> None:
    sheet = web.get(path("reach-venues", "csv"))
    beside = re.fullmatch(r"<([^>]+)>; rel=\"describedby\".*", sheet.headers["Link"])
    assert beside
    told = json.loads(web.get(beside[1] + "?lang=fr").data)
    header = sheet.data.decode().removeprefix("\ufeff").splitlines()[0].split(";")
    assert [column["titles"] for column in told["tableSchema"]["columns"]] == header
    assert {note["code"] for note in told["notes"]} >= {"question", "period", "charter", "rho", "epsilon", "interval", "edition", "hub_signature", "sha256"}  # fmt: skip


def test_the_whole_edition_is_a_workbook_of_all_its_tables(web: FlaskClient) -> None:
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(web.get(f"/editions/{EDITION}.xlsx").data))  # fmt: skip
    assert book.sheet_names[1:] == ["reach-network", "reach-venues", "reach-spread", "reach-shares", "pairs", "lead-medians", "lead-drift"]  # fmt: skip


def test_no_name_is_a_formula_in_a_sheet_and_negative_numbers_stay_numbers(
    nasty: FlaskClient,
) -> None:
    text = nasty.get(path("reach-venues", "csv")).data.decode().removeprefix("\ufeff")
    cells = [cell.strip('"') for line in text.split("\r\n")[1:] for cell in line.split(";")]
    assert not [
        c for c in cells if c.startswith(("=", "+", "@", "\t", "\r")) or re.match(r"-\D", c)
    ]
    drift = nasty.get(path("lead-drift", "csv")).data.decode()
    assert ";-4;-4,784;-3,216;" in drift


def test_no_name_is_a_formula_or_a_link_in_a_workbook(nasty: FlaskClient) -> None:
    for address in (path("reach-venues", "xlsx"), f"/editions/{EDITION}.xlsx"):
        with zipfile.ZipFile(io.BytesIO(nasty.get(address).data)) as book:
            inside = {name: book.read(name).decode() for name in book.namelist()}
        sheets = [text for name, text in inside.items() if name.startswith("xl/worksheets/")]
        assert not any("<f>" in text or "<hyperlink" in text for text in sheets)
        assert not any("externalLink" in name or "vba" in name for name in inside)
    shown = calamine.CalamineWorkbook.from_filelike(io.BytesIO(nasty.get(path("reach-venues", "xlsx")).data))  # fmt: skip
    names = [row[0] for row in shown.get_sheet_by_name("reach-venues").to_python()]
    assert "=cmd|’/C calc’!A0" in names


def test_no_name_is_an_element_of_a_picture(nasty: FlaskClient) -> None:
    for table in ("reach-venues", "pairs"):
        answer = nasty.get(path(table, "svg"))
        text = answer.data.decode()
        tags = set(re.findall(r"<([a-zA-Z!?]+)", text))
        assert tags <= {"svg", "title", "desc", "defs", "pattern", "line", "rect", "text"}
        assert "default-src 'none'; sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert nasty.get(path("pairs", "png")).data.startswith(b"\x89PNG")


def unpacked(pdf: bytes) -> bytes:
    """Return a PDF with its packed streams laid open, where an action could hide."""
    packed = re.findall(rb"/FlateDecode.*?stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return pdf + b"".join(zlib.decompressobj().decompress(part) for part in packed)


def test_a_report_is_tagged_speaks_its_language_and_holds_nothing_that_runs(
    nasty: FlaskClient,
) -> None:
    answer = nasty.get(path("reach-venues", "pdf"))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    body = unpacked(answer.data)
    assert body.startswith(b"%PDF-1.7")
    assert b"pdfuaid" in body
    assert b"/Lang (fr)" in body
    for forbidden in (
        b"/JavaScript",
        b"/JS",
        b"/URI",
        b"/Launch",
        b"/EmbeddedFile",
        b"/OpenAction",
    ):
        assert forbidden not in body


def test_a_name_is_text_in_the_page_that_a_report_is_printed_from() -> None:
    source = Source(sample.published(), charter_of_nasty_names().charter, FRENCH)
    pair = source.found("reach-venues")
    assert pair
    html = reports._html(source, [reports._part(*pair, source, 10)], source.about(*pair), "x")
    assert "<script" not in html
    assert "<link" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    drawn = re.findall(r"base64,([A-Za-z0-9+/=]+)", html)
    assert b"<script" not in base64.b64decode(drawn[0])


def test_a_second_report_at_the_same_moment_is_asked_to_come_back(
    web: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "_part", None)  # nothing is drawn for who is refused
    with reports._ONE_AT_A_TIME:
        answer = web.get(path("reach-spread", "pdf"))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["Cache-Control"] == "no-store"


def test_every_table_of_the_catalogue_can_be_drawn() -> None:
    from tests.support.sample_measures import tables_of_the_catalogue  # noqa: PLC0415

    release = sample._release("all", 20_000, *tables_of_the_catalogue())
    source = Source(sample.published(releases=[release]), sample.charter().charter, FRENCH)
    for table, paid in source.pairs:
        drawn = chart(table, paid, source)
        assert drawn.count("<text") >= 3, table.table
