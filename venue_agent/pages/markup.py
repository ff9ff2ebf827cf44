"""Writes HTML from Python: every text is escaped unless a function of ours made it, and a page runs no script."""

import base64
import hashlib
import html
from collections.abc import Iterable
from importlib import resources
from typing import Final

from venue_agent.words import spoken

_VOID: Final = frozenset({"meta", "input", "br"})
_STYLE: Final = "style.css"


class Html(str):
    """Markup that this module made; any other text is escaped where it is put."""

    __slots__ = ()


Content = str | Html | Iterable["Content"] | None


def tag(name: str, /, *content: Content, **attributes: str | float | None) -> Html:
    """Return ``<name …>content</name>``; ``class_`` stands for class, ``aria_label`` for aria-label.

    An attribute that is None is left out, one that is "" stands without a value.
    """
    opened = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + (f'="{html.escape(str(value))}"' if value != "" else "")
        for key, value in attributes.items()
        if value is not None
    )  # fmt: skip
    if name in _VOID:
        return Html(f"<{name}{opened}>")
    return Html(f"<{name}{opened}>{join(*content)}</{name}>")


def join(*content: Content) -> Html:
    """Return *content* as one piece of markup."""
    return Html("".join(map(_one, content)))


def page(title: str, *body: Content, forms: bool = False) -> str:
    """Return a whole page in the language spoken; its policy allows this very style and nothing else.

    Args:
        title: of the window.
        body: what stands in ``<body>``.
        forms: whether a form may be sent, and then only to where the page came from.
    """
    css = style()
    head = (
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy(forms=forms)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="same-origin" if forms else "no-referrer"),
        tag("meta", name="robots", content="noindex"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        Html(f"<style>{css}</style>"),
    )
    whole = tag("html", tag("head", *head), tag("body", *body), lang=spoken())
    return f"<!doctype html>\n{whole}\n"


def policy(*, forms: bool) -> str:
    """Return the content security policy: nothing is loaded, nothing runs, one style is known by its hash."""
    known = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    action = "'self'" if forms else "'none'"
    return f"default-src 'none'; style-src 'sha256-{known}'; base-uri 'none'; form-action {action}"


def style() -> str:
    """Return the style sheet of every local page."""
    return (resources.files("venue_agent.pages") / _STYLE).read_text(encoding="utf-8")


def _one(content: Content) -> str:
    if content is None:
        return ""
    if isinstance(content, Html):
        return content
    if isinstance(content, str):
        return html.escape(content)
    return join(*content)
