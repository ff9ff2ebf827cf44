"""Somebody of the demonstration at her browser: she opens her invitation, sets a second factor, fills forms in.

The names, passwords and second factors are the demonstration's own and stand in a file beside its network: nobody
has anything to protect there.
"""

import html
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import requests
from passlib.totp import TOTP

from deploy.demo.processes import CommandFailed

PASSWORD: Final = "une farandole sur le quai"  # noqa: S105 - a fictitious person's, told to everybody
SECONDS: Final = 240  # the machine may be shared
FILE: Final = "acces.json"


@dataclass
class Visitor:
    """One person and her browser; *hub* is the address of the site."""

    hub: str
    email: str
    secret: str = ""
    browser: requests.Session = field(default_factory=requests.Session)
    csrf: str = ""

    def join(self, invitation: str) -> None:
        """Open an account by a one-time link, and sign in with a second factor of her own."""
        self.browser.trust_env = False  # no proxy stands on loopback
        self._seen(self.browser.get(invitation, timeout=SECONDS))
        path = invitation.removeprefix(self.hub)
        self.post(path, {"password": PASSWORD, "again": PASSWORD})
        self.get("/bureau/connexion")
        self.post("/bureau/connexion", {"email": self.email, "password": PASSWORD})
        page = self.post("/bureau/second-facteur", {"setup": "authenticator"}).text
        found = re.search(r"<code>([A-Z2-7\- ]+)</code>", page)
        if found is None:
            raise CommandFailed("The office shows no second factor to set up.")
        self.secret = re.sub(r"[^A-Z2-7]", "", found[1])
        home = self.post("/bureau/second-facteur/code", {"code": code_of(self.secret)})
        if not home.url.endswith("/bureau/accueil"):
            raise CommandFailed("The office does not let somebody in who was invited.")

    def get(self, path: str) -> requests.Response:
        """Look at a page."""
        return self._seen(self.browser.get(self.hub + path, timeout=SECONDS))

    def post(self, path: str, form: dict[str, Any] | None = None) -> requests.Response:
        """Send a form as its page does; return the page that follows."""
        values = {"csrf_token": self.csrf, **(form or {})}
        return self._seen(self.browser.post(self.hub + path, data=values, timeout=SECONDS))

    def _seen(self, answer: requests.Response) -> requests.Response:
        if not answer.ok:
            raise CommandFailed(f"The office answers {answer.status_code} to a page's own form.")
        found = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
        self.csrf = html.unescape(found[1]) if found else self.csrf
        return answer


def code_of(secret: str) -> str:
    """Return the one-time code of now, by the machine's hour, as a telephone shows it."""
    return str(TOTP(key=secret).generate().token)


def keep(people: dict[str, Visitor], folder: Path) -> None:
    """Write who may sign in, and how, beside the demonstration's network."""
    told = {
        venue: {"email": one.email, "password": PASSWORD, "second_factor": one.secret}
        for venue, one in people.items()
    }
    path = folder / FILE
    path.touch(mode=0o600)
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
