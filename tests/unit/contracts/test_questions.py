"""Every question is answered by a measure that exists, or refused with a cause and somewhere else to go."""

from dataclasses import replace

import pytest

from contracts.questions import QUESTIONS, Answer, Cause, Refusal, answered_by, ask
from contracts.questions_causes import CAUSES, LIMITS, NEVER
from contracts.scopes import OF_RECOMMENDATION
from hub.measures.catalogue import MEASURES
from tests.support.sample_measures import tables_of_the_catalogue

ASKED = [name for name in QUESTIONS if name.startswith("Q")]
REFUSED = [name for name in QUESTIONS if name.startswith("N")]


def test_the_catalogue_holds_thirty_two_questions_and_six_that_must_be_refused() -> None:
    assert [f"Q{number:02d}" for number in range(1, 33)] == ASKED
    assert [f"N{number:02d}" for number in range(1, 7)] == REFUSED
    assert {*LIMITS, *NEVER} <= set(QUESTIONS)
    assert set(CAUSES) == set(Cause)


def test_whoever_answers_is_a_measure_and_every_measure_answers_or_is_the_models() -> None:
    named = {name for question in QUESTIONS.values() for name in question.measures}
    assert named == set(MEASURES) - OF_RECOMMENDATION  # which the model alone reads
    assert [q.id for q in answered_by("flows")] == ["Q14", "Q30"]


def test_each_table_stands_under_a_question_that_its_measures_answer() -> None:
    told = {table.question for table in tables_of_the_catalogue()}
    answered = {name for name, question in QUESTIONS.items() if question.measures}
    assert told == answered


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_answered_by_the_whole_catalogue_or_never(name) -> None:
    found = ask(name, MEASURES)
    assert isinstance(found, Answer) == bool(QUESTIONS[name].measures)
    if isinstance(found, Answer):
        assert found.measure == QUESTIONS[name].measures[0]
        return
    assert found.cause is not Cause.NOT_PLANNED
    assert found.nearest
    assert all(isinstance(ask(each.id, MEASURES), Answer) for each in found.nearest)
    assert len(found.why.fr) > 20
    assert len(found.why.en) > 20


@pytest.mark.parametrize("name", REFUSED)
def test_what_must_be_refused_is_refused_by_every_edition(name) -> None:
    for measures in ([], ["reach"], list(MEASURES)):
        assert isinstance(ask(name, measures), Refusal)


def test_what_an_edition_has_not_measured_names_what_would_answer() -> None:
    found = ask("Q08", ["reach", "flows"])
    assert isinstance(found, Refusal)
    assert found.cause is Cause.NOT_PLANNED
    assert "returns" in found.why.fr
    assert "returns" in found.why.en
    assert [each.id for each in found.nearest] == ["Q14", "Q15", "Q16"]


def test_another_measure_may_answer_where_the_best_is_missing() -> None:
    found = ask("Q19", ["affinity"])
    assert isinstance(found, Answer)
    assert found.measure == "affinity"


def test_a_question_neither_answered_nor_refused_is_no_question() -> None:
    with pytest.raises(ValueError, match="either"):
        replace(QUESTIONS["Q01"], measures=())
    with pytest.raises(ValueError, match="nearest"):
        replace(QUESTIONS["N01"], nearest=())
    with pytest.raises(KeyError):
        ask("Q99", [])


def test_questions_are_asked_in_two_languages() -> None:
    for question in QUESTIONS.values():
        assert question.text.fr.endswith(" ?")
        assert question.text.en.endswith("?")
        assert question.text.fr != question.text.en
