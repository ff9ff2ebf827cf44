from pathlib import Path

import pytest

from venue_agent.encodings import find_encoding
from venue_agent.errors import SourceMissing, WrongEncoding

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


def test_utf16_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(SENTENCE.encode("utf-16"))
    with pytest.raises(WrongEncoding, match="null bytes"):
        find_encoding(file)


def test_a_file_that_is_cut_in_a_letter_is_no_utf8(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b"Nom\nZo\xc3")
    assert find_encoding(file) != "utf-8-sig"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match=r"absent\.csv"):
        find_encoding(tmp_path / "absent.csv")
