"""What the custodian's commands say, in the language of whoever reads it: English in the code, French by default."""

from typing import Final

from contracts.voice import Voice, mark

VOICE: Final = Voice("hub.custodian", "custodian.po")
_, say = VOICE.said, VOICE.say

__all__ = ["VOICE", "_", "mark", "say"]
