"""The tests of this folder read the messages as they stand in the code: in English."""

from collections.abc import Iterator

import pytest

from venue_agent.words import speak


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    speak("en")
    yield
    speak("fr")
