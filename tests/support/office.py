"""A hub with its office, and people who sign in there as a browser does."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP

from contracts.clock import SystemClock
from hub.app import create_app
from hub.config import DirectoryConfig, WebConfig
from hub.people.roles import Grant, Role
from hub.store import invitations
from hub.store.database import Control, open_control
from hub.store.people import OPERATOR
from hub.web.office import app as office_app
from hub.web.office.settings import settings

ORIGIN = "http://127.0.0.1:8600"
PASSWORD = "une phrase que je retiens"
CLOCK = SystemClock()


@dataclass(frozen=True)
class Office:
    """One hub: its public application with the office below it."""

    app: Flask
    control: Control
    home: Path

    def link(self, email: str, role: Role, venue: str = "") -> str:
        with self.control.transaction(CLOCK) as tx:
            token = invitations.invite(tx, email, Grant(role, venue), by=OPERATOR)
            tx.commit()
        return f"/bureau/invitation/{token}"

    def somebody(self, email: str, role: Role, venue: str = "") -> "Somebody":
        """Return somebody who was invited, came, and set a second factor: signed in."""
        person = Somebody(self.app.test_client(), email)
        person.join(self.link(email, role, venue))
        person.first_sign_in()
        return person


@dataclass
class Somebody:
    """One person and her browser."""

    browser: FlaskClient
    email: str
    secret: str = ""
    codes: int = 0
    csrf: str = ""

    def get(self, path: str, **more: Any) -> Any:
        return self._seen(self.browser.get(path, base_url=ORIGIN, **more))

    def post(self, path: str, form: dict[str, Any] | None = None, **more: Any) -> Any:
        """Send a form as the page does, with the token of the last page seen."""
        if not self.csrf:
            self.get("/bureau/connexion")
        values = {"csrf_token": self.csrf, **(form or {})}
        return self._seen(self.browser.post(path, data=values, base_url=ORIGIN, **more))

    def _seen(self, answer: Any) -> Any:
        found = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
        self.csrf = found[1] if found else self.csrf
        return answer

    def join(self, path: str, password: str = PASSWORD) -> Any:
        return self.post(path, {"password": password, "again": password})

    def give_password(self, password: str = PASSWORD, **more: Any) -> Any:
        return self.post("/bureau/connexion", {"email": self.email, "password": password}, **more)

    def first_sign_in(self) -> None:
        assert self.give_password().location == "/bureau/second-facteur"
        page = self.post("/bureau/second-facteur", {"setup": "authenticator"})
        found = re.search(r"<code>([A-Z2-7\- ]+)</code>", page.text)
        assert found, page.text[-3000:]
        self.secret = re.sub(r"[^A-Z2-7]", "", found[1])
        answer = self.give_code()
        assert (answer.status_code, answer.location) == (302, "/bureau/accueil"), answer.text

    def sign_in(self) -> Any:
        assert self.give_password().location.startswith("/bureau/second-facteur/code")
        return self.give_code()

    def code(self) -> str:
        """Return a code that was not used yet: those of the half minute after count too."""
        self.codes += 1
        now = int(CLOCK.now().timestamp()) + 30 * (self.codes - 1)
        return TOTP(key=self.secret).generate(time=now).token

    def give_code(self, code: str | None = None) -> Any:
        return self.post("/bureau/second-facteur/code", {"code": code or self.code()})

    @property
    def cookie(self) -> str:
        kept = self.browser.get_cookie("farandole-bureau", path="/bureau", domain="127.0.0.1")
        return kept.value if kept else ""


def quick(*args: Any, **kwargs: Any) -> dict[str, Any]:
    """Return the office's settings with a hash that costs little: what is tried is who comes in, not how slowly."""
    cheap = {"argon2__time_cost": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1}
    return {**settings(*args, **kwargs), "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": cheap}


def open_office(
    home: Path, *, public_url: str = ORIGIN, directory: DirectoryConfig | None = None
) -> Office:
    control = open_control(f"sqlite:///{home / 'control.sqlite'}")
    control.migrate()
    config = WebConfig(
        home=home,
        network="reseau",
        signing_key="ab" * 32,
        public_url=public_url,
        directory=directory,
    )
    office_app.settings = quick  # type: ignore[assignment]
    return Office(create_app(config, CLOCK, control), control, home)
