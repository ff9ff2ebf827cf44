"""French words and numbers of the public page: one label for each key that an edition may hold."""

from collections.abc import Mapping
from typing import Final

from contracts.charter import Charter
from contracts.edition import Table
from hub.web.departements import DEPARTEMENTS

THIN: Final = "\u202f"  # narrow no-break space: French groups thousands with it
MONTHS: Final = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")  # fmt: skip

MEASURES: Final[Mapping[str, tuple[str, str]]] = {
    "reach": ("Combien de personnes ?", "Les publics du réseau, chacun compté une seule fois."),
    "ladder": ("Viennent-elles souvent ?", "Les personnes et les visites, selon le nombre de venues dans la saison."),
    "pairs": ("Quels lieux partagent leurs publics ?", "Les personnes vues dans deux lieux à la fois."),
    "flows": ("Où vont-elles ensuite ?", "D’une première visite à l’autre : le sens et le délai."),
    "lead_time": ("Combien de jours à l’avance ?", "Le délai entre l’achat et la venue, selon l’âge, la distance et la discipline."),
    "provenance": ("D’où viennent-elles ?", "Le département de résidence des publics de chaque lieu."),
}  # fmt: skip

WORDINGS: Final[Mapping[str, str]] = {
    "presque-sur": "presque sûr",
    "indicatif": "indicatif",
    "trop-peu": "trop peu de monde",
}

UNITS: Final[Mapping[str, str]] = {
    "persons": "personnes",
    "visits": "visites",
    "days": "jours",
    "percent": "%",
}

COLUMNS: Final[Mapping[str, str]] = {
    "venue": "Lieu",
    "place": "Lieu",
    "network": "Réseau",
    "scope": "Périmètre",
    "a": "Lieu",
    "b": "Autre lieu",
    "venue_a": "Lieu",
    "venue_b": "Autre lieu",
    "place_a": "Lieu",
    "place_b": "Autre lieu",
    "from": "De",
    "to": "Vers",
    "lag": "Délai",
    "lag_days": "Délai",
    "rung": "Venues dans la saison",
    "visits": "Venues dans la saison",
    "venues": "Lieux différents",
    "places": "Lieux différents",
    "age": "Âge",
    "age_band": "Âge",
    "distance": "Distance au lieu",
    "distance_band": "Distance au lieu",
    "discipline": "Discipline",
    "departement": "Département",
    "statistic": "Mesure",
    "measure": "Mesure",
    "lead": "Délai d’achat",
    "lead_days": "Délai d’achat",
}

VOCABULARY: Final[Mapping[str, str]] = {
    "network": "Ensemble du réseau",
    "all": "Ensemble",
    "museum": "musée",
    "contemporary-art": "art contemporain",
    "heritage": "patrimoine",
    "science": "sciences",
    "theatre": "théâtre",
    "dance": "danse",
    "ballet": "ballet",
    "opera": "opéra",
    "classical-music": "musique classique",
    "contemporary-music": "musiques actuelles",
    "circus": "cirque",
    "cinema": "cinéma",
    "young-audience": "jeune public",
    "sport": "sport",
    "other": "autre",
    "unknown": "inconnu",
    "median": "médiane",
    "first-quartile": "premier quartile",
    "third-quartile": "troisième quartile",
    "rest": "reste",
    "18-25": "18-25 ans",
    "26-34": "26-34 ans",
    "35-49": "35-49 ans",
    "50-64": "50-64 ans",
    "65+": "65 ans et plus",
    "0-5": "moins de 5 km",
    "5-20": "5 à 20 km",
    "20-50": "20 à 50 km",
    "50-100": "50 à 100 km",
    "100+": "plus de 100 km",
}

BY_COLUMN: Final[Mapping[str, Mapping[str, str]]] = {
    "rung": {"1": "une seule fois", "2": "2 fois", "3-5": "3 à 5 fois", "6+": "6 fois et plus"},
    "visits": {"1": "une seule fois", "2": "2 fois", "3-5": "3 à 5 fois", "6+": "6 fois et plus"},
    "places": {
        "1": "un seul lieu",
        "2": "2 lieux",
        "3-4": "3 ou 4 lieux",
        "5+": "5 lieux et plus",
        "2+": "2 lieux et plus",
        "3+": "3 lieux et plus",
    },
    "lag": {
        "0-30": "dans les 30 jours",
        "0-90": "dans les 90 jours",
        "0-365": "dans l’année",
    },
    "lead_days": {
        "0": "le jour même",
        "1-3": "1 à 3 jours avant",
        "4-14": "4 à 14 jours avant",
        "15-60": "15 à 60 jours avant",
        "61+": "plus de 60 jours avant",
    },
    "departement": {**DEPARTEMENTS, "rest": "autres départements et étranger"},
}


class Labels:
    """Turns keys into French, with the names of the charter's members and clusters."""

    def __init__(self, charter: Charter | None) -> None:
        self._names = dict(VOCABULARY)
        self.places: frozenset[str] = frozenset()
        if charter is not None:
            names = {m.venue: m.name for m in charter.members}
            names |= {c.cluster: c.name for c in charter.clusters}
            self.places = frozenset(names)
            self._names |= names

    def key(self, key: str, column: str) -> str:
        """Return the label of *key* in *column*; a key that nobody named stands as it is."""
        return BY_COLUMN.get(column, {}).get(key) or self._names.get(key) or key

    def column(self, column: str) -> str:
        """Return the heading of a column."""
        return COLUMNS.get(column, column.replace("_", " ").replace("-", " ").capitalize())


def unit_of(table: Table) -> str:
    """Return the unit of a table's figures, which its last column names; persons when it names none."""
    last = table.columns[-1] if table.columns else ""
    return last if last in UNITS else "persons"


def figure(milli: int, unit: str) -> str:
    """Return thousandths as French text: whole persons and visits, days and per cent to one decimal."""
    if unit in ("persons", "visits"):
        return grouped(round(milli / 1000))
    tenths = round(milli / 100)
    always = unit == "percent"  # 15,0 % beside 13,8 %
    sign, (whole, rest) = "−" if tenths < 0 else "", divmod(abs(tenths), 10)
    text = sign + grouped(whole) + (f",{rest}" if rest or always else "")
    return f"{text}{THIN}%" if unit == "percent" else text


def grouped(number: int) -> str:
    """Return a whole number with thousands grouped: ``12 345``."""
    sign = "−" if number < 0 else ""
    return sign + f"{abs(number):,}".replace(",", THIN)


def decimal(value: float, places: int) -> str:
    """Return a number with a decimal comma, without trailing zeros: ``0,05``."""
    text = f"{value:.{places}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def day(iso: str) -> str:
    """Return an ISO day as ``1er septembre 2025``."""
    year, month, number = iso[:10].split("-")
    spoken = "1er" if number == "01" else str(int(number))
    return f"{spoken} {MONTHS[int(month) - 1]} {year}"
