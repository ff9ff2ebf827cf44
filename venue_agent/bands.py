"""The bands in which ages, prices and group sizes leave a venue."""

from typing import Final

import numpy as np
import pandas as pd

from contracts.visit import AgeBand, PartyBand, PriceBand, YesNo
from venue_agent.texts import taken

AGE_LIMITS: Final = (0, 26, 35, 50, 65)
AGE_BANDS: Final = tuple(band.value for band in AgeBand)
EURO: Final = 100  # prices are in cents
PRICE_LIMITS: Final = (0, 1, 10 * EURO, 25 * EURO, 50 * EURO)
PRICE_BANDS: Final = tuple(
    band.value
    for band in (PriceBand.FREE, PriceBand.P10, PriceBand.P25, PriceBand.P50, PriceBand.P50PLUS)
)
PARTY_LIMITS: Final = (1, 2, 3, 6)
PARTY_BANDS: Final = tuple(
    band.value for band in (PartyBand.ONE, PartyBand.TWO, PartyBand.FEW, PartyBand.MANY)
)


def age_bands(ages: pd.Series) -> pd.Series:
    """Return the band of each age in years (of adults; minors never come here); -1 is unknown."""
    return _cut(ages, AGE_LIMITS, AGE_BANDS[: len(AGE_LIMITS)], AgeBand.UNKNOWN.value)


def price_bands(cents: pd.Series) -> pd.Series:
    """Return the band of each price in cents: free, under 10 €, 10 to 25 €…; -1 is unknown."""
    return _cut(cents, PRICE_LIMITS, PRICE_BANDS, PriceBand.UNKNOWN.value)


def party_bands(tickets: pd.Series) -> pd.Series:
    """Return the band of each number of tickets bought together."""
    return _cut(tickets, PARTY_LIMITS, PARTY_BANDS, PartyBand.UNKNOWN.value)


def yes_no(answers: pd.Series) -> pd.Series:
    """Return yes or no for each boolean."""
    places = answers.astype(bool).to_numpy().astype("int8")
    return taken([YesNo.NO.value, YesNo.YES.value], places, answers.index)


def _cut(
    values: pd.Series, limits: tuple[int, ...], names: tuple[str, ...], unknown: str
) -> pd.Series:
    """Return the name of the last limit that each value reaches; *unknown* below the first."""
    places = np.searchsorted(limits, values.to_numpy(), side="right") - 1
    return taken([unknown, *names], places + 1, values.index)
