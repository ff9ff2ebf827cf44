"""The page that is read before anything is sent: what leaves and why, what stays, what changed, how to say yes."""

from typing import Final

from contracts.charter_check import charter_hash
from venue_agent import tally
from venue_agent.outbox.marks import Change
from venue_agent.pages import parts
from venue_agent.pages.charts import bar
from venue_agent.pages.markup import Content, Html, join, page, tag
from venue_agent.screen import fields, shown
from venue_agent.screen.sheet import Counts, Month, Sheet
from venue_agent.screen.spread import FEWEST, Spread
from venue_agent.screen.values import ordered, said
from venue_agent.words import _, number, several

FILES: Final = "spool/…/plaintext/"


def preview_page(sheet: Sheet, form: Html | None = None) -> str:
    """Return the page; with *form*, it can be approved where it stands."""
    title = _("Before sending: what would leave {venue}").format(venue=parts.name_of(sheet))
    content = _whole(sheet, form) if sheet.months else _nothing(sheet)
    head = parts.top(sheet, _("What is about to leave"))
    return page(title, head, tag("main", *content), parts.bottom(sheet), forms=form is not None)


def _whole(sheet: Sheet, form: Html | None) -> tuple[Content, ...]:
    return (
        _summary(sheet),
        _leaving(sheet),
        _staying(sheet),
        _lines(sheet.counts),
        _months(sheet),
        form or _next(),
        _check(sheet),
    )


def _nothing(sheet: Sheet) -> tuple[Content, ...]:
    told = _(
        "Nothing has changed since the vault last accepted what was sent: nothing would leave."
    )
    return tag("p", told, class_="lead"), _lines(sheet.counts)


def _summary(sheet: Sheet) -> Html:
    figures = (
        (number(sheet.persons), _("people who said yes to statistics")),
        (number(sheet.visits), _("visits")),
        (number(len(sheet.months)), _("months of events")),
        (number(sheet.withdrawals), _("withdrawals announced")),
    )
    return tag(
        "section",
        tag(
            "p",
            _(
                "When this page was made, nothing of it had left. It was read back from the very "
                "files that would be sent, and stays here: the agent sends it to nobody."
            ),
            class_="lead",
        ),
        parts.figures(figures),
        aria_label=_("In short"),
    )


def _leaving(sheet: Sheet) -> Html:
    rows = (_field(name, sheet) for name in fields.leaving(sheet.charter))
    return parts.section(
        "leaves",
        _("What leaves, and why"),
        tag(
            "p",
            _(
                "One column at a time, and never a line of a file: a value is shown when at least "
                "{count} people have it. The others are told together, or not at all, so that "
                "nobody can be made out here, even at a small venue."
            ).format(count=FEWEST),
            class_="note",
        ),
        tag("ul", *rows, class_="fields"),
    )


def _field(name: str, sheet: Sheet) -> Html:
    spread = sheet.spreads.get(name)
    return tag(
        "li",
        tag("h3", fields.label(name), " ", tag("code", name)),
        tag(
            "div",
            tag("p", parts.sentence(_(fields.WHY[name]))),
            tag("p", _serves(name, sheet), class_="serves"),
            class_="why",
        ),
        tag("div", _example(name, sheet), _values(name, spread), class_="what"),
    )


def _serves(name: str, sheet: Sheet) -> str:
    if name == "contribution_id":
        return _("Serves: withdrawal and erasure, within 24 h (promise 7)")
    if name in ("recommendation", "partner_offers"):
        return _("Serves: consent by purpose, checked again in the vault (promise 7)")
    read_by = fields.readers(name, sheet.charter)
    if not read_by:
        return _("The charter allows it; no measure of its editions reads it yet.")
    if name in fields.BY_ALL:
        return _("Serves every measure that the charter plans")
    return _("Serves: {measures}").format(measures=", ".join(map(fields.measure, read_by)))


def _example(name: str, sheet: Sheet) -> Html | None:
    shape = fields.shape(name, sheet.charter)
    return tag("p", _("Shape: {shape}").format(shape=shape), class_="shape") if shape else None


def _values(name: str, spread: Spread | None) -> Html | None:
    if spread is None:
        return None
    if spread.hidden:
        return tag("p", _("Too few people to show any value."), class_="note")
    largest = max(rows for _value, rows in spread.shown)
    lines = [
        _value(said(name, value), rows, rows / largest)
        for value, rows in ordered(name, spread.shown)
    ]
    if spread.others:
        lines.append(_value(_("others, together"), spread.others, spread.others / largest))
    return tag("ul", *lines, class_="values")


def _value(text: str, rows: int, share: float) -> Html:
    return tag("li", tag("span", text), bar(share), tag("span", number(rows), class_="n"))


def _staying(sheet: Sheet) -> Html:
    blank = ", ".join(map(fields.label, fields.staying(sheet.charter)))
    extra = [f"{blank}{_(':')} {_(fields.FORBIDDEN)}"] if blank else []
    never = [_(text) for text in fields.NEVER]
    return parts.section(
        "never",
        _("What never leaves"),
        tag("ul", *(tag("li", text) for text in (*never, *extra)), class_="never"),
    )


def _lines(counts: Counts | None) -> Html | None:
    if counts is None:
        return None
    whole = max(counts.read, 1)
    rows = [(_("lines read in the export"), counts.read, "all")]
    ranked = sorted(counts.dropped.items(), key=lambda item: -item[1])
    rows += [("− " + tally.words(reason), lines, "out") for reason, lines in ranked]
    rows.append(("= " + _("lines kept"), counts.kept, "kept"))
    told = (
        tag("tr", tag("th", text, scope="row"), tag("td", number(lines), class_="n"),
            tag("td", bar(lines / whole, kind), class_="drawn"), class_=kind)
        for text, lines, kind in rows
    )  # fmt: skip
    return parts.section(
        "lines",
        _("Where every line of the export went"),
        tag("p", _("Read = kept + each reason. What is dropped stays here."), class_="note"),
        tag("table", parts.heads((_("ticket lines"), ""), (_("number"), "n"), (_("share"), "")),
            tag("tbody", *told), class_="plain lines"),
        _notes(counts),
    )  # fmt: skip


def _notes(counts: Counts) -> Html | None:
    if not counts.notes:
        return None
    ranked = sorted(counts.notes.items(), key=lambda item: tally.rank(item[0]))
    rows = (
        tag("tr", tag("th", tally.words(what), scope="row"), tag("td", number(n), class_="n"))
        for what, n in ranked
    )
    return tag(
        "details",
        tag("summary", _("Seen on the way")),
        tag("table", parts.heads((_("what"), ""), (_("number"), "n")), tag("tbody", *rows), class_="plain"),
    )  # fmt: skip


def _months(sheet: Sheet) -> Html:
    heads = parts.heads(
        (_("month"), ""), (_("persons"), "n"), (_("new"), "n"), (_("changed"), "n"),
        (_("gone"), "n"), (_("visits"), "n"), (_("new"), "n"), (_("gone"), "n"),
        (_("withdrawals"), "n"),
    )  # fmt: skip
    rows = (_month(month) for month in sheet.months)
    return parts.section(
        "months",
        _("Month by month, since the vault last accepted them"),
        tag(
            "p",
            _(
                "Each month is sent whole and replaces the one before; who is gone from it is "
                "withdrawn from the hub. Months that have not changed are not sent again."
            ),
            class_="note",
        ),
        parts.scrolling(_("Month by month"), tag("table", heads, tag("tbody", *rows), class_="plain wide")),
        _activations(sheet.activations),
    )  # fmt: skip


def _activations(count: int) -> Html | None:
    if not count:
        return None
    told = several(
        "{count} row of partners’ requests travels with them: who was written to, who was left alone.",
        "{count} rows of partners’ requests travel with them: who was written to, who was left alone.",
        count,
    )
    return tag("p", told, class_="note")


def _month(month: Month) -> Html:
    change = month.change
    cells: list[str] = [number(month.persons), *_people(change), number(month.visits)]
    cells += _visits(change)
    cells.append(number(month.withdrawals))
    return tag(
        "tr", tag("th", month.month, scope="row"), *(tag("td", c, class_="n") for c in cells)
    )


def _people(change: Change | None) -> list[str]:
    if change is None:
        return [_("first time"), "–", "–"]
    told = (change.persons_new, change.persons_changed, change.persons_gone)
    return [number(count) for count in told]


def _visits(change: Change | None) -> list[str]:
    if change is None:
        return ["–", "–"]
    return [number(change.visits_new), number(change.visits_gone)]


def _next() -> Html:
    return parts.section(
        "next",
        _("And now"),
        tag(
            "ul",
            _command("venue-agent push", _("sends these very bytes, if the settings ask nobody")),
            _command("venue-agent review", _("shows this page with a button to approve them")),
            _command("venue-agent approve", _("approves them from the terminal")),
            class_="commands",
        ),
        tag(
            "p",
            _(
                "After 24 h this preview is no longer sent: people may have changed their mind. "
                "One byte more or less after a yes, and the yes is gone."
            ),
            class_="note",
        ),
    )


def _command(words: str, told: str) -> Html:
    return tag("li", tag("code", words), " ", told)


def _check(sheet: Sheet) -> Html:
    rows = [
        tag("tr", tag("th", month.month, scope="row"), tag("td", name), tag("td", tag("code", sha)))
        for month in sheet.months
        for name, sha in sorted(month.files.items())
    ]
    heads = parts.heads((_("month"), ""), (_("file"), ""), ("SHA-256", ""))
    content: tuple[Content, ...] = (
        tag(
            "p",
            _(
                "The files are in {folder} of the agent's folder, as CSV: open them. The vault "
                "recomputes these digests and signs them in its receipt: previewed = sent = received."
            ).format(folder=FILES),
        ),
        tag("p", _("Charter"), " ", shown.day(sheet.charter.valid_from), " – ",
            shown.day(sheet.charter.expires), ", ", tag("code", charter_hash(sheet.charter))),
        tag("details", tag("summary", _("Digests of the files")),
            parts.scrolling(_("Digests of the files"),
                            tag("table", heads, tag("tbody", *rows), class_="plain digests"))),
    )  # fmt: skip
    return parts.section("check", _("To check"), join(*content))
