"""Serve the custodian with gunicorn: one process, threads, because the multiplications leave Python's lock."""

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from flask import Flask

from contracts.clock import SystemClock
from hub.custodian.app import create_app
from hub.custodian.evaluate import Desk
from hub.custodian.keys import watched
from hub.custodian.store import open_store

THREADS: Final = 4
TIMEOUT_SECONDS: Final = 120
GRACE_SECONDS: Final = 3


def app_of(home: Path, url: str) -> Flask:
    """Return the app of the custodian whose folder is *home*, known to venues under *url*.

    Raises:
        ConfigError: the folder is incomplete, or its keys can be read by others.
    """
    keys = watched(home)
    store = open_store(keys().database_url)
    store.create()
    return create_app(Desk(store, keys, SystemClock()), url)


def settings(bind: str, threads: int = THREADS) -> dict[str, object]:
    """Return gunicorn's settings; no control socket, which it would open in the home folder."""
    return {
        "bind": bind,
        "worker_class": "gthread",
        "workers": 1,
        "threads": threads,
        "timeout": TIMEOUT_SECONDS,
        "graceful_timeout": GRACE_SECONDS,
        "control_socket_disable": True,
        "proc_name": "farandole-custodian",
    }


def serve(app: Flask, options: Mapping[str, object]) -> None:
    """Serve *app* in the foreground until the process is told to end."""
    # gunicorn ships no types; its base class is wrapped here, once.
    base = importlib.import_module("gunicorn.app.base").BaseApplication

    def load_config(server: Any) -> None:
        for name, value in options.items():
            server.cfg.set(name, value)

    body = {"load_config": load_config, "load": lambda _: app}
    type("CustodianServer", (base,), body)().run()
