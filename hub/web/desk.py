"""Serves the pages of the site: reads the shelf, dresses a page in its layout, keeps a copy until something changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlencode

from flask import Response, abort, render_template, request

from contracts.edition import PublishedEdition
from hub.web import view
from hub.web.copies import Copies, Copy
from hub.web.languages import TONGUES, choose
from hub.web.navigation import NAVIGATION
from hub.web.pages import Page, Visit
from hub.web.shelf import Shelf, opened
from hub.web.tongue import Tongue
from hub.web.words import Words, said
from hub.web.words.common import WORDS as COMMON
from hub.web.words.glossary import MEANINGS

POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
EXPLORING: Final = POLICY + "; connect-src 'self'"  # a chart to explore fetches its own figures
FOR_EVER: Final = "public, max-age=31536000, immutable"
BRIEFLY: Final = "public, max-age=60"
LONGEST: Final = (
    120  # characters of a key of a table, hence of a choice; what is longer is nobody's
)
EVERYWHERE: Final = ("lang", "edition")
SO: Final = ("venue", "coordinator", "partner", "citizen")


def tongue() -> Tongue:
    """Return the language that the address asks for, else the reader's."""
    return choose(request.args.get("lang"), request.accept_languages)


@dataclass(frozen=True)
class Foot:
    """What the footer says of the edition: its title, its period, its price, its fingerprint."""

    edition: str
    title: str
    period: str
    rho: str
    epsilon: str
    delta: str
    sha256: str
    witnessed: bool


class Desk:
    """The site over one shelf."""

    def __init__(self, shelf: Shelf, copies: Copies) -> None:
        self.shelf = shelf
        self._copies = copies

    def edition(self, asked: str | None) -> PublishedEdition | None:
        """Return the edition that the address asks for, else the newest; None before the first one."""
        editions = self.shelf.editions()
        if not editions:
            return None
        name = asked if asked in editions else editions[-1]
        body = self.shelf.edition(name)
        return opened(body) if body is not None else None

    def page(self, page: Page, values: Mapping[str, str]) -> Response:
        """Return *page* as the address asks for it, from a copy when nothing changed since."""
        words = tongue()
        editions = self.shelf.editions() if "edition" in request.args else ()
        asked = known(request.args, editions, page.asks)
        key = (
            self.shelf.mark(),
            page.name,
            tuple(values.values()),
            tuple(asked.items()),
            words.code,
        )
        copy = self._copies.get(key, lambda: self._drawn(page, values, asked, words))
        response = of_copy(copy, "text/html")
        if page.explores:
            response.headers["Content-Security-Policy"] = EXPLORING
        return unless_known(by_language(response))

    def _drawn(
        self, page: Page, values: Mapping[str, str], asked: Mapping[str, str], words: Tongue
    ) -> str:
        signed = self.shelf.charter()
        published = self.edition(asked.get("edition"))
        visit = Visit(
            self.shelf, words, signed.charter if signed else None, published, asked, values
        )
        if page.read is None:
            abort(404)
        shown = page.read(visit)  # a path that names nothing is refused before anything else
        if page.needs_edition and published is None:
            return dressed("no_edition", words, page.words, visit=visit, page=page)
        return dressed(page.name, words, page.words, visit=visit, page=page, **shown)


def dressed(template: str, words: Tongue, own: Words, *, visit: Visit | None = None, **values: object) -> str:  # fmt: skip
    """Return ``site/<template>.html`` in the layout of the site, in one language.

    *own* are the page's words; without a *visit* the page stands without an edition (accounts, refusals).
    """
    say = {**words.phrases, **said(COMMON, words), **said(own, words)}
    links = Links(request.path, visit.asked) if visit else Links("", known(request.args, ()))
    return render_template(
        f"site/{template}.html",
        tongue=words,
        say=say,
        languages=TONGUES,
        visit=visit,
        foot=_foot(visit),
        lines=[
            (line.group, line.page, said(line.page.words, words)["nav"])
            for line in NAVIGATION
            if line.group
        ],
        editions=list(visit.shelf.editions()) if visit else [],
        so=[(say[f"so_{who}_who"], say[f"so_{who}"]) for who in SO if f"so_{who}" in say],
        meanings=said(MEANINGS, words),
        to=links.to,
        here=links.here,
        **values,
    )


def known(
    args: Mapping[str, str], editions: Sequence[str], asks: Sequence[str] = ()
) -> dict[str, str]:
    """Return the parameters that a page may read: a language and an edition that exist, and what it asks for.

    A page repeats them in each of its links: one that is longer than any choice is left out.
    """
    allowed = {"lang": tuple(TONGUES), "edition": editions}
    kept = {n: args[n] for n in EVERYWHERE if args.get(n) in allowed[n]}
    return kept | {n: args[n] for n in asks if n in args and len(args[n]) <= LONGEST}


@dataclass(frozen=True)
class Links:
    """Links of one page: they keep the language and the edition that the address asked for."""

    path: str
    asked: Mapping[str, str]

    def to(self, path: str, /, **params: object) -> str:
        """Return a link within the site."""
        return _address(path, {n: self.asked[n] for n in EVERYWHERE if n in self.asked} | params)

    def here(self, **params: object) -> str:
        """Return this page's address with some choices changed; None drops one."""
        return _address(self.path, {**self.asked, **params})


def _address(path: str, params: Mapping[str, object]) -> str:
    path, mark, anchor = path.partition("#")
    query = urlencode({name: value for name, value in params.items() if value is not None})
    return path + (f"?{query}" if query else "") + mark + anchor


def _foot(visit: Visit | None) -> Foot | None:
    if visit is None or visit.published is None:
        return None
    edition = visit.published.edition
    first, last = visit.tongue.day(edition.first_day), visit.tongue.day(edition.last_day)
    price, delta = view.price_of(visit.published, visit.charter, visit.tongue)
    return Foot(
        edition=edition.edition,
        title=edition.title,
        period=visit.tongue.phrases["period"].format(first=first, last=last),
        rho=price.rho,
        epsilon=price.epsilon,
        delta=delta,
        sha256=visit.published.edition_sha256,
        witnessed=visit.published.checkpoint.custodian_signature is not None,
    )


def by_language(
    response: Response, cache: Literal["public, max-age=60", "no-store"] = BRIEFLY
) -> Response:
    """Let a cache keep one answer for each language."""
    response.headers["Cache-Control"] = cache
    response.headers["Content-Language"] = tongue().code
    response.vary.add("Accept-Language")
    return response


def of_copy(copy: Copy, mimetype: str) -> Response:
    """Return the answer that holds *copy*, packed for a reader who takes that; its tag is then a weak one (RFC 9110)."""
    packed = bool(copy.packed) and bool(request.accept_encodings["gzip"])
    response = Response(copy.packed if packed else copy.body, mimetype=mimetype)
    response.vary.add("Accept-Encoding")
    response.set_etag(copy.tag, weak=packed)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def unless_known(response: Response) -> Response:
    """Answer 304 to a reader who has these very bytes already."""
    response.make_conditional(request)
    return response


def harden(response: Response) -> Response:
    """Give an answer of the site the policy of its pages: their own styles, scripts and forms, nothing else."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
