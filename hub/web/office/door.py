"""Puts the office below ``/bureau`` of the public site: an application apart, made when somebody first comes."""

import importlib
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from contracts.clock import Clock
from hub.config import WebConfig
from hub.store.database import Control
from hub.web.office.secret import secret_of

PREFIX: Final = "/bureau"
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def mount(app: Flask, config: WebConfig, control: Control, clock: Clock) -> None:
    """Put the office below ``/bureau`` of *app*; it is made when somebody first comes.

    Raises:
        ConfigError: the secret of an outside directory cannot be read: said when the service starts, not at a sign-in.
    """
    secret_of(config)
    lock, made = threading.Lock(), list[Flask]()

    def office(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        with lock:
            if not made:
                # Flask-Security is slow to load, and a public site without visitors of the office never does.
                make = importlib.import_module("hub.web.office.app").create_office
                made.append(make(config, control, clock))
        return _pinned(made[0].wsgi_app, config.public_url)(environ, start)

    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {PREFIX: office})  # type: ignore[method-assign]


def _pinned(inner: Wsgi, public_url: str) -> Wsgi:
    """Serve under the configured name, never under the Host header: links and passkeys are for that name alone."""
    parts = urlsplit(public_url)

    def serve(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        pinned = {"HTTP_HOST": parts.netloc, "wsgi.url_scheme": parts.scheme}
        return inner({**environ, **pinned}, start)

    return serve
