"""The words of the site's pages: each page's file holds every phrase in French and in English, side by side."""

from collections.abc import Mapping

from hub.web.tongue import Tongue

Words = Mapping[str, tuple[str, str]]
"""Phrases by key: the French, then the English."""


def said(words: Words, tongue: Tongue) -> dict[str, str]:
    """Return the phrases of *words* in one language, with the marks of good printing."""
    at = 0 if tongue.code == "fr" else 1
    return {key: tongue.polished(pair[at]) for key, pair in words.items()}
