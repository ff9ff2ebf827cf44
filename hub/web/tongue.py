"""One language of the public pages: its words, its numbers, its dates and how it says an interval."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["fr", "en"]
NARROW: Final = "\u202f"  # narrow no-break space
UNITS: Final = ("persons", "visits", "days", "percent", "per-10000", "score", "points")
ONE, TWO = 1000, 2000  # thousandths: French is singular below two
ALL: Final = 100_000  # thousandths: one hundred per cent
OPENING: Final = re.compile(r"(^|[\s(])'")
BEFORE: Final = ("?", "!", ";", ":", "»", "%")


@dataclass(frozen=True)
class Tongue:
    """Words by key, and the marks with which numbers are written."""

    code: Language
    point: str
    thousands: str
    before_percent: str
    comma_csv: str  # what stands between the columns of a sheet
    months: tuple[str, ...]
    measures: Mapping[str, tuple[str, str]]  # title and one line under it
    wordings: Mapping[str, str]
    units: Mapping[str, str]
    columns: Mapping[str, str]
    vocabulary: Mapping[str, str]
    by_column: Mapping[str, Mapping[str, str]]
    phrases: Mapping[str, str]
    sentences: Mapping[str, str]

    def grouped(self, number: int) -> str:
        """Return a whole number with its thousands grouped."""
        sign = "−" if number < 0 else ""
        return sign + f"{abs(number):,}".replace(",", self.thousands)

    def decimal(self, value: float, places: int) -> str:
        """Return a number without trailing zeros: ``0,05``."""
        text = f"{value:.{places}f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", self.point)

    def bare(self, milli: int, unit: str) -> str:
        """Return thousandths as text: whole persons and visits, days and per cent to one decimal."""
        if unit in ("persons", "visits"):
            return self.grouped(round(milli / 1000))
        tenths = round(milli / 100)
        always = unit == "percent"  # 15,0 % beside 13,8 %
        sign, (whole, rest) = "−" if tenths < 0 else "", divmod(abs(tenths), 10)
        return sign + self.grouped(whole) + (f"{self.point}{rest}" if rest or always else "")

    def figure(self, milli: int, unit: str) -> str:
        """Return a figure for a column whose heading names the unit; per cent keep their sign."""
        return self.bare(milli, unit) + (f"{self.before_percent}%" if unit == "percent" else "")

    def told(self, milli: int, unit: str) -> str:
        """Return a figure that stands alone: days name their unit."""
        if unit != "days":
            return self.figure(milli, unit)
        single = abs(milli) < TWO if self.code == "fr" else milli == ONE
        return f"{self.bare(milli, unit)} {self.phrases['day' if single else 'days']}"

    def span(self, low: int, high: int, unit: str) -> str:
        """Return an interval in words; one that begins at nought or ends at all says only its other end."""
        ends = {"low": self.bare(low, unit), "high": self.told(high, unit)}
        if low == high and unit == "days":
            return self.phrases["to_the_day"].format(**ends)
        if unit == "percent" and high >= ALL and low > 0:
            return self.phrases["at_least"].format(low=self.told(low, unit))
        bounded = low == 0 and not (unit == "percent" and high >= ALL)
        return self.phrases["at_most" if bounded else "from_to"].format(**ends)

    def day(self, iso: str) -> str:
        """Return an ISO day as ``1er septembre 2025`` or ``1 September 2025``."""
        year, month, number = iso[:10].split("-")
        first = self.phrases["first_of_month"] if number == "01" else str(int(number))
        return f"{first} {self.months[int(month) - 1]} {year}"

    def polished(self, text: str) -> str:
        """Return *text* with the apostrophes and the thin spaces of good printing."""
        return french(text) if self.code == "fr" else OPENING.sub(r"\1‘", text).replace("'", "’")


def french(text: str) -> str:
    """Return French *text* with its apostrophes, and thin spaces that no line breaks."""
    for mark in BEFORE:
        text = text.replace(f" {mark}", f"{NARROW}{mark}")
    return text.replace("« ", f"«{NARROW}").replace("'", "’")


def about(value: int, low: int, high: int) -> int:
    """Return the roundest number near *value* that still lies within [low, high].

    All in one unit; whole steps of 1, 10, 100…: what one may say aloud without leaving the interval.
    """
    step, found = 1, value
    while step <= abs(value):
        rounded = step * round(value / step)
        if not low <= rounded <= high:
            break
        step, found = step * 10, rounded
    return found
