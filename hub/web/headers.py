"""What every answer carries, page, file or refusal: nothing is framed, sniffed, referred or kept by a proxy."""

from typing import Final

from flask import Flask, Response, request

_ALWAYS: Final = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_OWN: Final = "/v1/venues/"


def install(app: Flask) -> None:
    """Give *app*'s answers their headers; a page may have set a wider policy of its own."""
    app.after_request(_harden)


def _harden(response: Response) -> Response:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith(_OWN):  # a venue's own affair: no proxy on the way may keep it
        response.headers["Cache-Control"] = "no-store"
    return response
