"""Folds names and titles so that two ways of writing one compare equal; they never leave."""

import re
import unicodedata

NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Return *text* without accents, case or punctuation: « N'Diaye » and « NDIAYE » are one."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return NOT_PLAIN.sub("", plain.lower())
