"""The page on which the report of an edition is made: its stage lives in files, so a reload or another worker shows the same."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from hub.web.desk import EXPLORING, by_language, dressed, tongue
from hub.web.exports.desk_of_reports import Full, Making, Reports
from hub.web.exports.source import Source
from hub.web.pages import Visit
from hub.web.shelf import Shelf
from hub.web.words import said
from hub.web.words.making import WORDS

PATH: Final = "/editions/<edition>/rapport"
TICKET: Final = "ticket"


class ReportPage:
    """Shows, starts and calls off the making of reports over one shelf."""

    def __init__(self, shelf: Shelf, reports: Reports, find: Callable[[str], Source]) -> None:
        self._shelf = shelf
        self._reports = reports
        self._find = find

    def page(self, edition: str, *, full: bool = False) -> Response:
        """Show where the report of an edition stands."""
        source = self._find(edition)
        visit = Visit(self._shelf, source.tongue, source.charter, source.published, _language())
        values = self._values(edition, source, full=full)
        text = dressed("report", source.tongue, WORDS, visit=visit, **values)
        response = Response(text, status=503 if full else 200, mimetype="text/html")
        response.headers["Content-Security-Policy"] = EXPLORING  # it asks for its own state again
        return by_language(response, "no-store")

    def state(self, edition: str) -> Response:
        """Show that alone: what the page asks for again and again."""
        source = self._find(edition)
        say = {**source.tongue.phrases, **said(WORDS, source.tongue)}
        text = render_template("site/report_state.html", say=say, tongue=source.tongue, to=_to, **self._values(edition, source))  # fmt: skip
        return by_language(Response(text, mimetype="text/html"), "no-store")

    def start(self, edition: str) -> AnyResponse:
        """Begin to make it; whoever began may call it off, by the address that they are sent to."""
        source = self._find(edition)
        try:
            ticket = self._reports.start(source)
        except Full:
            return self.page(edition, full=True)
        return redirect(_address(edition, ticket), code=303)

    def cancel(self, edition: str) -> AnyResponse:
        """Call it off, if it is theirs."""
        self._reports.cancel(self._find(edition), request.args.get(TICKET, ""))
        return redirect(_address(edition, ""), code=303)

    def _values(self, edition: str, source: Source, *, full: bool = False) -> dict[str, object]:
        making = self._reports.state(source)
        ticket = request.args.get(TICKET, "") if making.state == "running" else ""
        mine = bool(ticket) and self._reports.mine(source, ticket)
        return {
            "edition_name": edition,
            "edition_title": source.published.edition.title,
            "making": making,
            "stage": _stage(making, source),
            "mine": mine,
            "full": full,
            "here_path": f"/editions/{edition}/rapport",
            "here_address": _address(edition, ticket if mine else ""),
            "query": urlencode({"lang": source.tongue.code} | ({TICKET: ticket} if mine else {})),
        }


def install(blueprint: Blueprint, page: ReportPage) -> None:
    """Put the page on its addresses."""
    blueprint.add_url_rule(PATH, "report", page.page)
    blueprint.add_url_rule(f"{PATH}/etat", "report_state", page.state)
    blueprint.add_url_rule(PATH, "report_start", page.start, methods=["POST"])
    blueprint.add_url_rule(f"{PATH}/annuler", "report_cancel", page.cancel, methods=["POST"])


def _stage(making: Making, source: Source) -> str:
    if not making.stage:
        return ""
    pair = source.found(making.table) if making.table else None
    named = source.title(pair[0]) if pair else ""
    text = said(WORDS, source.tongue)[f"stage_{making.stage}"]
    return text.format(at=making.at, of=making.of, table=named)


def _language() -> dict[str, str]:
    return {"lang": tongue().code}


def _to(path: str, **params: object) -> str:
    query = urlencode({name: value for name, value in params.items() if value is not None})
    return path + (f"?{query}" if query else "")


def _address(edition: str, ticket: str) -> str:
    asked = _language() | ({TICKET: ticket} if ticket else {})
    return f"/editions/{edition}/rapport?{urlencode(asked)}"
