"""The page of the local report: what the file covers, what is missing in it, who said yes; for the house alone."""

from types import MappingProxyType
from typing import Final

from venue_agent import tally
from venue_agent.consents.purposes import in_words
from venue_agent.pages import parts
from venue_agent.pages.charts import bar, columns, stack
from venue_agent.pages.markup import Html, page, tag
from venue_agent.people import merge_report
from venue_agent.screen import fields
from venue_agent.screen.report import Report
from venue_agent.words import _, mark, number

STAGES: Final = MappingProxyType(
    {
        "read": mark("lines of the export"),
        "seats": mark("that stand for a seat"),
        "named": mark("whose buyer is named, and buys for herself"),
        "consenting": mark("and consents to statistics"),
        "leaving": mark("and may leave under the charter"),
    }
)
CONTACTS: Final = MappingProxyType(
    {
        "both": mark("an e-mail address and a telephone"),
        "email": mark("an e-mail address alone"),
        "phone": mark("a telephone alone"),
        "neither": mark("none of her own"),
    }
)
_PERCENT: Final = mark("{share} %")


def report_page(report: Report) -> str:
    """Return the page."""
    title = _("The file of {venue}").format(venue=parts.name_of(report))
    head = parts.top(report, _("What our file says, and what it lacks"))
    content = (_summary(report), _coverage(report), _completeness(report), _consents(report),
               _duplicates(report), _months(report), _dropped(report))  # fmt: skip
    return page(title, head, tag("main", *content), parts.bottom(report))


def percent(share: float) -> str:
    """Return a share as the reader writes it, whole."""
    return _(_PERCENT).format(share=f"{100 * share:.0f}")


def _summary(report: Report) -> Html:
    yes = report.consents.get("statistics", 0) / max(report.people, 1)
    figures = (
        (percent(report.coverage), _("of the seats sold have a buyer who is known and says yes")),
        (number(report.people), _("people in the file")),
        (percent(yes), _("of them say yes to statistics")),
    )
    told = _(
        "Nothing of this page is sent, to the hub or to anybody: it was made here, without any "
        "network, for this house to mend its file."
    )
    return tag(
        "section", tag("p", told, class_="lead"), parts.figures(figures), aria_label=_("In short")
    )


def _coverage(report: Report) -> Html:
    whole = max(report.funnel["read"], 1)
    rows = [
        (_(STAGES[stage]), number(lines), lines / whole) for stage, lines in report.funnel.items()
    ]
    note = _("Each line is part of the one above. What the network can count is the last.")
    return parts.section(
        "coverage",
        _("Whom the network can count"),
        tag("p", note, class_="note"),
        _bars(rows, _("ticket lines"), _("number")),
    )


def _completeness(report: Report) -> Html:
    rows = [
        (fields.label(name), percent(share), share)
        for name, share in sorted(report.filled.items(), key=lambda item: item[1])
    ]
    note = _("Of the rows that may leave, the share that holds a value; the emptiest first.")
    people = max(report.people, 1)
    contacts = [(_(CONTACTS[k]), number(n), n / people) for k, n in report.contacts.items()]
    return parts.section(
        "complete",
        _("What is filled in"),
        tag("p", note, class_="note"),
        _bars(rows, _("field"), _("filled")),
        tag("h3", _("How one can write to people")),
        _bars(contacts, _("contact"), _("people")),
    )


def _consents(report: Report) -> Html:
    people = max(report.people, 1)
    rows = [
        tag(
            "tr",
            tag("th", _purpose(name), scope="row"),
            tag("td", number(yes), class_="n"),
            tag("td", percent(yes / people), class_="n"),
            tag("td", stack([("fill", yes / people)]), class_="drawn"),
        )
        for name, yes in report.consents.items()
    ]
    heads = parts.heads((_("purpose"), ""), (_("yes"), "n"), (_("share"), "n"), ("", ""))
    note = _(
        "Of all the people in the file. The others said no, or were never asked: blank is no answer."
    )
    return parts.section(
        "consent",
        _("Who said yes"),
        tag("p", note, class_="note"),
        tag("table", heads, tag("tbody", *rows), class_="plain lines"),
    )


def _purpose(name: str) -> str:
    purpose, _slash, partner = name.partition("/")
    words = in_words(purpose)
    return f"{words}{_(':')} {partner}" if partner else words


def _duplicates(report: Report) -> Html:
    told = merge_report.lines(report.merging)
    rows = (
        tag("tr", tag("th", text, scope="row"), tag("td", number(count), class_="n"))
        for text, count in told
    )
    heads = parts.heads((_("what"), ""), (_("number"), "n"))
    note = _("Records of one person joined, and contacts that are nobody's own.")
    return parts.section(
        "merged",
        _("Duplicates and unusable contacts"),
        tag("p", note, class_="note"),
        tag("table", heads, tag("tbody", *rows), class_="plain"),
    )


def _months(report: Report) -> Html | None:
    if not report.months:
        return None
    largest = max(report.months.values())
    rows = (
        tag("tr", tag("th", month, scope="row"), tag("td", number(visits), class_="n"))
        for month, visits in report.months.items()
    )
    heads = parts.heads((_("month"), ""), (_("visits"), "n"))
    span = _("From {first} to {last}; the highest column is {most} visits.").format(
        first=min(report.months), last=max(report.months), most=number(largest)
    )
    return parts.section(
        "calendar",
        _("Visits that may leave, month by month"),
        columns([visits / largest for visits in report.months.values()]),
        tag("p", span, class_="note"),
        tag("details", tag("summary", _("The numbers")),
            tag("table", heads, tag("tbody", *rows), class_="plain")),
    )  # fmt: skip


def _dropped(report: Report) -> Html:
    whole = max(report.tally.read, 1)
    ranked = sorted(report.tally.dropped.items(), key=lambda item: -item[1])
    rows = [(tally.words(reason), number(lines), lines / whole) for reason, lines in ranked]
    return parts.section(
        "dropped",
        _("Why lines stay here"),
        tag("p", _("Read = kept + each reason. What is dropped stays here."), class_="note"),
        _bars(rows, _("reason"), _("number"), "out"),
    )


def _bars(rows: list[tuple[str, str, float]], what: str, counted: str, kind: str = "fill") -> Html:
    lines = (
        tag("tr", tag("th", text, scope="row"), tag("td", told, class_="n"),
            tag("td", bar(share, kind), class_="drawn"))
        for text, told, share in rows
    )  # fmt: skip
    heads = parts.heads((what, ""), (counted, "n"), ("", ""))
    return tag("table", heads, tag("tbody", *lines), class_="plain lines")
