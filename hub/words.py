"""What the hub's commands say, in the language of whoever reads it: English in the code, French by default."""

from typing import Final

from contracts.voice import Voice, mark

VOICE: Final = Voice("hub", "hub.po")
speak, spoken = VOICE.speak, VOICE.spoken
_, several, number, say = VOICE.said, VOICE.several, VOICE.number, VOICE.say
decimal, figure = VOICE.decimal, VOICE.figure

__all__ = [
    "VOICE",
    "_",
    "decimal",
    "figure",
    "mark",
    "number",
    "say",
    "several",
    "speak",
    "spoken",
]
