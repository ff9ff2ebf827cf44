"""What a machine can tell of PDF/UA-1 (ISO 14289-1) in a report of ours, read by pikepdf; what it leaves to people is listed.

Checked: the Matterhorn conditions 06 (metadata), 07 (title shown), 09 to 11 (structure, language), 13 (figures), 14 (headings), 15
(table headers), 01 (content marked), 28 (annotations), 31 (fonts embedded, with Unicode). Not checked: whether the words of an
alternative are good, whether the order of reading makes sense, colour and contrast, widths of glyphs, CIDSet. veraPDF would.
"""

from collections.abc import Iterator
from io import BytesIO

import pikepdf

STANDARD = frozenset(
    ["Document", "Part", "Sect", "Div", "Aside", "Art", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "Private", "H", "H1", "H2", "H3", "H4", "H5", "H6", "P", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody", "TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "Warichu", "Figure", "Formula", "Form", "Em", "Strong", "Title", "FENote"]
)  # fmt: skip


def faults(body: bytes) -> list[str]:
    """Return every breach that is found; none in a report that a screen reader can follow."""
    with pikepdf.open(BytesIO(body)) as pdf:
        return [*_document(pdf), *_tree(pdf), *_pages(pdf)]


def _document(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    with pdf.open_metadata() as said:
        if str(said.get("pdfuaid:part")) != "1":
            yield "no pdfuaid:part 1 in the metadata"
        if not str(said.get("dc:title") or "").strip():
            yield "no title in the metadata"
    if root.get("/MarkInfo", {}).get("/Marked") is not True:
        yield "not marked as tagged"
    if root.get("/MarkInfo", {}).get("/Suspects") is True:
        yield "tags are suspect"
    if not str(root.get("/Lang", "")):
        yield "no language"
    if root.get("/ViewerPreferences", {}).get("/DisplayDocTitle") is not True:
        yield "the file's name is shown in place of its title"
    if pdf.is_encrypted or "/JavaScript" in root.get("/Names", {}) or "/OpenAction" in root:
        yield "encrypted, or acts by itself"


def elements(pdf: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    """Return the elements of the structure, in the order in which they are read."""
    found: list[pikepdf.Dictionary] = []
    waiting = [pdf.Root.StructTreeRoot.get("/K")]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting.extend(reversed(list(one)))
        elif isinstance(one, pikepdf.Dictionary) and "/S" in one:
            found.append(one)
            waiting.append(one.get("/K"))
    return found


def _tree(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/StructTreeRoot" not in pdf.Root:
        yield "no structure"
        return
    roles = {str(k): str(v) for k, v in pdf.Root.StructTreeRoot.get("/RoleMap", {}).items()}
    every, deepest = elements(pdf), 0
    for one in every:
        kind = roles.get(str(one.S), str(one.S)).lstrip("/")
        if kind not in STANDARD:
            yield f"unknown element {kind}"
        if kind == "Figure" and not str(one.get("/Alt", one.get("/ActualText", ""))).strip():
            yield "a figure without an alternative"
        if len(kind) == len("H1") and kind[0] == "H" and kind[1].isdigit():
            level = int(kind[1])
            if level > deepest + 1:
                yield f"a heading {kind} after level {deepest}"
            deepest = level
    yield from _tables(every)


def _tables(every: list[pikepdf.Dictionary]) -> Iterator[str]:
    heads = {str(one.ID) for one in every if str(one.S) == "/TH" and "/ID" in one}
    if not heads:
        yield "no table has headings"
    for cell in (one for one in every if str(one.S) == "/TD"):
        named = [str(each) for each in cell.get("/A", {}).get("/Headers", [])]
        if not named or not set(named) <= heads:
            yield "a cell of a table without its headings"


def _pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, start=1):
        if "/StructParents" not in page.obj:
            yield f"page {number} is outside the structure"
        if "/Annots" in page.obj and str(page.obj.get("/Tabs", "")) != "/S":
            yield f"page {number}: links are not reached in the order of reading"
        yield from (f"page {number}: {told}" for told in sorted(set(_unmarked(page))))
        for font in page.obj.get("/Resources", {}).get("/Font", {}).values():
            yield from (f"page {number}: {told}" for told in _font(font))


def _unmarked(page: pikepdf.Page) -> Iterator[str]:
    """Yield what is drawn in a page outside any mark: neither content nor decoration."""
    depth = 0
    for step in pikepdf.parse_content_stream(page):
        name = str(step.operator)
        depth += (name in ("BDC", "BMC")) - (name == "EMC")
        if depth == 0 and name in ("Tj", "TJ", "'", '"', "Do", "f", "S", "B", "sh"):
            yield f"{name} outside any mark"


def _font(font: pikepdf.Object) -> Iterator[str]:
    inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    described = inner.get("/FontDescriptor", {})
    if not any(f"/FontFile{kind}" in described for kind in ("", "2", "3")):
        yield f"font {font.get('/BaseFont')} is not embedded"
    if "/ToUnicode" not in font:
        yield f"font {font.get('/BaseFont')} cannot be read aloud"
