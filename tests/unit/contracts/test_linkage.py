"""The golden vectors: two venues that know one person write the same bytes, this year and next."""

import json
from pathlib import Path

import pytest

from contracts import linkage, voprf
from contracts.linkage import IdentifierKind

GOLDEN = json.loads((Path(linkage.__file__).parent / "golden_linkage.json").read_text())


def test_the_vectors_are_of_this_version() -> None:
    assert GOLDEN["normaliser_version"] == linkage.NORMALISER_VERSION
    assert GOLDEN["scheme_version"] == linkage.SCHEME_VERSION


@pytest.mark.parametrize("row", GOLDEN["emails"], ids=lambda row: ascii(row["text"])[:40])
def test_email(row: dict[str, str]) -> None:
    assert linkage.normalise_email(row["text"]) == row["normalised"]


@pytest.mark.parametrize("row", GOLDEN["phones"], ids=lambda row: ascii(row["text"])[:40])
def test_phone(row: dict[str, str]) -> None:
    assert linkage.normalise_phone(row["text"]) == row["normalised"]


@pytest.mark.parametrize("row", GOLDEN["nobody"], ids=lambda row: ascii(row["text"])[:40])
def test_identifiers_of_nobody(row: dict[str, object]) -> None:
    text = str(row["text"])
    read = linkage.normalise_email if "@" in text else linkage.normalise_phone
    normalised = read(text)
    assert normalised == row["normalised"]
    assert linkage.is_placeholder(str(normalised)) is row["placeholder"]
    assert ("@" in text and linkage.is_role_address(str(normalised))) is row["role"]


@pytest.mark.parametrize("row", GOLDEN["identifiers"], ids=lambda row: row["kind"])
def test_identifier_bytes_and_their_point(row: dict[str, str]) -> None:
    made = linkage.identifier(IdentifierKind(row["kind"]), row["normalised"])
    assert made.hex() == row["identifier"]
    assert voprf.hash_to_group(made).hex() == row["point"]
    assert linkage.kind_of(made) == row["kind"]


def test_kinds_are_kept_apart() -> None:
    made = {linkage.identifier(kind, "+33612345679") for kind in IdentifierKind}
    assert len(made) == len(IdentifierKind)


def test_other_bytes_have_no_kind() -> None:
    with pytest.raises(ValueError, match="no identifier"):
        linkage.kind_of(b"email:jean.dupont1@mail.example")
