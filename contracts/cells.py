"""Text that no spreadsheet runs: what stands in a cell came from somebody else's keyboard."""

from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a formula begins, after OWASP's "CSV injection"; in full width too, which some spreadsheets fold."""


def guarded(text: str) -> str:
    """Return *text* so that a spreadsheet shows it: an apostrophe before whatever it would take for a formula.

    For words only. A number is written as a number, or a loss would no longer be one.
    """
    return f"'{text}" if text.startswith(FORMULA) else text
