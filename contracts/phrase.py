"""Words to show: a sentence that remembers its values apart, to be said in another language, and what somebody else wrote."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Self


def as_words(text: str) -> str:
    """Return what somebody else wrote as words alone: nothing in them moves a terminal's cursor or colours its lines."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


class Phrase(str):
    """An English sentence made of a constant template and values; a plain ``str`` everywhere else.

    ``template`` holds ``{placeholders}``; ``values`` fills them, and may hold phrases in turn.
    """

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, **values: object) -> Self:
        """Fill *template* in English."""
        phrase = super().__new__(cls, template.format(**values))
        phrase.template, phrase.values = template, MappingProxyType(values)
        return phrase

    def said(self, translate: Callable[[str], str]) -> str:
        """Return the sentence with its template, and those of its phrases, put through *translate*."""
        values = {
            name: value.said(translate) if isinstance(value, Phrase) else value
            for name, value in self.values.items()
        }
        return translate(self.template).format(**values)
