"""Styles, scripts and marks of the site: named by their fingerprint, kept for ever by whoever fetched them, packed once."""

from functools import lru_cache
from importlib import resources
from typing import Any, Final

from flask import Flask, Response, request

from hub.web.copies import Copy, copy_of
from hub.web.desk import FOR_EVER

ENDPOINT: Final = "observatory.static"
NAMED: Final = 12  # hexadecimal digits of a fingerprint in an address
PACKED: Final = (".css", ".js", ".svg", ".txt")


def install(app: Flask) -> None:
    """Name the files of *app* by what they hold, and pack those that are text."""
    app.url_defaults(_named)
    app.after_request(_kept)


def _named(endpoint: str, values: dict[str, Any]) -> None:
    """Put the fingerprint of a file in its address: another one is another file."""
    if endpoint == ENDPOINT and "v" not in values:
        held = _held(values.get("filename", ""))
        if held is not None:
            values["v"] = held.tag[:NAMED]


@lru_cache(maxsize=64)
def _held(name: str) -> Copy | None:
    """Return a file of the site as it was when it was first asked for; None when it has no such file."""
    file = resources.files("hub.web").joinpath("static", *name.split("/"))
    return copy_of(file.read_bytes()) if ".." not in name and file.is_file() else None


def _kept(response: Response) -> Response:
    if request.endpoint != ENDPOINT or response.status_code not in (200, 304):
        return response
    held = _held((request.view_args or {}).get("filename", ""))
    if held is None:
        return response
    if request.args.get("v") == held.tag[:NAMED]:
        response.headers["Cache-Control"] = FOR_EVER
    if request.path.endswith(PACKED):
        response.vary.add("Accept-Encoding")
        if response.status_code == 200 and held.packed and request.accept_encodings["gzip"]:  # noqa: PLR2004
            _pack(response, held)
    return response


def _pack(response: Response, held: Copy) -> None:
    tag, _ = response.get_etag()
    response.direct_passthrough = False
    response.set_data(held.packed)
    response.headers["Content-Encoding"] = "gzip"
    if tag is not None:
        response.set_etag(tag, weak=True)
