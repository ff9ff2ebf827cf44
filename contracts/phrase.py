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
        values = {name: _said(value, translate) for name, value in self.values.items()}
        return translate(self.template).format(**values)

    def __reduce__(self) -> tuple[Callable[..., "Phrase"], tuple[str, dict[str, object]]]:
        """Go from one process to another whole: template and values."""
        return _again, (self.template, dict(self.values))


def _again(template: str, values: dict[str, object]) -> Phrase:
    return Phrase(template, **values)


def _said(value: object, translate: Callable[[str], str]) -> object:
    """Return a value for a sentence: itself, or in words if it is a phrase or an error that holds one."""
    phrase = value.args[0] if isinstance(value, Exception) and value.args else value
    return phrase.said(translate) if isinstance(phrase, Phrase) else value
