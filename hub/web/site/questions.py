"""« Questions » : the catalogue, and one question with its blanks, its sentence, its interval, its price and its table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contracts.edition import COVERED
from contracts.questions import QUESTIONS, THEMES, Answer, Question, Refusal, Said, ask
from hub.web.answers import Answered, answered, ordered
from hub.web.foretell import at
from hub.web.french import FRENCH
from hub.web.pages import Page, Visit
from hub.web.site.budget import MICRO, half_width, network_size
from hub.web.view import page_of
from hub.web.words import said
from hub.web.words.questions import WORDS

USUAL_RHO_MICRO: Final = 200_000  # the price of an edition's usual measures, as a forecast has it


@dataclass(frozen=True)
class Entry:
    """One question of the list, and whether the edition answers it: answered, not_yet or never."""

    id: str
    text: str
    state: str


def themes(visit: Visit) -> list[tuple[str, list[Entry]]]:
    """Return every question by theme, those that are refused last; one without a theme stands with the whole."""
    placed = {q for _, ids in THEMES for q in ids}
    rest = {"all": [q for q in QUESTIONS if q not in placed]}
    return [
        (f"theme_{theme}", [_entry(visit, QUESTIONS[q]) for q in (*ids, *rest.get(theme, ()))])
        for theme, ids in THEMES
    ]


def read_list(visit: Visit) -> Mapping[str, object]:
    """Return the catalogue."""
    listed = themes(visit)
    entries = [entry for _, inside in listed for entry in inside]
    done = sum(entry.state == "answered" for entry in entries)
    title = visit.published.edition.title if visit.published else ""
    return {"themes": listed, "answered": done, "all": len(entries), "edition_title": title}


def read_one(visit: Visit) -> Mapping[str, object]:
    """Return one question, answered as far as the edition goes."""
    question = QUESTIONS.get(visit.values["question"].upper())
    if question is None:
        raise visit.missing()
    found = ask(question.id, _measures(visit))
    shown: Mapping[str, object] = {}
    if isinstance(found, Answer):
        shown = _answer(visit, found)
    elif isinstance(found, Refusal):
        near = [_entry(visit, each) for each in found.nearest]
        may_come = found.cause == "not-planned"
        shown = {
            "why": _polished(visit, found.why),
            "nearest": near,
            "may_come": may_come,
            "would": would(visit, question) if may_come else [],
        }
    limit = _polished(visit, question.limit) if question.limit else ""
    return {"question": question, "asked_text": _polished(visit, question.text), "limit": limit, **shown}  # fmt: skip


def _answer(visit: Visit, found: Answer) -> Mapping[str, object]:
    if visit.published is None:
        raise visit.missing()
    release = next(r for r in visit.published.edition.releases if r.measure == found.measure)
    tables = ordered(release.tables, found.question.id)
    # A pair is another measure's: what two places share also answers how many came to several.
    others = [r for r in visit.published.edition.releases if r.measure in found.question.measures and r is not release]  # fmt: skip
    tables += [t for r in others for t in r.tables if t.question == found.question.id]
    chosen = visit.choice("table", tuple(t.table for t in tables), tables[0].table)
    table = next(t for t in tables if t.table == chosen)
    shown = visit.shown(table.table)
    answer = answered(table, visit.asked, visit.labels)
    page = page_of(visit.published, visit.charter, visit.tongue)
    section = next(s for s in page.sections if shown and s.anchor == shown.release.measure)
    french = visit.tongue.code == "fr"
    titles = [
        (t.table, visit.tongue.polished(t.title_fr if french else t.title_en)) for t in tables
    ]
    return {
        "answer": answer,
        "says": visit.tongue.wordings[answer.row.wording] if answer.row else "",
        "covered": answer.row is not None and answer.row.wording == COVERED,
        "span": _span(visit, answer, table.columns[-1]),
        "tables": titles,
        "chosen": chosen,
        "shown": shown,
        "price": section.price,
        "delta": page.delta,
    }


def would(visit: Visit, question: Question) -> list[str]:
    """Return what the tables that would answer *question* would say of a network of this size, and at what price."""
    say, tongue = said(WORDS, visit.tongue), visit.tongue
    point = at(*network_size(visit), rho_micro=USUAL_RHO_MICRO)
    return [
        say["would_line"].format(
            title=tongue.polished(each.title_fr if tongue.code == "fr" else each.title_en),
            half=half_width(visit, each.half_milli, each.unit),
            rho=tongue.decimal(point.prices[each.measure] / MICRO, 4),
            words=tongue.wordings[each.verdict],
        )
        for each in point.tables
        if each.question == question.id
    ]


def _span(visit: Visit, answer: Answered, unit: str) -> str:
    row = answer.row
    return visit.tongue.span(row.low_milli, row.high_milli, unit) if row else ""


def _entry(visit: Visit, question: Question) -> Entry:
    found = ask(question.id, _measures(visit))
    state = "answered" if isinstance(found, Answer) else "never" if question.cause else "not_yet"
    return Entry(question.id, _polished(visit, question.text), state)


def _measures(visit: Visit) -> list[str]:
    releases = visit.published.edition.releases if visit.published else []
    return [release.measure for release in releases]


def _polished(visit: Visit, sentence: Said) -> str:
    return visit.tongue.polished(sentence.fr if visit.tongue.code == "fr" else sentence.en)


PAGE: Final = Page("questions", "/questions", WORDS, read_list, needs_edition=False)
ONE: Final = Page(
    "question", "/questions/<question>", WORDS, read_one, asks=("table", *FRENCH.columns), needs_edition=False
)  # fmt: skip
