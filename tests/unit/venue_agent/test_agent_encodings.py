from pathlib import Path

import pytest

from venue_agent.errors import SourceMissing, WrongEncoding
from venue_agent.sources.encodings import find_decoding, find_encoding

SENTENCE = "Nom;Prénom\nLefèvre;Zoé\nN'Diaye;Aïcha\nGuérin;François-Noël à la forêt, où ça gêne\n"


@pytest.mark.parametrize(
    ("codec", "found"),
    [
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("mac_roman", "mac_roman"),
        ("cp850", "cp850"),
    ],
)
@pytest.mark.parametrize("text", [SENTENCE, "Nom\nÉLODIE LEFÈVRE\nFRANÇOIS\nZOË\n", "a\né\n"])
def test_each_of_the_four_is_found(tmp_path: Path, codec: str, found: str, text: str) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(text.encode(codec))
    assert find_encoding(file) == found


def test_plain_ascii_suits_every_mapping(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b"Nom\nDurand\n")
    for expected in ("auto", "utf-8", "cp1252", "mac-roman"):
        assert find_encoding(file, expected) == "utf-8-sig"


@pytest.mark.parametrize(("codec", "says"), [("cp1252", "utf-8"), ("utf-8", "cp1252")])
def test_another_encoding_than_mapped_is_refused(tmp_path: Path, codec: str, says: str) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(SENTENCE.encode(codec))
    with pytest.raises(WrongEncoding, match=says):
        find_encoding(file, says)


@pytest.mark.parametrize("text", [SENTENCE, "Nom\nDurand\n"])
@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_found_with_or_without_its_mark(tmp_path: Path, codec: str, text: str) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(text.encode(codec))
    found = find_decoding(file, "utf-16")
    assert file.read_bytes().decode(found.codec, found.errors) == text
    with pytest.raises(WrongEncoding, match="utf-16"):
        find_encoding(file, "cp1252")


def test_a_cut_utf16_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(SENTENCE.encode("utf-16")[:-1])
    with pytest.raises(WrongEncoding, match="cut or damaged"):
        find_encoding(file)


@pytest.mark.parametrize("content", [b"Nom\nDu\x00rand\n", b"a;b\n1;2\n" + b"\x00" * 4096])
def test_null_bytes_are_no_text(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    with pytest.raises(WrongEncoding, match="null bytes"):
        find_encoding(file)


@pytest.mark.parametrize("codec", ["cp1252", "mac_roman", "cp850"])
def test_two_encodings_in_one_file_are_each_read_as_they_are(tmp_path: Path, codec: str) -> None:
    file = tmp_path / "x.csv"
    older = "Guérin;François-Noël à la forêt\n"
    file.write_bytes(SENTENCE.encode() + older.encode(codec) + "Zoé\n".encode())
    found = find_decoding(file)
    assert file.read_bytes().decode(found.codec, found.errors) == SENTENCE + older + "Zoé\n"
    with pytest.raises(WrongEncoding, match="mixture"):
        find_encoding(file, "utf-8")


def test_two_letters_that_happen_to_be_utf8_do_not_make_a_mixture(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    text = "Nom;Titre\nLéa;«\xa0CAFÉ»\n"  # É» are two bytes of UTF-8, for a letter of no French
    file.write_bytes(text.encode("cp1252"))
    assert find_decoding(file) == ("cp1252", "replace")


def test_a_file_that_is_cut_in_a_letter_is_no_utf8(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b"Nom\nZo\xc3")
    assert find_encoding(file) != "utf-8-sig"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match=r"absent\.csv"):
        find_encoding(tmp_path / "absent.csv")
