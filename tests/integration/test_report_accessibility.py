"""The PDF report can be read aloud: what a machine can tell of PDF/UA-1 holds, and the checker sees what it looks for."""

from io import BytesIO

import pikepdf
import pytest

from hub.web.exports.report import report
from hub.web.exports.source import Source
from hub.web.languages import TONGUES
from tests.support import sample_edition as sample
from tests.support.pdf_ua import elements, faults


@pytest.fixture(scope="module")
def body() -> bytes:
    published = sample.published(releases=[sample.reach(), sample.lead_time()])
    source = Source(published, sample.charter().charter, TONGUES["en"])
    return report(source.pairs, source)


def test_nothing_that_a_machine_can_tell_is_wrong_with_a_report(body: bytes) -> None:
    assert faults(body) == []
    with pikepdf.open(BytesIO(body)) as pdf:
        assert str(pdf.Root.Lang) == "en"
        kinds = [str(one.S) for one in elements(pdf)]
        figures = [str(one.Alt) for one in elements(pdf) if str(one.S) == "/Figure"]
    assert kinds.count("/Table") >= 5
    assert len(figures) == 5
    assert all("What does" in told for told in figures)


def test_the_picture_of_the_report_is_not_all_there_is(body: bytes) -> None:
    """Each figure of a chart stands in a table too, whose cells name their line and their column."""
    with pikepdf.open(BytesIO(body)) as pdf:
        cells = [one for one in elements(pdf) if str(one.S) == "/TD"]
    assert len(cells) > 40
    assert all(len(one.A.Headers) >= 2 for one in cells)


SPOILT = {
    "no language": lambda pdf: _without(pdf.Root, "/Lang"),
    "not marked as tagged": lambda pdf: _without(pdf.Root.MarkInfo, "/Marked"),
    "the file's name is shown in place of its title": lambda pdf: _without(pdf.Root, "/ViewerPreferences"),
    "no structure": lambda pdf: _without(pdf.Root, "/StructTreeRoot"),
    "a figure without an alternative": lambda pdf: _without(_first(pdf, "/Figure"), "/Alt"),
    "a heading H4 after level 0": lambda pdf: _rename(_first(pdf, "/H1"), "/H4"),
    "a cell of a table without its headings": lambda pdf: _without(_first(pdf, "/TD").A, "/Headers"),
    "unknown element Strange": lambda pdf: _rename(_first(pdf, "/P"), "/Strange"),
    "page 1 is outside the structure": lambda pdf: _without(pdf.pages[0].obj, "/StructParents"),
    "page 1: f outside any mark": lambda pdf: _drawn(pdf, b"0 0 9 9 re f"),
}  # fmt: skip


def _first(pdf: pikepdf.Pdf, kind: str) -> pikepdf.Dictionary:
    return next(one for one in elements(pdf) if str(one.S) == kind)


def _without(held: pikepdf.Dictionary, key: str) -> None:
    del held[key]


def _rename(element: pikepdf.Dictionary, kind: str) -> None:
    element["/S"] = pikepdf.Name(kind)


def _drawn(pdf: pikepdf.Pdf, steps: bytes) -> None:
    pdf.pages[0].contents_add(pdf.make_stream(steps))


@pytest.mark.parametrize("fault", SPOILT)
def test_the_checker_sees_what_it_looks_for(body: bytes, fault: str) -> None:
    with pikepdf.open(BytesIO(body)) as pdf:
        SPOILT[fault](pdf)
        spoilt = BytesIO()
        pdf.save(spoilt)
    assert fault in faults(spoilt.getvalue())


def test_a_report_without_its_title_is_seen(body: bytes) -> None:
    with pikepdf.open(BytesIO(body)) as pdf:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as said:
            del said["dc:title"]
            del said["pdfuaid:part"]
        spoilt = BytesIO()
        pdf.save(spoilt)
    assert {"no title in the metadata", "no pdfuaid:part 1 in the metadata"} <= set(faults(spoilt.getvalue()))  # fmt: skip
