"""Telephone numbers, normaliser version 1: E.164, read as from France, with the overseas départements' own codes."""

import re
import unicodedata
from typing import Final

import phonenumbers

_KEPT = re.compile(r"[^0-9+]")
_SPREADSHEET_FLOAT = re.compile(r"\+?[0-9]+\.0")
_OPTIONAL_ZERO = re.compile(r"\(\s*0\s*\)")
_FRENCH = re.compile(r"(?:\+33|0033|33)?0?([1-9][0-9]{8})")
_OVERSEAS: Final = {
    "262": ("262", "263", "269", "639", "692", "693"),  # La Réunion and Mayotte
    "590": ("590", "690", "691"),  # Guadeloupe, Saint-Martin, Saint-Barthélemy
    "594": ("594", "694"),  # Guyane
    "596": ("596", "696", "697"),  # Martinique
}
_CODE_OF_PREFIX: Final = {p: code for code, prefixes in _OVERSEAS.items() for p in prefixes}
_PREFIX_LENGTH: Final = 3
_MAX_TEXT: Final = 64


def normalise_phone(text: str) -> str | None:
    """Return the E.164 number that *text* writes, or None when it writes none.

    A possible number is enough (``is_possible``, never ``is_valid``: plans age, people's numbers do not).
    """
    digits = _digits(text)
    french = _FRENCH.fullmatch(digits)
    return _french(french.group(1)) if french else parse_slowly(digits)


def parse_slowly(digits: str) -> str | None:
    """Return what ``phonenumbers`` reads in *digits* as from France: the meaning that the fast path must equal."""
    try:
        number = phonenumbers.parse(digits, "FR")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    formatted: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return _french(formatted[3:]) if formatted.startswith("+33") else formatted


def _french(national: str) -> str:
    # Overseas numbers are dialled 0692… like any other, but abroad they are +262692…, never +33692….
    return f"+{_CODE_OF_PREFIX.get(national[:_PREFIX_LENGTH], '33')}{national}"


def _digits(text: str) -> str:
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if len(plain) > _MAX_TEXT:
        return ""
    if "(" in plain:
        plain = _OPTIONAL_ZERO.sub("", plain)
    if plain.endswith(".0") and _SPREADSHEET_FLOAT.fullmatch(plain):
        plain = plain[:-2]
    return _KEPT.sub("", plain)
