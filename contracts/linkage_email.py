"""E-mail addresses, normaliser version 1: one mailbox, one text, however a counter clerk typed it."""

import functools
import re
import unicodedata
from typing import Final

import idna

_LOCAL = re.compile(r"[^@<>()\[\],;:\"\\\x00-\x20\x7f]{1,64}")
_PLAIN_DOMAIN = re.compile(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,63}")
_TOP_LEVEL = re.compile(r"(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})")
_EDGES: Final = "<>\"'.,;:()[]"
_MAX_DOMAIN: Final = 253
_DOTLESS: Final = frozenset({"gmail.com", "googlemail.com"})


def normalise_email(text: str) -> str | None:
    """Return the mailbox that *text* writes, or None when it writes none.

    NFKC, every Unicode space and invisible character removed, lower case, UTS 46 domain, +tag dropped,
    dots dropped for Gmail alone (elsewhere they tell people apart).
    """
    local, at, domain = _clean(text).partition("@")
    if not at or "@" in domain:
        return None
    tidy_domain = _domain(domain.rstrip("."))
    if tidy_domain is None:
        return None
    mailbox = local.partition("+")[0]
    if tidy_domain in _DOTLESS:
        tidy_domain, mailbox = "gmail.com", mailbox.replace(".", "")
    return f"{mailbox}@{tidy_domain}" if _LOCAL.fullmatch(mailbox) else None


def _clean(text: str) -> str:
    if text.isascii():
        return "".join(text.split()).lower().removeprefix("mailto:").strip(_EDGES)
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    seen = "".join(
        c for c in folded if not c.isspace() and unicodedata.category(c) not in {"Cf", "Cc"}
    )
    # Removing what is invisible may bring a letter and its accent together.
    return unicodedata.normalize("NFKC", seen).removeprefix("mailto:").strip(_EDGES)


@functools.lru_cache(maxsize=4096)  # a house writes to few of them, again and again
def _domain(domain: str) -> str | None:
    if len(domain) > _MAX_DOMAIN:
        return None
    return domain if _PLAIN_DOMAIN.fullmatch(domain) else _international(domain)


@functools.lru_cache(maxsize=4096)
def _international(domain: str) -> str | None:
    try:
        encoded = idna.encode(domain, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return None
    top = encoded.rpartition(".")
    return encoded if top[1] and _TOP_LEVEL.fullmatch(top[2]) else None
