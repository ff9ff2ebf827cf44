"""Dates as venues write them, read in bulk; what does not follow a known format becomes NaT."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

EARLIEST = pd.Timestamp("1900-01-01")
LATEST = pd.Timestamp("2099-12-31")
ISO = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d")  # how spreadsheets' and databases' own dates are read
TIME_FORMATS = ("%H:%M:%S", "%H:%M", "%Hh%M")


def parse(texts: pd.Series, formats: Sequence[str], *, iso: bool = True) -> pd.Series:
    """Return *texts* as datetime64[s]; NaT where blank, unreadable, or outside 1900-2099.

    The first format that reads a value wins, so put the most particular one first. With *iso*,
    ISO 8601 is read too: nothing else is written so.
    """
    uniques = pd.Series(texts.astype("category").cat.categories, dtype="str").str.strip()
    found = pd.Series(pd.NaT, index=uniques.index, dtype="datetime64[s]")
    for written in (*formats, *(ISO if iso else ())):
        missing = found.isna() & (uniques != "")
        if not missing.any():
            break
        read = pd.to_datetime(uniques[missing], format=written, errors="coerce")
        found[missing] = read.where(read.between(EARLIEST, LATEST)).astype("datetime64[s]")
    return _spread(found, texts)


def with_time(days: pd.Series, times: pd.Series) -> pd.Series:
    """Return *days* plus the time of day written in *times*; midnight where that is unreadable."""
    uniques = pd.Series(times.astype("category").cat.categories, dtype="str").str.strip()
    seconds = pd.Series(0, index=uniques.index, dtype="int64")
    for written in TIME_FORMATS:
        read = pd.to_datetime(uniques, format=written, errors="coerce")
        since_midnight = read.dt.hour * 3600 + read.dt.minute * 60 + read.dt.second
        seconds = seconds.where(read.isna(), since_midnight.fillna(0).astype("int64"))
    spent = _spread(seconds, times).to_numpy(dtype="int64").astype("timedelta64[s]")
    moments: pd.Series = days + spent
    return moments


def _spread(values: pd.Series, texts: pd.Series) -> pd.Series:
    """Return per-category *values* at every row of *texts*, which has no missing cell."""
    codes = texts.astype("category").cat.codes.to_numpy()
    if not len(values):
        return pd.Series(np.zeros(len(texts)), index=texts.index).astype(values.dtype)
    return pd.Series(values.to_numpy()[codes], index=texts.index)
