"""Says what a column looks like without saying what stands in it."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import Final

LONGEST_WORD: Final = 3
LONGEST_NUMBER: Final = 10
LONGEST: Final = 28
PLAIN: Final = frozenset(" .,;:/-_+()'@#&€%")
SHOWN: Final = 3
ELLIPSIS: Final = "…"
SPACES: Final = re.compile(r"\s")


def shape(text: str) -> str:
    """Return *text* with ``a`` for a small letter, ``A`` for a capital, ``9`` for a digit.

    Long words and numbers are shortened, and rare signs are a dot: no value can be told from it.
    """
    signs = [_sign(c) for c in SPACES.sub(" ", text.strip())]
    parts = []
    for kind, run in groupby(signs, key=lambda sign: sign if sign == "9" else sign.lower()):
        whole = "".join(run)
        longest = {"a": LONGEST_WORD, "9": LONGEST_NUMBER}.get(kind, LONGEST_WORD)
        parts.append(whole if len(whole) <= longest else whole[:longest] + ELLIPSIS)
    told = "".join(parts)
    return told if len(told) <= LONGEST else told[: LONGEST - 1] + ELLIPSIS


def shapes(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the three most frequent shapes of *texts* that are not blank."""
    counts = Counter(shape(text) for text in texts if text.strip())
    return tuple(told for told, _ in counts.most_common(SHOWN))


def _sign(letter: str) -> str:
    if letter.isdigit():
        return "9"
    if letter.isalpha():
        return "A" if letter.isupper() else "a"
    return letter if letter in PLAIN else "·"
