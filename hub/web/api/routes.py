"""The routes of the public API, each once: its path, what it is for, what it takes, and the message that it answers with."""

from dataclasses import dataclass
from typing import Final

from contracts import public_api as api
from contracts.base import Wire


@dataclass(frozen=True)
class Parameter:
    """One thing that a caller may say: its name, whether it stands in the path, and what it is."""

    name: str
    about: str
    pattern: str
    in_path: bool = True


@dataclass(frozen=True)
class Route:
    """One address of the API."""

    name: str
    path: str
    about: str
    answer: type[Wire]
    takes: tuple[Parameter, ...] = ()


_SLUG: Final = "^[a-z0-9][a-z0-9-]{0,79}$"
EDITION: Final = Parameter("edition", "Short name of an edition; `latest` for the newest.", _SLUG)
TABLE: Final = Parameter("table", "Short name of a table.", _SLUG)
MEASURE: Final = Parameter("measure", "Short name of a measure.", _SLUG)
QUESTION: Final = Parameter(
    "question", "A question of the catalogue: Q01 to Q32, N01 to N06.", "^[QN][0-9]{2}$"
)
AGAINST: Final = Parameter(
    "edition", "Edition to read the question against; the newest without it.", _SLUG, in_path=False
)
LANGUAGE: Final = Parameter(
    "lang",
    "Language of titles, labels and sentences: `fr` (without it) or `en`.",
    "^(fr|en)$",
    in_path=False,
)

ROUTES: Final = (
    Route("editions", api.API_EDITIONS, "Every published edition, the oldest first, and those withdrawn.", api.Editions, (LANGUAGE,)),
    Route("edition", api.API_EDITION, "One edition, without its figures.", api.EditionHead, (EDITION, LANGUAGE)),
    Route("tables", api.API_TABLES, "The tables of an edition, without their rows.", api.Tables, (EDITION, LANGUAGE)),
    Route("table", api.API_TABLE, "One table, with its rows, their intervals and its price.", api.TableFull, (EDITION, TABLE, LANGUAGE)),
    Route("measure", api.API_MEASURE, "Every table of one paid measure.", api.MeasureFull, (EDITION, MEASURE, LANGUAGE)),
    Route("allies", api.API_ALLIES, "For each place, those whose publics are like its own and that it does not share yet.", api.Allies, (EDITION, LANGUAGE)),
    Route("questions", api.API_QUESTIONS, "The catalogue of questions, and what of it an edition answers.", api.Questions, (AGAINST, LANGUAGE)),
    Route("question", api.API_QUESTION, "One question: what answers it, or why nothing does and what to ask instead.", api.Questions, (QUESTION, AGAINST, LANGUAGE)),
    Route("venues", api.API_VENUES, "The members of the network and the groups in which small ones appear.", api.Venues, (LANGUAGE,)),
)  # fmt: skip
