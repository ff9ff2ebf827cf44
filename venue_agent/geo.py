"""Postcodes, départements, countries and distances, from tables that ship with the agent."""

import csv
import functools
import re
import unicodedata
from importlib import resources
from typing import Final

import numpy as np
import pandas as pd

from contracts.earth import EARTH_KM
from contracts.visit import DistanceBand
from venue_agent.texts import taken

BANDS: Final = (
    (5.0, DistanceBand.D0),
    (20.0, DistanceBand.D5),
    (50.0, DistanceBand.D20),
    (100.0, DistanceBand.D50),
    (np.inf, DistanceBand.D100),
)
ABROAD: Final = "99"
FRANCE: Final = "FR"
LOST_ZERO: Final = re.compile(r"\d{4}")
FRENCH: Final = re.compile(r"\d{5}")
COUNTRIES: Final = {
    "allemagne": "DE",
    "autriche": "AT",
    "belgique": "BE",
    "canada": "CA",
    "chine": "CN",
    "danemark": "DK",
    "espagne": "ES",
    "etats unis": "US",
    "france": "FR",
    "grande bretagne": "GB",
    "irlande": "IE",
    "italie": "IT",
    "japon": "JP",
    "luxembourg": "LU",
    "maroc": "MA",
    "monaco": "MC",
    "norvege": "NO",
    "pays bas": "NL",
    "pologne": "PL",
    "portugal": "PT",
    "royaume uni": "GB",
    "suede": "SE",
    "suisse": "CH",
    "tunisie": "TN",
    "belgium": "BE",
    "germany": "DE",
    "italy": "IT",
    "spain": "ES",
    "switzerland": "CH",
    "united kingdom": "GB",
    "united states": "US",
}


@functools.cache
def postcodes() -> pd.DataFrame:
    """Return ``lat, lon`` (degrees) and ``departement`` by postcode; see data/ATTRIBUTION.md."""
    file = resources.files("venue_agent") / "data" / "postcodes.csv"
    with file.open(encoding="utf-8") as stream:
        table = pd.read_csv(stream, dtype={"postcode": str, "departement": str})
    return table.set_index("postcode")


def country_code(text: str) -> str:
    """Return the ISO 3166-1 alpha-2 code of a country as people write it; "" when unknown."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    plain = " ".join(re.sub(r"[^a-z]", " ", plain).split())
    if plain in COUNTRIES:
        return COUNTRIES[plain]
    known = plain.upper() in set(COUNTRIES.values())
    return plain.upper() if known else ""


@functools.lru_cache(maxsize=65_536)  # there are six thousand, in as many spellings
def french_postcode(text: str, country: str) -> str:
    """Return five digits, with the leading zero that a spreadsheet lost; "" when it is not French."""
    plain = re.sub(r"\s|\.0$", "", text)
    if country not in ("", FRANCE):
        return ""
    if LOST_ZERO.fullmatch(plain):
        return "0" + plain
    return plain if FRENCH.fullmatch(plain) else ""


def departement_of(postcode: str, country: str) -> str:
    """Return the département, "99" abroad, "" unknown."""
    if country not in ("", FRANCE):
        return ABROAD
    table = _departements()
    if postcode in table:
        return table[postcode]
    if postcode[:3] in _OVERSEAS:
        return postcode[:3]
    if postcode.startswith("20"):
        return "2A" if postcode[:3] in ("200", "201") else "2B"
    return postcode[:2] if postcode[:2] in _METROPOLITAN else ""


def epci_of(postcode: str, city: str) -> str:
    """Return the intercommunalité of an address in France; "" rather than a guess.

    Args:
        postcode: five digits, or "" (abroad, or unknown).
        city: name of the commune, folded (``people.names.fold``), or "". It is looked at only where communes of
            one postcode lie in several intercommunalités, or in none.
    """
    alone, named = _epcis()
    return alone.get(postcode) or named.get((postcode, _CITY.sub("", city)), "")


def distance_bands(places: pd.Series, latitude: float, longitude: float) -> pd.Series:
    """Return the band of great-circle kilometres from each postcode's centre to one point."""
    table = postcodes().reindex(places.to_numpy())
    lat, lon = np.radians(table["lat"].to_numpy()), np.radians(table["lon"].to_numpy())
    here_lat, here_lon = np.radians(latitude), np.radians(longitude)
    half = np.sin((lat - here_lat) / 2) ** 2
    half = half + np.cos(lat) * np.cos(here_lat) * np.sin((lon - here_lon) / 2) ** 2
    km = 2 * EARTH_KM * np.arcsin(np.sqrt(half))
    words = [DistanceBand.UNKNOWN.value, *(band.value for _, band in BANDS)]
    found = 1 + np.searchsorted([limit for limit, _ in BANDS[:-1]], km, side="right")
    return taken(words, np.where(np.isnan(km), 0, found), places.index)


@functools.cache
def _departements() -> dict[str, str]:
    return {str(k): str(v) for k, v in postcodes()["departement"].items()}


@functools.cache
def _epcis() -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """Return the intercommunalité by postcode where it has one, and by postcode and name where it has several."""
    alone: dict[str, str] = {}
    named: dict[tuple[str, str], set[str]] = {}
    text = (resources.files("venue_agent") / "data" / "epci.csv").read_text(encoding="utf-8")
    for postcode, epci, communes in list(csv.reader(text.splitlines()))[1:]:
        if not communes:
            alone[postcode] = epci
        for name in filter(None, communes.split("|")):
            for spelt in {name, name.replace("sainte", "ste").replace("saint", "st")}:
                named.setdefault((postcode, spelt), set()).add(epci)
    return alone, {key: found.pop() for key, found in named.items() if len(found) == 1}


_CITY: Final = re.compile(r"(cedex)?\d*$")
"""What a postal town adds to the name of the commune."""
_METROPOLITAN: Final = frozenset(f"{n:02d}" for n in range(1, 96)) - {"20"}
_OVERSEAS: Final = frozenset(
    {"971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"}
)
