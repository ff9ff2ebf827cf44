"""What one person is known by inside one venue, and how to ask whether a key was forgotten."""

from collections.abc import Callable

Keys = tuple[str, ...]
"""What one person is known by at this venue alone."""
IsBarred = Callable[[str], bool]
"""Given a local key such as "email:…", tells whether whoever carries it was forgotten."""


def nobody(_key: str) -> bool:
    """Bar no one: the venue has forgotten nobody."""
    return False
