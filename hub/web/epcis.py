"""Names of the intercommunalités by code, with their first département (DGCL via Etalab, Licence Ouverte 2.0)."""

from typing import Final

from contracts import epci


def _name(each: epci.Epci) -> str:
    return f"{each.name} ({each.departements[0]})".replace("'", "’")


EPCIS: Final = {code: _name(each) for code, each in epci.every().items()}
