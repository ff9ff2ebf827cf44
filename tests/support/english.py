"""Tests that read a programme's messages as they stand in the code: in English."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.voice import VARIABLE, Voice
from hub import words as hub
from hub.custodian import words as custodian
from venue_agent import words as agent

TESTS = Path(__file__).parents[1]
ENGLISH = ("attacks", "integration", "unit/venue_agent")
"""Folders whose tests read the agent's English."""


@pytest.fixture(autouse=True)
def english(request: pytest.FixtureRequest) -> Iterator[None]:
    """Speak English in the folders of ``ENGLISH``, and French again afterwards."""
    here = request.path.relative_to(TESTS).as_posix()
    if here.startswith(ENGLISH):
        agent.speak("en")
    yield
    for voice in (agent.VOICE, hub.VOICE, custodian.VOICE):
        voice.speak("fr")


@pytest.fixture
def english_hub(monkeypatch: pytest.MonkeyPatch) -> Voice:
    """Have the hub's and the custodian's commands speak English, in this process and in those that it starts."""
    monkeypatch.setenv(VARIABLE, "en")
    for voice in (hub.VOICE, custodian.VOICE):
        voice.speak("en")
    return hub.VOICE
