"""Says where people's answers are, what they were asked, and what that grants: never guessed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.visit import Purpose
from venue_agent.consents.answers import read_answers
from venue_agent.errors import ColumnMissing, NoConsentSource
from venue_agent.mapper.formats import find_dates
from venue_agent.mapper.propose import answers
from venue_agent.mapper.session import Seen
from venue_agent.settings.mapping import ConsentRule, Values
from venue_agent.sources.tables import same_words
from venue_agent.words import _


@dataclass(frozen=True)
class Question:
    """What somebody says of a consent: its column ("" to find it), text shown, purposes, partners."""

    column: str = ""
    text: str = ""
    grants: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    dated_by: str = ""


@dataclass(frozen=True)
class Block:
    """One ``[[consent]]`` of the export, or one ``[[consent_files]]`` with its rules, as TOML tables."""

    rules: tuple[Mapping[str, Any], ...]
    pattern: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


def blocks(tickets: Seen, contacts: Seen | None, question: Question) -> tuple[Block, ...]:
    """Return the consent part of the mapping, tried on the first rows.

    Raises:
        NoConsentSource: no column is named, or what people were told is not.
        ColumnMissing, UnreadableAnswer, UnreadableDate: the column is not what is said of it.
    """
    seen = contacts or tickets
    if not question.text.strip() or not question.grants:
        raise NoConsentSource(
            _(
                "What people were told is not said, and cannot be guessed: give the very text "
                "beside the box (--text) and what it grants (--grants {purposes})."
            ).format(purposes="|".join(purpose.value for purpose in Purpose))
        )
    if contacts and contacts.layout and contacts.layout.states and not question.column:
        return _states(contacts, question)
    rule = _rule(seen, question, booked="booked" in tickets.found and not contacts)
    _try(seen, rule)
    refusals = seen.layout.refusals if contacts and seen.layout else ()
    present = {same_words(name) for name in seen.header}
    kept = [r for r in refusals if same_words(r.column) in present]
    rules = (rule, *(r.model_dump(mode="json", exclude_defaults=True) for r in kept))
    if not contacts:
        return (Block((rule,)),)
    return (Block(rules, contacts.rule.pattern, _columns(contacts)),)


def candidates(seen: Seen) -> list[str]:
    """Return the columns that may hold the answers, the layout's own first."""
    own = [
        c for c in seen.header if seen.layout and same_words(c) == same_words(seen.layout.answer)
    ]
    inverse = {same_words(r.column) for r in (seen.layout.refusals if seen.layout else ())}
    others = [c for c in answers(seen.cells) if same_words(c) not in inverse]
    return list(dict.fromkeys([*own, *others]))


def _states(contacts: Seen, question: Question) -> tuple[Block, ...]:
    layout = contacts.layout
    asked = {"text": question.text, "grants": list(question.grants)}
    asked |= {"partners": list(question.partners)} if question.partners else {}
    return tuple(
        Block(
            ({"says": state.says, **asked, "dated_by": state.dated_by},),
            state.pattern,
            _columns(contacts),
        )
        for state in (layout.states if layout else ())
    )


def _rule(seen: Seen, question: Question, *, booked: bool) -> dict[str, Any]:
    wanted = question.column or next(iter(candidates(seen)), "")
    column = next((c for c in seen.header if same_words(c) == same_words(wanted)), "")
    if not wanted:
        raise NoConsentSource(
            _(
                "{file} has no column that says yes or no. Name it (--consent COLUMN), or give "
                "the file of your newsletter tool (--contacts FILE). Without a recorded yes "
                "nobody may be sent."
            ).format(file=seen.path.name)
        )
    if not column:
        raise ColumnMissing(
            _("There is no column « {column} » in {file}.").format(
                column=wanted, file=seen.path.name
            )
        )
    rule: dict[str, Any] = {
        "column": column,
        "text": question.text,
        "grants": list(question.grants),
    }
    if question.partners:
        rule["partners"] = list(question.partners)
    dated = question.dated_by or _dated_by(seen) or ("booked" if booked else "")
    if dated:
        rule["dated_by"] = dated
    if dated in seen.header:
        rule["date_formats"] = list(find_dates(seen.cells[dated]).formats)
    return rule


def _dated_by(seen: Seen) -> str:
    """Return the column that dates the answers, where its name says so."""
    known = seen.layout.dated_by if seen.layout else ""
    known = known or (
        seen.layout.refusals[0].dated_by if seen.layout and seen.layout.refusals else ""
    )
    for column in seen.header:
        words = same_words(column)
        if words == same_words(known) or (
            "date" in words and ("optin" in words or "consent" in words)
        ):
            return column
    return ""


def _columns(contacts: Seen) -> dict[str, str]:
    return {name: proposal.column for name, proposal in contacts.found.items()}


def _try(seen: Seen, rule: Mapping[str, Any]) -> None:
    cells = seen.cells.assign(record=0)
    checked = ConsentRule.model_validate(rule)
    if checked.dated_by == "booked":
        checked = checked.model_copy(update={"dated_by": ""})
    read_answers(cells, checked, Values(), None)
