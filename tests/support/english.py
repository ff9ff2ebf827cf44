"""Tests that read the agent's messages as they stand in the code: in English."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from venue_agent.words import speak

TESTS = Path(__file__).parents[1]
ENGLISH = ("attacks", "integration", "unit/venue_agent")


@pytest.fixture(autouse=True)
def english(request: pytest.FixtureRequest) -> Iterator[None]:
    """Speak English in the folders of ``ENGLISH``, and French again afterwards."""
    here = request.path.relative_to(TESTS).as_posix()
    if not here.startswith(ENGLISH):
        yield
        return
    speak("en")
    yield
    speak("fr")
