"""What the agent says, in the language of whoever reads it: English in the code, French by default."""

from typing import Final

from contracts.voice import LANGUAGES, OPTION, VARIABLE, Catalogue, Voice, chosen, mark

VOICE: Final = Voice("venue_agent", "agent.po")
load, speak, spoken = VOICE.load, VOICE.speak, VOICE.spoken
_, several, number, say = VOICE.said, VOICE.several, VOICE.number, VOICE.say

__all__ = [
    "LANGUAGES",
    "OPTION",
    "VARIABLE",
    "VOICE",
    "Catalogue",
    "_",
    "chosen",
    "load",
    "mark",
    "number",
    "say",
    "several",
    "speak",
    "spoken",
]
