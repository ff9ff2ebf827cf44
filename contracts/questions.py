"""The catalogue of questions: what may be asked of the observatory, what answers it, and why not when nothing does."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from contracts.questions_asked import ASKED
from contracts.questions_causes import CAUSES, LIMITS, NEVER


class Cause(StrEnum):
    """Why a question has no answer."""

    NOT_PLANNED = "not-planned"  # a measure would answer it; this edition does not hold it
    NOT_SENT = "not-sent"  # no batch holds what it would take
    PERSON = "person"  # it asks about one person, or for a list of them
    TOO_FINE = "too-fine"  # so few people that any honest figure would be noise
    SENSITIVE = "sensitive"  # health, origin, opinion…: never collected
    COMMERCIAL = "commercial"  # a house's business, which the network does not hold


@dataclass(frozen=True)
class Said:
    """A sentence in the two languages of the network."""

    fr: str
    en: str


@dataclass(frozen=True)
class Question:
    """One question of the catalogue.

    Attributes:
        id: ``Q01`` to ``Q32``, or ``N01``… for those that must be refused.
        text: how one asks it.
        measures: slugs of the measures any of which answers it, the best first; none when nothing can.
        limit: what of it stays unsaid even then; None when nothing does.
        cause: why nothing can answer it; None when a measure does.
        nearest: ids of questions to ask instead.
    """

    id: str
    text: Said
    measures: tuple[str, ...]
    limit: Said | None
    cause: Cause | None
    nearest: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse a question that is neither answered nor refused with a cause and somewhere to go."""
        if bool(self.measures) == (self.cause is not None):
            raise ValueError(f"{self.id}: either measures answer it, or a cause says why none does")
        if self.cause is not None and not self.nearest:
            raise ValueError(f"{self.id}: a refusal names the nearest question that may be asked")


@dataclass(frozen=True)
class Answer:
    """The question is answered by a measure of the edition; ``limit`` says what stays unsaid."""

    question: Question
    measure: str


@dataclass(frozen=True)
class Refusal:
    """The question is not answered: why, in words, and what to ask instead."""

    question: Question
    cause: Cause
    why: Said
    nearest: tuple[Question, ...]


def ask(question: str, measures: Collection[str]) -> Answer | Refusal:
    """Return what answers *question* in an edition that holds *measures*, or why nothing does.

    It looks at the catalogue and at the public plan alone, never at figures: asking costs nothing.

    Raises:
        KeyError: no such question.
    """
    asked = QUESTIONS[question]
    measure = next((name for name in asked.measures if name in measures), None)
    if measure is not None:
        return Answer(asked, measure)
    cause = asked.cause or Cause.NOT_PLANNED
    why = _said(NEVER.get(asked.id) or CAUSES[cause.value])
    if cause is Cause.NOT_PLANNED:
        names = ", ".join(asked.measures)
        why = Said(why.fr.format(measures=names), why.en.format(measures=names))
    nearest = asked.nearest or tuple(
        other for other in _near(asked.id) if set(QUESTIONS[other].measures) & set(measures)
    )
    return Refusal(asked, cause, why, tuple(QUESTIONS[other] for other in nearest[:MOST_NEAREST]))


def _near(question: str) -> list[str]:
    """Return every question, those about the same things first."""
    mates = {other for _, inside in THEMES if question in inside for other in inside}
    return sorted(QUESTIONS, key=lambda other: other not in mates)


def answered_by(measure: str) -> tuple[Question, ...]:
    """Return the questions that a measure answers."""
    return tuple(each for each in QUESTIONS.values() if measure in each.measures)


def _said(pair: tuple[str, str]) -> Said:
    return Said(*pair)


MOST_NEAREST: Final = 3

THEMES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("lead", ("Q01", "Q02", "Q03", "Q04")),
    ("loyalty", ("Q05", "Q06", "Q07", "Q08", "Q09", "Q25")),
    ("origin", ("Q10", "Q11", "Q12", "Q13", "Q23", "Q27", "Q31")),
    ("flows", ("Q14", "Q15", "Q16", "Q30", "Q24", "Q29")),
    ("taste", ("Q19", "Q20", "Q21", "Q26")),
    ("sales", ("Q17", "Q18", "Q22", "Q28")),
    ("all", ("Q32",)),
    ("never", ("N01", "N02", "N03", "N04", "N05", "N06")),
)
"""What each question is about, in the order in which a reader meets them."""

QUESTIONS: Final[dict[str, Question]] = {
    name: Question(
        id=name,
        text=Said(fr, en),
        measures=measures,
        limit=_said(LIMITS[name]) if name in LIMITS else None,
        cause=Cause(cause) if cause else None,
        nearest=nearest,
    )
    for name, (fr, en, measures, cause, nearest) in ASKED.items()
}
"""By id, in the order of the catalogue."""
