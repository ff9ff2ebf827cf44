"""Every message of every programme is in French too, with the same placeholders, set as French is set."""

import re
from string import Formatter

import pytest

from tests.support.messages import CONTRACTS, PROGRAMMES, Programme

MARKS = re.compile(r"\[(?:bold|bold red|/)\]")
BREAKABLE = re.compile(r" [:;!?»](\s|$)|« ")
each_programme = pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda one: one.file)


def placeholders(text: str) -> list[tuple[str, str, str | None]]:
    return sorted((name, spec or "", how) for _l, name, spec, how in Formatter().parse(text) if name is not None)  # fmt: skip


def told(programme: Programme) -> list[tuple[str, str]]:
    """Each message with each of its forms in French; that none is missing is held by the first test."""
    known = programme.french().entries
    return [(m, form) for m in programme.messages() for form in known.get(m, ())]


@each_programme
def test_every_message_is_translated_and_nothing_else_is(programme: Programme) -> None:
    messages, known = programme.messages(), programme.french().entries
    assert [m for m in messages if not all(known.get(m, [""]))] == []
    assert known.keys() - messages.keys() == set()


@each_programme
def test_both_forms_are_there_where_the_code_counts(programme: Programme) -> None:
    forms = {m: 2 if plural else 1 for m, plural in programme.messages().items()}
    assert {m: len(form) for m, form in programme.french().entries.items()} == forms


@each_programme
def test_the_translation_has_the_same_placeholders_and_marks(programme: Programme) -> None:
    for message, form in told(programme):
        if "%Y" not in message:
            assert placeholders(form) == placeholders(message)
            assert sorted(MARKS.findall(form)) == sorted(MARKS.findall(message))


@each_programme
def test_french_is_set_as_french(programme: Programme) -> None:
    assert [form for _message, form in told(programme) if BREAKABLE.search(form)] == []
    for message, form in told(programme):
        assert form[0] == form[0].upper() or message[0] != message[0].upper() or form[0] in "{`«"
        assert len(message) == 1 or (form[-1] == ".") == (message[-1] == "."), form


def test_what_contracts_say_stands_in_one_catalogue() -> None:
    shared = CONTRACTS.french().entries.keys()
    assert [one.file for one in PROGRAMMES if one is not CONTRACTS and shared & one.french().entries.keys()] == []  # fmt: skip
