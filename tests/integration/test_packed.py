"""What travels is small and kept: pages and files are packed for who takes that, and a file's address says what it holds."""

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.web import headers, observatory
from tests.support import sample_edition as sample
from tests.support.page_reader import Reader

GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.fixture(scope="module")
def web() -> FlaskClient:
    app = Flask("pages")
    headers.install(app)
    observatory.install(app, sample.Shelf(sample.published(), charter=sample.charter()))
    return app.test_client()


@pytest.mark.parametrize(
    "path",
    ["/?lang=fr", "/editions/saison-2025-2026?lang=fr", "/api/v1/editions/latest/tables/pairs", "/explorer/saison-2025-2026/pairs.json?lang=fr"],
)  # fmt: skip
def test_a_page_is_packed_for_who_takes_it(web: FlaskClient, path: str) -> None:
    plain, packed = web.get(path), web.get(path, headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert packed.headers["ETag"] == f"W/{plain.headers['ETag']}"
    for tag in (
        plain.headers["ETag"],
        packed.headers["ETag"],
    ):  # either says: I have these very bytes
        again = web.get(path, headers={**GZIP, "If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
    assert "Content-Encoding" not in web.get(path, headers={"Accept-Encoding": "gzip;q=0"}).headers
    assert web.get(path, headers=GZIP).data == packed.data


def test_a_file_of_the_site_is_kept_for_ever_under_its_fingerprint(web: FlaskClient) -> None:
    reader = Reader(web.get("/circulation?lang=fr").get_data(as_text=True))
    files = [a["href"] or "" for a in reader.all("link") if "static" in (a.get("href") or "")]
    files += [a["src"] or "" for a in reader.all("script")]
    files += [a["data-code"] or "" for a in reader.all("button") if "data-code" in a][:1]
    assert len(files) >= 6
    for file in files:
        answer = web.get(file)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        packed = web.get(file, headers=GZIP)
        if packed.headers.get("Content-Encoding") == "gzip":
            assert gzip.decompress(packed.data) == answer.data
            assert int(packed.headers["Content-Length"]) == len(packed.data)
        again = web.get(file, headers={**GZIP, "If-None-Match": packed.headers["ETag"]})
        assert again.status_code == 304


def test_a_file_without_its_fingerprint_is_asked_for_again(web: FlaskClient) -> None:
    for address in ("/static/observatory/site.css", "/static/observatory/site.css?v=canari"):
        answer = web.get(address)
        assert answer.status_code == 200
        assert "immutable" not in answer.headers.get("Cache-Control", "")
    for nothing in ("../copies.py", "..%2Fcopies.py", "nothing.css"):
        assert web.get(f"/static/observatory/{nothing}?v=1").status_code == 404


def test_the_first_view_of_a_page_is_small(web: FlaskClient) -> None:
    """60 kB at most, of the 350 that a first visit may fetch: the page, its styles and its scripts."""
    for path in ("/", "/circulation", "/delais", "/provenance"):
        page = web.get(f"{path}?lang=fr", headers=GZIP)
        reader = Reader(gzip.decompress(page.data).decode())
        files = {a["href"] or "" for a in reader.all("link") if "static" in (a.get("href") or "")}
        files |= {a["src"] or "" for tag in ("script", "img") for a in reader.all(tag)}
        whole = len(page.data) + sum(len(web.get(file, headers=GZIP).data) for file in files)
        assert whole < 60_000, path
