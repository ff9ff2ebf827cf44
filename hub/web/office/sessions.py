"""The office's sessions: the browser holds a random token, the control database all else.

A session is looked up at each request, so that one that was ended is over at the next one, on every worker. The
token changes when somebody signs in: a token planted before is worth nothing after.
"""

import secrets
from collections.abc import Callable
from typing import Any, Final

from flask import Flask, Request, Response, request
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from contracts.clock import Clock
from hub.store import web_sessions
from hub.store.database import Control

COOKIE: Final = "farandole-bureau"
TOKEN_BYTES: Final = 32
PERSON: Final = "person"
STATIC: Final = "observatory.static"
UNSEEN: Final = "works.state"
"""What a page asks for by itself: a screen left alone does not keep its session."""


class Session(CallbackDict[str, Any], SessionMixin):
    """What the office remembers of a browser; ``token`` is None until it is kept."""

    def __init__(self, initial: dict[str, Any] | None, token: str | None, *, stale: bool) -> None:
        def changed(_self: CallbackDict[str, Any]) -> None:
            self.modified = True

        super().__init__(initial, changed)
        self.token = token
        self.stale = stale
        self.modified = False
        self.renewed = False
        self.accessed = True

    def renew(self) -> None:
        """Give this session another token when it is kept."""
        self.renewed = True
        self.modified = True


class Sessions(SessionInterface):
    """Opens and keeps the sessions of one application."""

    def __init__(self, control: Control, clock: Clock, *, secure: bool) -> None:
        self._control = control
        self._clock = clock
        self._secure = secure
        self._json = TaggedJSONSerializer()
        self.token: Callable[[], str] = lambda: secrets.token_urlsafe(TOKEN_BYTES)

    def open_session(self, app: Flask, request: Request) -> Session:
        """Return the browser's session, or an empty one: a token that we did not make is never taken up."""
        token = request.cookies.get(self.get_cookie_name(app), "")
        if token:
            with self._control.reading() as reading:
                kept = web_sessions.find(reading, token, self._clock.now())
            if kept is not None:
                return Session(self._json.loads(kept.body), token, stale=kept.stale)
        return Session(None, None, stale=False)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what changed; end the session when nothing is left in it."""
        if not isinstance(session, Session):
            raise TypeError("this application keeps its own kind of session")
        if request.endpoint == STATIC:
            return  # styles and scripts are the public site's: the browser may keep them
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
        if not session:
            self._end(app, session, response)
        elif session.modified or (session.stale and request.endpoint != UNSEEN):
            self._keep(app, session, response)

    def _end(self, app: Flask, session: Session, response: Response) -> None:
        if session.token is None:
            return
        with self._control.transaction(self._clock) as tx:
            web_sessions.end(tx, session.token)
            tx.commit()
        response.delete_cookie(self.get_cookie_name(app), path=self.get_cookie_path(app))

    def _keep(self, app: Flask, session: Session, response: Response) -> None:
        body = self._json.dumps(dict(session))
        with self._control.transaction(self._clock) as tx:
            if session.token is not None and not session.renewed:
                web_sessions.keep(tx, session.token, body)
                tx.commit()
                return
            if session.token is not None and not web_sessions.end(tx, session.token):
                return  # it was ended meanwhile: nothing of it comes back
            token = self.token()
            web_sessions.start(tx, token, body, session.get(PERSON))
            tx.commit()
        response.set_cookie(
            self.get_cookie_name(app),
            token,
            path=self.get_cookie_path(app),
            secure=self._secure,
            httponly=True,
            samesite="Lax",
        )
